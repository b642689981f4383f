// Routes of a fleet on a subproblem: what an insertion must know to be priced and checked in constant time, whatever the vehicle.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "solvers/model/time_segment.hpp"
#include "solvers/routing/local_problem.hpp"
#include "solvers/routing/timed_routes.hpp"
#include "solvers/routing/undoable_routes.hpp"

namespace tempera::routing {

/// A type of vehicle with its depot's local number; limits that it does not have are huge.
struct LocalVehicle {
  model::VehicleType type;
  std::int32_t depot = 0;
  std::int64_t max_distance = std::numeric_limits<std::int64_t>::max() / 4;
  std::int64_t max_duration = std::numeric_limits<std::int64_t>::max() / 4;
  bool lasts = false;  ///< has a longest duration
};

/// A subproblem of an instance with a fleet.
template <class Dist>
struct FleetProblem {
  FleetProblem(const model::RoutingInstance& instance, std::span<const std::int32_t> wanted)
      : local(instance, wanted), timed(instance.timetable.has_value()), most_vehicles(instance.fleet->most_vehicles) {
    const model::Fleet& fleet = *instance.fleet;
    for (const model::VehicleType& type : fleet.types) {
      LocalVehicle& own = vehicles.emplace_back(LocalVehicle{.type = type});
      own.depot = type.depot == 0 ? 0 : local.customers + (type.depot - instance.customers());
      if (type.max_distance) own.max_distance = type.max_distance->value;
      if (type.max_duration) own.max_duration = type.max_duration->value;
      own.lasts = type.max_duration.has_value();
    }
    for (const std::int32_t node : local.node) {
      const auto i = static_cast<std::size_t>(node);
      times.earliest.push_back(timed ? instance.timetable->earliest[i].value : 0);
      times.latest.push_back(timed ? instance.timetable->latest[i].value : 0);
      times.service.push_back(timed ? instance.timetable->service[i].value : 0);
      optional.push_back(fleet.optional[i]);
      leaving_out.push_back(fleet.leaving_out(node));
    }
    if (timed && !instance.timetable->travel.empty())
      for (const std::int32_t from : local.node)
        for (const std::int32_t to : local.node) travel.push_back(static_cast<std::int32_t>(instance.timetable->normal_time(from, to, 0)));
    for (std::int32_t c = 0; c <= local.customers; ++c) {
      Dist least = local.distance(0, c);
      for (const LocalVehicle& vehicle : vehicles) least = std::min(least, local.distance(vehicle.depot, c));
      from_depot.push_back(least);
    }
  }

  /// Time from one local number to another by a vehicle of this type. @param distance  between them
  std::int64_t drive(const LocalVehicle& by, std::int32_t from, std::int32_t to, std::int64_t distance) const {
    return by.type.travel_time(travel.empty() ? distance : travel[static_cast<std::size_t>(from) * local.stride + static_cast<std::size_t>(to)]);
  }
  const LocalVehicle& vehicle(std::int32_t v) const { return vehicles[static_cast<std::size_t>(v)]; }
  std::int64_t demand(std::int32_t c) const { return local.demand[static_cast<std::size_t>(c)]; }

  LocalProblem<Dist> local;
  bool timed;
  std::int64_t most_vehicles;
  std::vector<LocalVehicle> vehicles;
  LocalTimes<std::int64_t> times;
  std::vector<std::int32_t> travel;       ///< given travel times, row = from; empty: they follow from the distance
  std::vector<std::uint8_t> optional;     ///< by local number, as the next two
  std::vector<std::int64_t> leaving_out;
  std::vector<Dist> from_depot;           ///< of customers: from the nearest depot
};

struct FleetStop {
  std::int32_t node = 0;
  std::int64_t arc = 0;     ///< distance to the next stop
  std::int64_t drive = 0;   ///< time to the next stop
  std::int64_t depart = 0;  ///< earliest end of service
  std::int64_t latest = 0;  ///< latest start of service that keeps all windows from here on
};

/// Route: stops[0] = depot, stops[1..size], stops[size + 1] = depot. `depart` and `latest` never fall along a route.
template <class Dist>
struct FleetRoute {
  std::vector<FleetStop> stops;
  std::int32_t size = 0;
  std::int32_t vehicle = 0;
  std::int64_t length = 0;  // sum of arcs
  std::int64_t load = 0;
  std::vector<model::TimeSegment> head, tail;  // where the vehicle has a longest duration: depot..stop and stop..depot

  void clear(const FleetProblem<Dist>& problem, std::int32_t its_vehicle) {
    vehicle = its_vehicle;
    const std::int32_t depot = problem.vehicle(vehicle).depot;
    const auto d = static_cast<std::size_t>(depot);
    stops.assign(2, FleetStop{.node = depot});
    stops[0].depart = problem.times.earliest[d];
    stops[1].latest = problem.times.latest[d];
    size = 0;
    length = load = 0;
  }

  void copy_from(const FleetRoute& other) { *this = other; }

