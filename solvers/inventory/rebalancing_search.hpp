// Local search on plans: a SKU's pallets flow anew against what all others leave free; trucks are closed; single pallets are
// nudged; all at true cost.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "solvers/core/random.hpp"
#include "solvers/inventory/lot_flow.hpp"
#include "solvers/inventory/rebalancing_prices.hpp"
#include "solvers/model/rebalancing_problem.hpp"

namespace tempera::inventory {

/// What a SKU's pallets use and cost by themselves. Unlike in the bound, `use.stored` is the true stock on hand: what is promised to a
/// later departure is kept back from customers.
struct SkuEffect {
  SharedUse use;
  double cost = 0;   ///< holding, shortage and pallets
  bool possible = true;  ///< nothing leaves that is not there
};

/// @param flow  [lane][day] pallets
SkuEffect effect_of(const model::RebalancingProblem& problem, std::size_t sku, std::span<const std::int32_t> flow);

/// Money for whole trucks and for overflow.
double shared_cost(const model::RebalancingProblem& problem, const SharedUse& use);

/// The most that may be used of each hard row; storage is soft and stays open.
SharedUse hard_limits(const model::RebalancingProblem& problem);
/// Storage is not looked at.
bool within(const SharedUse& use, const SharedUse& limits);

/// The flows of some SKUs beside the fixed use of all others.
class RebalancingSearch {
 public:
  /// @param total  use of the whole plan, these SKUs included  @param plan  shipments of these SKUs alone  @param skus  ascending
  RebalancingSearch(const model::RebalancingProblem& problem, std::span<const std::int32_t> skus, std::span<const model::Shipment> plan, const SharedUse& total,
                    SharedUse limits, SharedPrices prices, const core::StreamKey& key);

  /// The flow of one member anew, kept where it is better.
  void pass_one(std::size_t member);
  /// One try at `temperature` (money): a SKU anew, a truck less, or some nudges. Counts the flows solved; nudges in tens.
  void move(double temperature);
  std::size_t members() const { return skus_.size(); }
  std::uint64_t flows() const { return flows_; }
  /// Cost of these SKUs, all trucks and all overflow: differences are those of the whole plan.
  double energy() const { return energy_; }
  double best_energy() const { return best_energy_; }
  model::RebalancingPlan best_plan() const;

 private:
  struct Saved {
    std::size_t member = 0;
    std::vector<std::int32_t> flow;
    SkuEffect effect;
  };
  bool flow_anew(std::size_t member, double dear_factor, bool priced);
  void replace(std::size_t member, std::vector<std::int32_t> flow, SkuEffect effect);
  void set_lanes(std::size_t sku, const SharedUse& rest, double dear_factor, bool priced);
  bool fit_handling(std::size_t sku, const SharedUse& rest);
  void one_sku();
  void few_skus();
  void close_truck();
  void nudge(double temperature);
  bool nudged(std::vector<std::int32_t>& flow);
  void note_best();

  const model::RebalancingProblem& problem_;
  std::size_t days_;
  std::vector<std::int32_t> skus_;
  std::vector<std::vector<std::int32_t>> flow_, best_flow_;
  std::vector<SkuEffect> effect_;
  SharedUse total_, limits_;
  SharedPrices congestion_;          // above the trucks' own price
  PricedSku priced_;
  LotFlow solver_;
  std::vector<double> stored_, waiting_;
  core::RandomStream random_;
  std::vector<Saved> saved_;         // what the try at hand replaced, oldest first
  double own_ = 0, energy_ = 0, best_energy_ = 0;
  std::uint64_t flows_ = 0;
};

}  // namespace tempera::inventory
