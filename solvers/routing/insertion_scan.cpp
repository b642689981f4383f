#include "solvers/routing/insertion_scan.hpp"

#include <algorithm>
#include <limits>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tempera::routing {

namespace {
constexpr float too_high = std::numeric_limits<float>::max();

#if defined(__x86_64__)
#define TEMPERA_AVX2 __attribute__((target("avx2,fma")))

TEMPERA_AVX2 inline float lowest(__m256 v) {
  const __m128 four = _mm_min_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  const __m128 two = _mm_min_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_min_ss(two, _mm_movehdup_ps(two)));
}

TEMPERA_AVX2 float lowest_avx2(const PricedPositions& priced) {
  __m256 low = _mm256_set1_ps(too_high);
  for (std::int32_t k = 0; k < priced.count; k += 8) low = _mm256_min_ps(low, _mm256_loadu_ps(priced.prices.data() + k));
  return lowest(low);
}

// Calls `visit(k)` for every price up to the threshold, in order.
template <class Visit>
TEMPERA_AVX2 void visit_low_avx2(const PricedPositions& priced, float threshold, Visit visit) {
  const __m256 most = _mm256_set1_ps(threshold);
  for (std::int32_t k = 0; k < priced.count; k += 8) {
    int mask = _mm256_movemask_ps(_mm256_cmp_ps(_mm256_loadu_ps(priced.prices.data() + k), most, _CMP_LE_OQ));
    for (; mask != 0; mask &= mask - 1) visit(k + __builtin_ctz(static_cast<unsigned>(mask)));
  }
}

// Eight positions at a time from the places of the stops, which lie in a row, while a row of the distance table is spread over
// the outer caches. Lowers `low` to the lowest prices. Exact: distances are rounded to whole numbers, as LocalProblem allows it.
template <bool exact>
TEMPERA_AVX2 inline void price_route_avx2(const RouteArray<std::int32_t>& route, const InsertionQuery<std::int32_t>& q, float* prices, __m256& low) {
  const __m256 x = _mm256_set1_ps(q.place.x), y = _mm256_set1_ps(q.place.y);
  const __m256i rotate = _mm256_setr_epi32(7, 0, 1, 2, 3, 4, 5, 6);
  __m256 before = _mm256_set1_ps(q.depot_distance);  // lane 0: the distance to the stop in front of the group
  for (std::int32_t k = 0; k <= route.size; k += 8) {
    const __m256 dx = _mm256_sub_ps(_mm256_loadu_ps(route.x.data() + k + 1), x), dy = _mm256_sub_ps(_mm256_loadu_ps(route.y.data() + k + 1), y);
    __m256 after = _mm256_sqrt_ps(_mm256_fmadd_ps(dx, dx, _mm256_mul_ps(dy, dy)));
    if constexpr (exact) after = _mm256_floor_ps(_mm256_add_ps(after, _mm256_set1_ps(0.5F)));
    const __m256 turned = _mm256_permutevar8x32_ps(after, rotate);
    const __m256 both = _mm256_add_ps(after, _mm256_blend_ps(turned, before, 1));
    before = turned;
    const __m256 price = _mm256_sub_ps(both, _mm256_cvtepi32_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(route.arcs.data() + k))));
    _mm256_storeu_ps(prices + k, price);
    low = _mm256_min_ps(low, price);
  }
}

template <bool exact>
TEMPERA_AVX2 float price_in_plane_avx2(const RouteTable<std::int32_t>& routes, const InsertionQuery<std::int32_t>& q, PricedPositions& priced) {
  const std::span<const std::int64_t> loads = routes.loads();
  const auto count = static_cast<std::int32_t>(loads.size());
  const __m256i most = _mm256_set1_epi64x(q.capacity - q.room_needed);
  __m256 low = _mm256_set1_ps(too_high);
  for (std::int32_t r = 0; r < count; r += 4) {
    const __m256i four = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(loads.data() + r));  // behind the last route: load_padding
    int mask = _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpgt_epi64(four, most))) ^ 15;
    for (; mask != 0; mask &= mask - 1) {
      const std::int32_t with_room = r + __builtin_ctz(static_cast<unsigned>(mask));
      if (with_room >= count) break;
      const RouteArray<std::int32_t>& route = routes[with_room];
      if (route.size > 0) price_route_avx2<exact>(route, q, priced.add(with_room, route.size + 1), low);
    }
  }
  return lowest(low);
}

// The first position with exactly this price.
TEMPERA_AVX2 std::int32_t first_at_avx2(const PricedPositions& priced, float price) {
  const __m256 wanted = _mm256_set1_ps(price);
  for (std::int32_t k = 0;; k += 8) {
    const int mask = _mm256_movemask_ps(_mm256_cmp_ps(_mm256_loadu_ps(priced.prices.data() + k), wanted, _CMP_EQ_OQ));
    if (mask != 0) return k + __builtin_ctz(static_cast<unsigned>(mask));
  }
}

