// The referee of rebalancing plans: re-plays every SKU at every site in every scenario from the raw tables.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "solvers/model/rebalancing_problem.hpp"

namespace tempera::model {

/// Expected money over all days.
struct RebalancingCost {
  double holding = 0;
  double shortage = 0;   ///< waiting demand, and what is lost after the last day
  double overflow = 0;   ///< rented space
  double pallets = 0;
  double trucks = 0;
  double total() const { return holding + shortage + overflow + pallets + trucks; }
};

/// Expected over the scenarios.
struct RebalancingKpis {
  double demand = 0;           ///< units
  double served_on_day = 0;    ///< units served from stock on the day they were wanted
  double demand_days = 0;      ///< SKU-site-days with demand
  double stockout_days = 0;    ///< of those, with demand that had to wait
  double ordered_pallets = 0;  ///< from suppliers
  double transferred_pallets = 0;
  double transit_m3 = 0;       ///< volume sent over all lanes
  double transit_m3_days = 0;  ///< the same times days on the way
  double trucks = 0;
  double truck_fill = 0;       ///< volume sent by truck over the volume of those trucks; 0 without trucks
  double overflow_m3_days = 0;
  double fill_rate() const { return demand > 0 ? served_on_day / demand : 1; }
  double stockout_rate() const { return demand_days > 0 ? stockout_days / demand_days : 0; }
};

struct RebalancingVerdict {
  bool feasible = false;
  RebalancingCost cost;
  RebalancingKpis kpis;
  std::vector<std::int32_t> trucks;     ///< [lane][day]
  std::vector<double> on_hand;          ///< [day] expected units at all sites at the end of the day
  std::vector<double> waiting;          ///< [day] expected units of demand that waits then
  std::vector<std::string> violations;  ///< the first 20
};

/// Hard: pallets that are not whole and positive, a departure that arrives after the last day or that the stock does not cover, trucks
/// per day, pallets in and out per day. Storage is soft: overflow has its price. Several shipments of one SKU, lane and day add up.
RebalancingVerdict judge(const RebalancingProblem& problem, std::span<const Shipment> plan);

}  // namespace tempera::model
