// The engine for problems with one-hot and cardinality groups, and for coefficients too large for the other two: every state
// is feasible from the first to the last, because groups are moved by swapping a one with a zero.
#pragma once

#include <memory>

#include "solvers/model/qubo_problem.hpp"
#include "solvers/qubo/major_ladder.hpp"

namespace tempera::qubo {

/// `problem` must outlive the ladder.
std::unique_ptr<ReplicaLadder> make_group_ladder(const model::QuboProblem& problem, const MajorSettings& settings = {.rungs = 24, .hot_uphill = 0.1, .cold_uphill = 0.5});

}  // namespace tempera::qubo
