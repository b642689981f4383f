// The classical comparison for routing, and the answer that is served when the annealer fails or is late.
#pragma once

#include <string>

#include "solvers/baselines/local_search.hpp"

namespace tempera::baselines {

struct BaselineResult {
  model::RoutingSolution solution;     ///< feasible always; with a fleet required customers may be left out
  core::Cost cost;                     ///< as the referee prices it
  std::string method;                  ///< e.g. "savings + local search"
  bool reached_local_optimum = false;  ///< false when the limit came first
};

/// How the comparison is made: by a construction alone, or by local search behind the one that suits the instance.
enum class RoutingControl { savings, insertion, local_search };

/// Savings, then local search; with a timetable insertion (timed_insertion), then timed_search; with a fleet fleet_control. The limit counts for the local search; the construction always runs to its end (savings: 1 s for 20,000 customers).
/// With a construction named that one alone. Savings know no timetable without a fleet, insertion is for timetables and fleets. Precondition: `control` is one that fits.
/// @throws UserError when no feasible route to some customer exists
BaselineResult routing_baseline(const model::RoutingInstance& instance, const LocalSearchLimit& limit, RoutingControl control = RoutingControl::local_search);

}  // namespace tempera::baselines
