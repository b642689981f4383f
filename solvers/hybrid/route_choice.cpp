#include "solvers/hybrid/route_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "solvers/baselines/coin.hpp"
#include "solvers/baselines/repair.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/distances.hpp"
#include "solvers/model/routing_referee.hpp"

namespace tempera::hybrid {

namespace {
constexpr double longest_relaxation_seconds = 30;

struct Column {
  model::Route route;
  std::int64_t cost = 0;
  bool of_incumbent = false;
  std::int64_t reduced = 0;  // by the rounded prices
  double exact_reduced = 0, share = 0;
};

std::int64_t cost_of(const model::RoutingInstance& instance, const model::Distances& d, const model::Route& route) {
  std::int64_t cost = d.compute(route.back(), 0) + instance.route_cost.value;
  int last = 0;
  for (const std::int32_t c : route) cost += d.compute(last, c), last = c;
  return cost;
}

// Distinct by their customers, the cheapest order of each; the incumbent's first and in its order.
std::vector<Column> columns_of(const model::RoutingInstance& instance, std::span<const model::Route> pool, const model::RoutingSolution& incumbent) {
  const model::Distances distances(instance, 0);
  std::map<std::vector<std::int32_t>, std::size_t> known;
  std::vector<Column> columns;
  const auto add = [&](const model::Route& route, bool of_incumbent) {
    if (route.empty()) return;
    std::vector<std::int32_t> key = route;
    std::ranges::sort(key);
    const std::int64_t cost = cost_of(instance, distances, route);
    const auto [at, fresh] = known.emplace(std::move(key), columns.size());
    if (fresh) columns.push_back({.route = route, .cost = cost, .of_incumbent = of_incumbent});
    else if (Column& same = columns[at->second]; cost < same.cost) same.route = route, same.cost = cost;
  };
  for (const model::Route& route : incumbent.routes) add(route, true);
  for (const model::Route& route : pool) add(route, false);
  return columns;
}

// Dual prices of the customers, whole units; columns learn their reduced costs.
std::vector<std::int64_t> price(int customers, std::vector<Column>& columns) {
  baselines::CbcMatrix matrix;
  for (int c = 0; c < customers; ++c) matrix.add_row(1, 1);
  for (const Column& column : columns) {
    const int k = matrix.add_column(0, baselines::no_bound, static_cast<double>(column.cost));
    for (const std::int32_t c : column.route) matrix.set(c - 1, k, 1);
  }
  const baselines::ClpModel model = baselines::quiet_clp();
  Clp_setMaximumSeconds(model.get(), longest_relaxation_seconds);
  matrix.load_into(model.get(), Clp_loadProblem);
  Clp_initialSolve(model.get());  // stopped early its prices are worse, never wrong: any prices give the same programme
  const double* dual = Clp_dualRowSolution(model.get());
  const double* reduced = Clp_dualColumnSolution(model.get());
  const double* share = Clp_primalColumnSolution(model.get());
  std::vector<std::int64_t> prices(static_cast<std::size_t>(customers) + 1);
  for (std::size_t c = 1; c < prices.size(); ++c) prices[c] = std::llround(dual[c - 1]);
  for (std::size_t k = 0; k < columns.size(); ++k) {
    columns[k].reduced = columns[k].cost;
    for (const std::int32_t c : columns[k].route) columns[k].reduced -= prices[static_cast<std::size_t>(c)];
    columns[k].exact_reduced = reduced[k];
    columns[k].share = share[k];
  }
  return prices;
}

// The decisions: columns of the pool by reduced cost (where the relaxation uses them, by how much), each with the routes of the
// incumbent that serve its customers now, while all fit.
std::vector<std::size_t> chosen_columns(const std::vector<Column>& columns, int customers, int choices) {
  std::vector<std::size_t> owner(static_cast<std::size_t>(customers) + 1), rank;
  for (std::size_t k = 0; k < columns.size(); ++k) {
    if (!columns[k].of_incumbent) rank.push_back(k);
    else for (const std::int32_t c : columns[k].route) owner[static_cast<std::size_t>(c)] = k;
  }
  std::ranges::stable_sort(rank, [&](std::size_t a, std::size_t b) {
    const Column &x = columns[a], &y = columns[b];
    return x.exact_reduced != y.exact_reduced && std::fabs(x.exact_reduced - y.exact_reduced) > 1e-6 ? x.exact_reduced < y.exact_reduced : x.share > y.share;
  });
  std::set<std::size_t> open;
  std::vector<std::size_t> taken;
  for (const std::size_t k : rank) {
    std::set<std::size_t> wider = open;
    for (const std::int32_t c : columns[k].route) wider.insert(owner[static_cast<std::size_t>(c)]);
    if (wider.size() + taken.size() + 1 > static_cast<std::size_t>(choices)) continue;
    open = std::move(wider);
    taken.push_back(k);
  }
  if (taken.empty()) return {};
  taken.insert(taken.begin(), open.begin(), open.end());
  return taken;
}

class RouteChoice final : public model::TopChoice {
 public:
  RouteChoice(const model::RoutingInstance& instance, const std::vector<Column>& columns, const std::vector<std::size_t>& taken,
              const std::vector<std::int64_t>& prices)
      : instance_(instance), scale_(static_cast<double>(model::units_per_distance(instance.rounding))), candidates_(columns.size()) {
    const std::set<std::size_t> chosen(taken.begin(), taken.end());
    std::int64_t offset = 0, excess = 0, bonus = 0;
    for (std::size_t k = 0; k < columns.size(); ++k)
      if (columns[k].of_incumbent && !chosen.contains(k)) fixed_.push_back(columns[k].route), offset += columns[k].cost;
    std::map<std::int32_t, std::vector<std::int32_t>> servers;  // of a customer: decisions, ascending
    program_.name = "routes";
    for (const std::size_t k : taken) {
      const Column& column = columns[k];
      const auto decision = static_cast<std::int32_t>(routes_.size());
      for (const std::int32_t c : column.route) servers[c].push_back(decision);
      if (column.of_incumbent) excess += column.reduced;
      bonus += std::min<std::int64_t>(0, column.reduced);
      program_.linear.push_back(static_cast<double>(column.reduced) / scale_);
      routes_.push_back(column.route);
    }
    std::set<std::vector<std::int32_t>> rows;
    for (const auto& [customer, who] : servers) offset += prices[static_cast<std::size_t>(customer)], rows.insert(who);
    program_.offset = static_cast<double>(offset) / scale_;
    const double penalty = static_cast<double>(excess - bonus + 1) / scale_;
    for (const auto& who : rows) program_.rows.push_back({.members = who, .kind = model::RowKind::exactly, .wanted = 1, .penalty = penalty});
  }

