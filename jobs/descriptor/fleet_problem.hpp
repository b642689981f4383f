// The vehicles of a routing job: what stands in /problem/vehicles, /problem/depots and with the customers' prizes.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "jobs/descriptor/violation.hpp"
#include "solvers/model/routing_instance.hpp"

namespace tempera::descriptor {

/// A node as far as a fleet cares, in the order of the instance: first depot, customers, further depots.
struct FleetStop {
  std::string id;
  bool is_depot = false;
  bool optional = false;
  double prize = 0;     ///< money
};

/// What follows reads no other keys of a problem than vehicles, max_vehicles and objective, which only check_fleet looks at.
bool has_fleet(const nlohmann::json& problem);
/// True when a vehicle has a longest duration: then times must be told.
bool fleet_keeps_time(const nlohmann::json& problem);

/// Everything that a schema cannot say of the vehicles and what stands beside them. Precondition: the schema's rules hold, has_fleet.
/// @param by_speed  the job gives times somewhere, and driving takes as long as speeds say
void check_fleet(const nlohmann::json& problem, std::span<const FleetStop> stops, bool by_speed, std::vector<Violation>& found);

/// The fleet, but for missing_price. Money counts in the largest power of ten of a unit (1 to 10^-9) that makes every fixed cost, prize and
/// cost per distance unit whole; what is finer is rounded to 10^-9. Precondition: check_fleet found nothing.
/// @param units_per_second  of time; 0 where none is kept  @param source  opens messages @throws UserError where that rounding would change an amount by more than a millionth, or 64 bits do not hold it
model::Fleet fleet_of(const nlohmann::json& problem, std::span<const FleetStop> stops, model::Rounding rounding, double units_per_second, std::string_view source);

/// Metres a second of the first vehicle: time counts in what it drives. Precondition: it is given.
double reference_speed(const nlohmann::json& problem);

}  // namespace tempera::descriptor