// Prices are exact: the first among the lowest is the answer.
Insertion<std::int32_t> cheapest_in_plane(const RouteTable<std::int32_t>& routes, const InsertionQuery<std::int32_t>& q, std::int32_t bound, core::RandomStream& random,
                                          PricedPositions& priced) {
  for (float low = price_in_plane_avx2<true>(routes, q, priced); low < static_cast<float>(bound); low = lowest_avx2(priced)) {
    const std::int32_t value = first_at_avx2(priced, low);
    const PricedPositions::Stretch& stretch = priced.stretch_of(value);
    const RouteArray<std::int32_t>& route = routes[stretch.route];
    const auto delta = static_cast<std::int32_t>(low);
    const bool allowed = route.length + delta + q.service * (route.size + 1) <= q.longest;
    if (allowed && !random.chance(q.blink)) return {stretch.route, value - stretch.first, delta};
    priced.prices[static_cast<std::size_t>(value)] = too_high;
  }
  return {-1, 0, bound};
}

const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
constexpr bool has_avx2 = false;
#endif

template <class Visit>
void visit_low(const PricedPositions& priced, float threshold, Visit visit) {
  for (std::int32_t k = 0; k < priced.count; ++k)
    if (priced.prices[static_cast<std::size_t>(k)] <= threshold) visit(k);
}
}  // namespace

template <class Dist>
InsertionScan<Dist>::InsertionScan(Instructions instructions) : fast_(instructions == Instructions::best && has_avx2) {}

// One position after the other; works for distances of any kind.
template <class Dist>
float InsertionScan<Dist>::price_with_table(const RouteTable<Dist>& routes, const InsertionQuery<Dist>& q) {
  const std::span<const std::int64_t> loads = routes.loads();
  float low = too_high;
  for (std::int32_t r = 0; r < routes.count(); ++r) {
    const RouteArray<Dist>& route = routes[r];
    if (loads[static_cast<std::size_t>(r)] > q.capacity - q.room_needed || route.size == 0) continue;
    float* prices = priced_.add(r, route.size + 1);
    const std::int32_t* stops = route.stops.data();
    for (std::int32_t k = 0; k <= route.size; ++k) {
      prices[k] = static_cast<float>(q.to[stops[k]] + q.from[stops[k + 1]] - route.arcs[static_cast<std::size_t>(k)]);
      low = std::min(low, prices[k]);
    }
    std::fill(prices + route.size + 1, priced_.prices.data() + priced_.count, too_high);
  }
  return low;
}

// Where the cheapest of the positions priced up to the threshold stands, looked up in the table; -1 when none is allowed.
// Those that are not allowed are taken out.
template <class Dist>
std::int32_t InsertionScan<Dist>::find(const RouteTable<Dist>& routes, const InsertionQuery<Dist>& q, float threshold, Dist bound, Insertion<Dist>& best) {
  std::int32_t best_value = -1, best_route = -1, best_at = 0;
  Dist best_delta = bound;
  const auto visit = [&](std::int32_t value) {
    const PricedPositions::Stretch& stretch = priced_.stretch_of(value);
    const RouteArray<Dist>& route = routes[stretch.route];
    const auto at = static_cast<std::size_t>(value - stretch.first);
    const Dist delta = q.to[route.stops[at]] + q.from[route.stops[at + 1]] - route.arcs[at];
    if (delta >= bound || route.length + delta + q.service * (route.size + 1) > q.longest) {
      priced_.prices[static_cast<std::size_t>(value)] = too_high;
    } else if (delta < best_delta) {
      best_delta = delta;
      best_route = stretch.route;
      best_at = static_cast<std::int32_t>(at);
      best_value = value;
    }
  };
#if defined(__x86_64__)
  if (fast_) visit_low_avx2(priced_, threshold, visit);
  else
#endif
    visit_low(priced_, threshold, visit);
  best.route = best_route;
  best.at = best_at;
  best.delta = best_delta;
  return best_value;
}

template <class Dist>
Insertion<Dist> InsertionScan<Dist>::cheapest(const RouteTable<Dist>& routes, const InsertionQuery<Dist>& q, Dist bound, core::RandomStream& random) {
  priced_.clear();
  float low = 0, error = q.table_error;
#if defined(__x86_64__)
  if constexpr (sizeof(Dist) == 4) {
    if (fast_ && q.places_exact) return cheapest_in_plane(routes, q, bound, random, priced_);
    if (fast_ && q.plane_error) {
      low = price_in_plane_avx2<false>(routes, q, priced_);
      error = *q.plane_error;
    } else {
      low = price_with_table(routes, q);
    }
  } else
#endif
    low = price_with_table(routes, q);
  const float highest = static_cast<float>(bound) + error;
  while (low <= highest) {
    Insertion<Dist> best;
    // Whatever stands above the threshold costs more than the position with the lowest price.
    if (const std::int32_t value = find(routes, q, low + 2.5F * error, bound, best); value >= 0) {
      if (!random.chance(q.blink)) return best;
      priced_.prices[static_cast<std::size_t>(value)] = too_high;
    }
#if defined(__x86_64__)
    if (fast_) {
      low = lowest_avx2(priced_);
      continue;
    }
#endif
    low = *std::min_element(priced_.prices.begin(), priced_.prices.begin() + priced_.count);
  }
  return {-1, 0, bound};
}

template class InsertionScan<std::int32_t>;
template class InsertionScan<std::int64_t>;

}  // namespace tempera::routing
