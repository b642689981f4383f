// A set of routes: what every solver, splitter and file exchanges.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tempera::model {

using Route = std::vector<std::int32_t>;  ///< customers 1..n in visiting order; the depot at both ends is implied

struct RoutingSolution {
  std::vector<Route> routes;
  friend bool operator==(const RoutingSolution&, const RoutingSolution&) = default;
};

/// Customers of all routes, each route closed by a 0: the form that travels between ranks and into files.
std::vector<std::int32_t> flatten(const RoutingSolution& solution);
/// Reverses `flatten`. Empty routes are dropped.
RoutingSolution unflatten(std::span<const std::int32_t> flat);

/// Drops empty routes, turns each route so that its smaller end comes first where `symmetric`, sorts routes by first
/// customer: equal sets of routes become equal objects.
void normalise(RoutingSolution& solution, bool symmetric);

}  // namespace tempera::model
