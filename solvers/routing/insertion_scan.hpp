// The inner loop of recreate: the cheapest position for one customer among all routes with room.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "solvers/core/random.hpp"
#include "solvers/routing/route_arrays.hpp"

namespace tempera::routing {

template <class Dist>
struct InsertionQuery {
  const Dist* to = nullptr;      ///< to[stop] = d(stop, customer)
  const Dist* from = nullptr;    ///< from[stop] = d(customer, stop)
  std::int64_t room_needed = 0;  ///< the customer's demand
  std::int64_t capacity = 0;
  std::int64_t longest = 0;      ///< route length incl. service that may not be passed
  std::int64_t service = 0;      ///< per customer
  double blink = 0;
  Place place;                       ///< the customer's
  float depot_distance = 0;          ///< LocalProblem::plane_distance to the depot
  std::optional<float> plane_error;  ///< LocalProblem::plane_error; nothing: places may not be used
  bool places_exact = false;         ///< LocalProblem::places_exact
  float table_error = 0;             ///< LocalProblem::table_error
};

template <class Dist>
struct Insertion {
  std::int32_t route = -1;  ///< -1: no position below the bound
  std::int32_t at = 0;      ///< between stops[at] and stops[at + 1]
  Dist delta = 0;
};

/// Approximate prices of positions, route after route, each route's padded to a multiple of 8 by prices too high to matter.
struct PricedPositions {
  struct Stretch {
    std::int32_t route = 0;
    std::int32_t first = 0;  ///< its positions 0, 1, ... stand at prices[first], prices[first + 1], ...
  };
  std::vector<Stretch> stretches;
  std::vector<float> prices;
  std::int32_t count = 0;  ///< prices in use, a multiple of 8

  void clear() {
    stretches.clear();
    count = 0;
  }

  const Stretch& stretch_of(std::int32_t value) const {
    const Stretch* stretch = stretches.data() + stretches.size() - 1;
    while (stretch->first > value) --stretch;
    return *stretch;
  }

  /// Room for the positions of one more route; returns where they begin.
  float* add(std::int32_t route, std::int32_t positions) {
    stretches.push_back({route, count});
    const std::int32_t first = count;
    count += (positions + 7) / 8 * 8;
    if (static_cast<std::size_t>(count) > prices.size()) prices.resize(2 * static_cast<std::size_t>(count));
    return prices.data() + first;
  }
};

enum class Instructions : std::uint8_t { best, portable };

/// Prices every position of every route with room and takes the cheapest below a bound, the first among equals; each one
/// found is overlooked with probability `blink`, and the next best taken. Same draws and same result with all instructions.
/// Prices are approximate first, so that they can be had fast; only those near the lowest are looked up in the table. Where
/// places give exact distances, nothing is looked up.
template <class Dist>
class InsertionScan {
 public:
  explicit InsertionScan(Instructions instructions = Instructions::best);
  Insertion<Dist> cheapest(const RouteTable<Dist>& routes, const InsertionQuery<Dist>& query, Dist bound, core::RandomStream& random);

 private:
  float price_with_table(const RouteTable<Dist>& routes, const InsertionQuery<Dist>& query);
  std::int32_t find(const RouteTable<Dist>& routes, const InsertionQuery<Dist>& query, float threshold, Dist bound, Insertion<Dist>& best);

  bool fast_;
  PricedPositions priced_;
};

extern template class InsertionScan<std::int32_t>;
extern template class InsertionScan<std::int64_t>;

}  // namespace tempera::routing
