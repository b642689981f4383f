#include "partition/merge/placement_merge.hpp"

#include <fmt/format.h>

#include <cmath>

#include "solvers/core/error.hpp"

namespace tempera::merge {

MergedPlacement merge_placements(const model::PlacementProblem& problem, std::span<const std::vector<std::int32_t>> parts,
                                 std::span<const std::vector<double>> answers) {
  TEMPERA_ASSERT(parts.size() == answers.size(), "one answer per part");
  std::vector<double> outbound(problem.size(), 0.0);
  for (std::size_t p = 0; p < parts.size(); ++p)
    for (const std::int32_t i : parts[p]) outbound[static_cast<std::size_t>(i)] = answers[p][static_cast<std::size_t>(i)];
  MergedPlacement merged{model::repaired(problem, outbound), 0.0};
  merged.cost = model::plan_cost(problem, merged.plan);
  return merged;
}

std::string why_not_outbound(const model::PlacementProblem& problem, std::span<const double> outbound) {
  if (outbound.size() != problem.size()) return fmt::format("{} outbound service times for {} stages", outbound.size(), problem.size());
  for (std::size_t i = 0; i < outbound.size(); ++i)
    if (!std::isfinite(outbound[i]) || outbound[i] < 0) return fmt::format("the outbound service time of stage {} is {}", i, outbound[i]);
  return {};
}

}  // namespace tempera::merge
