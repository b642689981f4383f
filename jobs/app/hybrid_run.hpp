// The hybrid step of a run: after annealing, a small choice is put to every solver.
#pragma once

#include "jobs/app/run.hpp"

namespace tempera::app {

/// Seconds of the budget to keep for the step: none without --hybrid, or when the budget is counted in iterations.
double hybrid_seconds(const RunOptions& options, const core::Budget& budget);

/// Adds a step to record.hybrid and takes its answer where that is better. Says in a warning why there is none.
void improve_by_choice(const Run& run, model::RunRecord& record);

}  // namespace tempera::app
