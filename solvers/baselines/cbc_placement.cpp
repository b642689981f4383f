#include "solvers/baselines/cbc_placement.hpp"

#include <Cbc_C_Interface.h>
#include <fmt/format.h>

#include <limits>
#include <memory>
#include <vector>

#include "solvers/baselines/time_grid.hpp"

namespace tempera::baselines {

namespace {
struct Delete {
  void operator()(Cbc_Model* model) const { Cbc_deleteModel(model); }
};
using Model = std::unique_ptr<Cbc_Model, Delete>;

// Columns by columns, rows by entries: CBC wants compressed columns.
class MatrixBuilder {
 public:
  int add_column(double low, double high, double cost) {
    low_.push_back(low);
    high_.push_back(high);
    cost_.push_back(cost);
    entries_.emplace_back();
    return static_cast<int>(cost_.size()) - 1;
  }
  int add_row(double low, double high) {
    row_low_.push_back(low);
    row_high_.push_back(high);
    return static_cast<int>(row_low_.size()) - 1;
  }
  void set(int row, int column, double value) { entries_[static_cast<std::size_t>(column)].push_back({row, value}); }
  int columns() const { return static_cast<int>(cost_.size()); }

  void load(Cbc_Model* model) const {
    std::vector<CoinBigIndex> start{0};
    std::vector<int> rows;
    std::vector<double> values;
    for (const auto& column : entries_) {
      for (const auto& [row, value] : column) {
        rows.push_back(row);
        values.push_back(value);
      }
      start.push_back(static_cast<CoinBigIndex>(rows.size()));
    }
    Cbc_loadProblem(model, columns(), static_cast<int>(row_low_.size()), start.data(), rows.data(), values.data(), low_.data(), high_.data(), cost_.data(),
                    row_low_.data(), row_high_.data());
  }

 private:
  std::vector<double> low_, high_, cost_, row_low_, row_high_;
  std::vector<std::vector<std::pair<int, double>>> entries_;
};

constexpr double unbounded = std::numeric_limits<double>::max();

// Columns 2i and 2i + 1 are S_i and SI_i in grid steps; the 0/1 columns follow.
MatrixBuilder build(const model::PlacementProblem& problem, const TimeGrid& grid) {
  MatrixBuilder matrix;
  for (std::size_t i = 0; i < problem.size(); ++i) {
    matrix.add_column(0, grid.outbound_most(i), 0);
    matrix.add_column(grid.inbound_least(i), grid.inbound_most(i), 0);
  }
  for (const auto& arc : problem.arcs) {
    const int row = matrix.add_row(0, unbounded);
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
  const MatrixBuilder matrix = build(problem, grid);
  const Model model(Cbc_newModel());
  Cbc_setLogLevel(model.get(), 0);
  matrix.load(model.get());
  for (int c = 2 * static_cast<int>(problem.size()); c < matrix.columns(); ++c) Cbc_setInteger(model.get(), c);
  Cbc_setParameter(model.get(), "seconds", fmt::format("{}", limit.seconds).c_str());
  Cbc_setParameter(model.get(), "ratioGap", "0");
  Cbc_setParameter(model.get(), "allowableGap", "0");
  Cbc_solve(model.get());
  const double* solution = Cbc_bestSolution(model.get());
  if (solution == nullptr) return std::nullopt;
  std::vector<double> outbound(problem.size());
  for (std::size_t i = 0; i < problem.size(); ++i) outbound[i] = solution[2 * i] * grid.step();
  PlacementResult result;
  result.plan = model::repaired(problem, outbound);
  result.cost = model::plan_cost(problem, result.plan);
  result.lower_bound = Cbc_getBestPossibleObjValue(model.get());
  return result;
}

}  // namespace tempera::baselines
