// Cuts a placement network into parts whose service times can be searched apart.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "solvers/model/placement_problem.hpp"

namespace tempera::split {

/// At most `parts` groups of stages of about equal size, stages ascending. Stages joined by dear arcs stay together: the arcs
/// are taken from the dearest on, each joins two groups unless the result were too large, and the groups left are packed.
/// @param arc_price  one per arc of the problem; what a day of slack on it is worth
std::vector<std::vector<std::int32_t>> cut_at_cheap_arcs(const model::PlacementProblem& problem, std::span<const double> arc_price, std::size_t parts);

}  // namespace tempera::split
