// What may look for the candidate of a QUBO beside annealing: each runs on rank 0 alone and answers with one state.
#pragma once

#include <cstdint>
#include <vector>

#include "solvers/core/budget.hpp"
#include "solvers/model/qubo_problem.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::app {

/// By record.solver.method: tabu (to the end of the budget), greedy, exhaustive (then record.lower_bound is the optimum), qaoa (then record.best_sample is told).
/// Sets record.iterations to the flips, states or shots.
/// @throws UserError for groups, which these would break, and for more variables than the method or the budget allows
std::vector<std::int32_t> qubo_by_method(const model::QuboProblem& problem, const core::Budget& budget, model::RunRecord& record);

}  // namespace tempera::app
