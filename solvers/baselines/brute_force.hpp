// Exact routes for very small instances: the oracle of the tests.
#pragma once

#include <optional>

#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::baselines {

inline constexpr int brute_force_customers = 12;  ///< 3^12 subset pairs take a few milliseconds
inline constexpr int brute_force_timed_customers = 9;  ///< with a timetable: all orders of all subsets, a million

struct ExactRoutes {
  model::RoutingSolution solution;
  core::Cost cost;
};

/// A cheapest solution, found by dynamic programming over subsets: the shortest tour of every subset (Held, Karp 1962), then
/// the cheapest partition into subsets whose load and route length keep the limits. Nothing when there is none.
/// With a timetable every order of every subset is driven instead.
/// @throws LogicError above brute_force_customers, or brute_force_timed_customers with a timetable
std::optional<ExactRoutes> brute_force(const model::RoutingInstance& instance);

}  // namespace tempera::baselines
