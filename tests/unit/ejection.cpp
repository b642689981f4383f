// Ejections against every choice of leaving stops and position there is.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>

#include "solvers/model/fleet_pricing.hpp"
#include "solvers/model/routing_referee.hpp"
#include "solvers/routing/ejection_search.hpp"
#include "tests/support/fleet_samples.hpp"
#include "tests/support/routing_samples.hpp"

namespace tempera::routing {
namespace {

using Local = LocalProblem<std::int32_t>;
using Times = LocalTimes<std::int32_t>;
using Table = TimedTable<std::int32_t>;

Times times_of(const model::RoutingInstance& in, const Local& problem) {
  Times times;
  for (const std::int32_t node : problem.node) {
    const auto i = static_cast<std::size_t>(node);
    times.earliest.push_back(static_cast<std::int32_t>(in.timetable->earliest[i].value));
    times.latest.push_back(static_cast<std::int32_t>(std::min(in.timetable->latest[i], in.timetable->latest[0]).value));
    times.service.push_back(static_cast<std::int32_t>(in.timetable->service[i].value));
  }
  if (in.timetable->max_duration) times.max_duration = in.timetable->max_duration->value;
  return times;
}

// Length and duration as the referee has them.
bool keeps_limits(const model::RoutingInstance& in, const Local& problem, const std::vector<std::int32_t>& stops) {
  const model::Route route = problem.to_nodes(stops);
  if (route.empty()) return true;
  const model::RouteTimes driven = model::times_of(in, route);
  return (!in.max_route_length || model::length_of(in, route) <= *in.max_route_length) && (!in.timetable->max_duration || driven.returns - driven.leaves <= in.timetable->max_duration->value);
}

// Load and time along the stops, from nothing but the tables.
bool is_feasible(const model::RoutingInstance& in, const Local& problem, const Times& times, const std::vector<std::int32_t>& stops) {
  std::int64_t load = 0, clock = times.earliest[0];
  std::int32_t last = 0;
  for (const std::int32_t c : stops) {
    const auto i = static_cast<std::size_t>(c);
    clock = std::max<std::int64_t>(clock + problem.distance(last, c), times.earliest[i]);
    if (clock > times.latest[i]) return false;
    clock += times.service[i];
    load += problem.demand[i];
    last = c;
  }
  return load <= problem.capacity && clock + problem.distance(last, 0) <= times.latest[0] && keeps_limits(in, problem, stops);
}

std::vector<std::int32_t> stops_of(const TimedRoute<std::int32_t>& route) {
  std::vector<std::int32_t> stops;
  for (std::int32_t k = 1; k <= route.size; ++k) stops.push_back(route.stops[static_cast<std::size_t>(k)].node);
  return stops;
}

std::vector<std::int32_t> after(std::vector<std::int32_t> stops, std::int32_t customer, const Ejection& ejection) {
  stops.insert(stops.begin() + ejection.at, customer);
  for (auto k = ejection.stops.rbegin(); k != ejection.stops.rend(); ++k) stops.erase(stops.begin() + (*k > ejection.at ? *k : *k - 1));
  return stops;
}

std::uint64_t lightest(const model::RoutingInstance& in, const Local& problem, const Times& times, const Table& routes, std::int32_t customer, const std::vector<std::uint64_t>& weights) {
  std::uint64_t best = weights[static_cast<std::size_t>(customer)];
  for (std::int32_t r = 0; r < routes.count(); ++r) {
    const std::vector<std::int32_t> stops = stops_of(routes[r]);
    for (std::uint32_t leaving = 0; leaving < 1u << stops.size(); ++leaving) {
      if (std::popcount(leaving) > 3) continue;
      std::vector<std::int32_t> stay;
      std::uint64_t weight = 0;
      for (std::size_t k = 0; k < stops.size(); ++k) {
        if (leaving >> k & 1u) weight += weights[static_cast<std::size_t>(stops[k])];
        else stay.push_back(stops[k]);
      }
      for (std::size_t at = 0; at <= stay.size() && weight < best; ++at) {
        std::vector<std::int32_t> changed = stay;
        changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(at), customer);
        if (is_feasible(in, problem, times, changed)) best = weight;
      }
    }
  }
  return best;
}

// Customers one by one at the first position of a random route that takes them; who fits nowhere stays outside.
Table filled(const model::RoutingInstance& in, const Local& problem, const Times& times, std::int32_t routes, core::RandomStream& random, std::vector<std::int32_t>& outside) {
  Table table(problem.customers);
  for (std::int32_t r = 0; r < routes; ++r) table.open(times);
  for (std::int32_t c = 1; c <= problem.customers; ++c) {
    const auto r = static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(routes)));
    const std::vector<std::int32_t> stops = stops_of(table[r]);
    std::optional<std::int32_t> at;
    for (std::int32_t k = 0; k <= std::ssize(stops) && !at; ++k) {
      std::vector<std::int32_t> changed = stops;
      changed.insert(changed.begin() + k, c);
      if (is_feasible(in, problem, times, changed)) at = k;
    }
    if (!at) {
      outside.push_back(c);
      continue;
    }
    TimedRoute<std::int32_t>& route = table.touch(r);
    const auto k = static_cast<std::size_t>(*at);
    route.insert(*at, c, problem.distance(route.stops[k].node, c), problem.distance(c, route.stops[k + 1].node), times);
    route.load += problem.demand[static_cast<std::size_t>(c)];
    table.assign(c, r);
  }
  return table;
}