  const model::BinaryProgram& program() const override { return program_; }
  std::size_t candidates() const override { return candidates_; }

  std::optional<model::Answer> decode(std::span<const std::int32_t> taken) const override {
    model::RoutingSolution solution{.routes = fixed_};
    for (std::size_t k = 0; k < routes_.size(); ++k)
      if (taken[k]) solution.routes.push_back(routes_[k]);
    if (!model::rows_hold(program_, taken)) solution = baselines::repair(instance_, solution).solution;
    const model::RoutingVerdict verdict = model::judge(instance_, solution);
    if (!verdict.feasible) return std::nullopt;
    return model::Answer{.cost = static_cast<double>(verdict.cost.value) / scale_, .cost_units = verdict.cost.value, .ints = model::flatten(solution), .reals = {}};
  }

 private:
  const model::RoutingInstance& instance_;
  double scale_;
  std::size_t candidates_;
  model::BinaryProgram program_;
  std::vector<model::Route> routes_;  // per decision
  std::vector<model::Route> fixed_;   // routes of the incumbent outside the choice
};
}  // namespace

std::unique_ptr<model::TopChoice> route_choice(const model::RoutingInstance& instance, std::span<const model::Route> pool, const model::RoutingSolution& incumbent,
                                               int choices) {
  TEMPERA_ASSERT(choices >= 1 && choices <= model::most_choices, fmt::format("{} decisions", choices));
  std::vector<Column> columns = columns_of(instance, pool, incumbent);
  const std::vector<std::int64_t> prices = price(instance.customers(), columns);
  const std::vector<std::size_t> taken = chosen_columns(columns, instance.customers(), choices);
  if (taken.empty()) return nullptr;
  return std::make_unique<RouteChoice>(instance, columns, taken, prices);
}

}  // namespace tempera::hybrid
