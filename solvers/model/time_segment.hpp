// Time windows of a sequence of visits as four numbers, put together in constant time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "solvers/model/routing_instance.hpp"

namespace tempera::model {

/// A sequence of visits, served one after another without needless waiting. Where windows cannot be kept the vehicle "goes
/// back in time" to the window's end, at the price of `time_warp`; a sequence is feasible when that is 0.
/// Source: Vidal, Crainic, Gendreau, Prins, "A hybrid genetic algorithm with adaptive diversity management for a large class
/// of vehicle routing problems with time-windows", Computers & Operations Research 40 (2013), section 4.4, proposition 1
struct TimeSegment {
  std::int64_t duration = 0;   ///< least time from the first to the end of the last service, waiting and warps included
  std::int64_t time_warp = 0;  ///< least sum of warps
  std::int64_t earliest = 0;   ///< start of the first service: earliest and latest one with both the least
  std::int64_t latest = 0;
};

/// One visit. The depot's segment opens and closes a route.
inline TimeSegment time_segment(const Timetable& times, std::int32_t node) {
  const auto i = static_cast<std::size_t>(node);
  return {times.service[i].value, 0, times.earliest[i].value, times.latest[i].value};
}

/// The visits of `a`, a drive of `travel`, the visits of `b`.
inline TimeSegment concatenate(const TimeSegment& a, std::int64_t travel, const TimeSegment& b) {
  const std::int64_t delta = a.duration - a.time_warp + travel;  // from the start of a to the arrival at b
  const std::int64_t wait = std::max<std::int64_t>(b.earliest - delta - a.latest, 0);
  const std::int64_t warp = std::max<std::int64_t>(a.earliest + delta - b.latest, 0);
  return {a.duration + b.duration + travel + wait, a.time_warp + b.time_warp + warp, std::max(b.earliest - delta, a.earliest) - wait,
          std::min(b.latest - delta, a.latest) + warp};
}

/// The whole of a route, from the depot's opening to its closing. @param distance  callable (from, to), scaled units
template <class DistanceOf>
TimeSegment route_segment(const Timetable& times, const DistanceOf& distance, std::span<const std::int32_t> route) {
  TimeSegment whole = time_segment(times, 0);
  std::int32_t at = 0;
  for (const std::int32_t c : route) {
    whole = concatenate(whole, distance(at, c), time_segment(times, c));
    at = c;
  }
  return concatenate(whole, distance(at, 0), time_segment(times, 0));
}

/// True when nothing comes late and the day is not too long.
inline bool keeps_time(const Timetable& times, const TimeSegment& route) {
  return route.time_warp == 0 && (!times.max_duration || route.duration <= times.max_duration->value);
}

}  // namespace tempera::model
