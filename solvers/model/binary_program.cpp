#include "solvers/model/binary_program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solvers/core/error.hpp"

namespace tempera::model {

namespace {
std::int64_t ones_of(const BinaryRow& row, std::span<const std::int32_t> values) {
  std::int64_t ones = 0;
  for (const std::int32_t i : row.members) ones += values[static_cast<std::size_t>(i)];
  return ones;
}

void check_row(const BinaryProgram& program, std::size_t number) {
  const BinaryRow& row = program.rows[number];
  std::vector<std::int32_t> sorted = row.members;
  std::ranges::sort(sorted);
  if (sorted.empty() || sorted.front() < 0 || sorted.back() >= program.variables())
    throw core::UserError(fmt::format("{}: row {} names no variable, or one outside 0 to {}.", program.name, number + 1, program.variables() - 1));
  if (std::ranges::adjacent_find(sorted) != sorted.end()) throw core::UserError(fmt::format("{}: row {} names a variable twice. Name it once.", program.name, number + 1));
  if (row.kind == RowKind::exactly && (row.wanted < 0 || static_cast<std::size_t>(row.wanted) > sorted.size()))
    throw core::UserError(fmt::format("{}: row {} wants {} of its {} variables to be 1. Give a number from 0 to {}.", program.name, number + 1, row.wanted, sorted.size(), sorted.size()));
  if (!(row.penalty >= 0) || !std::isfinite(row.penalty))
    throw core::UserError(fmt::format("{}: the penalty of row {} is {}. Give a finite number above 0, or leave it out.", program.name, number + 1, row.penalty));
}

void add_row(QuboBuilder& builder, const BinaryRow& row, double penalty) {
  const bool exact = row.kind == RowKind::exactly;
  for (std::size_t k = 0; k < row.members.size(); ++k) {
    if (exact) builder.add(row.members[k], row.members[k], penalty * (1 - 2 * row.wanted));
    for (std::size_t l = 0; l < k; ++l) builder.add(row.members[k], row.members[l], exact ? 2 * penalty : penalty);
  }
  if (exact) builder.add_offset(penalty * row.wanted * row.wanted);
}
}  // namespace

double objective_of(const BinaryProgram& program, std::span<const std::int32_t> values) {
  double sum = program.offset;
  for (std::size_t i = 0; i < program.linear.size(); ++i) sum += values[i] ? program.linear[i] : 0;
  for (const BinaryTerm& t : program.couplings) sum += values[static_cast<std::size_t>(t.i)] && values[static_cast<std::size_t>(t.j)] ? t.value : 0;
  return sum;
}

bool rows_hold(const BinaryProgram& program, std::span<const std::int32_t> values) {
  return std::ranges::all_of(program.rows, [&](const BinaryRow& row) {
    const std::int64_t ones = ones_of(row, values);
    return row.kind == RowKind::exactly ? ones == row.wanted : ones <= 1;
  });
}

double automatic_penalty(const BinaryProgram& program, const BinaryRow& row) {
  double largest = 0;
  for (const std::int32_t i : row.members) {
    double low = program.linear[static_cast<std::size_t>(i)], high = low;
    for (const BinaryTerm& t : program.couplings)
      if (t.i == i || t.j == i) (t.value < 0 ? low : high) += t.value;
    largest = std::max({largest, std::fabs(low), std::fabs(high)});
  }
  return std::floor(largest) + 1;  // whole, so that whole coefficients stay whole
}

QuboProblem with_penalties(const BinaryProgram& program, double factor) {
  QuboBuilder builder(program.name, program.variables());
  builder.add_offset(program.offset);
  for (std::int32_t i = 0; i < program.variables(); ++i) builder.add(i, i, program.linear[static_cast<std::size_t>(i)]);
  for (const BinaryTerm& t : program.couplings) builder.add(t.i, t.j, t.value);
  for (std::size_t r = 0; r < program.rows.size(); ++r) {
    check_row(program, r);
    const BinaryRow& row = program.rows[r];
    add_row(builder, row, row.penalty > 0 ? row.penalty : factor * automatic_penalty(program, row));
  }
  QuboProblem problem = builder.build(Sense::minimise);
  problem.name = program.name;
  return problem;
}

}  // namespace tempera::model
