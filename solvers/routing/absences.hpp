// How often each customer had no place: what a search for fewer vehicles steers by (Christiaens & Vanden Berghe 2020, section 6).
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "solvers/routing/undoable_routes.hpp"

namespace tempera::routing {

class Absences {
 public:
  explicit Absences(std::int32_t customers) : times_(static_cast<std::size_t>(customers) + 1, 0) {}

  void forget() { std::ranges::fill(times_, 0); }
  void count(std::int32_t customer) { ++times_[static_cast<std::size_t>(customer)]; }
  std::span<const std::uint64_t> by_customer() const { return times_; }

  std::uint64_t sum(std::span<const std::int32_t> customers) const {
    std::uint64_t sum = 0;
    for (const std::int32_t c : customers) sum += times_[static_cast<std::size_t>(c)];
    return sum;
  }

  /// The route whose customers were absent least often in all, of equals the shortest. Precondition: there is one, none is empty.
  template <class Route>
  std::int32_t rarest_route(const UndoableRoutes<Route>& routes) const {
    std::int32_t chosen = 0;
    std::pair<std::uint64_t, std::int32_t> least{std::numeric_limits<std::uint64_t>::max(), 0};
    for (std::int32_t r = 0; r < routes.count(); ++r) {
      std::uint64_t sum = 0;
      for (std::int32_t k = 1; k <= routes[r].size; ++k) sum += times_[static_cast<std::size_t>(routes[r].stops[static_cast<std::size_t>(k)].node)];
      if (const std::pair key{sum, routes[r].size}; key < least) least = key, chosen = r;
    }
    return chosen;
  }

 private:
  std::vector<std::uint64_t> times_;
};

}  // namespace tempera::routing
