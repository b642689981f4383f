// Re-prices a routing solution from the raw data. Shares no code with the solvers, not even the distance function.
#pragma once

#include <string>
#include <vector>

#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::model {

struct RoutingVerdict {
  bool feasible = false;                ///< every limit is kept; without a fleet also: everybody is served
  bool complete = false;                ///< every required customer is served
  Cost cost;                            ///< all arcs and routes, scaled units; meaningful also when infeasible, unless a node is unknown
  Distance distance;                    ///< all arcs
  Distance waiting;                     ///< before windows open, with every vehicle leaving as late as its last arrival allows
  int late = 0;                         ///< stops and returns after their window has closed
  int routes = 0;                       ///< non-empty routes
  Cost fixed;                           ///< with a fleet: of all routes, part of `cost`, as are the next two; `cost` has the missing as well
  Cost driving;
  Cost forgone;                         ///< prizes of optional customers left out
  std::vector<std::int32_t> missing;    ///< with a fleet: required customers left out, ascending
  std::vector<std::int32_t> skipped;    ///< with a fleet: optional customers left out, ascending
  std::vector<std::string> violations;  ///< at most 20 sentences, each naming node or route, value and limit
};

/// Checks coverage (each customer exactly once; with a fleet at most once), capacity, route length, time windows and duration, with
/// a fleet how many vehicles of each type drive, and adds up the arcs. What solution.left_out says is not looked at.
RoutingVerdict judge(const RoutingInstance& instance, const RoutingSolution& solution);

/// When a route is driven: what spreadsheets and maps show. Scaled distance units, as the timetable.
struct RouteTimes {
  std::int64_t leaves = 0;              ///< the depot, as late as the return at `returns` allows
  std::vector<std::int64_t> arrival;    ///< at every stop
  std::vector<std::int64_t> start;      ///< of its service
  std::int64_t returns = 0;             ///< as early as possible
};

/// Precondition: the instance has a timetable, the route's customers are known. @param vehicle  its type, with a fleet. Windows may be broken: service then begins on arrival.
RouteTimes times_of(const RoutingInstance& instance, const Route& route, std::int32_t vehicle = 0);

/// All arcs of a route, from its depot to its depot; scaled distance units.
Distance length_of(const RoutingInstance& instance, const Route& route, std::int32_t vehicle = 0);

}  // namespace tempera::model
