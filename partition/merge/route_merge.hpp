// Puts the answers of route clusters back into one solution, and refuses those that do not fit.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::merge {

/// Says in one sentence why `answer` (flattened routes) cannot stand for `given` (flattened routes): another set of
/// customers, an overloaded or over-long route, more vehicles than it may use. Empty when it can. Prices nothing.
/// @param vehicles  with a fleet: how many of each type the answer may use, then how many in all
std::string why_not_mergeable(const model::RoutingInstance& instance, std::span<const std::int32_t> given,
                              std::span<const std::int32_t> answer, std::span<const std::int64_t> vehicles = {});

/// One solution of all parts' routes and customers left out, in the order of the parts: the same whatever order the answers came in.
model::RoutingSolution join(std::span<const std::vector<std::int32_t>> flat_parts);

}  // namespace tempera::merge
