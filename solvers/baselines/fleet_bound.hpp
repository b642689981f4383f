// What no solution of a routing problem with a fleet can undercut: types, depots, fixed costs, numbers of vehicles and prizes included.
#pragma once

#include "solvers/baselines/routing_bound.hpp"

namespace tempera::baselines {

/// The larger of two bounds, neither of which needs the triangle inequality or symmetry; windows and durations are not looked at.
/// - shares: a route of type t costs at least its fixed cost and its price times the shortest ways depot - i - depot of each of its customers i; i takes the share demand /
///   capacity of that, by the type that is cheapest for it, or is left out at its prize. Prices on the types' capacity and on vehicles keep to their numbers
///   (the radial bound of Haimovich & Rinnooy Kan over a transport problem, relaxed; valid for any prices).
/// - tree, for required customers alone: as in routing_bound, every leg at the lowest price per distance, depot legs from the nearest depot, and with the leg of each route
///   that is left out of the tree the lowest fixed cost. With optional customers legs are shortest ways over all nodes, up to closed_nodes nodes. Whoever leaves a
///   required customer out pays missing_price, so the tree counts up to that.
/// `cost` is in units of money. Precondition: the instance has a fleet.
RoutingBound fleet_bound(const model::RoutingInstance& instance, const std::function<bool()>& stop);

inline constexpr int closed_nodes = 400;  ///< all shortest ways between so many nodes take a tenth of a second

}  // namespace tempera::baselines
