// The constraints of a QUBO job.
#pragma once

#include <vector>

#include "jobs/descriptor/descriptor.hpp"
#include "solvers/model/qubo_problem.hpp"

namespace tempera::descriptor {

/// None when the job has none. @param base  whose variables they name, by id, or by number as in its file
/// @throws UserError with every variable that there is not, and every constraint that has not one coefficient per variable
std::vector<model::LinearConstraint> qubo_constraints(const Descriptor& job, const model::QuboProblem& base);

}  // namespace tempera::descriptor
