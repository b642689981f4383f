// Which customers lie so near each other that SWAP* compares their routes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "solvers/model/neighbours.hpp"

namespace tempera::baselines {

/// Customers of which one is among the `reach` nearest of the other: the heads of the neighbour lists, made mutual.
/// A customer may be listed twice.
class NearCustomers {
 public:
  NearCustomers(const model::Neighbours& neighbours, int customers, std::size_t reach) : first_(static_cast<std::size_t>(customers) + 2, 0) {
    const auto for_each_pair = [&](auto&& visit) {
      for (std::int32_t node = 1; node <= customers; ++node) {
        const auto list = neighbours.of(node);
        for (const std::int32_t other : list.first(std::min(list.size(), reach))) visit(node, other), visit(other, node);
      }
    };
    for_each_pair([&](std::int32_t a, std::int32_t) { ++first_[static_cast<std::size_t>(a) + 1]; });
    for (std::size_t k = 1; k < first_.size(); ++k) first_[k] += first_[k - 1];
    others_.resize(first_.back());
    std::vector<std::size_t> next = first_;
    for_each_pair([&](std::int32_t a, std::int32_t b) { others_[next[static_cast<std::size_t>(a)]++] = b; });
  }
  std::span<const std::int32_t> of(std::int32_t node) const {
    const std::size_t begin = first_[static_cast<std::size_t>(node)];
    return {others_.data() + begin, first_[static_cast<std::size_t>(node) + 1] - begin};
  }

 private:
  std::vector<std::size_t> first_;
  std::vector<std::int32_t> others_;
};

}  // namespace tempera::baselines
