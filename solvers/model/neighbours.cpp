#include "solvers/model/neighbours.hpp"

#include <algorithm>
#include <nanoflann.hpp>
#include <numeric>

namespace tempera::model {

namespace {
// nanoflann's dataset interface over the customers' points (index 0 here is customer 1).
struct CustomerCloud {
  const std::vector<Point>& points;
  std::size_t kdtree_get_point_count() const { return points.size() - 1; }
  double kdtree_get_pt(std::size_t index, std::size_t dimension) const {
    const Point p = points[index + 1];
    return dimension == 0 ? p.x : p.y;
  }
  template <class Box>
  bool kdtree_get_bbox(Box&) const { return false; }
};
using Tree = nanoflann::KDTreeSingleIndexAdaptor<nanoflann::L2_Simple_Adaptor<double, CustomerCloud>, CustomerCloud, 2, std::uint32_t>;

struct Candidate {
  double distance;
  std::int32_t customer;
  bool operator<(const Candidate& other) const {
    return distance != other.distance ? distance < other.distance : customer < other.customer;
  }
};

void take_first(std::vector<Candidate>& candidates, int node, int wanted, std::vector<std::int32_t>& list) {
  std::ranges::sort(candidates, std::less<>{});
  int taken = 0;
  for (const Candidate& c : candidates) {
    if (c.customer == node) continue;
    if (taken++ == wanted) return;
    list.push_back(c.customer);
  }
}

void from_points(const RoutingInstance& instance, int wanted, std::vector<std::int32_t>& list) {
  const CustomerCloud cloud{instance.points};
  const Tree tree(2, cloud, nanoflann::KDTreeSingleIndexAdaptorParams(16));
  // A few more than wanted: the node itself, and ties at the rim that the order of numbers decides.
  const std::size_t ask = std::min<std::size_t>(static_cast<std::size_t>(wanted) + 9, cloud.kdtree_get_point_count());
  std::vector<std::uint32_t> index(ask);
  std::vector<double> squared(ask);
  std::vector<Candidate> candidates;
  for (int node = 0; node < instance.nodes(); ++node) {
    const double query[2] = {instance.points[static_cast<std::size_t>(node)].x, instance.points[static_cast<std::size_t>(node)].y};
    const std::size_t found = tree.knnSearch(query, ask, index.data(), squared.data());
    candidates.clear();
    for (std::size_t k = 0; k < found; ++k) candidates.push_back({squared[k], static_cast<std::int32_t>(index[k] + 1)});
    take_first(candidates, node, wanted, list);
  }
}

// Quadratic, as the matrix itself is. GEO instances come here too: their plane coordinates mislead near the date line.
template <class DistanceOf>
void by_selection(const RoutingInstance& instance, int wanted, DistanceOf distance, std::vector<std::int32_t>& list) {
  std::vector<Candidate> candidates;
  for (int node = 0; node < instance.nodes(); ++node) {
    candidates.clear();
    for (int c = 1; c < instance.nodes(); ++c)
      if (c != node) candidates.push_back({distance(node, c), c});
    const auto rim = candidates.begin() + std::min<std::ptrdiff_t>(wanted, std::ssize(candidates));
    std::nth_element(candidates.begin(), rim == candidates.end() ? rim - 1 : rim, candidates.end());
    candidates.erase(rim, candidates.end());
    take_first(candidates, node, wanted, list);
  }
}
}  // namespace

Neighbours::Neighbours(const RoutingInstance& instance, int wanted) : per_node_(std::min(wanted, instance.customers() - 1)) {
  if (per_node_ <= 0) return;
  list_.reserve(static_cast<std::size_t>(instance.nodes()) * static_cast<std::size_t>(per_node_));
  if (instance.edge_weight == EdgeWeight::euclidean || instance.edge_weight == EdgeWeight::euclidean_ceil) {
    from_points(instance, per_node_, list_);
    return;
  }
  const std::size_t nodes = instance.demand.size();
  if (instance.edge_weight == EdgeWeight::explicit_matrix) {
    by_selection(instance, per_node_, [&](int i, int j) {
      const auto a = static_cast<std::size_t>(i), b = static_cast<std::size_t>(j);
      return instance.matrix[a * nodes + b] + instance.matrix[b * nodes + a];
    }, list_);
  } else {
    by_selection(instance, per_node_, [&](int i, int j) {
      return std::hypot(instance.points[static_cast<std::size_t>(i)].x - instance.points[static_cast<std::size_t>(j)].x,
                        instance.points[static_cast<std::size_t>(i)].y - instance.points[static_cast<std::size_t>(j)].y);
    }, list_);
  }
}

}  // namespace tempera::model
