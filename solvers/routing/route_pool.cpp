#include "solvers/routing/route_pool.hpp"

#include <algorithm>

#include "solvers/model/time_segment.hpp"

namespace tempera::routing {

namespace {
// SplitMix64's finaliser (Steele, Lea, Flood 2014): sums of its values tell sets apart.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}
}  // namespace

std::uint64_t hash_of_set(std::span<const std::int32_t> customers) {
  std::uint64_t hash = 0;
  for (const std::int32_t c : customers) hash += mixed(static_cast<std::uint64_t>(c));
  return hash;
}

std::size_t pool_stops_for(int customers) { return std::min<std::size_t>(40 * static_cast<std::size_t>(customers), 1'000'000); }

RoutePool::RoutePool(const model::RoutingInstance& instance, std::size_t most_stops)
    : instance_(instance), distances_(instance, 0), most_stops_(most_stops) {}

void RoutePool::add(std::span<const std::int32_t> flat_routes, std::uint32_t round) {
  for (auto first = flat_routes.begin(); first != flat_routes.end();) {
    const auto last = std::find(first, flat_routes.end(), 0);
    if (first != last) add_one({first, last}, round);
    first = last == flat_routes.end() ? last : last + 1;
  }
  if (stops_ > most_stops_) drop_oldest();
}

void RoutePool::add_one(std::span<const std::int32_t> route, std::uint32_t round) {
  if (std::ranges::any_of(route, [&](std::int32_t c) { return c < 1 || c > instance_.customers(); })) return;
  std::int64_t cost = 0, load = 0;
  std::int32_t at = 0;
  for (const std::int32_t c : route) {
    cost += distances_(at, c);
    load += instance_.demand[static_cast<std::size_t>(c)].value;
    at = c;
  }
  cost += distances_(at, 0);
  const std::int64_t whole = cost + instance_.service.value * std::ssize(route);
  if (load > instance_.capacity.value || (instance_.max_route_length && whole > instance_.max_route_length->value)) return;
  if (instance_.timetable && !model::keeps_time(*instance_.timetable, model::route_segment(*instance_.timetable, distances_, route))) return;
  cost += instance_.route_cost.value;
  const auto [place, is_new] = routes_.try_emplace(hash_of_set(route));
  model::PooledRoute& known = place->second;
  known.round = std::max(known.round, round);
  if (!is_new && known.cost <= cost) return;
  if (is_new) stops_ += route.size();
  known.customers.assign(route.begin(), route.end());
  known.cost = cost;
}

std::vector<RoutePool::Entry> RoutePool::newest_first() const {
  std::vector<Entry> entries;
  for (const auto& [hash, route] : routes_) entries.emplace_back(hash, &route);
  std::ranges::sort(entries, [](const Entry& a, const Entry& b) { return a.second->round != b.second->round ? a.second->round > b.second->round : a.first < b.first; });
  return entries;
}

// Down to three quarters, so that the sorting is rare.
void RoutePool::drop_oldest() {
  std::vector<Entry> entries = newest_first();
  while (!entries.empty() && stops_ > most_stops_ - most_stops_ / 4) {
    stops_ -= entries.back().second->customers.size();
    routes_.erase(entries.back().first);
    entries.pop_back();
  }
}

std::vector<model::PooledRoute> RoutePool::routes() const {
  std::vector<model::PooledRoute> all;
  for (const Entry& entry : newest_first()) all.push_back(*entry.second);
  return all;
}

std::vector<std::int32_t> RoutePool::flat() const {
  std::vector<std::int32_t> flat;
  flat.reserve(stops_ + size());
  for (const Entry& entry : newest_first()) {
    flat.insert(flat.end(), entry.second->customers.begin(), entry.second->customers.end());
    flat.push_back(0);
  }
  return flat;
}

void RoutePool::restore(std::span<const model::PooledRoute> routes) {
  routes_.clear();
  stops_ = 0;
  for (const model::PooledRoute& route : routes) add_one(route.customers, route.round);
}

}  // namespace tempera::routing
