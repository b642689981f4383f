#include "solvers/model/placement_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <queue>

#include "solvers/core/error.hpp"

namespace tempera::model {

namespace {
using core::UserError;

std::string label(const PlacementNetwork& net, std::int32_t i) {
  const std::string& name = net.stages[static_cast<std::size_t>(i)].name;
  return name.empty() ? fmt::format("stage {}", i) : fmt::format("stage {} ({})", i, name);
}

class Checks {
 public:
  Checks(const PlacementNetwork& net, std::string_view source) : net_(net), source_(source) {}

  void all() const {
    if (net_.stages.empty()) fail("the network has no stages. Give at least one.");
    if (!(net_.pooling_exponent >= 1) || !std::isfinite(net_.pooling_exponent))
      fail(fmt::format("the pooling exponent is {}, but must be a number from 1 up (2 = independent demands).", net_.pooling_exponent));
    if (!(net_.lead_time_factor >= 0) || !std::isfinite(net_.lead_time_factor))
      fail(fmt::format("the lead time factor is {}, but must not be negative.", net_.lead_time_factor));
    arcs();
    sites();
    for (std::int32_t i = 0; i < net_.size(); ++i) stage(i);
    if (!topological_order(net_)) cycle();
    sinks();
    capacities();
  }

 private:
  [[noreturn]] void fail(const std::string& text) const { throw UserError(fmt::format("{}: {}", source_, text)); }

  void at_least_zero(std::int32_t i, std::string_view what, double value) const {
    if (!std::isfinite(value) || value < 0) fail(fmt::format("{}: the {} is {}, but must be a number from 0 up.", label(net_, i), what, value));
  }

  void arcs() const {
    for (std::size_t a = 0; a < net_.arcs.size(); ++a) {
      const PlacementArc& arc = net_.arcs[a];
      for (const std::int32_t end : {arc.from, arc.to})
        if (end < 0 || end >= net_.size())
          fail(fmt::format("arc {} ({} -> {}) names stage {}, but stages are 0 to {}.", a, arc.from, arc.to, end, net_.size() - 1));
      if (arc.from == arc.to) fail(fmt::format("arc {} leads from {} to itself. Remove it.", a, label(net_, arc.from)));
      if (!std::isfinite(arc.quantity) || arc.quantity <= 0)
        fail(fmt::format("arc {} ({} -> {}): the quantity is {}, but must be above 0.", a, arc.from, arc.to, arc.quantity));
    }
  }

  void sites() const {
    for (const PlacementSite& site : net_.sites)
      if (!std::isfinite(site.storage) || site.storage < 0) fail(fmt::format("site {}: the storage is {}, but must be a number from 0 up.", site.name, site.storage));
  }

  void stage(std::int32_t i) const {
    const PlacementStage& s = net_.stages[static_cast<std::size_t>(i)];
    at_least_zero(i, "lead time", s.lead_time);
    at_least_zero(i, "lead time deviation", s.lead_time_deviation);
    at_least_zero(i, "holding cost", s.holding_cost);
    at_least_zero(i, "supplier time", s.supplier_time);
    at_least_zero(i, "mean demand", s.demand_mean);
    at_least_zero(i, "demand deviation", s.demand_deviation);
    at_least_zero(i, "volume", s.volume);
    if (s.site < -1 || s.site >= static_cast<std::int32_t>(net_.sites.size()))
      fail(fmt::format("{}: names site {}, but there are {} sites.", label(net_, i), s.site, net_.sites.size()));
    if (s.service_limit) at_least_zero(i, "service limit", *s.service_limit);
    if (s.bound) at_least_zero(i, "demand bound", *s.bound);
    if (s.service_level && !(*s.service_level > 0 && *s.service_level < 1))
      fail(fmt::format("{}: the service level is {}, but must be above 0 and below 1 (1 would need infinite stock; .99 is usual).", label(net_, i),
                       *s.service_level));
    if (s.demand_deviation > 0 && !s.service_level && !s.bound)
      fail(fmt::format("{}: has demand but no service level. Give one above 0 and below 1.", label(net_, i)));
  }

  void sinks() const {
    std::vector<char> supplies(net_.stages.size(), 0);
    for (const PlacementArc& arc : net_.arcs) supplies[static_cast<std::size_t>(arc.from)] = 1;
    for (std::int32_t i = 0; i < net_.size(); ++i) {
      if (supplies[static_cast<std::size_t>(i)]) continue;
      const PlacementStage& s = net_.stages[static_cast<std::size_t>(i)];
      if (!s.bound && s.demand_mean == 0 && s.demand_deviation == 0)
        fail(fmt::format("{}: is a sink (it supplies no other stage) without demand. Give it demand or remove it.", label(net_, i)));
      if (!s.service_limit)
        fail(fmt::format("{}: is a sink (it supplies no other stage) without a service limit, so no demand is promised anything. Give the longest "
                         "service time in days, 0 for delivery from stock.", label(net_, i)));
    }
  }

  void capacities() const {
    const PooledDemand pooled = pool_demand(net_);
    for (std::int32_t i = 0; i < net_.size(); ++i) {
      const auto& capacity = net_.stages[static_cast<std::size_t>(i)].capacity;
      const double mean = pooled.mean[static_cast<std::size_t>(i)];
      if (capacity && !(std::isfinite(*capacity) && *capacity > mean))
        fail(fmt::format("{}: the capacity is {} a day, but mean demand there is {}. Give more than that.", label(net_, i), *capacity, mean));
    }
  }

