// The solvers' view of distances: a full table while it is small, computed on the fly above that.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

#include "solvers/model/routing_instance.hpp"

namespace tempera::model {

/// d(i, j) in scaled units between nodes of one instance. Keeps a reference: the instance must outlive it.
class Distances {
 public:
  /// Builds the full int64 table when nodes^2 * 8 <= `table_bytes_limit`.
  explicit Distances(const RoutingInstance& instance, std::size_t table_bytes_limit = std::size_t{64} << 20);

  std::int64_t operator()(int from, int to) const {
    return table_.empty() ? compute(from, to) : table_[static_cast<std::size_t>(from) * nodes_ + static_cast<std::size_t>(to)];
  }

  /// Without the table, whatever the size.
  std::int64_t compute(int from, int to) const {
    switch (instance_->edge_weight) {
      case EdgeWeight::euclidean: return rounded(straight(from, to));
      case EdgeWeight::euclidean_ceil: return static_cast<std::int64_t>(std::ceil(straight(from, to))) * static_cast<std::int64_t>(units_);
      default: return compute_rare(from, to);
    }
  }

  int nodes() const { return static_cast<int>(nodes_); }

 private:
  double straight(int from, int to) const {
    const Point a = instance_->points[static_cast<std::size_t>(from)];
    const Point b = instance_->points[static_cast<std::size_t>(to)];
    const double dx = a.x - b.x;
    const double dy = a.y - b.y;
    return std::sqrt(dx * dx + dy * dy);
  }
  // All roundings are "scale, add, cut": see Rounding. Distances are never negative, so the cast is a floor.
  std::int64_t rounded(double distance) const { return static_cast<std::int64_t>(distance * units_ + offset_); }
  std::int64_t compute_rare(int from, int to) const;

  const RoutingInstance* instance_;
  std::size_t nodes_;
  double units_;
  double offset_;
  std::vector<std::int64_t> table_;
};

}  // namespace tempera::model
