// Cuts a routing solution into parts of whole, neighbouring routes that can be annealed apart.
#pragma once

#include <cstdint>
#include <vector>

#include "solvers/core/random.hpp"
#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::split {

/// One subproblem: whole routes of the solution. Their customers are the part's customers.
struct RouteCluster {
  std::vector<std::int32_t> routes;  ///< indices into RoutingSolution::routes, ascending
  std::int64_t customers = 0;
};

/// Cuts the routes into at most `parts` clusters of about equally many customers: recursive bisection of the route
/// barycentres, each cut across the longer extent after a rotation drawn from `random`, or by the angle around the depot
/// (every other draw), so that the cuts move from round to round. No cluster is empty; fewer routes than parts give one
/// cluster per route. Given matrices have no plane: there the distances to two random pivot customers serve as coordinates
/// (FastMap, Faloutsos & Lin 1995).
/// Source: barycentre clustering, Santini, Schneider, Vidal, Vigo 2023.
std::vector<RouteCluster> cluster_routes(const model::RoutingInstance& instance, const model::RoutingSolution& solution,
                                         std::size_t parts, core::RandomStream& random);

}  // namespace tempera::split
