#include "solvers/baselines/timed_insertion.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

#include "solvers/baselines/timed_route.hpp"

namespace tempera::baselines {

using model::Distances;
using model::Route;
using model::RoutingInstance;
using model::RoutingSolution;
using model::TimeSegment;

namespace {
struct Position {
  int at = 0;  // in front of this stop
  std::int64_t detour = 0;
};

// The cheapest position that keeps load, length and time.
std::optional<Position> cheapest(const RoutingInstance& in, const Distances& d, const TimedRoute& route, std::int32_t customer) {
  if (route.total_load() + in.demand[static_cast<std::size_t>(customer)].value > in.capacity.value) return std::nullopt;
  const TimeSegment own = model::time_segment(*in.timetable, customer);
  std::optional<Position> best;
  for (int k = 0; k <= route.size(); ++k) {
    const std::int32_t before = route.at(k - 1), after = route.at(k);
    const std::int64_t to = d(before, customer), from = d(customer, after);
    const std::int64_t detour = to + from - (route.size() == 0 ? 0 : d(before, after));
    if (best && detour >= best->detour) continue;
    if (in.max_route_length && route.total_length() + detour > in.max_route_length->value) continue;
    const TimeSegment half = model::concatenate(route.head_of(k), to, own);
    if (half.time_warp > 0 || !model::keeps_time(*in.timetable, model::concatenate(half, from, route.tail_of(k)))) continue;
    best = {k, detour};
  }
  return best;
}

void put(const RoutingInstance& in, const Distances& d, TimedRoute& route, int at, std::int32_t customer) {
  Route stops = route.stops;
  stops.insert(stops.begin() + at, customer);
  route.assign(std::move(stops), in, d);
}

class RouteByRoute {
 public:
  RouteByRoute(const RoutingInstance& in, const Distances& d, const model::Neighbours& neighbours)
      : in_(in), d_(d), neighbours_(neighbours), served_(in.demand.size(), false), listed_in_(in.demand.size(), 0) {}

  RoutingSolution run() {
    std::vector<std::int32_t> seeds(static_cast<std::size_t>(in_.customers()));
    std::iota(seeds.begin(), seeds.end(), 1);
    std::ranges::stable_sort(seeds, std::greater<>{}, [&](std::int32_t c) { return d_(0, c); });
    RoutingSolution solution;
    for (const std::int32_t seed : seeds)
      if (!served_[static_cast<std::size_t>(seed)]) solution.routes.push_back(grow(seed));
    return solution;
  }

 private:
  Route grow(std::int32_t seed) {
    ++number_;
    near_.clear();
    route_.assign({seed}, in_, d_);
    take(seed);
    while (const std::int32_t next = best_next()) take(next);
    return route_.stops;
  }

  // Serves the customer and lists its neighbours as candidates for this route.
  void take(std::int32_t customer) {
    served_[static_cast<std::size_t>(customer)] = true;
    for (const std::int32_t c : neighbours_.of(customer)) {
      if (served_[static_cast<std::size_t>(c)] || listed_in_[static_cast<std::size_t>(c)] == number_) continue;
      listed_in_[static_cast<std::size_t>(c)] = number_;
      near_.push_back(c);
    }
  }

  // Puts the customer with the largest gain in its place; 0 when none fits. One that fits nowhere now never will in this route.
  std::int32_t best_next() {
    std::int32_t chosen = 0;
    Position place;
    std::int64_t most = std::numeric_limits<std::int64_t>::min();
    std::erase_if(near_, [&](std::int32_t c) {
      if (served_[static_cast<std::size_t>(c)]) return true;
      const auto position = cheapest(in_, d_, route_, c);
      if (!position) return true;
      if (const std::int64_t gain = 2 * d_(0, c) - position->detour; gain > most) most = gain, chosen = c, place = *position;
      return false;
    });
    if (chosen != 0) put(in_, d_, route_, place.at, chosen);
    return chosen;
  }

  const RoutingInstance& in_;
  const Distances& d_;
  const model::Neighbours& neighbours_;
  TimedRoute route_;
  std::vector<bool> served_;
  std::vector<int> listed_in_;
  std::vector<std::int32_t> near_;  // candidates for this route
  int number_ = 0;
};
}  // namespace

RoutingSolution timed_insertion(const RoutingInstance& instance, const Distances& distances, const model::Neighbours& neighbours) {
  return RouteByRoute(instance, distances, neighbours).run();
}

void insert_in_time(const RoutingInstance& instance, const Distances& distances, std::span<const std::int32_t> missing, RoutingSolution& solution) {
  std::vector<TimedRoute> routes(solution.routes.size());
  for (std::size_t r = 0; r < routes.size(); ++r) routes[r].assign(solution.routes[r], instance, distances);
  for (const std::int32_t c : missing) {
    std::size_t chosen = routes.size();
    Position place{0, distances(0, c) + distances(c, 0) + instance.route_cost.value};
    for (std::size_t r = 0; r < routes.size(); ++r)
      if (const auto position = cheapest(instance, distances, routes[r], c); position && position->detour < place.detour) chosen = r, place = *position;
    if (chosen == routes.size()) routes.emplace_back().assign({c}, instance, distances);
    else put(instance, distances, routes[chosen], place.at, c);
  }
  solution.routes.clear();
  for (TimedRoute& route : routes) solution.routes.push_back(std::move(route.stops));
}

Route kept_in_time(const RoutingInstance& instance, const Distances& distances, const Route& wanted, std::vector<std::int32_t>& missing) {
  const TimeSegment depot = model::time_segment(*instance.timetable, 0);
  Route kept;
  TimeSegment driven = depot;
  std::int64_t load = 0, length = 0;
  std::int32_t at = 0;
  for (const std::int32_t c : wanted) {
    const TimeSegment with = model::concatenate(driven, distances(at, c), model::time_segment(*instance.timetable, c));
    const std::int64_t heavier = load + instance.demand[static_cast<std::size_t>(c)].value, longer = length + distances(at, c);
    const bool fits = heavier <= instance.capacity.value && model::keeps_time(*instance.timetable, model::concatenate(with, distances(c, 0), depot)) &&
                      (!instance.max_route_length || longer + distances(c, 0) <= instance.max_route_length->value);
    if (!fits) {
      missing.push_back(c);
      continue;
    }
    kept.push_back(c);
    driven = with;
    load = heavier;
    length = longer;
    at = c;
  }
  return kept;
}

}  // namespace tempera::baselines
