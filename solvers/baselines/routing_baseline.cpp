#include "solvers/baselines/routing_baseline.hpp"

#include "solvers/baselines/fleet_baseline.hpp"
#include "solvers/baselines/savings.hpp"
#include "solvers/baselines/timed_insertion.hpp"
#include "solvers/baselines/timed_search.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/routing_referee.hpp"

namespace tempera::baselines {

namespace {
constexpr int neighbours_wanted = 100;
constexpr int neighbours_timed = 40;  // of the local search with windows

BaselineResult judged(const model::RoutingInstance& instance, model::RoutingSolution solution, const LocalSearchReport& report, const char* method) {
  const model::RoutingVerdict verdict = model::judge(instance, solution);
  TEMPERA_ASSERT(verdict.feasible, verdict.violations.empty() ? std::string() : verdict.violations.front());
  return {.solution = std::move(solution), .cost = verdict.cost, .method = method, .reached_local_optimum = report.reached_local_optimum};
}

BaselineResult timed_baseline(const model::RoutingInstance& instance, const LocalSearchLimit& limit, RoutingControl control) {
  const model::Distances distances(instance);
  model::RoutingSolution solution = timed_insertion(instance, distances, model::Neighbours(instance, neighbours_wanted));
  if (control == RoutingControl::insertion) return judged(instance, std::move(solution), {}, "insertion");
  const LocalSearchReport report = timed_search(instance, distances, model::Neighbours(instance, neighbours_timed), solution, limit);
  return judged(instance, std::move(solution), report, "insertion + local search");
}

BaselineResult fleet_baseline(const model::RoutingInstance& instance, const LocalSearchLimit& limit, RoutingControl control) {
  if (control == RoutingControl::insertion) return judged(instance, fleet_repair(instance, {}, limit), {}, "insertion");
  if (control == RoutingControl::savings) return judged(instance, fleet_savings_start(instance, limit), {}, "savings");
  model::RoutingSolution solution;
  const LocalSearchReport report = fleet_control(instance, limit, solution);
  return judged(instance, std::move(solution), report, "savings + local search");
}
}  // namespace

BaselineResult routing_baseline(const model::RoutingInstance& instance, const LocalSearchLimit& limit, RoutingControl control) {
  if (instance.fleet) return fleet_baseline(instance, limit, control);
  if (instance.timetable) return timed_baseline(instance, limit, control);
  const model::Distances distances(instance);
  const model::Neighbours neighbours(instance, neighbours_wanted);
  model::RoutingSolution solution = savings(instance, distances, neighbours);
  if (control == RoutingControl::savings) return judged(instance, std::move(solution), {}, "savings");
  const LocalSearchReport report = local_search(instance, distances, neighbours, solution, limit);
  return judged(instance, std::move(solution), report, "savings + local search");
}

}  // namespace tempera::baselines
