// Where a customer may enter the routes of a fleet, and at what price.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>

#include "solvers/core/random.hpp"
#include "solvers/routing/fleet_routes.hpp"

namespace tempera::routing {

/// Between stops[at] and stops[at + 1] of a route, for `delta` more.
struct FleetPlace {
  std::int32_t route = -1;
  std::int32_t at = 0;
  std::int64_t delta = 0;
};

/// A new route of a vehicle of this type, which costs so much.
struct FleetOpening {
  std::int32_t vehicle = -1;
  std::int64_t cost = std::numeric_limits<std::int64_t>::max() / 4;
};

/// Keeps a reference: the problem must outlive it.
template <class Dist>
class FleetInsertion {
 public:
  using Place = FleetPlace;
  using Opening = FleetOpening;

  /// @param blink  probability to overlook an improving position
  FleetInsertion(const FleetProblem<Dist>& problem, double blink) : problem_(problem), blink_(blink) {}

  /// A route of its own, by the cheapest type of which a vehicle is free; no vehicle: there is none.
  /// @param free  vehicles by type, then in all
  Opening opening(std::int32_t c, std::span<const std::int64_t> free, core::RandomStream& random) const {
    Opening best;
    if (free.back() <= 0) return best;
    for (std::int32_t v = 0; v < std::ssize(problem_.vehicles); ++v) {
      const LocalVehicle& vehicle = problem_.vehicle(v);
      if (free[static_cast<std::size_t>(v)] <= 0) continue;
      const std::int64_t cost = vehicle.type.fixed_cost.value + vehicle.type.distance_price * (problem_.local.distance(vehicle.depot, c) + problem_.local.distance(c, vehicle.depot));
      if (cost >= best.cost || !serves_alone(c, vehicle)) continue;
      if (best.vehicle >= 0 && random.chance(type_blink)) continue;
      best = {v, cost};
    }
    return best;
  }

  /// Whether any type could serve a customer at all.
  bool can_be_served(std::int32_t c) const {
    return std::ranges::any_of(problem_.vehicles, [&](const LocalVehicle& vehicle) { return serves_alone(c, vehicle); });
  }

  /// The cheapest position below `bound` that keeps the limits, over all routes with stops; route -1: there is none.
  Place cheapest(const UndoableRoutes<FleetRoute<Dist>>& routes, std::int32_t c, std::int64_t bound, core::RandomStream& random) const {
    Place best{-1, 0, bound};
    for (std::int32_t r = 0; r < routes.count(); ++r) {
      const FleetRoute<Dist>& route = routes[r];
      if (route.size == 0 || route.load + problem_.demand(c) > problem_.vehicle(route.vehicle).type.capacity.value) continue;
      if (problem_.timed) scan_timed(route, r, c, best, random);
      else scan(route, r, c, best, random);
    }
    return best;
  }

 private:
  static constexpr double type_blink = 0.1;  // probability to overlook a type when a route is opened

  bool serves_alone(std::int32_t c, const LocalVehicle& vehicle) const {
    const std::int64_t out = problem_.local.distance(vehicle.depot, c), home = problem_.local.distance(c, vehicle.depot);
    return problem_.demand(c) <= vehicle.type.capacity.value && out + home <= vehicle.max_distance && in_time_alone(c, vehicle, out, home);
  }

  bool in_time_alone(std::int32_t c, const LocalVehicle& vehicle, std::int64_t out, std::int64_t home) const {
    if (!problem_.timed) return true;
    const LocalTimes<std::int64_t>& times = problem_.times;
    const auto i = static_cast<std::size_t>(c), d = static_cast<std::size_t>(vehicle.depot);
    const std::int64_t there = problem_.drive(vehicle, vehicle.depot, c, out), back = problem_.drive(vehicle, c, vehicle.depot, home);
    const std::int64_t start = std::max(times.earliest[d] + there, times.earliest[i]);
    if (start > times.latest[i] || start + times.service[i] + back > times.latest[d]) return false;
    if (!vehicle.lasts) return true;
    const model::TimeSegment whole = model::concatenate(model::concatenate(times.segment(vehicle.depot), there, times.segment(c)), back, times.segment(vehicle.depot));
    return whole.duration <= vehicle.max_duration;
  }

  void scan(const FleetRoute<Dist>& route, std::int32_t r, std::int32_t c, Place& best, core::RandomStream& random) const {
    const LocalVehicle& vehicle = problem_.vehicle(route.vehicle);
    const Dist *to = problem_.local.to(c), *from = problem_.local.from(c);
    const FleetStop* const first = route.stops.data();
    const FleetStop* const last = first + route.size;
    for (const FleetStop* stop = first; stop <= last; ++stop) {
      const std::int64_t longer = std::int64_t{to[stop->node]} + from[stop[1].node] - stop->arc;
      const std::int64_t delta = vehicle.type.distance_price * longer;
      if (delta >= best.delta || route.length + longer > vehicle.max_distance) continue;
      if (blink_ > 0 && random.chance(blink_)) continue;
      best = {r, static_cast<std::int32_t>(stop - first), delta};
    }
  }

  void scan_timed(const FleetRoute<Dist>& route, std::int32_t r, std::int32_t c, Place& best, core::RandomStream& random) const {
    const LocalVehicle& vehicle = problem_.vehicle(route.vehicle);
    const auto i = static_cast<std::size_t>(c);
    const Dist *to = problem_.local.to(c), *from = problem_.local.from(c);
    const std::int64_t opens = problem_.times.earliest[i], closes = problem_.times.latest[i], service = problem_.times.service[i];
    const FleetStop* const first = route.stops.data();
    const FleetStop* const last = first + route.size;
    const FleetStop* stop = first;
    // In front of a stop that must be served before this customer can be, there is no position: `latest` never falls.
    while (stop <= last && stop[1].latest < opens + service) ++stop;
    for (; stop <= last && stop->depart <= closes; ++stop) {  // nor behind one that is left too late: `depart` never falls
      const std::int64_t in = to[stop->node], out = from[stop[1].node], longer = in + out - stop->arc;
      const std::int64_t delta = vehicle.type.distance_price * longer;
      if (delta >= best.delta || route.length + longer > vehicle.max_distance) continue;
      const std::int64_t there = problem_.drive(vehicle, stop->node, c, in), on = problem_.drive(vehicle, c, stop[1].node, out);
      const std::int64_t start = std::max(stop->depart + there, opens);
      if (start > closes || start + service + on > stop[1].latest) continue;
      if (vehicle.lasts) {
        const auto k = static_cast<std::size_t>(stop - first);
        const model::TimeSegment whole = model::concatenate(model::concatenate(route.head[k], there, problem_.times.segment(c)), on, route.tail[k + 1]);
        if (whole.duration > vehicle.max_duration) continue;
      }
      if (blink_ > 0 && random.chance(blink_)) continue;
      best = {r, static_cast<std::int32_t>(stop - first), delta};
    }
  }

  const FleetProblem<Dist>& problem_;
  double blink_;
};

}  // namespace tempera::routing
