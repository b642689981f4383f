// How heavy the penalties on a QUBO's constraints must be: found by trying.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "solvers/model/qubo_problem.hpp"

namespace tempera::qubo {

/// `base` with the lightest penalty at which short ladders end in enough states that keep all constraints. Starts at a small part
/// of the largest gain of a flip and doubles; light penalties leave the landscape passable. Deterministic: the same on every
/// machine and rank count. The penalty chosen stands in the problem.
/// @throws UserError where even the heaviest penalty tried finds no state that keeps the constraints
model::QuboProblem with_penalties(const model::QuboProblem& base, std::span<const model::LinearConstraint> constraints);

/// The best state that keeps every constraint among those by which `with_penalties` chose.
/// @throws UserError where there is none
std::vector<std::int32_t> feasible_start(const model::QuboProblem& problem);

/// Share of the states on the coldest rungs of a short ladder that keep every constraint.
double feasible_share(const model::QuboProblem& problem, std::uint64_t seed);

}  // namespace tempera::qubo
