#include "solvers/routing/round_parts.hpp"

#include <string>
#include <utility>

#include "partition/merge/route_merge.hpp"
#include "partition/split/fleet_shares.hpp"
#include "partition/split/route_clusters.hpp"
#include "solvers/core/error.hpp"

namespace tempera::routing {

namespace {
std::vector<std::int32_t> flat_part(const model::RoutingSolution& solution, const split::RouteCluster& cluster, const std::vector<std::int32_t>& left_out) {
  model::RoutingSolution part;
  for (const std::int32_t r : cluster.routes) {
    part.routes.push_back(solution.routes[static_cast<std::size_t>(r)]);
    part.vehicles.push_back(solution.vehicle(static_cast<std::size_t>(r)));
  }
  part.left_out = left_out;
  return model::flatten(part);
}

template <class RoutesOf>
model::RoutingSolution join(const std::vector<Part>& parts, RoutesOf routes_of) {
  std::vector<std::vector<std::int32_t>> flat;
  for (const Part& part : parts) flat.push_back(routes_of(part));
  return merge::join(flat);
}
}  // namespace

void Part::take(const model::RoutingInstance& instance, PartAnswer given) {
  const auto check = [&](const std::vector<std::int32_t>& routes) {
    const std::string reason = merge::why_not_mergeable(instance, start, routes, vehicles);
    TEMPERA_ASSERT(reason.empty(), reason);
  };
  check(given.current);
  if (!given.best.empty()) {
    check(given.best);
    TEMPERA_ASSERT(given.best_cost < given.start_cost, "a best solution that is no better than the start");
  }
  answer = std::move(given);
}

std::vector<Part> cut_into_parts(const model::RoutingInstance& instance, const model::RoutingSolution& solution, std::uint32_t parts, core::RandomStream& random) {
  std::vector<split::RouteCluster> clusters;
  if (solution.routes.empty()) clusters.emplace_back();  // a fleet that serves nobody yet
  else clusters = split::cluster_routes(instance, solution, parts, random);
  std::vector<split::FleetShare> shares(clusters.size());
  if (instance.fleet) shares = split::share_fleet(instance, solution, clusters, random);
  std::vector<Part> cut;
  for (std::size_t p = 0; p < clusters.size(); ++p)
    cut.push_back({.start = flat_part(solution, clusters[p], shares[p].left_out), .vehicles = std::move(shares[p].vehicles)});
  return cut;
}

model::RoutingSolution join_best(const std::vector<Part>& parts) {
  return join(parts, [](const Part& part) -> const auto& { return part.best(); });
}

model::RoutingSolution join_current(const std::vector<Part>& parts) {
  return join(parts, [](const Part& part) -> const auto& { return part.answer.current; });
}

}  // namespace tempera::routing
