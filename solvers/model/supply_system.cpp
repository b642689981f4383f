#include "solvers/model/supply_system.hpp"

#include <fmt/format.h>

#include <cmath>

#include "solvers/core/error.hpp"

namespace tempera::model {

namespace {
class Checks {
 public:
  Checks(const BacktestJob& job, std::string_view source) : job_(job), system_(job.system), source_(source) {}

  void all() const {
    if (system_.nodes.empty()) fail("nodes: the list is empty. Give at least one.");
    if (!(system_.correlation >= 0 && system_.correlation < 1)) fail(fmt::format("correlation is {}, but must be from 0 up to below 1.", system_.correlation));
    if (job_.periods < 1) fail(fmt::format("periods is {}, but must be 1 or more.", job_.periods));
    if (job_.warm_up < 0) fail(fmt::format("warm_up is {}, but must not be negative.", job_.warm_up));
    if (job_.scenarios < 1) fail(fmt::format("scenarios is {}, but must be 1 or more.", job_.scenarios));
    for (std::size_t i = 0; i < system_.nodes.size(); ++i) node(i);
    for (std::size_t l = 0; l < system_.lanes.size(); ++l) lane(l);
    if (!supply_order(system_)) fail("lanes: they form a cycle. Stock could be sent around for ever; remove one of its lanes.");
    shares();
    if (job_.policies.empty()) fail("policies: the list is empty. Give at least one.");
    for (std::size_t p = 0; p < job_.policies.size(); ++p) policy(p);
  }

 private:
  [[noreturn]] void fail(const std::string& text) const { throw core::UserError(fmt::format("{}: {}", source_, text)); }
  std::string at(std::string_view table, std::size_t row, std::string_view field) const { return fmt::format("{}[{}].{}", table, row, field); }
  void at_least_zero(const std::string& where, double value) const {
    if (!std::isfinite(value) || value < 0) fail(fmt::format("{} is {}, but must be a number from 0 up.", where, value));
  }

  void node(std::size_t i) const {
    const SupplyNode& n = system_.nodes[i];
    at_least_zero(at("nodes", i, "holding_cost"), n.holding_cost);
    at_least_zero(at("nodes", i, "shortage_cost"), n.shortage_cost);
    at_least_zero(at("nodes", i, "on_hand"), n.on_hand);
    at_least_zero(at("nodes", i, "demand.mean"), n.demand.mean);
    at_least_zero(at("nodes", i, "demand.deviation"), n.demand.deviation);
    if (n.expedite_cost) at_least_zero(at("nodes", i, "expedite_cost"), *n.expedite_cost);
    if (n.storage) at_least_zero(at("nodes", i, "storage"), *n.storage);
    for (std::size_t t = 0; t < n.demand.listed.size(); ++t) at_least_zero(fmt::format("nodes[{}].demand.listed[{}]", i, t), n.demand.listed[t]);
    if (n.demand.kind == DemandKind::listed && n.demand.listed.empty()) fail(at("nodes", i, "demand.listed") + " is empty. Give one number per period.");
    if (n.demand.kind == DemandKind::poisson && n.demand.mean > 1e6)
      fail(fmt::format("{} is {}, too large for Poisson demand. Use normal.", at("nodes", i, "demand.mean"), n.demand.mean));
  }

