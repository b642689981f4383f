// A QUBO as the cost of a state vector.
#pragma once

#include <cstdint>
#include <span>

#include "solvers/model/qubo_problem.hpp"
#include "solvers/quantum/cost_diagonal.hpp"
#include "solvers/quantum/cost_polynomial.hpp"

namespace tempera::hybrid {

/// The energy in whole units. Variable order[k] of the problem becomes qubit k; an empty order leaves them as they are.
quantum::CostPolynomial cost_of(const model::QuboProblem& problem, std::span<const std::int32_t> order = {});

/// Costs count whole units: half a step parts the optimum from the next; stored as float they may be off by a rounding.
inline double optimum_margin(const quantum::CostScale& scale) { return scale.exact ? 0.5 * scale.step : 1e-6 * (scale.most - scale.least); }

}  // namespace tempera::hybrid
