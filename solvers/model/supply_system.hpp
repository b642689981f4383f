// Sites, lanes and demand of a supply system over discrete periods: what the backtest plays through. Plain data, no algorithms.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tempera::model {

enum class DemandKind : std::uint8_t {
  none,
  normal,   ///< mean, deviation per period, cut at 0
  poisson,  ///< mean per period
  listed,   ///< one number per period, repeated from the start when it runs out; the same in every scenario
};

struct DemandModel {
  DemandKind kind = DemandKind::none;
  double mean = 0;             ///< units / period
  double deviation = 0;        ///< units
  std::vector<double> listed;  ///< units, one per period
};

enum class UnmetDemand : std::uint8_t { backordered, lost };

/// One item at one site. Costs in money, quantities in units.
struct SupplyNode {
  std::string name;
  double holding_cost = 0;                ///< per unit on hand at the end of a period; units on the way pay their sender's
  double shortage_cost = 0;               ///< per unit backordered at the end of a period, or per unit lost
  std::optional<double> expedite_cost;    ///< per unit: unmet demand is bought elsewhere at this price where it is given
  UnmetDemand unmet = UnmetDemand::backordered;
  double on_hand = 0;                     ///< at the start
  std::optional<double> storage;          ///< units; periods above it are counted
  DemandModel demand;
};

inline constexpr std::int32_t outside = -1;  ///< SupplyLane::from of a supplier who always has stock

struct SupplyLane {
  std::int32_t from = outside;
  std::int32_t to = 0;
  std::int32_t lead_time = 1;     ///< periods from the end of the one it is sent in; 0 arrives before that period is over
  double share = 1;               ///< of what `to` orders; the shares into a node add up to 1
  double unit_cost = 0;           ///< freight, per unit
  double order_cost = 0;          ///< per period in which something is ordered on the lane
  double unit_volume = 0;         ///< m3, for the transit volume
};

struct SupplySystem {
  std::string name;
  std::vector<SupplyNode> nodes;
  std::vector<SupplyLane> lanes;
  double correlation = 0;         ///< of normal demands within a period, 0 <= . < 1
};

enum class PolicyKind : std::uint8_t { do_nothing, base_stock, echelon_base_stock, reorder_point, newsvendor, rolling_plan, perfect_foresight };

/// How a plan is made every period. 0 where it is chosen from the system.
struct PlanSettings {
  std::int32_t horizon = 0;     ///< periods looked ahead; chosen: the longest lead time through the system and four more
  std::int32_t forecasts = 60;  ///< demand paths that the plan must serve
  double lot = 0;               ///< units moved at once; chosen: a twentieth of a period's demand
};

/// A rule to be compared. `levels` and `reorder_points` are per node, units; empty where the kind derives them.
struct PolicySpec {
  std::string name;
  PolicyKind kind = PolicyKind::do_nothing;
  std::vector<double> levels;          ///< base stock, or order-up-to level S
  std::vector<double> reorder_points;  ///< s: order up to S when the position is at or below it
  PlanSettings plan = {};              ///< of rolling_plan
};

struct BacktestJob {
  SupplySystem system;
  std::vector<PolicySpec> policies;
  std::int32_t periods = 365;          ///< counted, behind the warm-up
  std::int32_t warm_up = 30;
  std::int32_t scenarios = 100;        ///< 1 suffices where all demand is listed
  std::uint64_t seed = 1;
};

/// Throws UserError for the first inconsistency, naming table, row and field, the value seen and what to do: unknown nodes,
/// cycles of lanes, negative numbers, shares that do not add up to 1, a node with demand that nothing supplies and without stock …
void validate(const BacktestJob& job, std::string_view source);

/// Nodes in an order in which every lane leads forward; nothing for a cycle.
std::optional<std::vector<std::int32_t>> supply_order(const SupplySystem& system);

}  // namespace tempera::model
