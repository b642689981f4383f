#include "partition/split/fleet_shares.hpp"

#include <limits>

#include "solvers/model/distances.hpp"

namespace tempera::split {

namespace {
void share_vehicles(const model::Fleet& fleet, const model::RoutingSolution& solution, std::span<const RouteCluster> clusters, std::vector<FleetShare>& shares,
                    core::RandomStream& random) {
  const std::size_t types = fleet.types.size(), parts = shares.size();
  std::vector<std::int64_t> spare;
  for (const model::VehicleType& type : fleet.types) spare.push_back(type.count);
  spare.push_back(fleet.most_vehicles);
  for (std::size_t p = 0; p < parts; ++p) {
    shares[p].vehicles.assign(types + 1, 0);
    for (const std::int32_t r : clusters[p].routes)
      for (const std::size_t kind : {static_cast<std::size_t>(solution.vehicle(static_cast<std::size_t>(r))), types}) ++shares[p].vehicles[kind], --spare[kind];
  }
  for (std::size_t kind = 0; kind <= types; ++kind) {
    const std::size_t first = random.below(static_cast<std::uint32_t>(parts));
    const auto wanted = static_cast<std::int64_t>(parts);
    for (std::size_t p = 0; p < parts; ++p)
      if (spare[kind] > 0) shares[(first + p) % parts].vehicles[kind] += spare[kind] / wanted + (static_cast<std::int64_t>(p) < spare[kind] % wanted ? 1 : 0);
  }
}

std::size_t nearest_cluster(const model::Distances& distances, const model::RoutingSolution& solution, std::span<const RouteCluster> clusters, std::int32_t customer) {
  std::size_t nearest = 0;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (std::size_t p = 0; p < clusters.size(); ++p)
    for (const std::int32_t r : clusters[p].routes) {
      const model::Route& route = solution.routes[static_cast<std::size_t>(r)];
      if (route.empty()) continue;
      const std::int64_t distance = distances(customer, route[route.size() / 2]);
      if (distance < least) least = distance, nearest = p;
    }
  return nearest;
}
}  // namespace

std::vector<FleetShare> share_fleet(const model::RoutingInstance& instance, const model::RoutingSolution& solution, std::span<const RouteCluster> clusters,
                                    core::RandomStream& random) {
  std::vector<FleetShare> shares(clusters.size());
  if (shares.empty()) return shares;
  share_vehicles(*instance.fleet, solution, clusters, shares, random);
  const model::Distances distances(instance, 0);
  for (const std::int32_t c : solution.left_out) shares[nearest_cluster(distances, solution, clusters, c)].left_out.push_back(c);
  return shares;
}

}  // namespace tempera::split
