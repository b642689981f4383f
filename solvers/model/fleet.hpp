// Real vehicles: types with their own capacity, costs, limits and depot, how many there are of each, and what it costs to leave
// a customer out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "solvers/core/units.hpp"

namespace tempera::model {

using core::Cost;
using core::Distance;
using core::Load;

struct RoutingInstance;

/// Vehicles that are all alike.
struct VehicleType {
  static constexpr std::int64_t normal_slowness = 1'000'000;

  std::string id;                            ///< only the master has it
  std::int64_t count = 0;                    ///< how many there are
  Load capacity;
  std::int32_t depot = 0;                    ///< node where its routes begin and end
  Cost fixed_cost;                           ///< of every route that it drives; where fewest vehicles come first with the price for that
  std::int64_t distance_price = 1;           ///< cost units per distance unit
  std::optional<Distance> max_distance;      ///< driven in one route
  std::optional<Distance> max_duration;      ///< of one route, waiting included, in the timetable's units
  std::int64_t slowness = normal_slowness;   ///< what takes t at normal speed takes ceil(t * slowness / normal_slowness)

  std::int64_t travel_time(std::int64_t normal_time) const {
    return slowness == normal_slowness ? normal_time : (normal_time * slowness + normal_slowness - 1) / normal_slowness;
  }
  friend bool operator==(const VehicleType&, const VehicleType&) = default;
};

/// Costs are money, in integer units of 1 / money_scale, so that every sum is exact: fixed costs + distance prices x distance +
/// the prizes of optional customers left out + missing_price for every required customer left out.
struct Fleet {
  std::vector<VehicleType> types;
  std::int32_t depots = 1;                   ///< node 0, then the nodes behind the customers
  std::int64_t most_vehicles = 0;            ///< routes of all types together
  std::vector<Cost> prize;                   ///< per node; of optional customers
  std::vector<std::uint8_t> optional;        ///< per node: 1 for customers that may be left out
  Cost missing_price;                        ///< of a required customer left out: above what serving everybody can cost
  std::int64_t money_scale = 1;              ///< cost units in one unit of money

  /// What leaving this customer out costs.
  std::int64_t leaving_out(std::int32_t customer) const {
    const auto c = static_cast<std::size_t>(customer);
    return optional[c] ? prize[c].value : missing_price.value;
  }
  friend bool operator==(const Fleet&, const Fleet&) = default;
};

/// Objective::vehicles of a fleet: adds to the fixed costs, and sets RoutingInstance::route_cost to, a power of ten in money above
/// all other costs of any sensible solution together. Precondition: objective distance, no optional customers; before price_missing_customers.
/// @throws UserError when distances leave 64 bits
void put_vehicles_first(RoutingInstance& instance, std::string_view source);

/// Sets missing_price: a power of ten in money, above all prizes, all vehicles and every customer's dearest round trip together.
/// @throws UserError when such costs leave 64 bits. Precondition: everything else of the instance is set.
void price_missing_customers(RoutingInstance& instance, std::string_view source);

/// Part of `validate`: counts, capacities, prices, depots, and sums that leave 64 bits.
void validate_fleet(const RoutingInstance& instance, std::string_view source);

}  // namespace tempera::model
