// The classical comparison for fleets: savings or insertion, then local search.
#pragma once

#include "solvers/baselines/local_search.hpp"
#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::baselines {

/// Two starts: the best of savings over types and depots (fleet_savings, without and with opportunity savings; what is left over placed as below), and all customers placed
/// as below. Both are taken to a local optimum (fleet_search), the better one to one where no route or pair of near routes is worth taking apart either. Keeps every
/// limit of the fleet, and may leave required customers out. Above taken_apart_customers the first start alone is searched, by single moves: the rest grows with the
/// square of the customers. Precondition: the instance has a fleet.
LocalSearchReport fleet_control(const model::RoutingInstance& instance, const LocalSearchLimit& limit, model::RoutingSolution& solution);

/// The first of its two starts alone, without local search. `limit` may end the rounds of dearer vehicles.
model::RoutingSolution fleet_savings_start(const model::RoutingInstance& instance, const LocalSearchLimit& limit);

/// Makes any solution keep the limits: routes that do are taken over in their order. Everybody else is placed: required customers first, as a sweep around each depot
/// meets them (Gillett & Miller 1974), then the optional ones from the highest prize on, each where it costs least: in a route, or in a new one by any type with a vehicle
/// left; who fits nowhere or costs more than its prize stays out, and so do those that are not reached before `limit` ends it. Quadratic in the customers placed.
model::RoutingSolution fleet_repair(const model::RoutingInstance& instance, const model::RoutingSolution& given, const LocalSearchLimit& limit = {});

inline constexpr std::int32_t taken_apart_customers = 2'000;

}  // namespace tempera::baselines
