// Why a customer is not served: the cheapest way in that was found, and what stands against it.
#pragma once

#include <vector>

#include "solvers/model/fleet_pricing.hpp"
#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::baselines {

struct LeftOut {
  std::int32_t customer = 0;
  bool required = true;
  std::int32_t route = -1;       ///< index into the solution's routes; -1: a route of its own
  std::int32_t vehicle = 0;      ///< its type
  std::int64_t cost = 0;         ///< of the insertion, cost units, without the price that puts vehicles first
  model::FleetLimit limit = model::FleetLimit::none;  ///< that it breaks; none: nothing stands against it, it was not found in time
  std::int64_t by = 0;           ///< load, distance units, time units, vehicles, or cost units above the prize
};

/// One entry per customer that the solution's routes do not visit, ascending. Where some insertion keeps all limits, the cheapest of
/// those, which then costs more than the prize; else the cheapest of all and the first limit that it breaks.
/// Precondition: the instance has a fleet, the solution keeps its limits.
std::vector<LeftOut> explain_left_out(const model::RoutingInstance& instance, const model::RoutingSolution& solution);

}  // namespace tempera::baselines
