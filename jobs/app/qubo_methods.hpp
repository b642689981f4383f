// What may look for the candidate of a QUBO beside annealing, and what may be its control: each runs on rank 0 alone and answers with one state.
#pragma once

#include <cstdint>
#include <vector>

#include "solvers/baselines/qubo_tabu.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/model/qubo_problem.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::app {

/// By record.solver.method: tabu (to the end of the budget), greedy, exhaustive (then record.lower_bound is the optimum), qaoa (then record.best_sample is told).
/// Sets record.iterations to the flips, states or shots.
/// @throws UserError for groups, which these would break, and for more variables than the method or the budget allows
std::vector<std::int32_t> qubo_by_method(const model::QuboProblem& problem, const core::Budget& budget, model::RunRecord& record);

/// What the method qaoa needs beside the problem. @throws UserError as it does
double qaoa_mebibytes(const model::QuboProblem& problem);

/// The classical comparison that record.solver.baseline asks for: all states below 23 variables, else tabu search or, with groups, descent, unless it names one.
/// What it proves goes into record.lower_bound. The answer may break constraints that stand in penalties.
/// @throws UserError where all states cannot be looked at in the time that is left
baselines::QuboBaseline qubo_control(const model::QuboProblem& problem, const core::Budget& budget, model::RunRecord& record);

}  // namespace tempera::app
