// What a part of a solution may use of a fleet, and which of the customers left out it may try to serve.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "partition/split/route_clusters.hpp"

namespace tempera::split {

struct FleetShare {
  std::vector<std::int32_t> left_out;   ///< customers, ascending as in the solution
  std::vector<std::int64_t> vehicles;   ///< by type, then in all: those of the cluster's routes and some of the spare ones
};

/// One share per cluster, together never more than the fleet. A customer left out goes to the cluster with the nearest route (by
/// its middle stop); spare vehicles of each type go round from a cluster drawn from `random`, so that every cluster comes to each in time.
/// Precondition: the instance has a fleet, the clusters hold all routes of the solution, the solution keeps the fleet's limits.
std::vector<FleetShare> share_fleet(const model::RoutingInstance& instance, const model::RoutingSolution& solution, std::span<const RouteCluster> clusters,
                                    core::RandomStream& random);

}  // namespace tempera::split
