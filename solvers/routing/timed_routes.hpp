// Routes that keep time: what an insertion must know to be checked in constant time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "solvers/model/time_segment.hpp"
#include "solvers/routing/undoable_routes.hpp"

namespace tempera::routing {

/// One stop: with what lies before it summed up in `depart`, and what lies behind it in `latest`.
template <class Dist>
struct TimedStop {
  std::int32_t node = 0;  ///< 0 the depot
  Dist arc = 0;           ///< to the next stop
  Dist depart = 0;        ///< earliest end of service
  Dist latest = 0;        ///< latest start of service that keeps all windows from here on
};

/// Windows and service times by local number.
template <class Dist>
struct LocalTimes {
  std::vector<Dist> earliest, latest, service;
  std::int64_t max_duration = std::numeric_limits<std::int64_t>::max() / 4;

  model::TimeSegment segment(std::int32_t i) const {
    const auto k = static_cast<std::size_t>(i);
    return {service[k], 0, earliest[k], latest[k]};
  }
};

/// Route: stops[0] = depot, stops[1..size], stops[size + 1] = depot. `depart` and `latest` never fall along a route.
template <class Dist>
struct TimedRoute {
  std::vector<TimedStop<Dist>> stops;
  std::int32_t size = 0;
  std::int64_t length = 0;  // sum of arcs
  std::int64_t load = 0;
  // Only where durations are limited: the segments depot..stop and stop..depot.
  std::vector<model::TimeSegment> head, tail;

  void clear(const LocalTimes<Dist>& times) {
    stops.assign(2, {});
    stops[0].depart = times.earliest[0];
    stops[1].latest = times.latest[0];
    size = 0;
    length = load = 0;
  }

  void copy_from(const TimedRoute& other) {
    stops.assign(other.stops.begin(), other.stops.end());
    size = other.size;
    length = other.length;
    load = other.load;
    head.assign(other.head.begin(), other.head.end());
    tail.assign(other.tail.begin(), other.tail.end());
  }

  /// Puts a customer between stops[at] and stops[at + 1].
  void insert(std::int32_t at, std::int32_t customer, Dist to, Dist from, const LocalTimes<Dist>& times) {
    const auto k = static_cast<std::size_t>(at);
    length += std::int64_t{to} + from - stops[k].arc;
    stops[k].arc = to;
    stops.insert(stops.begin() + at + 1, TimedStop<Dist>{customer, from, 0, 0});
    ++size;
    update(at + 1, at + 1, times);
  }

  /// Takes out stops[first .. first + count); `bridge` is the arc that closes the gap.
  void erase(std::int32_t first, std::int32_t count, Dist bridge, const LocalTimes<Dist>& times) {
    for (std::int32_t k = first - 1; k < first + count; ++k) length -= stops[static_cast<std::size_t>(k)].arc;
    if (size == count) bridge = 0;
    length += bridge;
    stops[static_cast<std::size_t>(first - 1)].arc = bridge;
    stops.erase(stops.begin() + first, stops.begin() + first + count);
    size -= count;
    update(first, first - 1, times);
  }

  /// Forward from stop `ahead` on and backward from stop `back` on, until nothing changes.
  void update(std::int32_t ahead, std::int32_t back, const LocalTimes<Dist>& times) {
    for (std::int32_t k = ahead; k <= size; ++k) {
      TimedStop<Dist>& stop = stops[static_cast<std::size_t>(k)];
      const TimedStop<Dist>& previous = stops[static_cast<std::size_t>(k - 1)];
      const auto c = static_cast<std::size_t>(stop.node);
      const Dist depart = std::max<Dist>(previous.depart + previous.arc, times.earliest[c]) + times.service[c];
      if (k > ahead && depart == stop.depart) break;
      stop.depart = depart;
    }
    for (std::int32_t k = back; k >= 1; --k) {
      TimedStop<Dist>& stop = stops[static_cast<std::size_t>(k)];
      const auto c = static_cast<std::size_t>(stop.node);
      const Dist latest = std::min<Dist>(stops[static_cast<std::size_t>(k + 1)].latest - stop.arc - times.service[c], times.latest[c]);
      if (k < back && latest == stop.latest) break;
      stop.latest = latest;
    }
  }

  void update_segments(const LocalTimes<Dist>& times) {
    head.resize(stops.size());
    tail.resize(stops.size());
    head[0] = tail[stops.size() - 1] = times.segment(0);
    for (std::size_t k = 1; k < stops.size(); ++k) head[k] = model::concatenate(head[k - 1], stops[k - 1].arc, times.segment(stops[k].node));
    for (std::size_t k = stops.size() - 1; k-- > 0;) tail[k] = model::concatenate(times.segment(stops[k].node), stops[k].arc, tail[k + 1]);
  }
};

template <class Dist>
using TimedTable = UndoableRoutes<TimedRoute<Dist>>;

}  // namespace tempera::routing
