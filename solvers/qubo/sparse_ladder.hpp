// The engine for sparse problems: 32 replicas, one per SIMD lane, flips over compressed rows.
#pragma once

#include <memory>

#include "solvers/model/qubo_problem.hpp"
#include "solvers/qubo/lane_kernel.hpp"
#include "solvers/qubo/replica_ladder.hpp"

namespace tempera::qubo {

struct SparseSettings {
  Isa isa = best_isa();
  double hot_uphill = 0;       ///< share of all attempts that go uphill and pass, at the hottest rung; 0: by size, .06 or .03
  double cold_uphill = 0.3;    ///< uphill moves per sweep at the coldest rung
  bool clusters = true;        ///< exchange clusters between neighbours where the graph is a sheet
  std::vector<double> temperatures = {};  ///< units, 32 from the coldest: used as they are and never moved; empty: measured
};

/// Local fields as int16 where every |g_i| fits, else int32. @throws UserError when not even that fits (see fits_lanes), or
/// the problem has groups. `problem` must outlive the ladder.
std::unique_ptr<ReplicaLadder> make_sparse_ladder(const model::QuboProblem& problem, const SparseSettings& settings = {});

/// Every local field stays below 2^29 and there are fewer than 2^31 couplings.
bool fits_lanes(const model::QuboProblem& problem);

}  // namespace tempera::qubo
