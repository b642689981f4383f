#include "solvers/model/qubo_referee.hpp"

#include <fmt/format.h>

#include "solvers/model/qubo_penalties.hpp"

namespace tempera::model {

namespace {
constexpr std::size_t most_violations = 20;

void note(QuboVerdict& verdict, std::string text) {
  verdict.feasible = false;
  if (verdict.violations.size() < most_violations) verdict.violations.push_back(std::move(text));
}

void check_groups(const QuboProblem& problem, std::span<const std::int32_t> values, QuboVerdict& verdict) {
  for (std::size_t g = 0; g < problem.groups.size(); ++g) {
    std::int64_t ones = 0;
    for (const std::int32_t i : problem.groups[g].members) ones += values[static_cast<std::size_t>(i)];
    if (ones != problem.groups[g].wanted) note(verdict, fmt::format("group {} has {} variables at 1, {} are wanted", g + 1, ones, problem.groups[g].wanted));
  }
}

// The penalties are in the coefficients: what they add is taken off the user's objective.
void check_constraints(const QuboProblem& problem, std::span<const std::int32_t> values, QuboVerdict& verdict) {
  const double paid = problem.penalty * squared_residuals(problem, values);
  verdict.objective += problem.sense == Sense::maximise ? paid : -paid;
  for (const LinearConstraint& c : problem.constraints)
    if (const std::int64_t missed = violation(c, values); missed > 0) note(verdict, fmt::format("constraint {} is missed by {}", c.name, missed));
}
}  // namespace

QuboVerdict judge(const QuboProblem& problem, std::span<const std::int32_t> values) {
  QuboVerdict verdict{.feasible = true, .energy = 0, .objective = 0, .violations = {}};
  const auto n = static_cast<std::size_t>(problem.variables());
  if (values.size() != n) {
    note(verdict, fmt::format("{} values for {} variables", values.size(), n));
    return verdict;
  }
  double real = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (values[i] != 0 && values[i] != 1) note(verdict, fmt::format("variable {} is {}, neither 0 nor 1", i, values[i]));
    if (values[i] != 1) continue;
    verdict.energy += problem.linear[i];
    if (!problem.exact) real += problem.real_linear[i];
    for (auto k = static_cast<std::size_t>(problem.row_begin[i]); k < static_cast<std::size_t>(problem.row_begin[i + 1]); ++k) {
      const auto j = static_cast<std::size_t>(problem.column[k]);
      if (j >= i || values[j] != 1) continue;  // each pair once
      verdict.energy += problem.coupling[k];
      if (!problem.exact) real += problem.real_coupling[k];
    }
  }
  verdict.objective = problem.exact ? problem.objective(verdict.energy) : problem.offset + real;
  check_groups(problem, values, verdict);
  if (!problem.constraints.empty()) check_constraints(problem, values, verdict);
  return verdict;
}

QuboVerdict judge(const QapProblem& problem, std::span<const std::int32_t> place) {
  QuboVerdict verdict{.feasible = true, .energy = 0, .objective = 0, .violations = {}};
  const auto n = static_cast<std::size_t>(problem.size);
  if (place.size() != n) {
    note(verdict, fmt::format("{} places for {} facilities", place.size(), n));
    return verdict;
  }
  std::vector<int> used(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    if (place[i] < 0 || place[i] >= problem.size) note(verdict, fmt::format("facility {} is at location {}, there are {}", i, place[i], n));
    else if (used[static_cast<std::size_t>(place[i])]++) note(verdict, fmt::format("location {} is used twice", place[i]));
  }
  if (!verdict.feasible) return verdict;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      verdict.energy += problem.flow[i * n + j] * problem.distance[static_cast<std::size_t>(place[i]) * n + static_cast<std::size_t>(place[j])];
  verdict.objective = static_cast<double>(verdict.energy);
  return verdict;
}

}  // namespace tempera::model
