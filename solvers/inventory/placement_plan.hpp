// How one placement run uses its ranks: bound chains, replicas, parts, rounds, cooling. Decided once, on the master.
#pragma once

#include <cstdint>

#include "solvers/core/budget.hpp"
#include "solvers/tempering/cooling.hpp"

namespace tempera::inventory {

struct PlacementRunPlan {
  std::uint64_t seed = 0;
  int ranks = 1;
  std::uint32_t chains = 2;          ///< sequences of spanning forests that are priced beside each other
  std::uint32_t replicas = 4;        ///< whole plans on the ladder
  std::uint32_t parts = 1;           ///< of the network, per replica
  tempering::Cooling cooling;        ///< of the coldest rung, money
  double ladder_ratio = 3;
  // Counted in iterations: everything follows from the job alone.
  std::uint64_t iterations = 0;      ///< of the whole run; 0 when timed. A move is one, a bound step `bound_step_iterations`
  std::uint32_t rounds = 0;
  // Timed
  double ends = 0;                   ///< seconds of the job at which the last task must be back

  bool is_timed() const { return iterations == 0; }
  std::uint32_t tasks_per_round() const { return chains + replicas * parts; }
  /// Wall seconds that round `round` is meant to take: short at first, so that small networks are done at once.
  double round_seconds(std::uint32_t round) const;
};

struct PlacementPlanRequest {
  core::BudgetLimit limit;
  std::uint64_t seed = 0;
  int ranks = 1;
  std::uint32_t replicas = 0;        ///< 0: chosen here
  std::uint32_t chains = 0;          ///< 0: chosen here
  std::size_t stages = 0;
  double typical_move = 1;           ///< cost of a random move at the start plan, money
};

/// Timed: at least one task per rank; in iterations the same tasks on any number of ranks.
PlacementRunPlan make_plan(const PlacementPlanRequest& request);

}  // namespace tempera::inventory
