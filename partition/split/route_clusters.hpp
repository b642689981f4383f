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

/// Ways to cut. Both take every route exactly once, into clusters of about equally many customers, and cut elsewhere with every draw.
enum class RouteCut : std::uint8_t {
  barycentres,  ///< recursive bisection of the route barycentres, each cut across the longer extent after a random rotation (Santini, Schneider, Vidal, Vigo 2023)
  sectors,      ///< by the angle around the depot from a random route on (the sweep of Gillett & Miller 1974)
};

/// Cuts the routes into at most `parts` clusters. No cluster is empty; fewer routes than parts give one cluster per route. Given matrices have no plane:
/// there the distances to two random pivot customers serve as coordinates (FastMap, Faloutsos & Lin 1995).
std::vector<RouteCluster> cluster_routes(const model::RoutingInstance& instance, const model::RoutingSolution& solution, std::size_t parts, core::RandomStream& random,
                                         RouteCut cut);

/// The same by barycentres or, for up to four parts in every other draw, by sectors.
std::vector<RouteCluster> cluster_routes(const model::RoutingInstance& instance, const model::RoutingSolution& solution,
                                         std::size_t parts, core::RandomStream& random);

}  // namespace tempera::split
