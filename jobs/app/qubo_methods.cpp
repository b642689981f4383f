#include "jobs/app/qubo_methods.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "jobs/app/control_time.hpp"
#include "jobs/app/stop_signal.hpp"
#include "solvers/baselines/qubo_tabu.hpp"
#include "solvers/core/error.hpp"
#include "solvers/core/rank_group.hpp"
#include "solvers/hybrid/qubo_cost.hpp"
#include "solvers/model/qubo_referee.hpp"
#include "solvers/quantum/qaoa.hpp"
#include "solvers/quantum/qaoa_engine.hpp"

namespace tempera::app {

namespace {
using Values = std::vector<std::int32_t>;
constexpr double writing_seconds = 0.2;
constexpr double seconds_per_state = 2e-9, seconds_per_coupling = 0.5e-9;  // of an enumeration, about
constexpr std::int32_t enumerated_below = 23;  // variables: a fraction of a second
constexpr double control_share = 0.1, longest_control_seconds = 5;  // of a time budget, unless it is said otherwise
constexpr int most_qubits = 26;
constexpr int most_double_qubits = 22;  // above, single precision: half the memory

bool time_is_up(const core::Budget& budget) { return stop_requested() || (budget.is_timed() && budget.remaining_seconds() < writing_seconds); }

Values tabu(const model::QuboProblem& problem, const core::Budget& budget, model::RunRecord& record) {
  baselines::TabuLimit limit{.flips = record.limit.iterations.value_or(UINT64_MAX), .stop = [&budget] { return time_is_up(budget); }};
  baselines::QuboBaseline found = baselines::qubo_tabu(problem, record.seed, limit);
  record.iterations = found.flips;
  return std::move(found.values);
}

void check_time(const model::QuboProblem& problem, const core::Budget& budget, std::string_view what) {
  const double degree = static_cast<double>(problem.column.size()) / problem.variables();
  const double needed = std::exp2(problem.variables()) * (seconds_per_state + degree * seconds_per_coupling);
  if (budget.is_timed() && needed > budget.remaining_seconds())
    throw core::UserError(fmt::format("{}: the {} exhaustive needs about {:.0f} s for {} variables, and {:.1f} s are left. Give a longer budget, or another {}.", problem.name, what, std::ceil(needed), problem.variables(), budget.remaining_seconds(), what));
}

Values exhaustive(const model::QuboProblem& problem, const core::Budget& budget, model::RunRecord& record) {
  if (problem.variables() > baselines::enumerated_variables)
    throw core::UserError(fmt::format("{}: the method exhaustive looks at every state, of {} variables at most, and there are {}. Give another method.", problem.name, baselines::enumerated_variables, problem.variables()));
  check_time(problem, budget, "method");
  baselines::QuboBaseline found = baselines::qubo_enumerate(problem);
  record.iterations = std::uint64_t{1} << problem.variables();
  record.lower_bound = problem.objective(found.energy);
  record.lower_bound_method = "all states";
  return std::move(found.values);
}

// The flips that the control may make.
baselines::TabuLimit control_limit(const model::QuboProblem& problem, const core::Budget& budget, const model::SolverChoice& asked) {
  baselines::TabuLimit limit;
  if (budget.is_timed()) {
    const double until = budget.elapsed_seconds() + control_seconds(asked, budget, {.share = control_share, .longest = longest_control_seconds});
    limit.flips = UINT64_MAX;
    limit.stop = [&budget, until] { return stop_requested() || budget.elapsed_seconds() > until; };
  } else {
    limit.flips = std::clamp<std::uint64_t>(2'000'000'000 / static_cast<std::uint64_t>(problem.variables()), 20'000, 2'000'000);
    limit.stop = stop_requested;
  }
  return limit;
}

template <class Real>
Values qaoa(const model::QuboProblem& problem, const core::Budget& budget, model::RunRecord& record) {
  core::SingleRank alone;
  quantum::QaoaEngine<Real> engine(hybrid::cost_of(problem), alone, {});
  const quantum::SearchResult found = quantum::find_angles(engine, {.depth = record.solver.depth, .stop = [&budget] { return time_is_up(budget); }});
  auto state = engine.make_state();
  quantum::evaluate(engine, state, found.angles);
  const quantum::Sample best = quantum::draw_samples(engine, state, record.solver.shots, record.seed).front();
  record.best_sample = {best.count, record.solver.shots};
  record.iterations = record.solver.shots;
  Values values;
  for (int q = 0; q < engine.qubits(); ++q) values.push_back(static_cast<std::int32_t>(best.index >> q & 1));
  return values;
}

void refuse_too_many_qubits(const model::QuboProblem& problem) {
  if (problem.variables() > most_qubits)
    throw core::UserError(fmt::format("{}: {} variables need as many qubits; the method qaoa simulates {} at most. Give another method, or use tempera qaoa on many ranks.", problem.name, problem.variables(), most_qubits));
}
}  // namespace

double qaoa_mebibytes(const model::QuboProblem& problem) {
  refuse_too_many_qubits(problem);
  const std::size_t bytes_per_real = problem.variables() <= most_double_qubits ? 8 : 4;
  constexpr int states = 3;  // the search of angles keeps two and a gradient
  return static_cast<double>(quantum::planned_bytes(problem.variables(), 1, bytes_per_real, quantum::DiagonalKind::real32, states)) / 0x1p20;
}

std::vector<std::int32_t> qubo_by_method(const model::QuboProblem& problem, const core::Budget& budget, model::RunRecord& record) {
  const std::string& method = record.solver.method;
  if (!problem.constraints.empty())
    throw core::UserError(fmt::format("{}: has {} constraints, which the method {} may break. Give annealing or baseline.", problem.name, problem.constraints.size(), method));
  if (method == "exhaustive") return exhaustive(problem, budget, record);
  if (!problem.groups.empty())
    throw core::UserError(fmt::format("{}: has {} groups of variables, which the method {} would break. Give annealing, exhaustive or baseline.", problem.name, problem.groups.size(), method));
  if (method == "tabu") return tabu(problem, budget, record);
  if (method == "greedy") return baselines::qubo_greedy(problem);
  TEMPERA_ASSERT(method == "qaoa", method);
  refuse_too_many_qubits(problem);
  return problem.variables() <= most_double_qubits ? qaoa<double>(problem, budget, record) : qaoa<float>(problem, budget, record);
}

baselines::QuboBaseline qubo_control(const model::QuboProblem& problem, const core::Budget& budget, model::RunRecord& record) {
  const std::string& asked = record.solver.baseline;
  if (asked == "exhaustive" || (asked.empty() && problem.variables() < enumerated_below)) {
    if (!asked.empty()) check_time(problem, budget, "control");
    baselines::QuboBaseline found = baselines::qubo_enumerate(problem);
    record.lower_bound = problem.objective(found.energy);  // a relaxation where constraints are penalised
    return found;
  }
  if (asked == "greedy") return {.values = baselines::qubo_greedy(problem), .energy = 0, .flips = 0, .method = "greedy flips"};
  const bool descends = asked == "descent" || (asked.empty() && !problem.groups.empty());
  return (descends ? baselines::qubo_descent : baselines::qubo_tabu)(problem, record.seed, control_limit(problem, budget, record.solver));
}

}  // namespace tempera::app
