// The rebalancing problem of a job file: its days and scenarios, and the tables beside it.
#pragma once

#include "jobs/descriptor/descriptor.hpp"
#include "solvers/model/rebalancing_problem.hpp"

namespace tempera::descriptor {

/// Sites, SKUs and lanes in the order of their tables.
/// @throws UserError with every mistake at once: JSON pointer, or file, line and column
model::RebalancingProblem rebalancing_problem(const Descriptor& job);

}  // namespace tempera::descriptor
