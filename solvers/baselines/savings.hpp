// Clarke and Wright's savings heuristic: the quick classical start of every comparison.
#pragma once

#include "solvers/model/distances.hpp"
#include "solvers/model/neighbours.hpp"
#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::baselines {

/// Starts with one route per customer and joins route ends in order of falling saving d(i,0) + d(0,j) - d(i,j), as long as
/// capacity and route length allow it. Only pairs of neighbours are looked at, so time is O(n K log nK), memory 16 n K bytes.
/// Where distances are asymmetric, routes are never turned round. Equal savings are taken in order of the customers' numbers.
/// @throws UserError when a customer's own tour is longer than the route length limit and no join has cured it
/// Source: Clarke, Wright, "Scheduling of vehicles from a central depot to a number of delivery points" (1964), parallel version
model::RoutingSolution savings(const model::RoutingInstance& instance, const model::Distances& distances,
                               const model::Neighbours& neighbours);

}  // namespace tempera::baselines
