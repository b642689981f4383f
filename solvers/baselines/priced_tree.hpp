// The pieces that the bounds of routing problems share: shortest ways, and spanning trees with priced customers.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

#include "solvers/model/distances.hpp"

namespace tempera::baselines {

inline constexpr double far_away = std::numeric_limits<double>::infinity();

/// Lengths of the shortest ways from a node to every node or, with `back`, to it, by Dijkstra's algorithm on the full graph.
std::vector<double> shortest_ways(const model::Distances& d, int from, bool back);

/// The tree bound for one price per node (0 for the depot, node 0), and how far each customer's degree is from two.
/// Legs says what a leg costs at least: `leg(a, b)` for a != b, `last_leg(c)` of the leg of a route that is left out of the tree.
template <class Legs>
class PricedTree {
 public:
  PricedTree(const Legs& legs, std::size_t nodes, std::size_t fewest_routes) : legs_(legs), nodes_(nodes), routes_(fewest_routes) {}

  std::size_t nodes() const { return nodes_; }

  double bound(const std::vector<double>& price, std::vector<int>& degree) const {
    degree.assign(nodes_, 0);
    const double tree = spanning_tree(price, degree), legs = depot_legs(price, degree);
    return tree + legs - 2 * std::accumulate(price.begin(), price.end(), 0.0);
  }

 private:
  // Prim's algorithm.
  double spanning_tree(const std::vector<double>& price, std::vector<int>& degree) const {
    std::vector<double> cheapest(nodes_, far_away);
    std::vector<std::size_t> parent(nodes_, 0);
    std::vector<bool> in_tree(nodes_, false);
    double sum = 0;
    std::size_t latest = 0;
    in_tree[0] = true;
    for (std::size_t step = 1; step < nodes_; ++step) {
      std::size_t next = nodes_;
      for (std::size_t k = 1; k < nodes_; ++k) {
        if (in_tree[k]) continue;
        if (const double cost = legs_.leg(latest, k) + price[latest] + price[k]; cost < cheapest[k]) cheapest[k] = cost, parent[k] = latest;
        if (next == nodes_ || cheapest[k] < cheapest[next]) next = k;
      }
      in_tree[next] = true;
      sum += cheapest[next];
      ++degree[next], ++degree[parent[next]];
      latest = next;
    }
    return sum;
  }

  // One leg per route, of different customers: the cheapest of as few routes as possible, and every further one that prices make worth having.
  double depot_legs(const std::vector<double>& price, std::vector<int>& degree) const {
    std::vector<std::pair<double, std::size_t>> legs;
    for (std::size_t c = 1; c < nodes_; ++c) legs.emplace_back(legs_.last_leg(c) + price[c], c);
    std::ranges::sort(legs);
    double sum = 0;
    for (std::size_t k = 0; k < legs.size() && (k < routes_ || legs[k].first < 0); ++k) {
      sum += legs[k].first;
      ++degree[legs[k].second];
    }
    return sum;
  }

  const Legs& legs_;
  std::size_t nodes_;
  std::size_t routes_;
};

/// Subgradient ascent with a step that shrinks; whatever the prices, each bound on the way is valid.
template <class Legs>
double tree_bound(const PricedTree<Legs>& tree, const std::function<bool()>& stop) {
  const std::size_t nodes = tree.nodes();
  const auto most_steps = static_cast<int>(std::clamp(1e8 / (static_cast<double>(nodes) * static_cast<double>(nodes)), 4.0, 200.0));
  std::vector<double> price(nodes, 0.0);
  std::vector<int> degree;
  double best = tree.bound(price, degree);
  const double first_step = 0.5 * best / static_cast<double>(nodes);  // half a mean leg
  for (int k = 0; k < most_steps && !(stop && stop()); ++k) {
    const double step = first_step * std::pow(0.02, static_cast<double>(k) / most_steps);
    for (std::size_t c = 1; c < nodes; ++c) price[c] += step * (degree[c] - 2);
    best = std::max(best, tree.bound(price, degree));
  }
  return best;
}
}  // namespace tempera::baselines
