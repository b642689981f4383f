#include "solvers/model/qubo_penalties.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "solvers/core/error.hpp"

namespace tempera::model {

namespace {
constexpr std::int64_t largest_sum = std::int64_t{1} << 40;  // of a constraint's coefficients

// sum coefficients x + sum slacks y = bound, with the slack's values; no slack: an equation.
struct Row {
  std::vector<std::int32_t> members;
  std::vector<std::int64_t> coefficients;
  std::int64_t bound = 0;
};

[[noreturn]] void refuse(const QuboProblem& base, const LinearConstraint& c, const std::string& why) {
  throw core::UserError(fmt::format("{}: constraint {} {}", base.name, c.name, why));
}

void check(const QuboProblem& base, const LinearConstraint& c) {
  if (c.members.size() != c.coefficients.size()) refuse(base, c, fmt::format("has {} variables and {} coefficients. Give one for each.", c.members.size(), c.coefficients.size()));
  std::vector<std::int32_t> sorted = c.members;
  std::ranges::sort(sorted);
  if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end()) refuse(base, c, fmt::format("names variable {} twice. Add its coefficients up.", *twice + base.first_number));
  if (!sorted.empty() && (sorted.front() < 0 || sorted.back() >= base.variables()))
    refuse(base, c, fmt::format("names variable {}, but they are numbered from {} to {}.", std::int64_t{sorted.front() < 0 ? sorted.front() : sorted.back()} + base.first_number, base.first_number, base.first_number + base.variables() - 1));
  double sum = std::fabs(static_cast<double>(c.bound));
  for (const std::int64_t a : c.coefficients) sum += std::fabs(static_cast<double>(a));
  if (sum > static_cast<double>(largest_sum)) refuse(base, c, fmt::format("has coefficients that add up to {:.3g}. Divide them by a common factor, to below 1e12.", sum));
}

std::int64_t smallest(const std::vector<std::int64_t>& coefficients) {
  std::int64_t sum = 0;
  for (const std::int64_t a : coefficients) sum += std::min<std::int64_t>(a, 0);
  return sum;
}
std::int64_t largest(const std::vector<std::int64_t>& coefficients) {
  std::int64_t sum = 0;
  for (const std::int64_t a : coefficients) sum += std::max<std::int64_t>(a, 0);
  return sum;
}

// As an equation; slack variables are numbered from `next` on. Nothing to keep: no members.
Row row_of(const QuboProblem& base, const LinearConstraint& c, std::int32_t& next) {
  Row row{c.members, c.coefficients, c.bound};
  if (c.sense == ConstraintSense::at_least) {
    for (std::int64_t& a : row.coefficients) a = -a;
    row.bound = -row.bound;
  }
  const std::int64_t low = smallest(row.coefficients), high = largest(row.coefficients);
  if (low > row.bound || (c.sense == ConstraintSense::equal && high < row.bound)) {
    const bool too_low = c.sense == ConstraintSense::at_least || low <= row.bound;
    const std::int64_t reach = c.sense == ConstraintSense::at_least ? -low : too_low ? high : low;
    refuse(base, c, fmt::format("cannot be kept: its sum is {} at {}, and {} is asked for.", reach, too_low ? "most" : "least", c.bound));
  }
  if (c.sense == ConstraintSense::equal) return row;
  if (high <= row.bound) return {};
  for (std::int64_t rest = row.bound - low, bit = 1; rest > 0; bit *= 2) {
    const std::int64_t part = std::min(bit, rest);
    row.members.push_back(next++);
    row.coefficients.push_back(part);
    rest -= part;
  }
  return row;
}

std::vector<Row> rows_of(const QuboProblem& base, std::span<const LinearConstraint> constraints, std::int32_t variables) {
  std::vector<Row> rows;
  std::int32_t next = variables;
  for (const LinearConstraint& c : constraints) rows.push_back(row_of(base, c, next));
  return rows;
}

std::int64_t residual(const Row& row, std::span<const std::int32_t> values) {
  std::int64_t sum = -row.bound;
  for (std::size_t k = 0; k < row.members.size(); ++k) sum += row.coefficients[k] * values[static_cast<std::size_t>(row.members[k])];
  return sum;
}
}  // namespace

