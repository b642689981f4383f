// A plan made anew every period, of which only today's orders are placed: the replenishment model of rebalancing as an ordering rule.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "solvers/inventory/lot_flow.hpp"
#include "solvers/inventory/simulator.hpp"
#include "solvers/model/rebalancing_problem.hpp"
#include "solvers/model/supply_system.hpp"

namespace tempera::inventory {

/// Rolling horizon: what is on hand, on the way and owed today, and demand forecasts, become a rebalancing problem of one SKU over the
/// next periods; its optimal flow of whole lots (LotFlow) gives today's orders. Forecasts are drawn from the demand models by streams of
/// their own, never from the path that is played; listed demand is forecast by its mean. A node with several suppliers becomes one site
/// per lane with that share of its stock and demand, since orders are split by shares. Costs of placing an order are not seen; lost and
/// expedited units are priced as if they waited a period.
class RollingPlanPolicy final : public OrderPolicy {
 public:
  /// `system` must outlive this. @param settings  see model::PolicySpec
  RollingPlanPolicy(const model::SupplySystem& system, const model::PlanSettings& settings);
  RollingPlanPolicy(const RollingPlanPolicy&) = delete;
  RollingPlanPolicy& operator=(const RollingPlanPolicy&) = delete;
  void decide(const SupplyView& view, std::span<double> order) override;

 private:
  // A site of the plan: a node, or its share of what one lane brings.
  struct Site {
    std::size_t node = 0;
    std::int32_t lane = -1;   // that supplies it; -1: none
    double share = 1;
  };
  static std::vector<Site> sites_of(const model::SupplySystem& system);
  model::RebalancingProblem problem_of(const model::PlanSettings& settings) const;
  void set_prices();
  void note_sent(const SupplyView& view);
  void set_stock(const SupplyView& view);

  const model::SupplySystem& system_;
  std::vector<Site> sites_;             // of the problem but for its last, the outside
  model::RebalancingProblem problem_;   // day 0 is what is left of today
  std::vector<LanePrice> prices_;       // [lane][day]
  std::vector<double> stored_, waiting_;
  LotFlow flow_;
  std::vector<std::vector<double>> sent_;  // per lane: units sent in period t at [t % lead_time]
  std::vector<double> seen_sent_;          // per lane: SupplyView::sent of the period before
};

/// Periods from an order outside to the last node of the longest way through the system, at least one per lane.
std::int32_t longest_lead_time(const model::SupplySystem& system);

}  // namespace tempera::inventory
