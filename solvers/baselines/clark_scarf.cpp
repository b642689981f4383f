#include "solvers/baselines/clark_scarf.hpp"

#include <algorithm>
#include <cmath>

namespace tempera::baselines {

namespace {
std::vector<double> poisson(double mean) {
  std::vector<double> p;
  const double most = mean + 14 * std::sqrt(mean) + 30;
  for (double k = 0; k <= most; ++k) p.push_back(std::exp(k * std::log(mean) - mean - std::lgamma(k + 1)));
  return p;
}
}  // namespace

ClarkScarfResult clark_scarf_poisson(std::span<const SerialStage> stages, double demand_mean, double shortage_cost) {
  double total_lead = 0, total_holding = 0;
  for (const SerialStage& s : stages) total_lead += s.lead_time, total_holding += s.echelon_holding;
  const auto high = static_cast<std::int64_t>(total_lead * demand_mean + 10 * std::sqrt(total_lead * demand_mean) + 50);
  const std::int64_t low = -high;
  const auto count = static_cast<std::size_t>(high - low + 1);
  const auto level = [&](std::size_t k) { return static_cast<double>(low + static_cast<std::int64_t>(k)); };
  // What a stage below costs when it can be brought to echelon level x; at first: the shortage.
  std::vector<double> below(count);
  for (std::size_t k = 0; k < count; ++k) below[k] = (shortage_cost + total_holding) * std::max(0.0, -level(k));
  ClarkScarfResult result;
  for (const SerialStage& stage : stages) {
    const std::vector<double> p = poisson(demand_mean * stage.lead_time);
    std::vector<double> cost(count);
    for (std::size_t k = 0; k < count; ++k)
      for (std::size_t d = 0; d < p.size(); ++d) {
        // Below the grid both terms are straight lines.
        const double x = level(k) - static_cast<double>(d);
        const double rest = k >= d ? below[k - d] : below[0] + (below[0] - below[1]) * (level(0) - x);
        cost[k] += p[d] * (stage.echelon_holding * x + rest);
      }
    const auto best = std::ranges::min_element(cost);
    result.levels.push_back(low + (best - cost.begin()));
    result.cost = *best;
    for (std::size_t k = static_cast<std::size_t>(best - cost.begin()); k < count; ++k) cost[k] = *best;  // min(S, x)
    below = std::move(cost);
  }
  return result;
}

}  // namespace tempera::baselines
