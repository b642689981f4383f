// A QUBO that stands in the job itself: variables with ids, their biases and couplings.
#pragma once

#include "jobs/descriptor/descriptor.hpp"
#include "solvers/model/qubo_problem.hpp"

namespace tempera::descriptor {

/// True when the variables stand in the job, false when it names a file. @throws UserError when it does both or neither
bool is_inline_qubo(const Descriptor& job);

/// Labels are the ids of the job; without ids of its own the variables are numbered from 0.
/// @throws UserError with every mistake at once: ids that stand twice or are unknown, couplings of a variable with itself or that stand twice, biases that are no numbers
model::QuboProblem qubo_problem(const Descriptor& job);

}  // namespace tempera::descriptor
