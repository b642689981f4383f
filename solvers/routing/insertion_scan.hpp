// The inner loop of recreate: the cheapest position for one customer among all routes with room.
#pragma once

#include <cstdint>

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
};

template <class Dist>
struct Insertion {
  std::int32_t route = -1;  ///< -1: no position below the bound
  std::int32_t at = 0;      ///< between stops[at] and stops[at + 1]
  Dist delta = 0;
};

/// Looks at every position of every route with room, and takes the first that costs less than all before it (and than
/// `bound`), overlooking each improving one with probability `blink`. Same draws and result on every instruction set.
template <class Dist>
Insertion<Dist> cheapest_insertion(const RouteTable<Dist>& routes, const InsertionQuery<Dist>& query, Dist bound, core::RandomStream& random);

extern template Insertion<std::int32_t> cheapest_insertion(const RouteTable<std::int32_t>&, const InsertionQuery<std::int32_t>&, std::int32_t,
                                                           core::RandomStream&);
extern template Insertion<std::int64_t> cheapest_insertion(const RouteTable<std::int64_t>&, const InsertionQuery<std::int64_t>&, std::int64_t,
                                                           core::RandomStream&);

/// For tests: the portable path, whatever the processor can.
Insertion<std::int32_t> cheapest_insertion_portable(const RouteTable<std::int32_t>& routes, const InsertionQuery<std::int32_t>& query,
                                                    std::int32_t bound, core::RandomStream& random);

}  // namespace tempera::routing
