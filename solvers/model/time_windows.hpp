// Which customers have a time window of their own, and how late any may be.
#pragma once

#include <cstdint>

#include "solvers/model/routing_instance.hpp"

namespace tempera::model {

/// Customers (and depots behind the first) that can be served at fewer times than the first depot is open.
inline std::int64_t windows_in(const Timetable& times) {
  std::int64_t windows = 0;
  for (std::size_t i = 1; i < times.latest.size(); ++i) windows += times.earliest[i] > times.earliest[0] || times.latest[i] < times.latest[0];
  return windows;
}

/// The latest time that an instance of so many nodes may hold, in its units: sums over a route stay far inside 64 bits.
std::int64_t latest_time(std::size_t nodes);

}  // namespace tempera::model
