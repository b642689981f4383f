#include "solvers/inventory/lot_flow.hpp"

#include <algorithm>
#include <cmath>

#include "solvers/core/error.hpp"

namespace tempera::inventory {

namespace {
constexpr double unreached = std::numeric_limits<double>::infinity();
constexpr auto later = [](const auto& a, const auto& b) { return a.first > b.first; };
}  // namespace

LotFlow::LotFlow(const model::RebalancingProblem& problem)
    : problem_(problem), days_(static_cast<std::size_t>(problem.days)), scenarios_(problem.scenarios()), root_(problem.sites.size() * days_), out_(problem.sites.size()),
      in_(problem.sites.size()), base_(root_), wanted_(root_ * scenarios_), least_(root_), level_(root_), up_(root_), down_(root_), flow_(problem.lanes.size() * days_),
      excess_(root_ + 1), potential_(root_ + 1), reach_(root_ + 1, unreached), settled_(root_ + 1), step_(root_ + 1) {
  for (std::size_t a = 0; a < problem.lanes.size(); ++a) {
    const model::RebalancingLane& lane = problem.lanes[a];
    out_[static_cast<std::size_t>(lane.from)].push_back({static_cast<std::int32_t>(a), lane.to, lane.lead_days});
    in_[static_cast<std::size_t>(lane.to)].push_back({static_cast<std::int32_t>(a), lane.from, lane.lead_days});
  }
  for (std::size_t n = 0; n < problem.sites.size(); ++n)
    if (problem.sites[n].supplier) suppliers_.push_back(static_cast<std::int32_t>(n));
}

void LotFlow::load(std::size_t sku, const StockPrices& stock) {
  pallet_ = problem_.skus[sku].units_per_pallet;
  stored_.assign(stock.stored.begin(), stock.stored.end());
  waiting_.assign(stock.waiting.begin(), stock.waiting.end());
  for (std::size_t n = 0; n < problem_.sites.size(); ++n) {
    double ever = problem_.on_hand[problem_.place(sku, n)];
    std::vector<double> wanted(scenarios_);
    for (std::size_t t = 0; t < days_; ++t) {
      const std::size_t cell = n * days_ + t;
      ever += problem_.receipts[problem_.cell(sku, n, t)];
      base_[cell] = ever;
      least_[cell] = -static_cast<std::int64_t>(std::floor(ever / pallet_ + 1e-9));
      const auto demand = problem_.demand_at(sku, n, t);
      for (std::size_t s = 0; s < scenarios_; ++s) wanted_[cell * scenarios_ + s] = wanted[s] += demand[s];
    }
  }
}

double LotFlow::stock_cost(std::size_t cell, std::int64_t level) const {
  const double ever = base_[cell] + pallet_ * static_cast<double>(level);
  double cost = 0;
  for (std::size_t k = cell * scenarios_; k < (cell + 1) * scenarios_; ++k) {
    const double on_hand = ever - wanted_[k];
    cost += on_hand > 0 ? stored_[k] * on_hand : -waiting_[k] * on_hand;
  }
  return cost;
}

double LotFlow::lane_marginal(std::size_t arc, std::int32_t at) const { return at < lanes_[arc].cheap ? lanes_[arc].price : lanes_[arc].dear; }

// The lowest level at which one pallet more does not help: bisection on a convex function.
std::int64_t LotFlow::best_level(std::size_t cell) const {
  double most = 0;
  for (std::size_t k = cell * scenarios_; k < (cell + 1) * scenarios_; ++k) most = std::max(most, wanted_[k]);
  std::int64_t low = least_[cell], high = std::max(low, static_cast<std::int64_t>(std::ceil((most - base_[cell]) / pallet_)));
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (stock_cost(cell, middle + 1) - stock_cost(cell, middle) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

// No lane is used and every level is the best for its day: optimal but for the balances.
void LotFlow::start() {
  std::ranges::fill(flow_, 0);
  std::ranges::fill(potential_, 0.0);
  std::ranges::fill(excess_, 0);
  for (std::size_t n = 0; n < problem_.sites.size(); ++n) {
    if (problem_.sites[n].supplier) continue;
    std::int64_t before = 0;
    for (std::size_t t = 0; t < days_; ++t) {
      const std::size_t cell = n * days_ + t;
      level_[cell] = best_level(cell);
      up_[cell] = stock_cost(cell, level_[cell] + 1) - stock_cost(cell, level_[cell]);
      down_[cell] = level_[cell] > least_[cell] ? stock_cost(cell, level_[cell]) - stock_cost(cell, level_[cell] - 1) : -unreached;
      excess_[cell] = before - level_[cell];
      before = level_[cell];
    }
    excess_[root_] += before;
  }
}

void LotFlow::relax(std::int32_t from, double reach, std::int32_t to, double cost, std::int32_t arc, Kind kind) {
  const auto f = static_cast<std::size_t>(from), t = static_cast<std::size_t>(to);
  if (settled_[t]) return;
  const double length = reach + std::max(0.0, cost + potential_[f] - potential_[t]);
  if (length >= reach_[t]) return;
  if (reach_[t] == unreached) touched_.push_back(to);
  reach_[t] = length;
  step_[t] = {from, arc, kind};
  heap_.emplace_back(length, to);
  std::ranges::push_heap(heap_, later);
}

void LotFlow::scan(std::int32_t node, double reach) {
  const auto root = static_cast<std::int32_t>(root_), days = static_cast<std::int32_t>(days_);
  const auto send = [&](std::int32_t from, const std::vector<End>& ends, std::int32_t day) {
    for (const End& end : ends) {
      if (day + end.lead >= days) continue;
      const std::int32_t arc = end.lane * days + day;
      const auto a = static_cast<std::size_t>(arc);
      if (flow_[a] < lanes_[a].most) relax(from, reach, end.site * days + day + end.lead, lane_marginal(a, flow_[a]), arc, lane_forward);
    }
  };
  if (node == root) {
    for (const std::int32_t supplier : suppliers_)
      for (std::int32_t day = 0; day < days; ++day) send(root, out_[static_cast<std::size_t>(supplier)], day);
    for (std::int32_t n = 0; n < static_cast<std::int32_t>(problem_.sites.size()); ++n) {
      const std::int32_t cell = (n + 1) * days - 1;
      if (!problem_.sites[static_cast<std::size_t>(n)].supplier && down_[static_cast<std::size_t>(cell)] != -unreached)
        relax(root, reach, cell, -down_[static_cast<std::size_t>(cell)], cell, hold_back);
    }
    return;
  }
  const std::int32_t site = node / days, day = node % days;
  send(node, out_[static_cast<std::size_t>(site)], day);
  for (const End& end : in_[static_cast<std::size_t>(site)]) {
    if (day < end.lead) continue;
    const std::int32_t arc = end.lane * days + day - end.lead;
    const auto a = static_cast<std::size_t>(arc);
    if (flow_[a] == 0) continue;
    const bool supplier = problem_.sites[static_cast<std::size_t>(end.site)].supplier;
    relax(node, reach, supplier ? root : end.site * days + day - end.lead, -lane_marginal(a, flow_[a] - 1), arc, lane_back);
  }
  relax(node, reach, day + 1 == days ? root : node + 1, up_[static_cast<std::size_t>(node)], node, hold_forward);
  if (day > 0 && down_[static_cast<std::size_t>(node - 1)] != -unreached)
    relax(node, reach, node - 1, -down_[static_cast<std::size_t>(node - 1)], node - 1, hold_back);
}

// Dijkstra from all that has too much to the nearest that has too little.
bool LotFlow::shortest_path() {
  for (const std::int32_t node : touched_) {
    reach_[static_cast<std::size_t>(node)] = unreached;
    settled_[static_cast<std::size_t>(node)] = 0;
  }
  touched_.clear();
  heap_.clear();
  for (std::size_t v = 0; v <= root_; ++v)
    if (excess_[v] > 0) {
      reach_[v] = 0;
      step_[v] = {};
      touched_.push_back(static_cast<std::int32_t>(v));
      heap_.emplace_back(0.0, static_cast<std::int32_t>(v));
    }
  target_ = -1;
  while (!heap_.empty()) {
    std::ranges::pop_heap(heap_, later);
    const auto [reach, node] = heap_.back();
    heap_.pop_back();
    const auto v = static_cast<std::size_t>(node);
    if (settled_[v]) continue;
    settled_[v] = 1;
    if (excess_[v] < 0) {
      target_ = node;
      break;
    }
    scan(node, reach);
  }
  if (target_ < 0) return false;
  const double far = reach_[static_cast<std::size_t>(target_)];
  // All others would rise by `far`; only differences matter, so those nearer fall instead.
  for (const std::int32_t node : touched_)
    if (settled_[static_cast<std::size_t>(node)]) potential_[static_cast<std::size_t>(node)] += reach_[static_cast<std::size_t>(node)] - far;
  ++paths_;
  return true;
}

double LotFlow::residual(const Step& step) const {
  const auto a = static_cast<std::size_t>(step.arc);
  switch (step.kind) {
    case lane_forward: return flow_[a] < lanes_[a].most ? lane_marginal(a, flow_[a]) : unreached;
    case lane_back: return flow_[a] > 0 ? -lane_marginal(a, flow_[a] - 1) : unreached;
    case hold_forward: return up_[a];
    default: return down_[a] == -unreached ? unreached : -down_[a];
  }
}

void LotFlow::push(const Step& step) {
  const auto a = static_cast<std::size_t>(step.arc);
  if (step.kind == lane_forward) ++flow_[a];
  else if (step.kind == lane_back) --flow_[a];
  else {
    level_[a] += step.kind == hold_forward ? 1 : -1;
    const double here = stock_cost(a, level_[a]);
    up_[a] = stock_cost(a, level_[a] + 1) - here;
    down_[a] = level_[a] > least_[a] ? here - stock_cost(a, level_[a] - 1) : -unreached;
  }
}

// One pallet along the path, and more as long as it stays as short.
void LotFlow::augment() {
  std::vector<Step> path;
  std::int32_t node = target_;
  for (; step_[static_cast<std::size_t>(node)].from >= 0; node = step_[static_cast<std::size_t>(node)].from) path.push_back(step_[static_cast<std::size_t>(node)]);
  const auto from = static_cast<std::size_t>(node), to = static_cast<std::size_t>(target_);
  std::vector<double> price(path.size());
  for (std::size_t k = 0; k < path.size(); ++k) price[k] = residual(path[k]);
  for (bool same = true; same && excess_[from] > 0 && excess_[to] < 0;) {
    for (const Step& step : path) push(step);
    --excess_[from];
    ++excess_[to];
    for (std::size_t k = 0; k < path.size() && same; ++k) same = residual(path[k]) <= price[k] + 1e-12 * std::abs(price[k]);
  }
}

double LotFlow::solve(std::size_t sku, std::span<const LanePrice> lanes, const StockPrices& stock) {
  lanes_ = lanes;
  load(sku, stock);
  start();
  while (shortest_path()) augment();
  double cost = 0;
  for (std::size_t a = 0; a < flow_.size(); ++a) {
    const std::int32_t cheap = std::min(flow_[a], lanes[a].cheap);
    if (flow_[a] > 0) cost += cheap * lanes[a].price + (flow_[a] - cheap) * lanes[a].dear;
  }
  for (std::size_t n = 0; n < problem_.sites.size(); ++n)
    for (std::size_t t = 0; t < days_ && !problem_.sites[n].supplier; ++t) cost += stock_cost(n * days_ + t, level_[n * days_ + t]);
  return cost - 1e-9 * std::abs(cost);
}

}  // namespace tempera::inventory
