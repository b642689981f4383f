// What a route of a fleet costs and which limits it breaks: for constructions, merges and explanations; the annealer has its own
// deltas, the referee its own sums.
#pragma once

#include <span>

#include "solvers/model/distances.hpp"
#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::model {

/// Why a customer cannot be where one would like it.
enum class FleetLimit : std::uint8_t { none, capacity, max_distance, time_window, max_duration, vehicles, prize };

std::string_view name_of(FleetLimit limit);

struct MeasuredRoute {
  std::int64_t load = 0;
  std::int64_t length = 0;    ///< distance units
  std::int64_t late = 0;      ///< time units, least sum over all stops and the return
  std::int64_t duration = 0;  ///< time units
};

/// Keeps references: both must outlive it. Precondition: the instance has a fleet.
class FleetPricing {
 public:
  FleetPricing(const RoutingInstance& instance, const Distances& distances) : instance_(instance), distances_(distances) {}

  /// A route of a vehicle of this type through customers 1..n.
  MeasuredRoute measure(std::int32_t vehicle, std::span<const std::int32_t> route) const;
  std::int64_t cost(std::int32_t vehicle, const MeasuredRoute& route) const { return type(vehicle).fixed_cost.value + type(vehicle).distance_price * route.length; }

  struct Excess {
    FleetLimit limit = FleetLimit::none;
    std::int64_t by = 0;      ///< load, distance or time units
  };
  /// The first limit that a route breaks, of capacity, distance, windows and duration.
  Excess excess(std::int32_t vehicle, const MeasuredRoute& route) const;
  bool keeps_limits(std::int32_t vehicle, const MeasuredRoute& route) const { return excess(vehicle, route).limit == FleetLimit::none; }

  const VehicleType& type(std::int32_t vehicle) const { return instance_.fleet->types[static_cast<std::size_t>(vehicle)]; }

 private:
  const RoutingInstance& instance_;
  const Distances& distances_;
};

}  // namespace tempera::model
