// The constraints of a QUBO job.
#pragma once

#include <vector>

#include "jobs/descriptor/descriptor.hpp"
#include "solvers/model/qubo_problem.hpp"

namespace tempera::descriptor {

/// None when the job has none. @param first_number  of the variables in the file that the job names
/// @throws UserError with every constraint that has not one coefficient per variable
std::vector<model::LinearConstraint> qubo_constraints(const Descriptor& job, std::int32_t first_number);

}  // namespace tempera::descriptor
