// Optimal echelon base-stock levels of a serial system with whole-numbered demand: the exact oracle of the backtest.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tempera::baselines {

/// Stage 0 faces the customers. Costs are per unit and period.
struct SerialStage {
  double echelon_holding = 0;
  std::int32_t lead_time = 1;   ///< periods; its demand is what the stage must cover
};

struct ClarkScarfResult {
  std::vector<std::int64_t> levels;  ///< echelon base stock per stage
  double cost = 0;                   ///< expected, per period
};

/// Demand per period is Poisson with this mean; unmet demand waits at `shortage_cost` per unit and period.
/// C_j(y) = E[h_j (y - D_j) + C_{j-1}(min(S_{j-1}, y - D_j))], S_j = argmin C_j, D_j the demand over the lead time of stage j.
/// Source: Clark & Scarf, "Optimal policies for a multi-echelon inventory problem", 1960, as in Chen & Zheng 1994.
ClarkScarfResult clark_scarf_poisson(std::span<const SerialStage> stages, double demand_mean, double shortage_cost);

}  // namespace tempera::baselines
