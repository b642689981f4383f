// Plays a policy through a demand path, period by period, and counts what it costs.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "solvers/inventory/demand_path.hpp"
#include "solvers/model/supply_system.hpp"

namespace tempera::inventory {

/// Sums over the periods behind the warm-up. Money and units.
struct Kpis {
  double periods = 0;
  double demand = 0;
  double served = 0;            ///< of a period's demand, at once and from stock
  double lost = 0;
  double expedited = 0;
  double backorder_periods = 0; ///< units backordered at the end of a period, summed
  double demand_days = 0;       ///< node-periods with demand
  double stockout_days = 0;     ///< of those, with unmet demand
  double holding = 0;
  double transport = 0;
  double ordering = 0;
  double shortage = 0;
  double expediting = 0;
  double stock_periods = 0;     ///< units on hand at the end of a period, summed
  double transit_periods = 0;   ///< units on the way between nodes, summed
  double transit_volume = 0;    ///< m3 sent
  double overfull_days = 0;     ///< node-periods above storage
  double orders = 0;            ///< lane-periods with an order

  double cost() const { return holding + transport + ordering + shortage + expediting; }
  double fill_rate() const { return demand > 0 ? served / demand : 1.0; }
  double stockout_rate() const { return demand_days > 0 ? stockout_days / demand_days : 0.0; }
  Kpis& operator+=(const Kpis& other);
};

/// What a policy may know when it orders: the state after today's demand, nothing of tomorrow. One entry per node.
struct SupplyView {
  std::int32_t period = 0;
  std::span<const double> on_hand;
  std::span<const double> backorders;  ///< of customers
  std::span<const double> on_order;    ///< ordered and not yet received: on the way, or still owed by a supplier
  std::span<const double> owed;        ///< ordered here by nodes downstream and not yet sent
  std::span<const double> sent;        ///< per lane: on the way
};

class OrderPolicy {
 public:
  virtual ~OrderPolicy() = default;
  /// Writes what each node orders, units >= 0, in all; its lanes share it. `order` is zero on entry.
  virtual void decide(const SupplyView& view, std::span<double> order) = 0;
};

/// A period: receive what is due; see the demand; serve it, backorders first; expedite where that has a price; order, from
/// what is known then; send, suppliers before those they supply, each lane its part where stock is short; count. A lane of lead
/// time 0 delivers before the period is over, and the node may pass it on or serve backorders with it. What a supplier cannot
/// send it owes. Stock is neither made nor lost: asserted every period.
class Simulator {
 public:
  /// `system` must be valid and outlive the simulator.
  explicit Simulator(const model::SupplySystem& system);

  /// Starts afresh. @param warm_up  periods at the start that are played and not counted
  Kpis run(OrderPolicy& policy, const DemandPath& demand, std::int32_t warm_up);

 private:
  void reset();
  void receive(std::int32_t period);
  void serve(std::span<const double> demand, const std::vector<std::int32_t>& nodes);
  void place(OrderPolicy& policy, std::int32_t period);
  void send(std::int32_t period);
  void send_on(std::size_t lane, double units, std::int32_t period);
  void serve_backorders(std::size_t node);
  void count();
  void assert_conserved(std::int32_t period) const;

  const model::SupplySystem& system_;
  std::vector<std::int32_t> order_;                 // suppliers before those they supply
  std::vector<std::vector<std::int32_t>> out_;      // lanes out of each node
  std::vector<std::int32_t> from_outside_, delayed_;
  std::vector<std::size_t> ring_;                   // first place of each lane's pipeline
  std::vector<double> pipeline_;
  std::vector<double> on_hand_, backorders_, on_order_, owed_, orders_, lane_owed_, lane_sent_;
  double flow_ = 0;                                 // stock there should be in all
  Kpis now_;                                        // of the current period
};

}  // namespace tempera::inventory
