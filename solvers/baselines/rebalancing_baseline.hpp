// The classical comparison for rebalancing: base stock fixed at the start, and an integer programme for small problems.
#pragma once

#include <optional>

#include "solvers/model/rebalancing_problem.hpp"

namespace tempera::baselines {

/// Every site is supplied over its cheapest lane from the side of the suppliers and is brought up to its newsvendor level: the
/// quantile b / (b + h) of demand so far and of two days more over the scenarios. What trucks, ramps and stock do not allow waits for the
/// next day; the dearest shortages per m3 go first. No moves between neighbours. Feasible.
model::RebalancingPlan base_stock_plan(const model::RebalancingProblem& problem);

struct CbcRebalancing {
  model::RebalancingPlan plan;
  double lower_bound = 0;
};

/// Integer columns of the programme below.
std::size_t rebalancing_integers(const model::RebalancingProblem& problem);

/// The whole problem, exactly: whole pallets and trucks, units served per scenario. Every integer has an upper bound.
/// Nothing when CBC found no plan in time.
std::optional<CbcRebalancing> cbc_rebalancing(const model::RebalancingProblem& problem, double seconds);

}  // namespace tempera::baselines
