// Local search on routes: 2-opt, 2-opt*, relocate, or-opt, exchange and cross-exchange, to a common local optimum.
#pragma once

#include <cstdint>
#include <functional>

#include "solvers/model/distances.hpp"
#include "solvers/model/neighbours.hpp"
#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::baselines {

struct LocalSearchLimit {
  std::function<bool()> stop;  ///< asked between moves every few milliseconds at most; true ends the search. Empty: run to the local optimum
};

struct LocalSearchReport {
  bool reached_local_optimum = false;
  std::uint64_t moves = 0;     ///< improving moves made
};

/// Improves `solution` in place; never worsens it. `solution` must be feasible and stays so whenever the search ends.
/// The answer depends on the arguments alone (a limit that stops it apart). One step costs no more than the routes it touches.
LocalSearchReport local_search(const model::RoutingInstance& instance, const model::Distances& distances,
                               const model::Neighbours& neighbours, model::RoutingSolution& solution, const LocalSearchLimit& limit);

}  // namespace tempera::baselines
