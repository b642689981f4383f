#include "solvers/inventory/chord_prices.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>

#include "solvers/baselines/coin.hpp"
#include "solvers/core/error.hpp"

namespace tempera::inventory {

namespace {
struct Chord {
  double from = 0, slope = 0, value = 0;  // value at `from`
};

Chord chord_of(const model::PlacementProblem& problem, std::size_t i) {
  const double most = problem.longest_replenishment(i);
  const double least = std::max(0.0, problem.lead_time[i] + problem.limits[i].inbound_least - problem.limits[i].outbound_most);
  const double low = problem.cost[i](least), high = problem.cost[i](most);
  return {least, most > least ? (high - low) / (most - least) : 0.0, low};
}
}  // namespace

ChordPrices chord_prices(const model::PlacementProblem& problem) {
  // Columns 2i and 2i + 1: S_i and SI_i. Rows: one per arc (SI_j - S_i >= 0), then one per stage (SI_i - S_i >= -T_i).
  const std::size_t n = problem.size(), arcs = problem.arcs.size();
  std::vector<double> low(2 * n), high(2 * n), cost(2 * n), row_low(arcs + n, 0.0), row_high(arcs + n, std::numeric_limits<double>::max());
  std::vector<CoinBigIndex> start{0};
  std::vector<int> row;
  std::vector<double> value;
  double constant = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const Chord chord = chord_of(problem, i);
    constant += chord.value + chord.slope * (problem.lead_time[i] - chord.from);
    row_low[arcs + i] = -problem.lead_time[i];
    const auto column = [&](double least, double most, double price, double sign, const auto& entries) {
      const std::size_t c = start.size() - 1;
      low[c] = least, high[c] = most, cost[c] = price;
      for (const auto& e : entries) row.push_back(e.arc), value.push_back(sign);
      row.push_back(static_cast<int>(arcs + i)), value.push_back(sign);
      start.push_back(static_cast<CoinBigIndex>(row.size()));
    };
    column(0, problem.limits[i].outbound_most, -chord.slope, -1, problem.customers.of(i));
    column(problem.limits[i].inbound_least, problem.limits[i].inbound_most, chord.slope, 1, problem.suppliers.of(i));
  }
  const baselines::ClpModel model = baselines::quiet_clp();
  Clp_loadProblem(model.get(), static_cast<int>(2 * n), static_cast<int>(arcs + n), start.data(), row.data(), value.data(), low.data(), high.data(),
                  cost.data(), row_low.data(), row_high.data());
  Clp_initialDualSolve(model.get());
  TEMPERA_ASSERT(Clp_status(model.get()) == 0, "the chord programme always has an optimum");
  const double* dual = Clp_dualRowSolution(model.get());
  ChordPrices result{std::vector<double>(arcs), Clp_objectiveValue(model.get()) + constant};
  for (std::size_t a = 0; a < arcs; ++a) result.arc_price[a] = std::max(0.0, dual[a]);
  return result;
}

std::vector<char> dearest_forest(const model::PlacementProblem& problem, const std::vector<double>& arc_price) {
  std::vector<std::size_t> by_price(problem.arcs.size());
  std::iota(by_price.begin(), by_price.end(), std::size_t{0});
  std::ranges::stable_sort(by_price, std::greater<>{}, [&](std::size_t a) { return arc_price[a]; });
  std::vector<std::int32_t> tree(problem.size());
  std::iota(tree.begin(), tree.end(), 0);
  const auto root = [&](std::int32_t i) {
    while (tree[static_cast<std::size_t>(i)] != i) i = tree[static_cast<std::size_t>(i)] = tree[static_cast<std::size_t>(tree[static_cast<std::size_t>(i)])];
    return i;
  };
  std::vector<char> kept(problem.arcs.size(), 0);
  for (const std::size_t a : by_price) {
    const std::int32_t from = root(problem.arcs[a].from), to = root(problem.arcs[a].to);
    if (from == to) continue;
    tree[static_cast<std::size_t>(from)] = to;
    kept[a] = 1;
  }
  return kept;
}

}  // namespace tempera::inventory