RC_GTEST_PROP(Ejections, AreTheLightestOfAll, ()) {
  const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
  model::RoutingInstance in = tests::sample_instance({.customers = 20, .seed = seed, .asymmetric = seed % 2 == 0, .windows = true});
  if (seed % 3 == 1) in.max_route_length = model::Distance(2500);
  if (seed % 5 > 2) in.timetable->max_duration = model::Distance(2500);
  std::vector<std::int32_t> customers(20);
  std::iota(customers.begin(), customers.end(), 1);
  const Local problem(in, customers);
  const Times times = times_of(in, problem);
  core::RandomStream random({.seed = seed, .domain = core::tests, .part = 7});
  std::vector<std::int32_t> outside;
  const Table routes = filled(in, problem, times, 3, random, outside);
  std::vector<std::uint64_t> weights(21);
  for (std::uint64_t& weight : weights) weight = 1 + random.below(40);
  EjectionSearch<TimedRules<std::int32_t>> search({problem, times});
  for (const std::int32_t customer : outside) {
    const Ejection& found = search.lightest(customer, routes, weights);
    RC_ASSERT(found.weight == lightest(in, problem, times, routes, customer, weights));
    RC_ASSERT((found.route >= 0) == (found.weight < weights[static_cast<std::size_t>(customer)]));
    if (found.route < 0) continue;
    RC_ASSERT(std::ranges::is_sorted(found.stops) && found.stops.size() <= 3);
    std::uint64_t leaving = 0;
    for (const std::int32_t k : found.stops) leaving += weights[static_cast<std::size_t>(stops_of(routes[found.route])[static_cast<std::size_t>(k - 1)])];
    RC_ASSERT(leaving == found.weight);
    RC_ASSERT(is_feasible(in, problem, times, after(stops_of(routes[found.route]), customer, found)));
  }
}

// The same for a fleet's routes, each by its vehicle; the pricing of whole routes is the judge.
RC_GTEST_PROP(Ejections, OfAFleetAreTheLightestOfAll, ()) {
  const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
  const model::RoutingInstance in = tests::fleet_instance(tests::drawn_options(18, seed));
  const model::Distances distances(in);
  const model::FleetPricing pricing(in, distances);
  std::vector<std::int32_t> customers(18);
  std::iota(customers.begin(), customers.end(), 1);
  const FleetProblem<std::int32_t> problem(in, customers);
  core::RandomStream random({.seed = seed, .domain = core::tests, .part = 8});
  UndoableRoutes<FleetRoute<std::int32_t>> routes(18);
  const auto stops_of = [&](std::int32_t r) {
    std::vector<std::int32_t> stops;
    for (std::int32_t k = 1; k <= routes[r].size; ++k) stops.push_back(routes[r].stops[static_cast<std::size_t>(k)].node);
    return stops;
  };
  const auto is_feasible = [&](std::int32_t r, const std::vector<std::int32_t>& stops) { return pricing.keeps_limits(routes[r].vehicle, pricing.measure(routes[r].vehicle, problem.local.to_nodes(stops))); };
  for (int r = 0; r < 3; ++r) routes.open(problem, static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(problem.vehicles.size()))));
  std::vector<std::int32_t> outside;
  for (const std::int32_t c : customers) {
    const auto r = static_cast<std::int32_t>(random.below(3));
    std::int32_t at = 0;
    for (; at <= routes[r].size; ++at) {
      std::vector<std::int32_t> changed = stops_of(r);
      changed.insert(changed.begin() + at, c);
      if (is_feasible(r, changed)) break;
    }
    if (at > routes[r].size) outside.push_back(c);
    else routes.touch(r).insert(at, c, problem);
  }
  std::vector<std::uint64_t> weights(19);
  for (std::uint64_t& weight : weights) weight = 1 + random.below(40);
  EjectionSearch<FleetRules<std::int32_t>> search({problem});
  for (const std::int32_t customer : outside) {
    std::uint64_t best = weights[static_cast<std::size_t>(customer)];
    for (std::int32_t r = 0; r < routes.count(); ++r) {
      const std::vector<std::int32_t> stops = stops_of(r);
      for (std::uint32_t leaving = 0; leaving < 1u << stops.size(); ++leaving) {
        if (std::popcount(leaving) > 3) continue;
        std::vector<std::int32_t> stay;
        std::uint64_t weight = 0;
        for (std::size_t k = 0; k < stops.size(); ++k) {
          if (leaving >> k & 1u) weight += weights[static_cast<std::size_t>(stops[k])];
          else stay.push_back(stops[k]);
        }
        for (std::size_t at = 0; at <= stay.size() && weight < best; ++at) {
          std::vector<std::int32_t> changed = stay;
          changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(at), customer);
          if (is_feasible(r, changed)) best = weight;
        }
      }
    }
    const Ejection& found = search.lightest(customer, routes, weights);
    RC_ASSERT(found.weight == best);
    if (found.route >= 0) RC_ASSERT(is_feasible(found.route, after(stops_of(found.route), customer, found)));
  }
}

// A customer that fits without anybody leaving is an ejection of nobody; one that is absent least often displaces nobody.
TEST(Ejections, NobodyLeavesForNothing) {
  const model::RoutingInstance in = tests::sample_instance({.customers = 3, .seed = 1, .windows = true});
  const Local problem(in, std::vector<std::int32_t>{1, 2, 3});
  const Times times = times_of(in, problem);
  Table routes(3);
  routes.open(times);
  EjectionSearch<TimedRules<std::int32_t>> search({problem, times});
  EXPECT_EQ(search.lightest(1, routes, std::vector<std::uint64_t>{0, 1, 1, 1}).route, 0);
  EXPECT_TRUE(search.lightest(1, routes, std::vector<std::uint64_t>{0, 1, 1, 1}).stops.empty());
  EXPECT_GT(search.steps(), 0u);
  EXPECT_EQ(search.lightest(1, routes, std::vector<std::uint64_t>{0, 0, 1, 1}).route, -1);
}

}  // namespace
}  // namespace tempera::routing
