#include "jobs/app/candidates.hpp"

#include <algorithm>
#include <set>

#include "solvers/model/routing_solution.hpp"
#include "solvers/qubo/campaign.hpp"

namespace tempera::app {

namespace {
// Equal for answers that a planner would call the same.
struct Likeness {
  std::int64_t cost = 0;
  std::vector<std::vector<std::int32_t>> routes;
  std::vector<double> reals;
  auto operator<=>(const Likeness&) const = default;
};

Likeness likeness_of(const model::Answer& answer, bool routing) {
  Likeness likeness{.cost = answer.cost_units, .routes = {}, .reals = answer.reals};
  if (!routing) {
    likeness.routes.push_back(answer.ints);
    return likeness;
  }
  for (const model::Route& route : model::unflatten(answer.ints).routes) {
    std::vector<std::int32_t> there(route.begin(), route.end()), back(route.rbegin(), route.rend());
    likeness.routes.push_back(std::min(there, back));
  }
  std::ranges::sort(likeness.routes);
  return likeness;
}

// Ladders keep images and their best states beside the samples that hold the same states with their objectives.
bool is_priced(const model::ReplicaState& replica, const model::RunRecord& record) {
  return (record.problem_type != "qubo" && record.problem_type != "qap") || replica.rung == qubo::sample_state;
}

bool passes(const registry::Problem& problem, const model::Answer& answer) {
  const registry::Verdict verdict = registry::judge(problem, answer);
  return verdict.feasible && verdict.cost_units == answer.cost_units;
}
}  // namespace

void collect_candidates(const registry::Problem& problem, model::RunRecord& record) {
  std::vector<model::Answer> pool = std::move(record.candidates);
  record.candidates.clear();
  if (record.policy.top_k <= 1) return;
  const bool routing = record.problem_type == "routing";
  pool.push_back(record.incumbent);
  for (const model::ReplicaState& replica : record.campaign.replicas)
    if (is_priced(replica, record) && (routing || (replica.answer.ints.size() == record.incumbent.ints.size() && replica.answer.reals.size() == record.incumbent.reals.size()))) pool.push_back(replica.answer);
  std::ranges::stable_sort(pool, {}, &model::Answer::cost_units);
  std::set<Likeness> seen;
  for (model::Answer& answer : pool) {
    if (record.candidates.size() == record.policy.top_k) return;
    if (passes(problem, answer) && seen.insert(likeness_of(answer, routing)).second) record.candidates.push_back(std::move(answer));
  }
}

}  // namespace tempera::app
