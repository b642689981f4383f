// Where the wall time of this rank goes.
#pragma once

#include "solvers/core/budget.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::cluster {

enum class Activity { annealing, waiting, communicating, writing };

/// Charges the time since the last `enter` to the activity entered last.
class TimeLedger {
 public:
  TimeLedger(int rank, std::string host, Activity first);

  void enter(Activity next);
  /// What was charged up to now, the running activity included.
  model::RankTiming reading();
  void count(std::uint64_t iterations) {
    timing_.iterations += iterations;
    ++timing_.tasks;
  }

 private:
  core::Stopwatch watch_;
  double charged_until_ = 0;
  Activity current_;
  model::RankTiming timing_;
};

}  // namespace tempera::cluster
