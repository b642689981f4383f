// Re-prices a placement plan from the raw network. Shares no code with the solvers: pooling, quantile and cost are written again.
#pragma once

#include <string>
#include <vector>

#include "solvers/model/placement_network.hpp"

namespace tempera::model {

struct PlacementVerdict {
  bool feasible = false;
  double cost = 0;                      ///< money over the costed period; meaningful only when every time is a number
  double safety_stock = 0;              ///< units, all stages together
  double pipeline_stock = 0;            ///< units on the way at any time (mean demand * lead time): constant, not part of the cost
  std::vector<double> stage_cost;       ///< money
  std::vector<double> stored;           ///< per site: volume of its stages' base stocks
  std::vector<std::string> violations;  ///< at most 20 sentences, each naming stage, value and limit
};

/// Times may miss their limits by 1e-7 days (rounding of decimals), which is priced as if they held.
PlacementVerdict judge(const PlacementNetwork& network, const PlacementPlan& plan);

}  // namespace tempera::model
