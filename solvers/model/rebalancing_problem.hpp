// Replenishment and rebalancing before a peak: SKUs x sites x days under demand scenarios, pallets on trucks over lanes with lead times.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tempera::model {

inline constexpr std::int32_t no_limit = std::numeric_limits<std::int32_t>::max();

/// Where stock lies, or where it comes from.
struct RebalancingSite {
  std::string name;
  bool supplier = false;                 ///< always has stock; holds none, sees no demand
  double storage_m3 = std::numeric_limits<double>::infinity();
  double overflow_cost = 0;              ///< money per m3 and day above storage_m3 (rented space)
  std::int32_t pallets_out = no_limit;   ///< leaving per day; of a supplier: what it delivers
  std::int32_t pallets_in = no_limit;    ///< arriving per day over lanes
};

struct RebalancingSku {
  std::string name;
  double unit_m3 = 0;
  double units_per_pallet = 1;           ///< > 0; only whole pallets are moved
  double holding_cost = 0;               ///< money per unit and day on hand at the end of the day
  double shortage_cost = 0;              ///< money per unit and day of demand that waits
  double lost_cost = 0;                  ///< money per unit still unmet after the last day, on top
  double pallet_m3() const { return unit_m3 * units_per_pallet; }
};

/// One way to move pallets. From a supplier it carries orders, else transfers.
struct RebalancingLane {
  std::int32_t from = 0;
  std::int32_t to = 0;
  std::int32_t lead_days = 0;            ///< what leaves on day t is there on day t + lead_days, before that day's demand
  double pallet_cost = 0;                ///< money
  double truck_m3 = std::numeric_limits<double>::infinity();  ///< infinite: no trucks are counted
  double truck_cost = 0;                 ///< money per truck
  std::int32_t trucks_per_day = no_limit;
  bool has_trucks() const { return truck_m3 < std::numeric_limits<double>::infinity(); }
};

/// Day by day: receive, send what is there (first come the lanes, then customers), serve waiting and new demand, pay for what lies and
/// what waits. The plan is fixed before demand is known; stock promised to a later departure is kept back from customers.
struct RebalancingProblem {
  std::string name;
  std::int32_t days = 0;
  std::vector<double> probability;       ///< of the scenarios, adding up to 1
  std::vector<RebalancingSite> sites;
  std::vector<RebalancingSku> skus;
  std::vector<RebalancingLane> lanes;
  std::vector<double> on_hand;           ///< [sku][site], units at the start
  std::vector<double> receipts;          ///< [sku][site][day], units already under way
  std::vector<double> demand;            ///< [sku][site][day][scenario], units

  std::size_t scenarios() const { return probability.size(); }
  std::size_t place(std::size_t sku, std::size_t site) const { return sku * sites.size() + site; }
  std::size_t cell(std::size_t sku, std::size_t site, std::size_t day) const { return place(sku, site) * static_cast<std::size_t>(days) + day; }
  std::span<const double> demand_at(std::size_t sku, std::size_t site, std::size_t day) const {
    return std::span(demand).subspan(cell(sku, site, day) * scenarios(), scenarios());
  }
};

/// Throws UserError for the first inconsistency: sizes, unknown sites, negative or non-finite numbers, probabilities that do not add
/// up to 1, demand or stock at a supplier. `source` opens the message.
void validate(const RebalancingProblem& problem, std::string_view source);

/// What stands for a fill target in money: the shortage cost at which a newsvendor meets demand with this probability,
/// holding_cost * target / (1 - target). @param target  above 0, below 1
double implied_shortage_cost(double holding_cost, double target);

/// Pallets of one SKU leaving over one lane on one day.
struct Shipment {
  std::int32_t sku = 0;
  std::int32_t lane = 0;
  std::int32_t day = 0;
  std::int32_t pallets = 0;
  friend auto operator<=>(const Shipment&, const Shipment&) = default;
};
using RebalancingPlan = std::vector<Shipment>;

/// A plan as Answer::ints: four numbers per shipment. @throws UserError where the length is not a multiple of four
std::vector<std::int32_t> flatten(std::span<const Shipment> plan);
RebalancingPlan shipments_of(std::span<const std::int32_t> ints);

}  // namespace tempera::model
