// Nearest customers of every node, by a k-d tree (nanoflann) for coordinates and by selection for given matrices.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "solvers/model/routing_instance.hpp"

namespace tempera::model {

/// For each node its `per_node()` nearest customers (never a depot, never itself), nearest first; equal
/// distances in order of the customer's number, so that the lists are the same on every machine.
class Neighbours {
 public:
  /// Lists of min(wanted, customers - 1) entries. `matrix` instances sort by d(i, j) + d(j, i).
  Neighbours(const RoutingInstance& instance, int wanted);

  int per_node() const { return per_node_; }
  std::span<const std::int32_t> of(int node) const {
    return {list_.data() + static_cast<std::size_t>(node) * static_cast<std::size_t>(per_node_), static_cast<std::size_t>(per_node_)};
  }

 private:
  int per_node_;
  std::vector<std::int32_t> list_;
};

}  // namespace tempera::model
