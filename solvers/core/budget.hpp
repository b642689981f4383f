// The only place that reads a clock. Everything else asks a Budget or a Stopwatch.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace tempera::core {

/// Seconds on the steady clock: clock jumps never extend a budget.
class Stopwatch {
 public:
  Stopwatch() : start_(std::chrono::steady_clock::now()) {}
  double seconds() const;

 private:
  std::chrono::steady_clock::time_point start_;
};

/// CPU seconds of this process (all threads) since it started.
double process_cpu_seconds();

/// Calendar time in UTC, ISO 8601, for provenance only; decides nothing.
std::string utc_timestamp();

/// Seconds since 1970 by the calendar: only to turn an end time given by a scheduler into a duration, once, at the start.
double unix_seconds();

/// What a run may spend: wall seconds end to end (reading and writing included), or a number of annealing iterations.
/// Exactly one of the two is set; counted in iterations, the answer depends on the job and the seed alone.
struct BudgetLimit {
  std::optional<double> seconds;
  std::optional<std::uint64_t> iterations;
};

/// A limit and the clock that runs against it, started when the process starts. `already_spent` counts earlier runs of a resumed job.
class Budget {
 public:
  Budget(BudgetLimit limit, Stopwatch started, double already_spent_seconds = 0);

  const BudgetLimit& limit() const { return limit_; }
  bool is_timed() const { return limit_.seconds.has_value(); }
  double elapsed_seconds() const { return already_spent_ + started_.seconds(); }
  /// Seconds left; infinity when the budget is counted in iterations.
  double remaining_seconds() const;
  bool expired() const { return remaining_seconds() <= 0; }

 private:
  BudgetLimit limit_;
  Stopwatch started_;
  double already_spent_ = 0;
};

}  // namespace tempera::core
