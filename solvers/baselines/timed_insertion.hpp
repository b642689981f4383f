// Routes that keep time windows, one after another: the quick classical start of the comparison for instances with a timetable.
#pragma once

#include <span>

#include "solvers/model/distances.hpp"
#include "solvers/model/neighbours.hpp"
#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::baselines {

/// A route begins with the customer farthest from the depot. Into it goes, as long as one fits, the customer for which
/// 2 d(0, u) - (detour at its cheapest position) is largest, among those near the route. Then the next route begins.
/// Precondition: the instance is valid, so that every customer can be served by a vehicle of its own.
/// Source: Solomon, "Algorithms for the vehicle routing and scheduling problems with time window constraints", Operations
/// Research 35 (1987), insertion heuristic I1 with mu = 1, lambda = 2, alpha_1 = 1
model::RoutingSolution timed_insertion(const model::RoutingInstance& instance, const model::Distances& distances,
                                       const model::Neighbours& neighbours);

/// Puts `missing` customers, one after another, where they cost least in `solution`; into a route of their own where no place
/// is in time or that costs less. `solution` must be feasible as far as it goes.
void insert_in_time(const model::RoutingInstance& instance, const model::Distances& distances, std::span<const std::int32_t> missing,
                    model::RoutingSolution& solution);

/// As many of the customers, in their order, as a vehicle can serve that drives past those it cannot. The others go to `missing`.
model::Route kept_in_time(const model::RoutingInstance& instance, const model::Distances& distances, const model::Route& wanted,
                          std::vector<std::int32_t>& missing);

}  // namespace tempera::baselines
