// A set of routes: what every solver, splitter and file exchanges.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace tempera::model {

using Route = std::vector<std::int32_t>;  ///< customers 1..n in visiting order; the depot at both ends is implied

struct RoutingSolution {
  std::vector<Route> routes;
  std::vector<std::int32_t> vehicles = {};  ///< with a fleet the type of each route's vehicle; empty: all of the first
  std::vector<std::int32_t> left_out = {};  ///< with a fleet the customers that nobody serves

  std::int32_t vehicle(std::size_t route) const { return vehicles.empty() ? 0 : vehicles[route]; }
  friend bool operator==(const RoutingSolution&, const RoutingSolution&) = default;
};

/// Customers of all routes, each route closed by -(type of its vehicle), so 0 without a fleet: the form that travels between
/// ranks and into files. Those left out come last, closed by left_out_mark.
inline constexpr std::int32_t left_out_mark = std::numeric_limits<std::int32_t>::min();
std::vector<std::int32_t> flatten(const RoutingSolution& solution);
/// Routes in such a form.
std::int64_t routes_in(std::span<const std::int32_t> flat);
/// Reverses `flatten`. Empty routes are dropped.
RoutingSolution unflatten(std::span<const std::int32_t> flat);

/// Drops empty routes, turns each route so that its smaller end comes first where `symmetric`, sorts routes by first
/// customer: equal sets of routes become equal objects.
void normalise(RoutingSolution& solution, bool symmetric);

}  // namespace tempera::model
