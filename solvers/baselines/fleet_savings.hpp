// Savings for fleets: routes join while that saves money with the vehicles that would suit them best.
#pragma once

#include <functional>

#include "solvers/model/distances.hpp"
#include "solvers/model/neighbours.hpp"
#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::baselines {

struct FleetSavingsOptions {
  bool opportunity = false;     ///< also count, as saved, the dearest vehicle that the room left in a joined route could stand for
  int rounds = 8;               ///< of dearer vehicles, at most
};

/// Every customer begins with the vehicle that serves it alone at least cost, or left out where its prize is less; the pair of routes whose union saves
/// most joins, over all types and depots, end to end between near customers. Numbers of vehicles are kept by prices: while more are used than there are, their type becomes
/// dearer and the routes are built anew. In the end routes take the vehicles there are, the heaviest first; the customers of routes
/// that get none are left out. The answer of every round is handed to `take`, which may end it by false.
/// Source: Golden, Assad, Levy, Gheysens, "The fleet size and mix vehicle routing problem", Computers & Operations Research 11 (1984): combined and (with
/// `opportunity`) realistic opportunity savings, here with depots, prizes and limited numbers.
void fleet_savings(const model::RoutingInstance& instance, const model::Distances& distances, const model::Neighbours& neighbours, const FleetSavingsOptions& options,
                   const std::function<bool(model::RoutingSolution)>& take);

}  // namespace tempera::baselines
