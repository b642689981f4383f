// Re-prices an assignment of a QUBO or of a quadratic assignment problem from its coefficients, term by term.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "solvers/model/qap_problem.hpp"
#include "solvers/model/qubo_problem.hpp"

namespace tempera::model {

struct QuboVerdict {
  bool feasible = false;                ///< every value is 0 or 1, every group and every constraint holds
  std::int64_t energy = 0;              ///< units, minimised; meaningful also when a group is broken
  double objective = 0;                 ///< as the user counts it, without penalties; real coefficients are summed in double
  std::vector<std::string> violations;  ///< at most 20 sentences
};

QuboVerdict judge(const QuboProblem& problem, std::span<const std::int32_t> values);

/// The same for a permutation: `place[i]` is the location of facility i, from 0.
QuboVerdict judge(const QapProblem& problem, std::span<const std::int32_t> place);

}  // namespace tempera::model
