// Re-prices a routing solution from the raw data. Shares no code with the solvers, not even the distance function.
#pragma once

#include <string>
#include <vector>

#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::model {

struct RoutingVerdict {
  bool feasible = false;
  Cost cost;                            ///< all arcs and routes, scaled units; meaningful also when infeasible, unless a node is unknown
  Distance distance;                    ///< all arcs
  Distance waiting;                     ///< before windows open, with every vehicle leaving as late as its last arrival allows
  int late = 0;                         ///< stops and returns after their window has closed
  int routes = 0;                       ///< non-empty routes
  std::vector<std::string> violations;  ///< at most 20 sentences, each naming node or route, value and limit
};

/// Checks coverage (each customer exactly once), capacity, route length, time windows and duration, and adds up the arcs.
RoutingVerdict judge(const RoutingInstance& instance, const RoutingSolution& solution);

/// When a route is driven: what spreadsheets and maps show. Scaled distance units, as the timetable.
struct RouteTimes {
  std::int64_t leaves = 0;              ///< the depot, as late as the return at `returns` allows
  std::vector<std::int64_t> arrival;    ///< at every stop
  std::vector<std::int64_t> start;      ///< of its service
  std::int64_t returns = 0;             ///< as early as possible
};

/// Precondition: the instance has a timetable, the route's customers are known. Windows may be broken: service then begins on arrival.
RouteTimes times_of(const RoutingInstance& instance, const Route& route);

}  // namespace tempera::model
