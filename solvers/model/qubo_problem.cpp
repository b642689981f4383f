#include "solvers/model/qubo_problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "solvers/core/error.hpp"

namespace tempera::model {

namespace {
constexpr int most_decimals = 6;
constexpr double largest_energy = 0x1p60;   // sum of all coefficients in units: nothing can then overflow
constexpr double grid_energy = 0x1p52;      // the same for rounded coefficients: what a double resolves

// The value is the double nearest to k / 10^d, for a whole k.
bool has_decimals(double value, double power) {
  const double k = std::round(value * power);
  return std::fabs(k) < 0x1p53 && k / power == value;
}
}  // namespace

QuboBuilder::QuboBuilder(std::string source, std::int64_t variables) : source_(std::move(source)) {
  if (variables < 1) throw core::UserError(fmt::format("{}: the problem has {} variables. Give one or more.", source_, variables));
  if (variables > 100'000'000)
    throw core::UserError(fmt::format("{}: the problem has {} variables, above the 100,000,000 that are supported.", source_, variables));
  linear_.assign(static_cast<std::size_t>(variables), 0.0);
}

void QuboBuilder::add(std::int32_t i, std::int32_t j, double value) {
  if (i == j) linear_[static_cast<std::size_t>(i)] += value;
  else terms_.push_back({std::min(i, j), std::max(i, j), value});
}

void QuboBuilder::add_spin(std::int32_t i, double field) {
  linear_[static_cast<std::size_t>(i)] += 2 * field;
  offset_ -= field;
}

void QuboBuilder::add_spin(std::int32_t i, std::int32_t j, double coupling) {
  add(i, j, 4 * coupling);
  linear_[static_cast<std::size_t>(i)] -= 2 * coupling;
  linear_[static_cast<std::size_t>(j)] -= 2 * coupling;
  offset_ += coupling;
}

void QuboBuilder::sum_duplicates() {
  std::ranges::stable_sort(terms_, {}, [](const Term& t) { return std::tuple(t.i, t.j); });
  std::size_t kept = 0;
  for (std::size_t k = 0; k < terms_.size(); ++k) {
    if (kept > 0 && terms_[kept - 1].i == terms_[k].i && terms_[kept - 1].j == terms_[k].j) {
      terms_[kept - 1].value += terms_[k].value;
      ++duplicates_;
    } else {
      terms_[kept++] = terms_[k];
    }
  }
  terms_.resize(kept);
  std::erase_if(terms_, [](const Term& t) { return t.value == 0; });
}

void QuboBuilder::check_groups() const {
  std::vector<char> taken(linear_.size(), 0);
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const QuboGroup& group = groups_[g];
    if (group.wanted < 0 || static_cast<std::size_t>(group.wanted) > group.members.size())
      throw core::UserError(fmt::format("{}: group {} wants {} of its {} variables to be 1. Give a number from 0 to {}.", source_, g + 1, group.wanted,
                                        group.members.size(), group.members.size()));
    for (const std::int32_t i : group.members) {
      if (i < 0 || static_cast<std::size_t>(i) >= linear_.size())
        throw core::UserError(fmt::format("{}: group {} names variable {}, but there are {}.", source_, g + 1, i, linear_.size()));
      if (taken[static_cast<std::size_t>(i)]++)
        throw core::UserError(fmt::format("{}: variable {} is in two groups, or twice in group {}. Name it once.", source_, i, g + 1));
    }
  }
}

QuboProblem QuboBuilder::build(Sense sense) {
  sum_duplicates();
  check_groups();
  double total = 0, power = 1;
  const auto every_value = [&](auto&& check) {
    return std::ranges::all_of(linear_, check) && std::ranges::all_of(terms_, [&](const Term& t) { return check(t.value); });
  };
  every_value([&](double v) { total += std::fabs(v); return true; });
  if (!std::isfinite(total) || !(total < largest_energy))
    throw core::UserError(fmt::format("{}: the coefficients add up to {:.3g} in size, above 2^60: energies would overflow. Divide them all by a common factor.",
                                      source_, total));
  int decimals = 0;
  while (decimals <= most_decimals && !every_value([&](double v) { return has_decimals(v, power); })) ++decimals, power *= 10;

  QuboProblem problem;
  problem.sense = sense;
  problem.offset = offset_;
  problem.exact = decimals <= most_decimals && total * power < largest_energy;
  if (!problem.exact) power = std::exp2(std::floor(std::log2(grid_energy / total)));
  problem.unit = 1 / power;
  const double sign = sense == Sense::maximise ? -1 : 1;
  const auto in_units = [&](double v) { return static_cast<std::int64_t>(std::llround(sign * v * power)); };
  for (const double v : linear_) problem.linear.push_back(in_units(v));
  if (!problem.exact) problem.real_linear = linear_;

  const std::size_t n = linear_.size();
  problem.row_begin.assign(n + 1, 0);
  for (const Term& t : terms_) ++problem.row_begin[static_cast<std::size_t>(t.i) + 1], ++problem.row_begin[static_cast<std::size_t>(t.j) + 1];
  for (std::size_t i = 0; i < n; ++i) problem.row_begin[i + 1] += problem.row_begin[i];
  problem.column.resize(2 * terms_.size());
  problem.coupling.resize(2 * terms_.size());
  if (!problem.exact) problem.real_coupling.resize(2 * terms_.size());
  std::vector<std::int64_t> next(problem.row_begin.begin(), problem.row_begin.end() - 1);
  // Terms are sorted by (i, j): both passes leave every row's columns ascending, the smaller columns first.
  const auto put = [&](std::int32_t row, std::int32_t col, double value) {
    const auto at = static_cast<std::size_t>(next[static_cast<std::size_t>(row)]++);
    problem.column[at] = col;
    problem.coupling[at] = in_units(value);
    if (!problem.exact) problem.real_coupling[at] = value;
  };
  for (const Term& t : terms_) put(t.j, t.i, t.value);
  for (const Term& t : terms_) put(t.i, t.j, t.value);
  problem.groups = groups_;
  return problem;
}

}  // namespace tempera::model
