// Routes that keep time: what an insertion must know to be checked in constant time, with undo of everything since `begin`.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "solvers/model/time_segment.hpp"

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

/// All routes, densely numbered 0..count(), with one level of undo. A route touched between `begin` and `commit` or
/// `undo` is copied once, on first touch; `undo` swaps the copies back.
template <class Dist>
class TimedTable {
 public:
  explicit TimedTable(std::int32_t customers) : route_of_(static_cast<std::size_t>(customers) + 1, -1) {}

  std::int32_t count() const { return count_; }
  const TimedRoute<Dist>& operator[](std::int32_t r) const { return routes_[static_cast<std::size_t>(r)]; }
  std::int32_t route_of(std::int32_t customer) const { return route_of_[static_cast<std::size_t>(customer)]; }
  void assign(std::int32_t customer, std::int32_t route) { route_of_[static_cast<std::size_t>(customer)] = route; }

  void clear() { count_ = 0; touched_.clear(); std::ranges::fill(route_of_, -1); }
  /// Those of before `begin` that were written to since.
  std::span<const std::int32_t> touched() const { return touched_; }
  void begin() { first_new_ = count_; ++epoch_; touched_.clear(); }

  std::int32_t open(const LocalTimes<Dist>& times) {
    if (static_cast<std::size_t>(count_) == routes_.size()) {
      routes_.emplace_back();
      saved_.emplace_back();
      touched_at_.push_back(0);
    }
    routes_[static_cast<std::size_t>(count_)].clear(times);
    return count_++;
  }

  /// The route for writing.
  TimedRoute<Dist>& touch(std::int32_t r) {
    const auto k = static_cast<std::size_t>(r);
    if (touched_at_[k] != epoch_ && r < first_new_) {
      touched_at_[k] = epoch_;
      saved_[k].copy_from(routes_[k]);
      touched_.push_back(r);
    }
    return routes_[k];
  }

  /// Keeps the changes and closes the numbers of routes that became empty.
  void commit() {
    if (std::ranges::none_of(touched_, [&](std::int32_t r) { return routes_[static_cast<std::size_t>(r)].size == 0; })) return;
    for (std::int32_t r = count_; r-- > 0;) {
      if (routes_[static_cast<std::size_t>(r)].size > 0) continue;
      --count_;
      if (r == count_) continue;
      std::swap(routes_[static_cast<std::size_t>(r)], routes_[static_cast<std::size_t>(count_)]);
      const TimedRoute<Dist>& moved = routes_[static_cast<std::size_t>(r)];
      for (std::int32_t k = 1; k <= moved.size; ++k) assign(moved.stops[static_cast<std::size_t>(k)].node, r);
    }
  }

  /// Everything as at `begin`, but for route_of of the customers moved since: the caller knows them.
  void undo() {
    for (const std::int32_t r : touched_) std::swap(routes_[static_cast<std::size_t>(r)], saved_[static_cast<std::size_t>(r)]);
    count_ = first_new_;
  }

 private:
  std::vector<TimedRoute<Dist>> routes_, saved_;
  std::vector<std::uint64_t> touched_at_;
  std::vector<std::int32_t> touched_;
  std::vector<std::int32_t> route_of_;
  std::int32_t count_ = 0;
  std::int32_t first_new_ = 0;
  std::uint64_t epoch_ = 0;
};

}  // namespace tempera::routing
