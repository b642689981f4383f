// Which routes of a pool to drive: the first user of the hybrid step.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"
#include "solvers/model/top_choice.hpp"

namespace tempera::hybrid {

/// The `choices` routes of the pool that look best in the linear relaxation of set partitioning over the whole pool (Clp), by
/// reduced cost, together with those routes of the incumbent that they would replace; its other routes stay. A solution with
/// few routes is open as a whole, a large one where the pool knows most.
///
/// The programme: every customer of the open routes in exactly one chosen route. With dual prices p (rounded to whole units) the
/// cost of a cover is sum p + sum over its routes of (cost - prices of its customers): that is the objective, so that rows need no more
/// than the incumbent's excess over the relaxation as penalty, exactly and not by rule of thumb. Customers that the same
/// routes serve share a row.
///
/// `instance` must outlive the choice. `pool` may hold routes twice, and the incumbent's; each must keep every limit of a route. The incumbent
/// is feasible. Empty when the pool knows no other route than the incumbent's.
std::unique_ptr<model::TopChoice> route_choice(const model::RoutingInstance& instance, std::span<const model::Route> pool, const model::RoutingSolution& incumbent,
                                               int choices);

}  // namespace tempera::hybrid
