#include "solvers/inventory/placement_plan.hpp"

#include <algorithm>
#include <cmath>

namespace tempera::inventory {

namespace {
constexpr std::size_t stages_per_part = 600;
constexpr std::uint32_t most_parts = 16;
constexpr std::uint64_t moves_per_task = 50'000;
constexpr double hottest = 0.03, coldest = 3e-4;  // of a typical move: .01 and .1 lost on chains 19 and 21
}  // namespace

double PlacementRunPlan::round_seconds(std::uint32_t round) const { return std::min(3.0, 0.08 * std::pow(1.4, std::min(round, 20u))); }

PlacementRunPlan make_plan(const PlacementPlanRequest& request) {
  PlacementRunPlan plan;
  plan.seed = request.seed;
  plan.ranks = std::max(1, request.ranks);
  plan.parts = static_cast<std::uint32_t>(std::clamp<std::size_t>(request.stages / stages_per_part, 1, most_parts));
  plan.cooling = {hottest * request.typical_move, coldest * request.typical_move};
  if (request.limit.iterations) {
    plan.iterations = std::max<std::uint64_t>(1, *request.limit.iterations);
    if (request.replicas > 0) plan.replicas = request.replicas;
    if (request.chains > 0) plan.chains = request.chains;
    plan.rounds = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(plan.iterations / (plan.tasks_per_round() * moves_per_task), 1, 200));
    return plan;
  }
  const auto ranks = static_cast<std::uint32_t>(plan.ranks);
  plan.chains = request.chains > 0 ? request.chains : std::max(plan.chains, ranks / 2);
  plan.replicas = request.replicas > 0 ? request.replicas : std::max(plan.replicas, (ranks + plan.parts) / (2 * plan.parts));
  const double seconds = request.limit.seconds.value_or(60);
  plan.ends = seconds - std::clamp(0.02 * seconds, 0.05, 2.0);
  return plan;
}

}  // namespace tempera::inventory
