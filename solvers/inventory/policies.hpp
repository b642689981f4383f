// The ordering rules that a backtest compares.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "solvers/inventory/simulator.hpp"
#include "solvers/model/placement_network.hpp"
#include "solvers/model/supply_system.hpp"

namespace tempera::inventory {

/// Who supplies whom, ready for positions that reach over several nodes.
class SupplyTree {
 public:
  explicit SupplyTree(const model::SupplySystem& system);

  struct Branch {
    std::int32_t node = 0;
    std::int32_t lane = 0;
    double share = 1;      ///< of what `node` orders that comes over the lane
  };
  const std::vector<std::int32_t>& suppliers_first() const { return order_; }
  const std::vector<Branch>& customers(std::size_t node) const { return customers_[node]; }
  /// Periods a node waits for its slowest supplier.
  std::int32_t lead_time(std::size_t node) const { return lead_time_[node]; }

 private:
  std::vector<std::int32_t> order_;
  std::vector<std::vector<Branch>> customers_;
  std::vector<std::int32_t> lead_time_;
};

/// Order up to a level; what nodes downstream order in the same period already counts. With reorder points: only once the
/// position is at or below them.
class BaseStockPolicy : public OrderPolicy {
 public:
  BaseStockPolicy(const model::SupplySystem& system, std::vector<double> levels, std::vector<double> reorder_points = {});
  void decide(const SupplyView& view, std::span<double> order) override;

 protected:
  const SupplyTree& tree() const { return tree_; }
  std::vector<double> levels_;

 private:
  SupplyTree tree_;
  std::vector<double> reorder_points_;
};

/// Order up to a level of the echelon: the node and everything it supplies. Optimal for serial systems (Clark & Scarf 1960).
class EchelonPolicy final : public OrderPolicy {
 public:
  EchelonPolicy(const model::SupplySystem& system, std::vector<double> levels);
  void decide(const SupplyView& view, std::span<double> order) override;

 private:
  std::vector<double> levels_;
  SupplyTree tree_;
  std::vector<double> stock_;
};

/// Knows the demand path and orders exactly what it will need: a floor under the cost of any policy without fixed costs.
class ForesightPolicy final : public BaseStockPolicy {
 public:
  ForesightPolicy(const model::SupplySystem& system, const DemandPath& demand);
  void decide(const SupplyView& view, std::span<double> order) override;

 private:
  struct Need {
    std::size_t node = 0;
    std::size_t column = 0;    // of the demand path
    std::int32_t ahead = 0;    // periods from an order that reaches the node to the demand it is for
    std::int32_t cover = 0;    // periods of such orders that one placed now must cover
    double share = 1;
  };
  const DemandPath& demand_;
  std::vector<Need> needs_;
  std::vector<std::vector<double>> sums_;  // per column: demand of periods 0 .. t-1
};

/// Base-stock levels with P(demand over the lead time <= level) = b / (b + h), normal, demand pooled upstream as independent.
/// Source: newsvendor fractile, b the largest shortage cost downstream.
std::vector<double> newsvendor_levels(const model::SupplySystem& system);

/// Base stock of a placement plan, units per stage: mean * t + bound * sqrt(t) at net replenishment time t (with capacity: more).
std::vector<double> placement_levels(const model::PlacementNetwork& network, const model::PlacementPlan& plan);

/// The rule of `spec` for one demand path. Both arguments must outlive it.
std::unique_ptr<OrderPolicy> make_policy(const model::SupplySystem& system, const model::PolicySpec& spec, const DemandPath& demand);

}  // namespace tempera::inventory
