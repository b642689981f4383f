// Puts the service times of a network's parts back together.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "solvers/model/placement_problem.hpp"

namespace tempera::merge {

struct MergedPlacement {
  model::PlacementPlan plan;  ///< feasible
  double cost = 0;            ///< of the whole plan, priced again: never the sum of the parts
};

/// Every stage takes its outbound time from the answer of the part that holds it; what the parts' neighbours can then no
/// longer promise is cut. The result may cost more than each of the answers: the caller compares.
/// @param parts    disjoint, together all stages
/// @param answers  per part the outbound times of the whole network, days
MergedPlacement merge_placements(const model::PlacementProblem& problem, std::span<const std::vector<std::int32_t>> parts,
                                 std::span<const std::vector<double>> answers);

/// Says in one sentence why these outbound times cannot be an answer (wrong number, not finite, below 0); empty when they can.
std::string why_not_outbound(const model::PlacementProblem& problem, std::span<const double> outbound);

}  // namespace tempera::merge
