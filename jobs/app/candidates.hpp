// The distinct answers that a planner may choose from.
#pragma once

#include "solvers/model/run_record.hpp"
#include "solvers/registry/registry.hpp"

namespace tempera::app {

/// Fills record.candidates with up to policy.top_k answers, best first: what the seeds and the replicas ended with, each judged feasible by the
/// referee at the cost that it shows, no two alike. Routes in another order, or driven the other way round at the same cost, are alike.
/// Empties the list when the policy asks for one candidate only.
void collect_candidates(const registry::Problem& problem, model::RunRecord& record);

}  // namespace tempera::app
