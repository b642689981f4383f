#include "solvers/routing/set_partition.hpp"

#include <CbcModel.hpp>
#include <CoinPackedMatrix.hpp>
#include <OsiClpSolverInterface.hpp>

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace tempera::routing {

namespace {
// Rows are customers, columns routes. Rows are numbered in the order of the incumbent.
class Columns {
 public:
  Columns(std::span<const model::PooledRoute> pool, std::span<const std::int32_t> incumbent, std::size_t most) {
    for (const std::int32_t c : incumbent)
      if (c != 0) row_of_.emplace(c, static_cast<int>(row_of_.size()));
    for (const model::PooledRoute& route : pool) {
      if (routes_.size() == most) break;
      if (std::ranges::all_of(route.customers, [&](std::int32_t c) { return row_of_.contains(c); })) routes_.push_back(&route);
    }
  }

  int rows() const { return static_cast<int>(row_of_.size()); }
  int count() const { return static_cast<int>(routes_.size()); }
  const model::PooledRoute& route(int column) const { return *routes_[static_cast<std::size_t>(column)]; }

  void load(OsiClpSolverInterface& solver) const {
    std::vector<CoinBigIndex> start{0};
    std::vector<int> rows_of_columns;
    std::vector<double> cost;
    for (const model::PooledRoute* route : routes_) {
      for (const std::int32_t c : route->customers) rows_of_columns.push_back(row_of_.at(c));
      start.push_back(static_cast<CoinBigIndex>(rows_of_columns.size()));
      cost.push_back(static_cast<double>(route->cost));
    }
    const std::vector<double> ones(rows_of_columns.size(), 1.0), one_per_row(static_cast<std::size_t>(rows()), 1.0);
    const std::vector<double> low(cost.size(), 0.0), high(cost.size(), 1.0);
    solver.loadProblem(count(), rows(), start.data(), rows_of_columns.data(), ones.data(), low.data(), high.data(), cost.data(), one_per_row.data(),
                       one_per_row.data());
  }

 private:
  std::unordered_map<std::int32_t, int> row_of_;
  std::vector<const model::PooledRoute*> routes_;
};

void be_quiet(OsiClpSolverInterface& solver) {
  solver.messageHandler()->setLogLevel(0);
  solver.getModelPtr()->setLogLevel(0);
}

// A column whose reduced cost passes the gap cannot stand in a cheaper solution (costs are integers: cheaper by one at least).
std::size_t fix_by_reduced_cost(OsiClpSolverInterface& solver, double gap) {
  std::size_t open = 0;
  const std::vector<double> reduced(solver.getReducedCost(), solver.getReducedCost() + solver.getNumCols());
  for (int c = 0; c < solver.getNumCols(); ++c) {
    if (reduced[static_cast<std::size_t>(c)] > gap - 1 + 1e-6) solver.setColUpper(c, 0);
    else solver.setInteger(c), ++open;
  }
  return open;
}

model::RoutingSolution chosen(const Columns& columns, const double* values) {
  model::RoutingSolution solution;
  for (int c = 0; c < columns.count(); ++c)
    if (values[c] > 0.5) solution.routes.push_back(columns.route(c).customers);
  return solution;
}
}  // namespace

PartitionResult cheapest_partition(std::span<const model::PooledRoute> pool, std::span<const std::int32_t> incumbent, std::int64_t incumbent_cost,
                                   const PartitionLimit& limit) {
  PartitionResult result;
  const Columns columns(pool, incumbent, limit.columns);
  result.columns = static_cast<std::size_t>(columns.count());
  if (columns.count() == 0) return result;
  const bool timed = std::isfinite(limit.seconds);
  OsiClpSolverInterface solver;
  be_quiet(solver);
  columns.load(solver);
  if (timed) solver.getModelPtr()->setMaximumWallSeconds(limit.seconds / 2);
  solver.initialSolve();
  if (!solver.isProvenOptimal()) return result;
  result.bound = solver.getObjValue();
  const double gap = static_cast<double>(incumbent_cost) - result.bound;
  result.open_columns = fix_by_reduced_cost(solver, gap);
  if (gap < 1 - 1e-6 || gap > limit.widest_gap * static_cast<double>(incumbent_cost)) return result;

  CbcModel search(solver);
  search.setLogLevel(0);
  search.setCutoff(static_cast<double>(incumbent_cost) - 0.5);
  search.setMaximumNodes(limit.nodes);
  search.setUseElapsedTime(true);
  if (timed) search.setMaximumSeconds(limit.seconds / 2);
  search.branchAndBound();
  if (search.bestSolution() != nullptr && search.getObjValue() < static_cast<double>(incumbent_cost) - 0.5) result.solution = chosen(columns, search.bestSolution());
  return result;
}

}  // namespace tempera::routing
