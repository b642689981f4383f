#include "solvers/model/stage_cost.hpp"

#include <algorithm>
#include <cmath>

namespace tempera::model {

StageCost::StageCost(double holding_cost, double bound, double mean, std::optional<double> capacity)
    : holding_cost_(holding_cost), bound_(bound), weight_(holding_cost * bound), mean_(mean), slack_(capacity ? *capacity - mean : 0.0) {}

double StageCost::root(double t) { return t > 0 ? std::sqrt(t) : 0.0; }

// max over n of bound * sqrt(t + n) - n * slack: concave in n, so the best whole n stands beside the best real one.
double StageCost::capacitated(double t) const {
  t = std::max(t, 0.0);
  const double real = std::max(0.0, bound_ * bound_ / (4 * slack_ * slack_) - t);
  double stock = 0;
  for (const double n : {std::floor(real), std::floor(real) + 1}) stock = std::max(stock, bound_ * std::sqrt(t + n) - n * slack_);
  return holding_cost_ * stock;
}

double StageCost::safety_stock(double t) const {
  if (slack_ == 0) return bound_ * root(t);
  return StageCost(1, bound_, 0, slack_).capacitated(t);
}

StageCost StageCost::priced(double price) const {
  StageCost cost = *this;
  cost.holding_cost_ += price;
  cost.weight_ = cost.holding_cost_ * bound_;
  cost.slope_ += price * mean_;
  return cost;
}

std::vector<StageCost> stage_costs(const PlacementNetwork& network) {
  const PooledDemand pooled = pool_demand(network);
  std::vector<StageCost> costs;
  for (std::size_t i = 0; i < network.stages.size(); ++i) {
    const PlacementStage& s = network.stages[i];
    costs.emplace_back(s.holding_cost, pooled.bound[i], pooled.mean[i], s.capacity);
  }
  return costs;
}

void tabulate(const StageCost& cost, double step, std::span<double> table) {
  for (std::size_t t = 0; t < table.size(); ++t) table[t] = cost(static_cast<double>(t) * step);
}

}  // namespace tempera::model
