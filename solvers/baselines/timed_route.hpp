// One route with its segments from the depot to every stop and from every stop to the depot: what a move is checked with.
#pragma once

#include <cstdint>
#include <vector>

#include "solvers/model/distances.hpp"
#include "solvers/model/routing_solution.hpp"
#include "solvers/model/time_segment.hpp"

namespace tempera::baselines {

/// Visits stops 0..size-1. head[k] is the depot and the first k stops, tail[k] are the stops from k on and the depot.
struct TimedRoute {
  model::Route stops;
  std::vector<model::TimeSegment> head, tail;
  std::vector<std::int64_t> load;    ///< of the first k stops
  std::vector<std::int64_t> length;  ///< driven from the depot to stop k - 1; [size + 1] back home

  int size() const { return static_cast<int>(stops.size()); }
  /// Stop k, the depot for -1 and size.
  std::int32_t at(int k) const { return k < 0 || k >= size() ? 0 : stops[static_cast<std::size_t>(k)]; }
  const model::TimeSegment& head_of(int k) const { return head[static_cast<std::size_t>(k)]; }
  const model::TimeSegment& tail_of(int k) const { return tail[static_cast<std::size_t>(k)]; }
  std::int64_t load_of(int k) const { return load[static_cast<std::size_t>(k)]; }
  std::int64_t total_load() const { return load.back(); }
  std::int64_t total_length() const { return length.back(); }

  void assign(model::Route sequence, const model::RoutingInstance& instance, const model::Distances& d) {
    stops = std::move(sequence);
    const model::Timetable& times = *instance.timetable;
    const std::size_t n = stops.size();
    head.resize(n + 1);
    tail.resize(n + 1);
    load.resize(n + 1);
    length.assign(n + 2, 0);
    head[0] = tail[n] = model::time_segment(times, 0);
    load[0] = 0;
    std::int32_t previous = 0;
    for (std::size_t k = 0; k < n; ++k) {
      const std::int64_t leg = d(previous, stops[k]);
      head[k + 1] = model::concatenate(head[k], leg, model::time_segment(times, stops[k]));
      load[k + 1] = load[k] + instance.demand[static_cast<std::size_t>(stops[k])].value;
      length[k + 1] = length[k] + leg;
      previous = stops[k];
    }
    length[n + 1] = n == 0 ? 0 : length[n] + d(previous, 0);
    for (std::size_t k = n; k-- > 0;)
      tail[k] = model::concatenate(model::time_segment(times, stops[k]), k + 1 == n ? d(stops[k], 0) : d(stops[k], stops[k + 1]), tail[k + 1]);
  }
};

}  // namespace tempera::baselines
