#include "solvers/baselines/tree_placement.hpp"

#include <vector>

#include "solvers/baselines/forest_programme.hpp"

namespace tempera::baselines {

std::optional<PlacementResult> tree_placement(const model::PlacementProblem& problem, std::size_t most_points) {
  const TimeGrid grid(problem, most_points);
  ForestProgramme programme(problem, grid);
  if (!programme.choose(std::vector<char>(problem.arcs.size(), 1))) return std::nullopt;
  PlacementResult result;
  std::vector<double> outbound(problem.size()), inbound(problem.size());
  result.lower_bound = programme.minimise({}, {}, outbound, inbound);
  result.plan = model::repaired(problem, outbound);
  result.cost = model::plan_cost(problem, result.plan);
  return result;
}

}  // namespace tempera::baselines
