#include "solvers/inventory/demand_path.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "solvers/core/random.hpp"

namespace tempera::inventory {

namespace {
// Poisson by inversion of the tabulated distribution function.
class PoissonTable {
 public:
  explicit PoissonTable(double mean) {
    double sum = 0;
    const double most = mean + 12 * std::sqrt(mean) + 30;
    for (double k = 0; k <= most; ++k) {
      sum += std::exp(k * std::log(mean) - mean - std::lgamma(k + 1));
      cumulative_.push_back(sum);
    }
  }
  double draw(core::RandomStream& random) const {
    const auto at = std::ranges::lower_bound(cumulative_, random.uniform() * cumulative_.back());
    return static_cast<double>(at - cumulative_.begin());
  }

 private:
  std::vector<double> cumulative_;
};

// Standard normal numbers in pairs (Box & Muller 1958).
class Normals {
 public:
  double draw(core::RandomStream& random) {
    if (spare_) {
      spare_ = false;
      return kept_;
    }
    const double radius = std::sqrt(-2 * std::log(random.uniform())), angle = 2 * std::numbers::pi * random.uniform();
    kept_ = radius * std::sin(angle);
    spare_ = true;
    return radius * std::cos(angle);
  }

 private:
  bool spare_ = false;
  double kept_ = 0;
};
}  // namespace

DemandPath::DemandPath(const model::SupplySystem& system, std::int32_t periods, std::uint64_t seed, std::uint32_t scenario) : periods_(periods) {
  std::vector<PoissonTable> tables;
  for (std::size_t i = 0; i < system.nodes.size(); ++i) {
    const model::DemandModel& demand = system.nodes[i].demand;
    if (demand.kind == model::DemandKind::none) continue;
    nodes_.push_back(static_cast<std::int32_t>(i));
    tables.emplace_back(demand.kind == model::DemandKind::poisson && demand.mean > 0 ? demand.mean : 1.0);
  }
  values_.reserve(static_cast<std::size_t>(periods) * nodes_.size());
  core::RandomStream random({.seed = seed, .domain = core::simulate_demand, .part = scenario});
  Normals normals;
  const double common = std::sqrt(system.correlation), own = std::sqrt(1 - system.correlation);
  for (std::int32_t t = 0; t < periods; ++t) {
    const double shock = system.correlation > 0 ? common * normals.draw(random) : 0.0;
    for (std::size_t k = 0; k < nodes_.size(); ++k) {
      const model::DemandModel& demand = system.nodes[static_cast<std::size_t>(nodes_[k])].demand;
      switch (demand.kind) {
        case model::DemandKind::normal: values_.push_back(std::max(0.0, demand.mean + demand.deviation * (shock + own * normals.draw(random)))); break;
        case model::DemandKind::poisson: values_.push_back(demand.mean > 0 ? tables[k].draw(random) : 0.0); break;
        case model::DemandKind::listed: values_.push_back(demand.listed[static_cast<std::size_t>(t) % demand.listed.size()]); break;
        case model::DemandKind::none: break;
      }
    }
  }
}

}  // namespace tempera::inventory
