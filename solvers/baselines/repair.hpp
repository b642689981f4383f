// From whatever routes somebody brings to a feasible solution that keeps as much of them as possible: warm starts.
#pragma once

#include <string>

#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::baselines {

/// The repaired solution and what became of the given one.
struct RepairReport {
  model::RoutingSolution solution;  ///< feasible, no empty routes
  int kept = 0;        ///< customers that stand where they were given, after their routes were cut
  int repeated = 0;    ///< second and later visits to a customer, dropped
  int unknown = 0;     ///< visits to numbers that are no customer, dropped
  int split = 0;       ///< given routes above capacity or length that were cut
  int inserted = 0;    ///< customers without a place, inserted
  std::string summary; ///< the same in words, for the user
};

/// Keeps the first visit to every customer in the order given, cuts a route where load or length would exceed its limit, and
/// inserts the missing customers one by one where they cost least: beside one of their 40 nearest customers or in a route of
/// their own. Large customers come first; when none has a fitting place, the one farthest from the depot
/// opens a route. Time O(n log n), with a timetable O(n) for each missing customer; no distance table at large sizes. The same input always gives the same solution.
/// With a timetable a route is not cut: it loses the visits that come late or do not fit, and these are inserted like the missing.
/// @throws UserError when a customer cannot be served within the route length limit
RepairReport repair(const model::RoutingInstance& instance, const model::RoutingSolution& given);

}  // namespace tempera::baselines
