// Warnings that differ in their numbers alone, told once: a crashed node of 32 ranks is one line, not 64.
#pragma once

#include <string>
#include <vector>

namespace tempera::report {

/// Folds texts that are equal but for numbers standing alone (`n3` is a name, `3` and `0.25` are numbers). The first of its kind stays
/// in its place; where the kind speaks of several ranks, "rank 4" becomes "ranks 4-7, 9", and "(5 times)" is added.
std::vector<std::string> folded(const std::vector<std::string>& warnings);

/// "4-7, 9" of {4, 5, 6, 7, 9}; ascending, without repeats.
std::string rank_ranges(const std::vector<int>& ranks);

/// Keeps warnings back for a moment so that their like can join them. Time is handed in, seconds.
class WarningFold {
 public:
  explicit WarningFold(double hold_seconds) : hold_(hold_seconds) {}
  void add(std::string text, double now);
  /// What may be told now; empty while the oldest is younger than the hold.
  std::vector<std::string> due(double now);
  std::vector<std::string> rest();

 private:
  double hold_;
  double oldest_ = 0;
  std::vector<std::string> held_;
};

}  // namespace tempera::report
