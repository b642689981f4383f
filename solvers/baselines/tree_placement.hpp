// The exact answer for networks that are trees (directions ignored): the oracle every other placement method is held against.
#pragma once

#include <optional>

#include "solvers/model/placement_problem.hpp"

namespace tempera::baselines {

struct PlacementResult {
  model::PlacementPlan plan;
  double cost = 0;         ///< of the plan
  double lower_bound = 0;  ///< proven; equals the cost up to rounding where the grid is exact
};

/// Nothing when the network is no forest. The time grid takes at most `most_points` points; where the lead times are too
/// fine for that, the plan is feasible but the bound stands below its cost.
std::optional<PlacementResult> tree_placement(const model::PlacementProblem& problem, std::size_t most_points = 20'000'000);

}  // namespace tempera::baselines