  /// Puts a customer between stops[at] and stops[at + 1].
  void insert(std::int32_t at, std::int32_t customer, const FleetProblem<Dist>& problem) {
    length -= stops[static_cast<std::size_t>(at)].arc;
    stops.insert(stops.begin() + at + 1, FleetStop{.node = customer});
    ++size;
    load += problem.demand(customer);
    length += set_arc(at, problem) + set_arc(at + 1, problem);
    if (problem.timed) update(at + 1, at + 1, problem);
  }

  /// Takes out stops[first .. first + count).
  void erase(std::int32_t first, std::int32_t count, const FleetProblem<Dist>& problem) {
    for (std::int32_t k = first - 1; k < first + count; ++k) length -= stops[static_cast<std::size_t>(k)].arc;
    for (std::int32_t k = first; k < first + count; ++k) load -= problem.demand(stops[static_cast<std::size_t>(k)].node);
    stops.erase(stops.begin() + first, stops.begin() + first + count);
    size -= count;
    length += set_arc(first - 1, problem);
    if (problem.timed) update(first, first - 1, problem);
  }

  /// The same customers by another vehicle.
  void retype(std::int32_t other, const FleetProblem<Dist>& problem) {
    vehicle = other;
    const std::int32_t depot = problem.vehicle(other).depot;
    stops.front().node = stops.back().node = depot;
    stops.front().depart = problem.times.earliest[static_cast<std::size_t>(depot)];
    stops.back().latest = problem.times.latest[static_cast<std::size_t>(depot)];
    length = 0;
    for (std::int32_t k = 0; k <= size; ++k) length += set_arc(k, problem);
    if (!problem.timed) return;
    for (std::int32_t k = 1; k <= size; ++k) stops[static_cast<std::size_t>(k)].depart = stops[static_cast<std::size_t>(k)].latest = unknown;
    update(1, size, problem);
  }

  std::int64_t cost(const FleetProblem<Dist>& problem) const {
    const model::VehicleType& type = problem.vehicle(vehicle).type;
    return size == 0 ? 0 : type.fixed_cost.value + type.distance_price * length;
  }

  bool keeps_limits(const FleetProblem<Dist>& problem) const {
    const LocalVehicle& own = problem.vehicle(vehicle);
    if (size == 0) return true;
    if (load > own.type.capacity.value || length > own.max_distance) return false;
    if (!problem.timed) return true;
    // Every stop: where a vehicle must wait, the stops before it say nothing of those behind.
    for (std::size_t k = 1; k < stops.size(); ++k) {
      const auto i = static_cast<std::size_t>(stops[k].node);
      if (std::max(stops[k - 1].depart + stops[k - 1].drive, problem.times.earliest[i]) > problem.times.latest[i]) return false;
    }
    return !own.lasts || tail[0].duration <= own.max_duration;
  }

 private:
  static constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::min() / 4;  // no time: what stands there is looked at anew

  std::int64_t set_arc(std::int32_t k, const FleetProblem<Dist>& problem) {
    FleetStop& stop = stops[static_cast<std::size_t>(k)];
    const std::int32_t next = stops[static_cast<std::size_t>(k) + 1].node;
    stop.arc = problem.local.distance(stop.node, next);
    if (problem.timed) stop.drive = problem.drive(problem.vehicle(vehicle), stop.node, next, stop.arc);
    return stop.arc;
  }

  // Forward from stop `ahead` on and backward from stop `back` on, until nothing changes.
  void update(std::int32_t ahead, std::int32_t back, const FleetProblem<Dist>& problem) {
    const LocalTimes<std::int64_t>& times = problem.times;
    for (std::int32_t k = ahead; k <= size; ++k) {
      FleetStop& stop = stops[static_cast<std::size_t>(k)];
      const FleetStop& previous = stops[static_cast<std::size_t>(k - 1)];
      const auto c = static_cast<std::size_t>(stop.node);
      const std::int64_t depart = std::max(previous.depart + previous.drive, times.earliest[c]) + times.service[c];
      if (k > ahead && depart == stop.depart) break;
      stop.depart = depart;
    }
    for (std::int32_t k = back; k >= 1; --k) {
      FleetStop& stop = stops[static_cast<std::size_t>(k)];
      const auto c = static_cast<std::size_t>(stop.node);
      const std::int64_t latest = std::min(stops[static_cast<std::size_t>(k + 1)].latest - stop.drive - times.service[c], times.latest[c]);
      if (k < back && latest == stop.latest) break;
      stop.latest = latest;
    }
    if (problem.vehicle(vehicle).lasts) update_segments(times);
  }

  void update_segments(const LocalTimes<std::int64_t>& times) {
    head.resize(stops.size());
    tail.resize(stops.size());
    head[0] = tail[stops.size() - 1] = times.segment(stops[0].node);
    for (std::size_t k = 1; k < stops.size(); ++k) head[k] = model::concatenate(head[k - 1], stops[k - 1].drive, times.segment(stops[k].node));
    for (std::size_t k = stops.size() - 1; k-- > 0;) tail[k] = model::concatenate(times.segment(stops[k].node), stops[k].drive, tail[k + 1]);
  }
};

}  // namespace tempera::routing
