#include "solvers/inventory/policies.hpp"

#include <algorithm>
#include <cmath>

#include "solvers/core/error.hpp"
#include "solvers/inventory/rolling_plan.hpp"
#include "solvers/model/placement_problem.hpp"

namespace tempera::inventory {

using model::PolicyKind;
using model::SupplySystem;

SupplyTree::SupplyTree(const SupplySystem& system) : customers_(system.nodes.size()), lead_time_(system.nodes.size(), 0) {
  const auto order = model::supply_order(system);
  TEMPERA_ASSERT(order.has_value(), "a supply system with a cycle was not refused");
  order_ = *order;
  for (std::size_t l = 0; l < system.lanes.size(); ++l) {
    const model::SupplyLane& lane = system.lanes[l];
    auto& lead = lead_time_[static_cast<std::size_t>(lane.to)];
    lead = std::max(lead, lane.lead_time);
    if (lane.from != model::outside) customers_[static_cast<std::size_t>(lane.from)].push_back({lane.to, static_cast<std::int32_t>(l), lane.share});
  }
}

BaseStockPolicy::BaseStockPolicy(const SupplySystem& system, std::vector<double> levels, std::vector<double> reorder_points)
    : levels_(std::move(levels)), tree_(system), reorder_points_(std::move(reorder_points)) {}

void BaseStockPolicy::decide(const SupplyView& view, std::span<double> order) {
  const auto& nodes = tree_.suppliers_first();
  for (auto it = nodes.rbegin(); it != nodes.rend(); ++it) {
    const auto i = static_cast<std::size_t>(*it);
    double position = view.on_hand[i] + view.on_order[i] - view.backorders[i] - view.owed[i];
    for (const SupplyTree::Branch& b : tree_.customers(i)) position -= order[static_cast<std::size_t>(b.node)] * b.share;
    const double trigger = reorder_points_.empty() ? levels_[i] : reorder_points_[i];
    order[i] = position <= trigger ? std::max(0.0, levels_[i] - position) : 0.0;
  }
}

EchelonPolicy::EchelonPolicy(const SupplySystem& system, std::vector<double> levels) : levels_(std::move(levels)), tree_(system), stock_(system.nodes.size()) {}

void EchelonPolicy::decide(const SupplyView& view, std::span<double> order) {
  const auto& nodes = tree_.suppliers_first();
  for (auto it = nodes.rbegin(); it != nodes.rend(); ++it) {
    const auto i = static_cast<std::size_t>(*it);
    stock_[i] = view.on_hand[i] - view.backorders[i];
    for (const SupplyTree::Branch& b : tree_.customers(i)) stock_[i] += view.sent[static_cast<std::size_t>(b.lane)] + b.share * stock_[static_cast<std::size_t>(b.node)];
    order[i] = std::max(0.0, levels_[i] - stock_[i] - view.on_order[i]);
  }
}

ForesightPolicy::ForesightPolicy(const SupplySystem& system, const DemandPath& demand)
    : BaseStockPolicy(system, std::vector<double>(system.nodes.size(), 0.0)), demand_(demand), sums_(demand.nodes().size()) {
  const auto& nodes = tree().suppliers_first();
  std::vector<std::vector<Need>> of(system.nodes.size());
  for (auto it = nodes.rbegin(); it != nodes.rend(); ++it) {
    const auto i = static_cast<std::size_t>(*it);
    const auto own = std::ranges::find(demand.nodes(), *it);
    if (own != demand.nodes().end())
      of[i].push_back({i, static_cast<std::size_t>(own - demand.nodes().begin()), 0, std::max(1, tree().lead_time(i)), 1.0});
    for (const SupplyTree::Branch& b : tree().customers(i))
      for (const Need& need : of[static_cast<std::size_t>(b.node)]) of[i].push_back({i, need.column, need.ahead + need.cover, tree().lead_time(i), need.share * b.share});
    needs_.insert(needs_.end(), of[i].begin(), of[i].end());
  }
  for (std::size_t column = 0; column < sums_.size(); ++column) {
    sums_[column].push_back(0.0);
    for (std::int32_t t = 0; t < demand.periods(); ++t) sums_[column].push_back(sums_[column].back() + demand.of(t)[column]);
  }
}

void ForesightPolicy::decide(const SupplyView& view, std::span<double> order) {
  std::ranges::fill(levels_, 0.0);
  for (const Need& need : needs_) {
    const std::int32_t first = std::min(demand_.periods(), view.period + 1 + need.ahead), last = std::min(demand_.periods(), first + need.cover);
    levels_[need.node] += need.share * (sums_[need.column][static_cast<std::size_t>(last)] - sums_[need.column][static_cast<std::size_t>(first)]);
  }
  BaseStockPolicy::decide(view, order);
}

std::vector<double> newsvendor_levels(const SupplySystem& system) {
  const SupplyTree tree(system);
  const std::size_t n = system.nodes.size();
  std::vector<double> mean(n), variance(n), shortage(n), levels(n);
  const auto& nodes = tree.suppliers_first();
  for (auto it = nodes.rbegin(); it != nodes.rend(); ++it) {
    const auto i = static_cast<std::size_t>(*it);
    const model::SupplyNode& node = system.nodes[i];
    mean[i] = node.demand.mean;
    variance[i] = node.demand.kind == model::DemandKind::poisson ? node.demand.mean : node.demand.deviation * node.demand.deviation;
    shortage[i] = node.shortage_cost;
    for (const SupplyTree::Branch& b : tree.customers(i)) {
      const auto j = static_cast<std::size_t>(b.node);
      mean[i] += b.share * mean[j];
      variance[i] += b.share * b.share * variance[j];
      shortage[i] = std::max(shortage[i], shortage[j]);
    }
    const double cover = std::max(1, tree.lead_time(i));
    const double fractile = shortage[i] + node.holding_cost > 0 ? shortage[i] / (shortage[i] + node.holding_cost) : 0.5;
    const double z = model::normal_quantile(std::clamp(fractile, 1e-6, 1 - 1e-6));
    levels[i] = mean[i] * cover + z * std::sqrt(variance[i] * cover);
  }
  return levels;
}

std::vector<double> placement_levels(const model::PlacementNetwork& network, const model::PlacementPlan& plan) {
  const model::PooledDemand pooled = model::pool_demand(network);
  const std::vector<model::StageCost> costs = model::stage_costs(network);
  std::vector<double> levels;
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const double t = std::max(0.0, plan.inbound[i] + network.planned_lead_time(static_cast<int>(i)) - plan.outbound[i]);
    levels.push_back(pooled.mean[i] * t + costs[i].safety_stock(t));
  }
  return levels;
}

std::unique_ptr<OrderPolicy> make_policy(const SupplySystem& system, const model::PolicySpec& spec, const DemandPath& demand) {
  class Nothing final : public OrderPolicy {
    void decide(const SupplyView&, std::span<double>) override {}
  };
  switch (spec.kind) {
    case PolicyKind::do_nothing: return std::make_unique<Nothing>();
    case PolicyKind::base_stock: return std::make_unique<BaseStockPolicy>(system, spec.levels);
    case PolicyKind::echelon_base_stock: return std::make_unique<EchelonPolicy>(system, spec.levels);
    case PolicyKind::reorder_point: return std::make_unique<BaseStockPolicy>(system, spec.levels, spec.reorder_points);
    case PolicyKind::newsvendor: return std::make_unique<BaseStockPolicy>(system, newsvendor_levels(system));
    case PolicyKind::rolling_plan: return std::make_unique<RollingPlanPolicy>(system, spec.plan);
    case PolicyKind::perfect_foresight: return std::make_unique<ForesightPolicy>(system, demand);
  }
  TEMPERA_ASSERT(false, "a policy of unknown kind");
}

}  // namespace tempera::inventory
