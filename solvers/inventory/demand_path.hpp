// One future of a supply system: the demand of every node in every period, the same for every policy that is compared on it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "solvers/model/supply_system.hpp"

namespace tempera::inventory {

/// Demands by period: `of(t)[k]` belongs to node `nodes()[k]`.
class DemandPath {
 public:
  /// Drawn from (seed, scenario) alone: the same on every rank and for every policy.
  DemandPath(const model::SupplySystem& system, std::int32_t periods, std::uint64_t seed, std::uint32_t scenario);

  const std::vector<std::int32_t>& nodes() const { return nodes_; }
  std::int32_t periods() const { return periods_; }
  std::span<const double> of(std::int32_t period) const { return {values_.data() + static_cast<std::size_t>(period) * nodes_.size(), nodes_.size()}; }

 private:
  std::vector<std::int32_t> nodes_;
  std::int32_t periods_;
  std::vector<double> values_;
};

}  // namespace tempera::inventory
