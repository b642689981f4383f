// Re-prices a routing solution from the raw data. Shares no code with the solvers, not even the distance function.
#pragma once

#include <string>
#include <vector>

#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::model {

struct RoutingVerdict {
  bool feasible = false;
  Cost cost;                            ///< sum of all arcs, scaled units; meaningful also when infeasible, unless a node is unknown
  int routes = 0;                       ///< non-empty routes
  std::vector<std::string> violations;  ///< at most 20 sentences, each naming node or route, value and limit
};

/// Checks coverage (each customer exactly once), capacity and route length, and adds up the arcs.
RoutingVerdict judge(const RoutingInstance& instance, const RoutingSolution& solution);

}  // namespace tempera::model
