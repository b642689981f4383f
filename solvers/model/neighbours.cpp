#include "solvers/model/neighbours.hpp"

#include <algorithm>
#include <nanoflann.hpp>
#include <tuple>

namespace tempera::model {

namespace {
// The distinct places of all customers, in the order of a space-filling curve: queries that follow each other read the same
// part of the tree, and any number of customers at one place costs one entry.
struct Places {
  std::vector<Point> points;
  std::vector<std::int32_t> customers;  // of place p, ascending: from first[p] to first[p + 1]
  std::vector<std::size_t> first;

  // nanoflann's dataset interface.
  std::size_t kdtree_get_point_count() const { return points.size(); }
  double kdtree_get_pt(std::size_t index, std::size_t dimension) const { return dimension == 0 ? points[index].x : points[index].y; }
  template <class Box>
  bool kdtree_get_bbox(Box&) const { return false; }
};
using Tree = nanoflann::KDTreeSingleIndexAdaptor<nanoflann::L2_Simple_Adaptor<double, Places>, Places, 2, std::uint32_t>;

// Spreads the low 16 bits: bit k goes to bit 2k.
std::uint32_t spread_bits(std::uint32_t v) {
  v = (v | v << 8) & 0x00ff00ffu;
  v = (v | v << 4) & 0x0f0f0f0fu;
  v = (v | v << 2) & 0x33333333u;
  return (v | v << 1) & 0x55555555u;
}

Places gather_places(const RoutingInstance& instance) {
  Point low = instance.points[1], high = low;
  for (std::size_t c = 1; c < instance.points.size(); ++c) {
    const Point p = instance.points[c];
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  const double extent = std::max(high.x - low.x, high.y - low.y);
  const double scale = extent > 0 ? 65535 / extent : 0;
  const auto key = [&](Point p) {  // Morton order
    return spread_bits(static_cast<std::uint32_t>((p.x - low.x) * scale)) | spread_bits(static_cast<std::uint32_t>((p.y - low.y) * scale)) << 1;
  };
  struct Keyed {
    std::uint32_t key;
    std::int32_t customer;
    Point point;
    auto operator<=>(const Keyed& o) const { return std::tie(key, point.x, point.y, customer) <=> std::tie(o.key, o.point.x, o.point.y, o.customer); }
  };
  std::vector<Keyed> keyed;
  for (std::int32_t c = 1; c <= instance.customers(); ++c) {
    const Point p = instance.points[static_cast<std::size_t>(c)];
    keyed.push_back({key(p), c, p});
  }
  std::sort(keyed.begin(), keyed.end(), [](const Keyed& a, const Keyed& b) { return a <=> b < 0; });
  Places places;
  for (const Keyed& k : keyed) {
    if (places.points.empty() || places.points.back().x != k.point.x || places.points.back().y != k.point.y) {
      places.first.push_back(places.customers.size());
      places.points.push_back(k.point);
    }
    places.customers.push_back(k.customer);
  }
  places.first.push_back(places.customers.size());
  return places;
}

struct Candidate {
  double distance;
  std::int32_t customer;
  bool operator<(const Candidate& other) const {
    return distance != other.distance ? distance < other.distance : customer < other.customer;
  }
};

// Writes the first `wanted` candidates other than `node`.
void take_first(std::span<const Candidate> sorted, int node, int wanted, std::int32_t* list) {
  for (const Candidate& c : sorted) {
    if (c.customer == node) continue;
    if (wanted-- == 0) return;
    *list++ = c.customer;
  }
}

// Nearest-customer queries at one place after another.
class PlaceQuery {
 public:
  PlaceQuery(const Places& places, int wanted)
      : places_(places), tree_(2, places, nanoflann::KDTreeSingleIndexAdaptorParams(leaf_size)), needed_(static_cast<std::size_t>(wanted) + 1) {
    const std::size_t per_place = std::max<std::size_t>(1, places.customers.size() / places.points.size());
    first_ask_ = needed_ / per_place + 3;
  }

  // The wanted + 1 nearest customers (one may be the asking node itself) at least, nearest first, by number where equally far.
  std::span<const Candidate> nearest(Point point) {
    for (std::size_t ask = first_ask_;; ask *= 2) {
      ask = std::min(ask, places_.points.size());
      index_.resize(ask);
      squared_.resize(ask);
      const double query[2] = {point.x, point.y};
      const std::size_t found = tree_.knnSearch(query, ask, index_.data(), squared_.data());
      gather(found);
      // Places as far away as the farthest found may be missing: all candidates needed must be nearer.
      const bool all = found == places_.points.size();
      if (all || (candidates_.size() >= needed_ && candidates_[needed_ - 1].distance < squared_[found - 1])) return candidates_;
    }
  }

 private:
  static constexpr std::size_t leaf_size = 8;

  void gather(std::size_t found) {
    candidates_.clear();
    for (std::size_t k = 0; k < found; ++k) {
      // No list needs more than `needed_` customers of one place, however many there are.
      const std::size_t begin = places_.first[index_[k]], end = std::min(places_.first[index_[k] + 1], begin + needed_);
      for (std::size_t c = begin; c < end; ++c) candidates_.push_back({squared_[k], places_.customers[c]});
      if (candidates_.size() >= needed_ && k + 1 < found && squared_[k + 1] > squared_[k]) {
        found = k + 1;  // enough, and no tie is cut
        break;
      }
    }
    std::sort(candidates_.begin(), candidates_.end());
  }

  const Places& places_;
  Tree tree_;
  std::size_t needed_;
  std::size_t first_ask_;
  std::vector<std::uint32_t> index_;
  std::vector<double> squared_;
  std::vector<Candidate> candidates_;
};

void from_points(const RoutingInstance& instance, int wanted, std::vector<std::int32_t>& list) {
  const Places places = gather_places(instance);
  PlaceQuery query(places, wanted);
  const auto slot = [&](std::int32_t node) { return list.data() + static_cast<std::size_t>(node) * static_cast<std::size_t>(wanted); };
  take_first(query.nearest(instance.points[0]), 0, wanted, slot(0));
  for (int depot = instance.customers() + 1; depot < instance.nodes(); ++depot) take_first(query.nearest(instance.points[static_cast<std::size_t>(depot)]), depot, wanted, slot(depot));
  for (std::size_t p = 0; p < places.points.size(); ++p) {
    const std::span<const Candidate> sorted = query.nearest(places.points[p]);
    for (std::size_t c = places.first[p]; c < places.first[p + 1]; ++c)
      take_first(sorted, places.customers[c], wanted, slot(places.customers[c]));
  }
}

// Quadratic, as the matrix itself is. GEO instances come here too: their plane coordinates mislead near the date line.
template <class DistanceOf>
void by_selection(const RoutingInstance& instance, int wanted, DistanceOf distance, std::vector<std::int32_t>& list) {
  std::vector<Candidate> candidates;
  for (int node = 0; node < instance.nodes(); ++node) {
    candidates.clear();
    for (int c = 1; c <= instance.customers(); ++c)
      if (c != node) candidates.push_back({distance(node, c), c});
    const auto rim = candidates.begin() + std::min<std::ptrdiff_t>(wanted, std::ssize(candidates));
    std::nth_element(candidates.begin(), rim == candidates.end() ? rim - 1 : rim, candidates.end());
    candidates.erase(rim, candidates.end());
    std::sort(candidates.begin(), candidates.end());
    take_first(candidates, node, wanted, list.data() + static_cast<std::size_t>(node) * static_cast<std::size_t>(wanted));
  }
}
}  // namespace

Neighbours::Neighbours(const RoutingInstance& instance, int wanted) : per_node_(std::min(wanted, instance.customers() - 1)) {
  if (per_node_ <= 0) return;
  list_.resize(static_cast<std::size_t>(instance.nodes()) * static_cast<std::size_t>(per_node_));
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
