// What all SKUs share, how much of it is used, and what it is priced at: the Lagrangian side of rebalancing.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "solvers/inventory/lot_flow.hpp"
#include "solvers/model/rebalancing_problem.hpp"

namespace tempera::inventory {

/// Use of the shared capacities by some SKUs; usages add. `stored` counts what is in a site for sure, (ever - wanted)+.
struct SharedUse {
  SharedUse() = default;
  explicit SharedUse(const model::RebalancingProblem& problem);
  std::vector<double> lane_m3;   ///< [lane][day]
  std::vector<double> out, in;   ///< [site][day], pallets leaving and arriving
  std::vector<double> stored;    ///< [site][day][scenario], m3
  void add(const SharedUse& other, double factor = 1);
  std::vector<double> flat() const;
  static SharedUse from(const model::RebalancingProblem& problem, std::span<const double> flat);
  std::size_t size() const { return lane_m3.size() + out.size() + in.size() + stored.size(); }
};

/// Prices of the same rows, all at least 0: money per m3 over a lane (trucks), per pallet out or in, per m3 in store (at most what overflow
/// costs in that scenario). Any such prices give a lower bound.
using SharedPrices = SharedUse;

/// Trucks at their cost per m3, all else free. The best prices where nothing else binds.
SharedPrices first_prices(const model::RebalancingProblem& problem);

/// Lane and stock prices of one SKU under shared prices.
class PricedSku {
 public:
  explicit PricedSku(const model::RebalancingProblem& problem);
  void set(std::size_t sku, const SharedPrices& prices);
  std::span<const LanePrice> lanes() const { return lanes_; }
  std::span<LanePrice> lanes() { return lanes_; }
  StockPrices stock() const { return {stored_, waiting_}; }

 private:
  const model::RebalancingProblem& problem_;
  std::vector<LanePrice> lanes_;
  std::vector<double> stored_, waiting_;
};

/// The part of the dual function that belongs to no SKU: what the capacities are worth, and min over whole trucks of their cost less
/// their worth. The bound is the sum of all SKUs' optima and this.
double capacity_term(const model::RebalancingProblem& problem, const SharedPrices& prices);

/// A subgradient of the dual function where the SKUs together use `use`.
SharedUse subgradient(const model::RebalancingProblem& problem, const SharedPrices& prices, const SharedUse& use);

/// A projected subgradient step of Polyak's length towards `upper`, deflected by the last direction.
/// Source: Camerini, Fratta, Maffioli, "On improving relaxation methods by modified gradient techniques", 1975.
class PriceAscent {
 public:
  explicit PriceAscent(const model::RebalancingProblem& problem);
  /// Takes the value and use found at prices(); moves on.
  void step(double value, double upper, const SharedUse& use);
  /// Forgets the values seen (they were estimates), keeps their best prices; shorter steps.
  void start_from_best();
  const SharedPrices& prices() const { return prices_; }
  const SharedPrices& best_prices() const { return best_prices_; }
  double best() const { return best_; }
  double scale() const { return scale_; }
  std::vector<double> state() const;
  void restore(std::span<const double> state);

 private:
  const model::RebalancingProblem& problem_;
  SharedPrices prices_, best_prices_;
  std::vector<double> direction_;
  double best_, scale_ = 1;
  std::uint32_t without_gain_ = 0;
};

}  // namespace tempera::inventory
