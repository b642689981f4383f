// The engine for dense problems: the narrowest matrix that holds the couplings, one replica after another.
#pragma once

#include <memory>

#include "solvers/model/qubo_problem.hpp"
#include "solvers/qubo/lane_kernel.hpp"
#include "solvers/qubo/major_ladder.hpp"

namespace tempera::qubo {

/// Local fields fit int32 and the matrix takes no more than 2 GiB.
bool fits_dense(const model::QuboProblem& problem);

/// @throws UserError when fits_dense is false or the problem has groups. `problem` must outlive the ladder.
std::unique_ptr<ReplicaLadder> make_dense_ladder(const model::QuboProblem& problem, const MajorSettings& settings = {}, Isa isa = best_isa());

}  // namespace tempera::qubo
