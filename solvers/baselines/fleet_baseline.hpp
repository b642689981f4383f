// The classical comparison for fleets: cheapest insertion, then relocation and changes of vehicles until nothing gains.
#pragma once

#include "solvers/baselines/local_search.hpp"
#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::baselines {

/// Required customers enter first, as a sweep around each depot meets them (Gillett & Miller 1974), then the optional ones from the highest prize on,
/// each where it costs least: in a route, or in a new one by any type with a vehicle left; who fits nowhere or costs more than its prize stays
/// out. Then customers move one by one, routes take cheaper vehicles, and whole routes are taken apart where that saves something. Quadratic in the customers; keeps every limit of the fleet, and may
/// leave required customers out. Precondition: the instance has a fleet.
LocalSearchReport fleet_insertion(const model::RoutingInstance& instance, const LocalSearchLimit& limit, model::RoutingSolution& solution);

/// Makes any solution keep the limits: routes that do are taken over in their order, everybody else is placed as above.
model::RoutingSolution fleet_repair(const model::RoutingInstance& instance, const model::RoutingSolution& given);

}  // namespace tempera::baselines
