// The engine for quadratic assignment: permutations, moved by swapping the places of two facilities.
#pragma once

#include <memory>

#include "solvers/model/qap_problem.hpp"
#include "solvers/qubo/major_ladder.hpp"

namespace tempera::qubo {

std::unique_ptr<ReplicaLadder> make_qap_ladder(const model::QapProblem& problem, const MajorSettings& settings = {.rungs = 24, .hot_uphill = 0.1, .cold_uphill = 0.5});

}  // namespace tempera::qubo
