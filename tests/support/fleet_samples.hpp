// Small random instances with a fleet, and their exact answers by the referee alone.
#pragma once

#include <algorithm>
#include <limits>
#include <map>
#include <vector>

#include "solvers/model/routing_referee.hpp"
#include "tests/support/routing_samples.hpp"

namespace tempera::tests {

struct FleetOptions {
  int customers = 7;
  std::uint64_t seed = 1;
  int types = 3;
  int depots = 2;
  std::int64_t count = 2;        ///< of each type
  bool optional = true;          ///< about half of the customers, with prizes
  bool windows = false;          ///< with speeds and longest durations
  bool travel = false;           ///< with windows: given travel times, each its own, half to twice the distance
  bool asymmetric = false;
  std::int64_t most_vehicles = 1000;
  bool vehicles_first = false;   ///< then nobody is optional
};

/// Each choice drawn for itself, so that every combination occurs.
inline FleetOptions drawn_options(int customers, std::uint64_t seed) {
  core::RandomStream random({.seed = seed, .domain = core::tests, .part = 11});
  const auto one_in = [&](std::uint32_t n) { return random.below(n) == 0; };
  FleetOptions options{.customers = customers, .seed = seed};
  options.types = 1 + static_cast<int>(random.below(4));
  options.depots = 1 + static_cast<int>(random.below(3));
  options.count = 1 + random.below(5);
  options.optional = one_in(2);
  options.windows = !one_in(3);
  options.travel = one_in(3) && options.windows;
  options.asymmetric = one_in(4);
  if (one_in(6)) options.most_vehicles = 3;
  options.vehicles_first = !options.optional && one_in(2);
  return options;
}

/// Types differ in capacity, fixed cost, cost per distance, depot, and some in their longest distance.
inline model::RoutingInstance fleet_instance(const FleetOptions& options) {
  const int nodes = options.customers + options.depots - 1;
  model::RoutingInstance in = sample_instance({.customers = nodes, .seed = options.seed, .asymmetric = options.asymmetric, .windows = options.windows});
  core::RandomStream random({.seed = options.seed, .domain = core::tests, .part = 9});
  model::Fleet& fleet = in.fleet.emplace();
  fleet.depots = options.depots;
  fleet.most_vehicles = options.most_vehicles;
  fleet.money_scale = 100;
  for (int i = 0; i <= nodes; ++i) {
    const bool customer = i >= 1 && i <= options.customers, chosen = customer && options.optional && random.chance(0.5);
    fleet.optional.push_back(chosen);
    fleet.prize.emplace_back(chosen ? random.below(400'000) : 0);
    if (!customer) in.demand[static_cast<std::size_t>(i)] = model::Load(0);
  }
  if (in.timetable)
    for (int i = options.customers + 1; i <= nodes; ++i) {  // depots are open all day
      const auto d = static_cast<std::size_t>(i);
      in.timetable->earliest[d] = model::Distance(50 + random.below(100));
      in.timetable->latest[d] = model::Distance(5500 + random.below(500));
      in.timetable->service[d] = model::Distance(0);
    }
  if (in.timetable && options.travel) {
    core::RandomStream drawn({.seed = options.seed, .domain = core::tests, .part = 10});
    const model::Distances distances(in);
    for (int a = 0; a <= nodes; ++a)
      for (int b = 0; b <= nodes; ++b) in.timetable->travel.push_back(static_cast<std::int32_t>(static_cast<double>(distances(a, b)) * (0.5 + 1.5 * drawn.uniform())));
  }
  for (int t = 0; t < options.types; ++t) {
    model::VehicleType& type = fleet.types.emplace_back();
    type.id = "type" + std::to_string(t);
    type.count = options.count;
    type.capacity = model::Load(20 + 15 * t + random.below(10));
    type.fixed_cost = model::Cost(20'000 + 15'000 * t);
    type.distance_price = 80 + 20 * t + random.below(20);
    const int depot = static_cast<int>(random.below(static_cast<std::uint32_t>(options.depots)));
    type.depot = depot == 0 ? 0 : options.customers + depot;
    if (random.chance(0.3)) type.max_distance = model::Distance(2500);
    if (options.windows && random.chance(0.5)) type.max_duration = model::Distance(2800);
    if (options.windows && random.chance(0.5)) type.slowness = 700'000 + random.below(900'000);
    in.capacity = std::max(in.capacity, type.capacity);
  }
  if (options.vehicles_first) model::put_vehicles_first(in, "sample");
  model::price_missing_customers(in, "sample");
  model::validate(in, "sample");
  return in;
}

/// Every order of every subset by every type is judged, then the cheapest choice of routes within the fleet is found over
/// (subset, vehicles used). Knows nothing of the solvers; for up to eight customers.
class FleetOracle {
 public:
  explicit FleetOracle(const model::RoutingInstance& in) : in_(in), all_((1u << in.customers()) - 1) {
    nobody_ = model::judge(in, {}).cost.value;
    for (std::int32_t t = 0; t < std::ssize(in.fleet->types); ++t) {
      gain_.emplace_back(std::size_t{all_} + 1, no_way);
      extend(t, 0, 0);
    }
  }

  /// Of a best answer, prizes forgone and missing customers included.
  std::int64_t cost() {
    std::vector<std::int64_t> left;
    for (const model::VehicleType& type : in_.fleet->types) left.push_back(type.count);
    return nobody_ + best(all_, left, in_.fleet->most_vehicles);
  }

 private:
  static constexpr std::int64_t no_way = std::numeric_limits<std::int64_t>::max() / 4;

  void extend(std::int32_t type, unsigned mask, std::int64_t load) {
    for (std::int32_t c = 1; c <= in_.customers(); ++c) {
      const unsigned with = mask | 1u << (c - 1);
      const std::int64_t heavier = load + in_.demand[static_cast<std::size_t>(c)].value;
      if (with == mask || heavier > in_.fleet->types[static_cast<std::size_t>(type)].capacity.value) continue;
      route_.push_back(c);
      const model::RoutingVerdict verdict = model::judge(in_, {.routes = {route_}, .vehicles = {type}, .left_out = {}});
      if (verdict.feasible) gain_.back()[with] = std::min(gain_.back()[with], verdict.cost.value - nobody_);
      extend(type, with, heavier);
      route_.pop_back();
    }
  }

  // What the routes change against serving nobody. The lowest customer is left out or on some route.
  std::int64_t best(unsigned mask, const std::vector<std::int64_t>& left, std::int64_t vehicles) {
    if (mask == 0 || vehicles == 0) return 0;
    std::vector<std::int64_t> key = left;
    key.push_back(mask);
    key.push_back(vehicles);
    if (const auto known = known_.find(key); known != known_.end()) return known->second;
    const unsigned lowest = mask & ~(mask - 1);
    std::int64_t least = best(mask & ~lowest, left, vehicles);
    for (std::size_t t = 0; t < left.size(); ++t) {
      if (left[t] == 0) continue;
      std::vector<std::int64_t> fewer = left;
      --fewer[t];
      for (unsigned part = mask; part != 0; part = (part - 1) & mask)
        if ((part & lowest) && gain_[t][part] < no_way) least = std::min(least, gain_[t][part] + best(mask & ~part, fewer, vehicles - 1));
    }
    return known_[key] = least;
  }

  const model::RoutingInstance& in_;
  unsigned all_;
  std::int64_t nobody_ = 0;
  std::vector<std::vector<std::int64_t>> gain_;  // [type][subset]
  model::Route route_;
  std::map<std::vector<std::int64_t>, std::int64_t> known_;
};

}  // namespace tempera::tests
