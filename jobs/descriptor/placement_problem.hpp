// The safety-stock placement problem of a job.
#pragma once

#include "jobs/descriptor/descriptor.hpp"
#include "solvers/model/placement_network.hpp"

namespace tempera::descriptor {

/// Stages and arcs that stand in the job or in its tables. @throws UserError with every mistake at once
model::PlacementNetwork placement_problem(const Descriptor& job);

}  // namespace tempera::descriptor
