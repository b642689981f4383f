#include "solvers/baselines/cbc_placement.hpp"

#include <numeric>
#include <vector>

#include "solvers/baselines/coin.hpp"
#include "solvers/baselines/time_grid.hpp"

namespace tempera::baselines {

namespace {
// Columns 2i and 2i + 1 are S_i and SI_i in grid steps; the 0/1 columns follow.
CbcMatrix build(const model::PlacementProblem& problem, const TimeGrid& grid) {
  CbcMatrix matrix;
  std::vector<int> storage;
  for (std::size_t i = 0; i < problem.size(); ++i) {
    matrix.add_column(0, grid.outbound_most(i), 0);
    matrix.add_column(grid.inbound_least(i), grid.inbound_most(i), 0);
  }
  for (const model::SharedStorage& site : problem.sites) storage.push_back(matrix.add_row(-no_bound, site.storage));
  for (const auto& arc : problem.arcs) {
    const int row = matrix.add_row(0, no_bound);
    matrix.set(row, 2 * arc.to + 1, 1);
    matrix.set(row, 2 * arc.from, -1);
  }
  for (std::size_t i = 0; i < problem.size(); ++i) {
    const int balance = matrix.add_row(-grid.lead(i), -grid.lead(i)), one = matrix.add_row(1, 1);  // SI - S - sum t x_t = -T
    matrix.set(balance, 2 * static_cast<int>(i) + 1, 1);
    matrix.set(balance, 2 * static_cast<int>(i), -1);
    const auto cost = grid.cost(i);
    for (std::size_t t = 0; t < cost.size(); ++t) {
      const int column = matrix.add_column(0, 1, cost[t]);
      matrix.set(balance, column, -static_cast<double>(t));
      matrix.set(one, column, 1);
      if (problem.site[i] >= 0)
        matrix.set(storage[static_cast<std::size_t>(problem.site[i])], column, problem.volume[i] * problem.cost[i].base_stock(static_cast<double>(t) * grid.step()));
    }
  }
  return matrix;
}
}  // namespace

std::optional<PlacementResult> cbc_placement(const model::PlacementProblem& problem, const CbcLimit& limit) {
  const TimeGrid grid(problem, 4 * limit.most_columns);
  std::size_t columns = 2 * problem.size();
  for (std::size_t i = 0; i < problem.size(); ++i) columns += grid.cost(i).size();
  if (!grid.is_exact() || columns > limit.most_columns) return std::nullopt;
  const CbcMatrix matrix = build(problem, grid);
  std::vector<int> integers(static_cast<std::size_t>(matrix.columns()) - 2 * problem.size());
  std::iota(integers.begin(), integers.end(), 2 * static_cast<int>(problem.size()));
  const std::optional<IntegerOptimum> optimum = solve_integer(matrix, integers, limit.seconds);
  if (!optimum) return std::nullopt;
  std::vector<double> outbound(problem.size());
  for (std::size_t i = 0; i < problem.size(); ++i) outbound[i] = optimum->columns[2 * i] * grid.step();
  PlacementResult result;
  result.plan = model::repaired(problem, outbound);
  result.cost = model::plan_cost(problem, result.plan);
  result.lower_bound = optimum->lower_bound;
  return result;
}

}  // namespace tempera::baselines
