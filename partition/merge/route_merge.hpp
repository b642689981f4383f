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
/// customers, an overloaded or over-long route. Empty when it can. Prices nothing.
std::string why_not_mergeable(const model::RoutingInstance& instance, std::span<const std::int32_t> given,
                              std::span<const std::int32_t> answer);

/// One solution of all parts' routes, in the order of the parts: the same whatever order the answers came in.
model::RoutingSolution join(std::span<const std::vector<std::int32_t>> flat_parts);

}  // namespace tempera::merge
