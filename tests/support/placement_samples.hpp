// Small placement networks: textbook trees with known optima, random ones, and brute force over whole service times.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "solvers/core/random.hpp"
#include "solvers/model/placement_network.hpp"
#include "solvers/model/placement_problem.hpp"

namespace tempera::tests {

struct KnownPlacement {
  std::string name;
  model::PlacementNetwork network;
  double optimum = 0;
};

struct StageLine {
  double lead_time, holding_cost;
  double supplier_time = 0;
  double service_limit = -1;  ///< -1 = none
};

/// `bound` is z * sigma of every stage.
inline model::PlacementNetwork network_of(const std::vector<StageLine>& stages, std::vector<model::PlacementArc> arcs, const std::vector<double>& bound) {
  model::PlacementNetwork network;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    model::PlacementStage s;
    s.lead_time = stages[i].lead_time;
    s.holding_cost = stages[i].holding_cost;
    s.supplier_time = stages[i].supplier_time;
    if (stages[i].service_limit >= 0) s.service_limit = stages[i].service_limit;
    s.bound = bound[i];
    network.stages.push_back(s);
  }
  network.arcs = std::move(arcs);
  return network;
}

/// Guaranteed-service trees of Snyder & Shen, "Fundamentals of Supply Chain Theory", 2nd edition, with optima that two
/// independent methods agree on.
inline std::vector<KnownPlacement> textbook_trees() {
  const auto same = [](std::size_t n, double bound) { return std::vector<double>(n, bound); };
  std::vector<KnownPlacement> out;
  out.push_back({"example 6.3", network_of({{1, 2, 1}, {0, 4}, {1, 7, 0, 1}}, {{0, 1}, {1, 2}}, same(3, 1)), 2.8284271247461903});
  out.push_back({"problem 6.7", network_of({{1, 2, 1}, {1, 3}, {2, 4, 0, 0}}, {{0, 1}, {1, 2}}, same(3, 40)), 357.7708763999});
  const double z98 = model::normal_quantile(0.98);
  out.push_back({"problem 6.8",
                 network_of({{5, .87, 7}, {1, .98}, {5, 1.1}, {9, 1.15}, {5, 2.37}, {8, 2.47}, {15, 2.93}, {2, 3.04}, {10, 4.56}, {5, 5.73, 0, 3}},
                            {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 6}, {6, 7}, {7, 8}, {8, 9}}, same(10, 15.8 * z98)),
                 1378.3020369044});
  const double pooled = std::hypot(4.1, 6.2);
  out.push_back({"problem 6.9",
                 network_of({{7, 44.0 / 365, 0, 3}, {7, 28.0 / 365, 0, 3}, {21, 18.0 / 365}, {3, 1.0 / 365}, {8, 4.0 / 365}, {2, 1.5 / 365}},
                            {{2, 0}, {2, 1}, {3, 2}, {4, 2}, {5, 4}}, {4 * 4.1, 4 * 6.2, 4 * pooled, 4 * pooled, 4 * pooled, 4 * pooled}),
                 15.6495302495});
  const double two = std::sqrt(2.0);
  out.push_back({"example 6.5", network_of({{2, 1, 1}, {1, 2}, {1, 3, 0, 0}, {1, 3, 0, 1}}, {{0, 1}, {1, 2}, {1, 3}}, {two, two, 1, 1}), 8.2779168675});
  const double z95 = model::normal_quantile(0.95);
  out.push_back({"figure 6.14",
                 network_of({{2, .01}, {3, .03}, {2, .04}, {4, .06}, {2, .12}, {3, .13}, {6, .2}, {4, .08}, {3, .04}, {2, .5, 0, 2}},
                            {{0, 1}, {1, 2}, {2, 4}, {3, 4}, {4, 5}, {6, 9}, {5, 9}, {7, 9}, {8, 9}}, same(10, 10 * z95)),
                 18.8240044726});
  return out;
}