  void lane(std::size_t l) const {
    const SupplyLane& lane = system_.lanes[l];
    const auto nodes = static_cast<std::int32_t>(system_.nodes.size());
    if (lane.to < 0 || lane.to >= nodes) fail(fmt::format("{} is {}, but nodes are 0 to {}.", at("lanes", l, "to"), lane.to, nodes - 1));
    if (lane.from < outside || lane.from >= nodes) fail(fmt::format("{} is {}, but nodes are 0 to {}.", at("lanes", l, "from"), lane.from, nodes - 1));
    if (lane.from == lane.to) fail(fmt::format("lanes[{}] leads from node {} to itself. Remove it.", l, lane.to));
    if (lane.lead_time < 0 || lane.lead_time > 100'000) fail(fmt::format("{} is {}, but must be 0 to 100000 periods.", at("lanes", l, "lead_time"), lane.lead_time));
    at_least_zero(at("lanes", l, "share"), lane.share);
    at_least_zero(at("lanes", l, "unit_cost"), lane.unit_cost);
    at_least_zero(at("lanes", l, "order_cost"), lane.order_cost);
    at_least_zero(at("lanes", l, "unit_volume"), lane.unit_volume);
  }

  void shares() const {
    std::vector<double> sum(system_.nodes.size(), 0.0);
    std::vector<char> supplied(system_.nodes.size(), 0);
    for (const SupplyLane& lane : system_.lanes) {
      sum[static_cast<std::size_t>(lane.to)] += lane.share;
      supplied[static_cast<std::size_t>(lane.to)] = 1;
    }
    for (std::size_t i = 0; i < sum.size(); ++i) {
      if (supplied[i] && std::abs(sum[i] - 1) > 1e-9)
        fail(fmt::format("lanes: the shares into nodes[{}] ({}) add up to {}, but must to 1: an order is split, never placed twice.", i, system_.nodes[i].name, sum[i]));
      if (!supplied[i] && system_.nodes[i].on_hand == 0)
        fail(fmt::format("nodes[{}] ({}) has no stock and no lane leads to it. Give it a supplier (from: \"outside\") or stock.", i, system_.nodes[i].name));
    }
  }

  void policy(std::size_t p) const {
    const PolicySpec& spec = job_.policies[p];
    const std::size_t n = system_.nodes.size();
    const bool needs_levels = spec.kind == PolicyKind::base_stock || spec.kind == PolicyKind::echelon_base_stock || spec.kind == PolicyKind::reorder_point;
    if (needs_levels && spec.levels.size() != n) fail(fmt::format("{} has {} numbers for {} nodes.", at("policies", p, "levels"), spec.levels.size(), n));
    for (const double level : spec.levels)
      if (!std::isfinite(level)) fail(fmt::format("{} holds {}, which is not a number.", at("policies", p, "levels"), level));
    if (spec.plan.horizon < 0 || spec.plan.horizon > 1000) fail(fmt::format("{} is {}, but must be from 1 to 1000.", at("policies", p, "horizon"), spec.plan.horizon));
    if (spec.plan.forecasts < 1 || spec.plan.forecasts > 1000) fail(fmt::format("{} is {}, but must be from 1 to 1000.", at("policies", p, "forecasts"), spec.plan.forecasts));
    at_least_zero(at("policies", p, "lot"), spec.plan.lot);
    if (spec.kind != PolicyKind::reorder_point) return;
    if (spec.reorder_points.size() != n) fail(fmt::format("{} has {} numbers for {} nodes.", at("policies", p, "reorder_points"), spec.reorder_points.size(), n));
    for (std::size_t i = 0; i < n; ++i)
      if (!(spec.reorder_points[i] <= spec.levels[i]))
        fail(fmt::format("policies[{}]: the reorder point of node {} is {}, above its level {}.", p, i, spec.reorder_points[i], spec.levels[i]));
  }

  const BacktestJob& job_;
  const SupplySystem& system_;
  std::string_view source_;
};
}  // namespace

void validate(const BacktestJob& job, std::string_view source) { Checks(job, source).all(); }

std::optional<std::vector<std::int32_t>> supply_order(const SupplySystem& system) {
  const std::size_t n = system.nodes.size();
  std::vector<int> waiting(n, 0);
  for (const SupplyLane& lane : system.lanes)
    if (lane.from != outside) ++waiting[static_cast<std::size_t>(lane.to)];
  std::vector<std::int32_t> order;
  for (std::size_t i = 0; i < n; ++i)
    if (waiting[i] == 0) order.push_back(static_cast<std::int32_t>(i));
  for (std::size_t k = 0; k < order.size(); ++k)
    for (const SupplyLane& lane : system.lanes)
      if (lane.from == order[k] && --waiting[static_cast<std::size_t>(lane.to)] == 0) order.push_back(lane.to);
  if (order.size() != n) return std::nullopt;
  return order;
}

}  // namespace tempera::model
