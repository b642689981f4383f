#include "solvers/hybrid/exact_choice.hpp"

#include <numeric>

#include "solvers/baselines/coin.hpp"

namespace tempera::hybrid {

namespace {
baselines::CbcMatrix build(const model::BinaryProgram& program) {
  using baselines::no_bound;
  baselines::CbcMatrix matrix;
  for (const double cost : program.linear) matrix.add_column(0, 1, cost);
  for (const model::BinaryRow& row : program.rows) {
    const bool exact = row.kind == model::RowKind::exactly;
    const int r = matrix.add_row(exact ? row.wanted : 0, exact ? row.wanted : 1);
    for (const std::int32_t i : row.members) matrix.set(r, i, 1);
  }
  for (const model::BinaryTerm& term : program.couplings) {  // y = x_i x_j; only the side that the objective pushes to needs rows
    const int y = matrix.add_column(0, 1, term.value);
    if (term.value > 0) {
      const int r = matrix.add_row(-1, no_bound);  // y >= x_i + x_j - 1
      matrix.set(r, y, 1), matrix.set(r, term.i, -1), matrix.set(r, term.j, -1);
    } else {
      for (const std::int32_t factor : {term.i, term.j}) {
        const int r = matrix.add_row(-no_bound, 0);  // y <= x
        matrix.set(r, y, 1), matrix.set(r, factor, -1);
      }
    }
  }
  return matrix;
}
}  // namespace

std::optional<std::vector<std::int32_t>> exact_choice(const model::BinaryProgram& program, double seconds) {
  const baselines::CbcMatrix matrix = build(program);
  std::vector<int> integers(program.linear.size());
  std::iota(integers.begin(), integers.end(), 0);
  const std::optional<baselines::IntegerOptimum> optimum = baselines::solve_integer(matrix, integers, seconds);
  if (!optimum) return std::nullopt;
  std::vector<std::int32_t> taken;
  for (std::size_t i = 0; i < program.linear.size(); ++i) taken.push_back(optimum->columns[i] > 0.5);
  if (!model::rows_hold(program, taken)) return std::nullopt;
  return taken;
}

}  // namespace tempera::hybrid