/// A random network with whole lead times; `extra_arcs` beyond a tree make it general.
inline model::PlacementNetwork random_network(std::uint32_t seed, int stages, int extra_arcs, bool with_capacity = false) {
  core::RandomStream random({.seed = seed, .domain = core::tests});
  model::PlacementNetwork network;
  for (int i = 0; i < stages; ++i) {
    model::PlacementStage s;
    s.lead_time = random.below(4);
    s.holding_cost = 1 + random.below(20);
    s.supplier_time = random.below(4) == 0 ? 1 : 0;
    network.stages.push_back(s);
  }
  const auto connect = [&](int a, int b) {
    const auto low = static_cast<std::int32_t>(std::min(a, b)), high = static_cast<std::int32_t>(std::max(a, b));
    if (low == high || std::ranges::any_of(network.arcs, [&](const auto& arc) { return arc.from == low && arc.to == high; })) return;
    network.arcs.push_back({low, high, 1.0 + random.below(2)});
  };
  for (int i = 1; i < stages; ++i) connect(i, static_cast<int>(random.below(static_cast<std::uint32_t>(i))));
  for (int k = 0; k < extra_arcs; ++k) connect(static_cast<int>(random.below(static_cast<std::uint32_t>(stages))), static_cast<int>(random.below(static_cast<std::uint32_t>(stages))));
  for (int i = 0; i < stages; ++i) {
    const bool sink = std::ranges::none_of(network.arcs, [&](const auto& arc) { return arc.from == i; });
    if (!sink && random.below(4) != 0) continue;
    model::PlacementStage& s = network.stages[static_cast<std::size_t>(i)];
    s.demand_mean = 5 + random.below(20);
    s.demand_deviation = 1 + random.below(8);
    s.service_level = 0.9 + 0.01 * random.below(9);
    if (sink || random.below(2) == 0) s.service_limit = random.below(3);
  }
  if (with_capacity) {
    const model::PooledDemand pooled = model::pool_demand(network);
    for (int i = 0; i < stages; ++i)
      if (random.below(2) == 0) network.stages[static_cast<std::size_t>(i)].capacity = pooled.mean[static_cast<std::size_t>(i)] + 1 + random.below(6);
  }
  return network;
}

/// Two sites that share out most stages, with the room that `plan` needs there times `share`.
inline void add_sites(model::PlacementNetwork& network, std::uint32_t seed, const model::PlacementPlan& plan, double share) {
  core::RandomStream random({.seed = seed, .domain = core::tests, .part = 77});
  network.sites = {{"north", 0}, {"south", 0}};
  for (model::PlacementStage& s : network.stages) {
    s.site = static_cast<std::int32_t>(random.below(3)) - 1;
    s.volume = 0.5 + random.below(4);
  }
  const std::vector<double> stored = model::stored(model::compile(network), plan);
  for (std::size_t k = 0; k < 2; ++k) network.sites[k].storage = share * stored[k];
}

/// Cheapest plan over all whole service times, by trying them all in topological order; 1e300 when none fits the sites. For a
/// handful of stages.
inline double enumerated_optimum(const model::PlacementProblem& problem, const std::vector<double>& out_price = {}, const std::vector<double>& in_price = {}) {
  std::vector<double> s(problem.size(), 0.0), inbounds(problem.size(), 0.0);
  const std::vector<double> ones(problem.sites.size(), 1.0);
  const bool priced = !out_price.empty();
  double best = 1e300;
  const std::function<void(std::size_t, double)> place = [&](std::size_t k, double cost) {
    if (k == problem.size()) {
      if (cost < best && (problem.sites.empty() || model::storage_penalty(problem, {s, inbounds}, ones) == 0)) best = cost;
      return;
    }
    const auto i = static_cast<std::size_t>(problem.order[k]);
    double inbound = problem.limits[i].inbound_least;
    for (const auto& e : problem.suppliers.of(i)) inbound = std::max(inbound, s[static_cast<std::size_t>(e.stage)]);
    // With prices a longer inbound time than needed may pay.
    for (double si = inbound; si <= (priced ? problem.limits[i].inbound_most : inbound); ++si)
      for (double out = 0; out <= std::min(problem.limits[i].outbound_most, si + problem.lead_time[i]); ++out) {
        s[i] = out;
        inbounds[i] = si;
        const double prices = priced ? out_price[i] * out - in_price[i] * si : 0.0;
        place(k + 1, cost + problem.cost[i](si + problem.lead_time[i] - out) + prices);
      }
  };
  place(0, 0);
  return best;
}

}  // namespace tempera::tests
