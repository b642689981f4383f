// How long the control may look for its answer, where time is what it takes.
#pragma once

#include <algorithm>
#include <limits>

#include "solvers/core/budget.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::app {

/// What a control takes unless the job says otherwise.
struct UsualTime {
  double share = 0;  ///< of what is left of the budget
  double longest = std::numeric_limits<double>::infinity();  ///< seconds
};

/// Seconds from now on. @param budget  a timed one
inline double control_seconds(const model::SolverChoice& asked, const core::Budget& budget, const UsualTime& usual) {
  if (asked.baseline_share > 0) return asked.baseline_share * budget.remaining_seconds();
  return std::min(usual.longest, usual.share * budget.remaining_seconds());
}

}  // namespace tempera::app
