// Costs that no solution of a routing problem can undercut. Weak, but valid for every instance, and cheap.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "solvers/model/routing_instance.hpp"

namespace tempera::baselines {

inline constexpr int bounded_customers = 5000;  ///< above, the work would grow beyond a second

struct RoutingBound {
  std::int64_t cost = 0;   ///< scaled cost units; 0 above bounded_customers
  std::string method;      ///< which of the two proves it; empty when there is none
};

/// The larger of two bounds on the distance, neither of which needs the triangle inequality, symmetry or a limit on route length or time,
/// and where routes cost, that of the fewest which carry all demand:
/// - radial: a route that visits customer i is at least as long as the shortest ways depot - i - depot; of a full vehicle, i takes the share
///   demand / capacity. (Haimovich, Rinnooy Kan, "Bounds and heuristics for capacitated routing problems", Math. of OR 10 (1985), with ways
///   in the place of straight legs.)
/// - tree: without one depot leg of each route a solution is a spanning tree, and at least demand / capacity legs go; made stronger by prices on the
///   customers, whose degree is two. (Fisher, "Optimal solution of vehicle routing problems using minimum K-trees", Operations Research 42 (1994).)
/// With a fleet see fleet_bound.
/// @param stop  asked between steps; the bound is valid whenever it ends
RoutingBound routing_bound(const model::RoutingInstance& instance, const std::function<bool()>& stop = {});

}  // namespace tempera::baselines
