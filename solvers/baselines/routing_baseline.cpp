#include "solvers/baselines/routing_baseline.hpp"

#include "solvers/baselines/savings.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/routing_referee.hpp"

namespace tempera::baselines {

namespace {
constexpr int neighbours_wanted = 100;
}

BaselineResult routing_baseline(const model::RoutingInstance& instance, const LocalSearchLimit& limit) {
  const model::Distances distances(instance);
  const model::Neighbours neighbours(instance, neighbours_wanted);
  BaselineResult result;
  result.solution = savings(instance, distances, neighbours);
  const LocalSearchReport report = local_search(instance, distances, neighbours, result.solution, limit);
  const model::RoutingVerdict verdict = model::judge(instance, result.solution);
  TEMPERA_ASSERT(verdict.feasible, verdict.violations.empty() ? std::string() : verdict.violations.front());
  result.cost = verdict.cost;
  result.method = "savings + local search";
  result.reached_local_optimum = report.reached_local_optimum;
  return result;
}

}  // namespace tempera::baselines
