// How long the control may look for its answer, where time is what it takes.
#pragma once

#include <algorithm>
#include <limits>

#include "solvers/core/budget.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::app {

/// What a control takes unless the job says otherwise.
struct UsualTime {
  double share = 0;  ///< of what is left of the budget
  double longest = std::numeric_limits<double>::infinity();  ///< seconds
};

/// @throws UserError for the control cbc without a time limit
inline void check_cbc_has_time(const model::SolverChoice& asked, const core::Budget& budget) {
  if (asked.baseline == "cbc" && !budget.is_timed()) throw core::UserError("the control cbc needs a time limit. Give a budget in seconds, or another control.");
}

/// Seconds from now on. @param budget  a timed one
inline double control_seconds(const model::SolverChoice& asked, const core::Budget& budget, const UsualTime& usual) {
  if (asked.baseline_share > 0) return asked.baseline_share * budget.remaining_seconds();
  return std::min(usual.longest, usual.share * budget.remaining_seconds());
}

}  // namespace tempera::app
