// Time as a watcher may count it against others: only while the watcher itself was awake.
#pragma once

#include <algorithm>
#include <optional>

namespace tempera::cluster {

/// Sums the time between looks, each step counted up to `longest_step` only. A process that was stopped (SIGSTOP, a suspended
/// allocation, a disk that hung for a minute) would otherwise take its own absence for the silence of everyone else.
class AwakeClock {
 public:
  explicit AwakeClock(double longest_step_seconds) : longest_step_(longest_step_seconds) {}

  /// @param now  seconds on any clock that never goes back
  void look(double now) {
    if (last_) awake_ += std::min(now - *last_, longest_step_);
    last_ = now;
  }
  double seconds() const { return awake_; }

 private:
  double longest_step_;
  std::optional<double> last_;
  double awake_ = 0;
};

}  // namespace tempera::cluster
