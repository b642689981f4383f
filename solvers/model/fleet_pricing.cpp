#include "solvers/model/fleet_pricing.hpp"

#include "solvers/core/error.hpp"
#include "solvers/model/time_segment.hpp"

namespace tempera::model {

std::string_view name_of(FleetLimit limit) {
  switch (limit) {
    case FleetLimit::none: return "none";
    case FleetLimit::capacity: return "capacity";
    case FleetLimit::max_distance: return "max_distance";
    case FleetLimit::time_window: return "time_window";
    case FleetLimit::max_duration: return "max_duration";
    case FleetLimit::vehicles: return "vehicles";
    case FleetLimit::prize: return "prize";
  }
  TEMPERA_ASSERT(false, "unknown limit");
}

MeasuredRoute FleetPricing::measure(std::int32_t vehicle, std::span<const std::int32_t> route) const {
  const VehicleType& own = type(vehicle);
  const bool timed = instance_.timetable.has_value();
  MeasuredRoute figures;
  TimeSegment whole = timed ? time_segment(*instance_.timetable, own.depot) : TimeSegment{};
  std::int32_t at = own.depot;
  const auto go = [&](std::int32_t to) {
    const std::int64_t arc = distances_(at, to);
    figures.length += arc;
    if (timed) whole = concatenate(whole, own.travel_time(instance_.timetable->normal_time(at, to, arc)), time_segment(*instance_.timetable, to));
    at = to;
  };
  for (const std::int32_t c : route) {
    figures.load += instance_.demand[static_cast<std::size_t>(c)].value;
    go(c);
  }
  go(own.depot);
  figures.late = whole.time_warp;
  figures.duration = whole.duration - whole.time_warp;
  return figures;
}

FleetPricing::Excess FleetPricing::excess(std::int32_t vehicle, const MeasuredRoute& route) const {
  const VehicleType& own = type(vehicle);
  if (route.load > own.capacity.value) return {FleetLimit::capacity, route.load - own.capacity.value};
  if (own.max_distance && route.length > own.max_distance->value) return {FleetLimit::max_distance, route.length - own.max_distance->value};
  if (route.late > 0) return {FleetLimit::time_window, route.late};
  if (own.max_duration && route.duration > own.max_duration->value) return {FleetLimit::max_duration, route.duration - own.max_duration->value};
  return {};
}

}  // namespace tempera::model