QuboProblem penalised(const QuboProblem& base, std::span<const LinearConstraint> constraints, double penalty) {
  for (const LinearConstraint& c : constraints) check(base, c);
  const std::vector<Row> rows = rows_of(base, constraints, base.variables());
  std::int32_t variables = base.variables();
  for (const Row& row : rows)
    for (const std::int32_t i : row.members) variables = std::max(variables, i + 1);
  // Where the base is exact all is counted in its units, whole numbers: sums then lose nothing.
  const double scale = base.exact ? std::round(1 / base.unit) : 1, sign = base.sense == Sense::maximise ? -1 : 1;
  const double weight = base.exact ? std::max(1.0, std::ceil(penalty * scale - 1e-9)) : penalty;
  QuboBuilder builder(base.name, variables);
  for (std::int32_t i = 0; i < base.variables(); ++i) {
    const auto k = static_cast<std::size_t>(i);
    builder.add(i, i, base.exact ? sign * static_cast<double>(base.linear[k]) : base.real_linear[k]);
    for (auto e = static_cast<std::size_t>(base.row_begin[k]); e < static_cast<std::size_t>(base.row_begin[k + 1]); ++e)
      if (base.column[e] > i) builder.add(i, base.column[e], base.exact ? sign * static_cast<double>(base.coupling[e]) : base.real_coupling[e]);
  }
  for (const Row& row : rows) {
    if (row.members.empty()) continue;
    const auto bound = static_cast<double>(row.bound);
    builder.add_offset(sign * weight * bound * bound);
    for (std::size_t k = 0; k < row.members.size(); ++k) {
      const auto a = static_cast<double>(row.coefficients[k]);
      builder.add(row.members[k], row.members[k], sign * weight * a * (a - 2 * bound));
      for (std::size_t m = 0; m < k; ++m) builder.add(row.members[m], row.members[k], sign * weight * 2 * a * static_cast<double>(row.coefficients[m]));
    }
  }
  for (const QuboGroup& group : base.groups) builder.add_group(group);
  QuboProblem problem = builder.build(base.sense);
  if (base.exact && !problem.exact)
    throw core::UserError(fmt::format("{}: the coefficients of the constraints are so wide that the objective would be rounded away beside their penalties. Divide them by a common factor.", base.name));
  problem.unit /= scale;
  problem.offset = base.offset + problem.offset / scale;
  problem.name = base.name;
  problem.notes = base.notes;
  problem.objective_unit = base.objective_unit;
  problem.labels = base.labels;
  problem.first_number = base.first_number;
  problem.constraints.assign(constraints.begin(), constraints.end());
  problem.slack_variables = variables - base.variables();
  problem.penalty = weight / scale;
  return problem;
}

std::int64_t violation(const LinearConstraint& c, std::span<const std::int32_t> values) {
  std::int64_t sum = 0;
  for (std::size_t k = 0; k < c.members.size(); ++k) sum += c.coefficients[k] * values[static_cast<std::size_t>(c.members[k])];
  const std::int64_t over = sum - c.bound;
  if (c.sense == ConstraintSense::equal) return std::abs(over);
  return std::max<std::int64_t>(0, c.sense == ConstraintSense::at_most ? over : -over);
}

double squared_residuals(const QuboProblem& problem, std::span<const std::int32_t> values) {
  double sum = 0;
  for (const Row& row : rows_of(problem, problem.constraints, problem.variables() - problem.slack_variables)) {
    if (row.members.empty()) continue;
    const auto r = static_cast<double>(residual(row, values));
    sum += r * r;
  }
  return sum;
}

std::vector<std::int32_t> with_settled_slack(const QuboProblem& problem, std::vector<std::int32_t> values) {
  const std::int32_t own = problem.variables() - problem.slack_variables;
  for (const Row& row : rows_of(problem, problem.constraints, own)) {
    std::vector<std::pair<std::int64_t, std::int32_t>> slack;
    std::int64_t rest = row.bound;
    for (std::size_t k = 0; k < row.members.size(); ++k) {
      if (row.members[k] >= own) slack.emplace_back(row.coefficients[k], row.members[k]);
      else rest -= row.coefficients[k] * values[static_cast<std::size_t>(row.members[k])];
    }
    std::ranges::sort(slack, std::greater<>{});  // each part is at most one more than all smaller ones together
    for (const auto& [part, variable] : slack) {
      values[static_cast<std::size_t>(variable)] = rest >= part;
      if (rest >= part) rest -= part;
    }
  }
  return values;
}

double largest_gain(const QuboProblem& base) {
  double largest = 0;
  for (std::int32_t i = 0; i < base.variables(); ++i) {
    double least = static_cast<double>(base.linear[static_cast<std::size_t>(i)]), most = least;  // of what a flip to 1 costs
    for (const std::int64_t q : base.couplings_of(i)) {
      least += static_cast<double>(std::min<std::int64_t>(q, 0));
      most += static_cast<double>(std::max<std::int64_t>(q, 0));
    }
    largest = std::max({largest, -least, most});
  }
  return largest * base.unit;
}

}  // namespace tempera::model
