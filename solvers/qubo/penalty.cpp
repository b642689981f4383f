#include "solvers/qubo/penalty.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "solvers/core/error.hpp"
#include "solvers/model/qubo_penalties.hpp"
#include "solvers/model/qubo_referee.hpp"
#include "solvers/qubo/choose.hpp"

namespace tempera::qubo {

namespace {
constexpr double first_part = 1.0 / 64;     // of the largest gain of a flip
constexpr int most_doublings = 16;
constexpr double wanted_share = 0.5;
constexpr std::uint64_t pilot_sweeps = 200;
constexpr std::size_t pilot_rungs = 8;
constexpr std::uint64_t pilot_seed = 1;

std::vector<Found> pilot(const model::QuboProblem& problem, std::uint64_t seed) {
  const auto ladder = make_ladder(problem, engine_for(problem));
  ladder->begin({}, {.seed = seed, .domain = core::anneal_qubo, .replica = 0xFFFFFFFD}, {});
  ladder->sweep(pilot_sweeps);
  std::vector<Found> states = ladder->coldest(pilot_rungs);
  states.push_back(ladder->best());
  return states;
}
}  // namespace

double feasible_share(const model::QuboProblem& problem, std::uint64_t seed) {
  const std::vector<Found> states = pilot(problem, seed);
  const auto kept = std::ranges::count_if(states, [&](const Found& found) { return model::judge(problem, found.values).feasible; });
  return static_cast<double>(kept) / static_cast<double>(states.size());
}

std::vector<std::int32_t> feasible_start(const model::QuboProblem& problem) {
  std::vector<std::int32_t> best;
  std::int64_t least = 0;
  for (const Found& found : pilot(problem, pilot_seed)) {
    std::vector<std::int32_t> values = model::with_settled_slack(problem, found.values);
    const model::QuboVerdict verdict = model::judge(problem, values);
    if (!verdict.feasible || (!best.empty() && verdict.energy >= least)) continue;
    least = verdict.energy;
    best = std::move(values);
  }
  if (best.empty()) throw core::UserError(fmt::format("{}: no values were found that keep all {} constraints. Relax one of them.", problem.name, problem.constraints.size()));
  return best;
}

model::QuboProblem with_penalties(const model::QuboProblem& base, std::span<const model::LinearConstraint> constraints) {
  double penalty = first_part * std::max(model::largest_gain(base), base.unit);
  for (int k = 0; k < most_doublings; ++k, penalty *= 2) {
    model::QuboProblem problem = model::penalised(base, constraints, penalty);
    const double share = feasible_share(problem, pilot_seed);
    if (share < wanted_share && !(share > 0 && k + 1 == most_doublings)) continue;
    problem.notes.push_back(fmt::format("{} constraint{} kept by a penalty of {} on the square of what is missed, with {} slack variables", constraints.size(),
                                        constraints.size() == 1 ? "" : "s", problem.penalty, problem.slack_variables));
    return problem;
  }
  throw core::UserError(fmt::format("{}: no values were found that keep all {} constraints. Relax one of them.", base.name, constraints.size()));
}

}  // namespace tempera::qubo
