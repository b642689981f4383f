// What a fleet's answer says beside its cost: vehicles and depots of its routes, who is left out and why.
#pragma once

#include <string>
#include <vector>

#include "io/instances/solution_file.hpp"
#include "solvers/model/routing_instance.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::app {

// All of them want an instance with a fleet.

/// The name of a customer or depot, from the job where it has names.
std::string node_name(const model::RoutingInstance& instance, std::int32_t node);

model::FleetReport fleet_report(const model::RoutingInstance& instance, const model::Answer& answer);

/// Routes by type, fixed costs, costs of driving, prizes forgone, customers left out.
void add_fleet_figures(const char* group, const model::RoutingInstance& instance, const model::Answer& answer, std::vector<model::Figure>& figures);

/// "money", or "distance" where no vehicle has a cost of its own and no customer a prize.
std::string fleet_cost_unit(const model::RoutingInstance& instance);

/// Types of vehicles by the names in a solution file. @throws UserError for a route without one, or with one that there is not
model::RoutingSolution with_vehicles(const model::RoutingInstance& instance, instances::SolutionFile file, const std::string& source);

/// As a solution file. @param cost  to stand in it
std::string fleet_solution(const model::RoutingInstance& instance, const model::Answer& answer, core::Cost cost);

}  // namespace tempera::app
