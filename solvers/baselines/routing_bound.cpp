#include "solvers/baselines/routing_bound.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "solvers/model/distances.hpp"

namespace tempera::baselines {

namespace {
constexpr double far_away = std::numeric_limits<double>::infinity();

std::int64_t total_demand(const model::RoutingInstance& in) {
  return std::accumulate(in.demand.begin(), in.demand.end(), std::int64_t{0}, [](std::int64_t sum, model::Load d) { return sum + d.value; });
}

// Lengths of the shortest ways from the depot (or, with `back`, to it) by Dijkstra's algorithm on the full graph.
std::vector<double> ways(const model::Distances& d, bool back) {
  const int n = d.nodes();
  std::vector<double> length(static_cast<std::size_t>(n), far_away);
  std::vector<bool> done(static_cast<std::size_t>(n), false);
  length[0] = 0;
  for (int step = 0; step < n; ++step) {
    int nearest = -1;
    for (int k = 0; k < n; ++k)
      if (!done[static_cast<std::size_t>(k)] && (nearest < 0 || length[static_cast<std::size_t>(k)] < length[static_cast<std::size_t>(nearest)])) nearest = k;
    done[static_cast<std::size_t>(nearest)] = true;
    for (int k = 0; k < n; ++k) {
      double& known = length[static_cast<std::size_t>(k)];
      known = std::min(known, length[static_cast<std::size_t>(nearest)] + static_cast<double>(back ? d(k, nearest) : d(nearest, k)));
    }
  }
  return length;
}

double radial_bound(const model::RoutingInstance& in, const model::Distances& d) {
  const std::vector<double> out = ways(d, false), back = ways(d, true);
  double sum = 0;
  for (std::size_t c = 1; c < out.size(); ++c) sum += static_cast<double>(in.demand[c].value) / static_cast<double>(in.capacity.value) * (out[c] + back[c]);
  return sum;
}

// The tree bound for one price per node (0 for the depot), and how far each customer's degree is from two.
class PricedTree {
 public:
  PricedTree(const model::Distances& d, std::size_t fewest_routes) : d_(d), nodes_(static_cast<std::size_t>(d.nodes())), routes_(fewest_routes) {}

  double bound(const std::vector<double>& price, std::vector<int>& degree) const {
    degree.assign(nodes_, 0);
    const double tree = spanning_tree(price, degree), legs = depot_legs(price, degree);
    return tree + legs - 2 * std::accumulate(price.begin(), price.end(), 0.0);
  }

 private:
  double leg(std::size_t a, std::size_t b) const {
    const int i = static_cast<int>(a), j = static_cast<int>(b);
    return static_cast<double>(std::min(d_(i, j), d_(j, i)));
  }

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
        if (const double cost = leg(latest, k) + price[latest] + price[k]; cost < cheapest[k]) cheapest[k] = cost, parent[k] = latest;
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
    for (std::size_t c = 1; c < nodes_; ++c) legs.emplace_back(leg(0, c) + price[c], c);
    std::ranges::sort(legs);
    double sum = 0;
    for (std::size_t k = 0; k < legs.size() && (k < routes_ || legs[k].first < 0); ++k) {
      sum += legs[k].first;
      ++degree[legs[k].second];
    }
    return sum;
  }

  const model::Distances& d_;
  std::size_t nodes_;
  std::size_t routes_;
};

// Subgradient ascent with a step that shrinks; whatever the prices, each bound on the way is valid.
double tree_bound(const PricedTree& tree, std::size_t nodes, const std::function<bool()>& stop) {
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
}  // namespace

RoutingBound routing_bound(const model::RoutingInstance& instance, const std::function<bool()>& stop) {
  if (instance.customers() < 1 || instance.customers() > bounded_customers) return {};
  const model::Distances d(instance);
  const auto fewest = static_cast<std::size_t>(std::max<std::int64_t>(1, (total_demand(instance) + instance.capacity.value - 1) / instance.capacity.value));
  const double radial = radial_bound(instance, d), tree = tree_bound(PricedTree(d, fewest), static_cast<std::size_t>(d.nodes()), stop);
  const double larger = std::max(radial, tree);
  // Costs are whole; the sums are floating, so they are rounded up only beyond their own error.
  const auto cost = static_cast<std::int64_t>(std::ceil(larger - 1e-6 - 1e-9 * larger));
  const std::int64_t routes = static_cast<std::int64_t>(fewest) * instance.route_cost.value;
  return {std::max<std::int64_t>(0, cost) + routes, radial >= tree ? "radial" : "priced tree"};
}

}  // namespace tempera::baselines