  // Walks backwards among the stages that no order reaches: a stage must come twice.
  [[noreturn]] void cycle() const {
    std::vector<int> waiting(net_.stages.size(), 0);
    for (const PlacementArc& arc : net_.arcs) ++waiting[static_cast<std::size_t>(arc.to)];
    std::vector<std::int32_t> ready;
    for (std::int32_t i = 0; i < net_.size(); ++i)
      if (waiting[static_cast<std::size_t>(i)] == 0) ready.push_back(i);
    while (!ready.empty()) {
      const std::int32_t i = ready.back();
      ready.pop_back();
      for (const PlacementArc& arc : net_.arcs)
        if (arc.from == i && --waiting[static_cast<std::size_t>(arc.to)] == 0) ready.push_back(arc.to);
    }
    std::vector<std::int32_t> path;
    auto at = static_cast<std::int32_t>(std::ranges::find_if(waiting, [](int w) { return w > 0; }) - waiting.begin());
    while (std::ranges::find(path, at) == path.end()) {
      path.push_back(at);
      for (const PlacementArc& arc : net_.arcs)
        if (arc.to == at && waiting[static_cast<std::size_t>(arc.from)] > 0) { at = arc.from; break; }
    }
    path.erase(path.begin(), std::ranges::find(path, at));
    std::ranges::reverse(path);
    std::string text = label(net_, path.back());
    for (const std::int32_t i : path) text += " -> " + label(net_, i);
    fail(fmt::format("the arcs form a cycle: {}. Remove one of its arcs.", text));
  }

  const PlacementNetwork& net_;
  std::string_view source_;
};
}  // namespace

void validate(const PlacementNetwork& network, std::string_view source) { Checks(network, source).all(); }

std::optional<std::vector<std::int32_t>> topological_order(const PlacementNetwork& network) {
  const std::size_t n = network.stages.size();
  std::vector<std::vector<std::int32_t>> supplied(n);
  std::vector<int> waiting(n, 0);
  for (const PlacementArc& arc : network.arcs) {
    supplied[static_cast<std::size_t>(arc.from)].push_back(arc.to);
    ++waiting[static_cast<std::size_t>(arc.to)];
  }
  std::priority_queue<std::int32_t, std::vector<std::int32_t>, std::greater<>> ready;
  for (std::size_t i = 0; i < n; ++i)
    if (waiting[i] == 0) ready.push(static_cast<std::int32_t>(i));
  std::vector<std::int32_t> order;
  while (!ready.empty()) {
    const std::int32_t i = ready.top();
    ready.pop();
    order.push_back(i);
    for (const std::int32_t j : supplied[static_cast<std::size_t>(i)])
      if (--waiting[static_cast<std::size_t>(j)] == 0) ready.push(j);
  }
  if (order.size() != n) return std::nullopt;
  return order;
}

PooledDemand pool_demand(const PlacementNetwork& network) {
  const auto order = topological_order(network);
  TEMPERA_ASSERT(order.has_value(), "demand is pooled in a network with a cycle");
  const std::size_t n = network.stages.size();
  const double p = network.pooling_exponent;
  std::vector<std::vector<const PlacementArc*>> out(n);
  for (const PlacementArc& arc : network.arcs) out[static_cast<std::size_t>(arc.from)].push_back(&arc);
  PooledDemand pooled{std::vector<double>(n, 0.0), std::vector<double>(n, 0.0)};
  std::vector<double> powered(n, 0.0), level(n, 0.0);  // sigma^p; the highest service level downstream
  for (auto it = order->rbegin(); it != order->rend(); ++it) {
    const auto i = static_cast<std::size_t>(*it);
    const PlacementStage& s = network.stages[i];
    pooled.mean[i] = s.demand_mean;
    powered[i] = std::pow(s.demand_deviation, p);
    level[i] = s.service_level.value_or(0.0);
    for (const PlacementArc* arc : out[i]) {
      const auto j = static_cast<std::size_t>(arc->to);
      pooled.mean[i] += arc->quantity * pooled.mean[j];
      powered[i] += std::pow(arc->quantity, p) * powered[j];
      level[i] = std::max(level[i], level[j]);
    }
    const double z = level[i] > 0 ? normal_quantile(level[i]) : 0.0;
    pooled.bound[i] = s.bound ? *s.bound : std::max(0.0, z) * std::pow(powered[i], 1.0 / p);
  }
  return pooled;
}

double normal_quantile(double level) {
  TEMPERA_ASSERT(level > 0 && level < 1, fmt::format("quantile of {}", level));
  // Bisection on the tail keeps full relative accuracy in both tails; it is asked a few times a run.
  const double tail = std::min(level, 1 - level);
  const auto upper_tail = [](double z) { return 0.5 * std::erfc(z / std::numbers::sqrt2); };
  double low = 0, high = 40;
  for (int i = 0; i < 200 && high - low > 1e-16 * high; ++i) {
    const double middle = 0.5 * (low + high);
    (upper_tail(middle) > tail ? low : high) = middle;
  }
  const double z = 0.5 * (low + high);
  return level < 0.5 ? -z : z;
}

}  // namespace tempera::model
