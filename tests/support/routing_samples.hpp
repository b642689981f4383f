// Small random routing instances and feasible random solutions for tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "solvers/core/random.hpp"
#include "solvers/model/distances.hpp"
#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::tests {

/// What a random instance shall have besides customers, demands 1..20 and a capacity.
struct SampleOptions {
  int customers = 30;
  std::uint64_t seed = 1;
  bool asymmetric = false;     ///< an explicit matrix that breaks symmetry and the triangle inequality
  bool length_limit = false;   ///< with service time; every customer can be served alone
  std::int64_t capacity = 60;
  bool windows = false;        ///< a timetable: about two of three customers with a window of their own, service times 0..30
  bool duration_limit = false; ///< with windows: a longest duration that every customer alone keeps
};

/// Opens every customer's window so that a vehicle of its own can serve it; asymmetric matrices included.
inline void give_windows(model::RoutingInstance& in, core::RandomStream& random, bool duration_limit) {
  const model::Distances d(in);
  model::Timetable& times = in.timetable.emplace();
  const std::int64_t day = 6000;
  times.earliest.push_back(model::Distance(100));
  times.latest.push_back(model::Distance(day));
  times.service.push_back(model::Distance(0));
  std::int64_t longest = 0;
  for (int c = 1; c < in.nodes(); ++c) {
    const std::int64_t service = random.below(31), first = 100 + d(0, c), last = day - d(c, 0) - service;
    const bool open = random.below(3) == 0;
    const std::int64_t centre = first + random.below(static_cast<std::uint32_t>(last - first + 1)), half = 50 + random.below(600);
    times.service.push_back(model::Distance(service));
    times.earliest.push_back(model::Distance(open ? 0 : std::max<std::int64_t>(0, centre - half)));
    times.latest.push_back(model::Distance(open ? day : std::max(centre, std::min(last, centre + half))));
    longest = std::max(longest, d(0, c) + service + d(c, 0));
  }
  if (duration_limit) times.max_duration = model::Distance(longest + 300);
}

inline model::RoutingInstance sample_instance(const SampleOptions& options) {
  core::RandomStream random({.seed = options.seed, .domain = core::tests});
  model::RoutingInstance in;
  in.name = "sample";
  in.capacity = model::Load(options.capacity);
  for (int i = 0; i <= options.customers; ++i) {
    in.points.push_back({std::floor(random.uniform() * 1000), std::floor(random.uniform() * 1000)});
    in.demand.push_back(model::Load(i == 0 ? 0 : 1 + random.below(20)));
    in.node_ids.push_back(i + 1);
  }
  if (options.asymmetric) {
    in.edge_weight = model::EdgeWeight::explicit_matrix;
    for (const model::Point a : in.points)
      for (const model::Point b : in.points) in.matrix.push_back(std::floor(std::hypot(a.x - b.x, a.y - b.y) * (0.7 + 0.6 * random.uniform())));
  }
  if (options.length_limit) {
    in.service = model::Distance(10);
    const model::Distances d(in);
    std::int64_t farthest = 0;
    for (int c = 1; c <= options.customers; ++c) farthest = std::max(farthest, d(0, c) + d(c, 0));
    in.max_route_length = model::Distance(farthest * 5 / 4 + 40);
  }
  if (options.windows) give_windows(in, random, options.duration_limit);
  return in;
}

/// Mostly with windows, beside which a matrix, longest durations and lengths and the objective are drawn, each for itself. With a
/// timetable always: without windows fewest vehicles come first, and routes may have a longest length with service.
inline model::RoutingInstance drawn_timed_instance(int customers, std::uint64_t seed) {
  core::RandomStream random({.seed = seed, .domain = core::tests, .part = 12});
  const auto one_in = [&](std::uint32_t n) { return random.below(n) == 0; };
  const bool windows = !one_in(5);
  model::RoutingInstance in = sample_instance({.customers = customers, .seed = seed, .asymmetric = one_in(3), .length_limit = !windows && one_in(2), .windows = windows, .duration_limit = one_in(3)});
  if (windows && one_in(4)) in.max_route_length = model::Distance(4500);
  if (one_in(2) || !windows) model::set_objective(in, model::Objective::vehicles);
  return in;
}

/// Customers in random order, cut into routes as load and length allow, some of them earlier.
inline model::RoutingSolution random_solution(const model::RoutingInstance& in, core::RandomStream& random) {
  std::vector<std::int32_t> order(static_cast<std::size_t>(in.customers()));
  std::iota(order.begin(), order.end(), 1);
  for (std::size_t k = order.size(); k > 1; --k) std::swap(order[k - 1], order[random.below(static_cast<std::uint32_t>(k))]);
  const model::Distances d(in);
  model::RoutingSolution solution;
  std::int64_t load = 0, length = 0;
  for (const std::int32_t c : order) {
    const std::int64_t demand = in.demand[static_cast<std::size_t>(c)].value;
    const int last = solution.routes.empty() ? 0 : solution.routes.back().back();
    const std::int64_t longer = length + in.service.value + d(last, c);
    const bool fits = load + demand <= in.capacity.value && (!in.max_route_length || longer + d(c, 0) <= in.max_route_length->value);
    if (solution.routes.empty() || !fits || random.chance(0.15)) {
      solution.routes.emplace_back();
      load = 0;
      length = in.service.value + d(0, c);
    } else {
      length = longer;
    }
    load += demand;
    solution.routes.back().push_back(c);
  }
  return solution;
}

/// Every customer on a route of its own.
inline model::RoutingSolution one_each(const model::RoutingInstance& in) {
  model::RoutingSolution solution;
  for (std::int32_t c = 1; c <= in.customers(); ++c) solution.routes.push_back({c});
  return solution;
}

}  // namespace tempera::tests
