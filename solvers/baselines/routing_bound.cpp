#include "solvers/baselines/routing_bound.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "solvers/baselines/fleet_bound.hpp"
#include "solvers/baselines/priced_tree.hpp"

namespace tempera::baselines {

namespace {
std::int64_t total_demand(const model::RoutingInstance& in) {
  return std::accumulate(in.demand.begin(), in.demand.end(), std::int64_t{0}, [](std::int64_t sum, model::Load d) { return sum + d.value; });
}

double radial_bound(const model::RoutingInstance& in, const model::Distances& d) {
  const std::vector<double> out = shortest_ways(d, 0, false), back = shortest_ways(d, 0, true);
  double sum = 0;
  for (std::size_t c = 1; c < out.size(); ++c) sum += static_cast<double>(in.demand[c].value) / static_cast<double>(in.capacity.value) * (out[c] + back[c]);
  return sum;
}

// Legs of equal vehicles, in the cheaper direction.
struct EqualLegs {
  const model::Distances& d;
  double leg(std::size_t a, std::size_t b) const {
    const int i = static_cast<int>(a), j = static_cast<int>(b);
    return static_cast<double>(std::min(d(i, j), d(j, i)));
  }
  double last_leg(std::size_t c) const { return leg(0, c); }
};
}  // namespace

std::vector<double> shortest_ways(const model::Distances& d, int from, bool back) {
  const int n = d.nodes();
  std::vector<double> length(static_cast<std::size_t>(n), far_away);
  std::vector<bool> done(static_cast<std::size_t>(n), false);
  length[static_cast<std::size_t>(from)] = 0;
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

RoutingBound routing_bound(const model::RoutingInstance& instance, const std::function<bool()>& stop) {
  if (instance.customers() < 1 || instance.customers() > bounded_customers) return {};
  if (instance.fleet) return fleet_bound(instance, stop);
  const model::Distances d(instance);
  const EqualLegs legs{d};
  const auto fewest = static_cast<std::size_t>(std::max<std::int64_t>(1, (total_demand(instance) + instance.capacity.value - 1) / instance.capacity.value));
  const double radial = radial_bound(instance, d), tree = tree_bound(PricedTree(legs, static_cast<std::size_t>(d.nodes()), fewest), stop);
  const double larger = std::max(radial, tree);
  // Costs are whole; the sums are floating, so they are rounded up only beyond their own error.
  const auto cost = static_cast<std::int64_t>(std::ceil(larger - 1e-6 - 1e-9 * larger));
  const std::int64_t routes = static_cast<std::int64_t>(fewest) * instance.route_cost.value;
  return {std::max<std::int64_t>(0, cost) + routes, radial >= tree ? "radial" : "priced tree"};
}

}  // namespace tempera::baselines
