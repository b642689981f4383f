// Local search on the routes of a fleet, vehicles, depots and prizes included.
#pragma once

#include "solvers/baselines/local_search.hpp"

namespace tempera::baselines {

/// What is done beside single moves.
enum class TakeApart : std::uint8_t {
  nothing,
  routes,   ///< whole routes, and pairs of near ones, are emptied and their customers placed anew where that saves something: better, and takes ten times as long
};

/// Improves `solution` in place; never worsens it. Moves of up to three customers within and between routes and against those left out, 2-opt, 2-opt* (so routes
/// merge and split), each priced with the vehicles that suit the changed routes best; exchange of vehicles between any two routes.
/// `solution` must keep the fleet's limits and does so whenever the search ends.
LocalSearchReport fleet_search(const model::RoutingInstance& instance, const model::Distances& distances, const model::Neighbours& neighbours,
                               model::RoutingSolution& solution, TakeApart take_apart, const LocalSearchLimit& limit);

}  // namespace tempera::baselines
