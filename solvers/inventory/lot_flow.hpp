// One SKU alone, exactly: whole pallets through sites and days at given prices, as a convex-cost circulation.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "solvers/model/rebalancing_problem.hpp"

namespace tempera::inventory {

/// What a pallet costs on one lane and day: `price` for the first `cheap` of them, `dear` for the others, `most` in all.
struct LanePrice {
  double price = 0;
  double dear = 0;
  std::int32_t cheap = std::numeric_limits<std::int32_t>::max();
  std::int32_t most = std::numeric_limits<std::int32_t>::max();
};

/// The cost of stock at one site on one day as a function of `ever`, all stock there has been less what was sent on:
/// sum_s stored[s] (ever - wanted[s])+ + waiting[s] (wanted[s] - ever)+. This is what the referee counts where nothing is sent on
/// later, and never more than that elsewhere.
struct StockPrices {
  std::span<const double> stored;   ///< [site][day][scenario], money per unit on hand (weighted by the probability)
  std::span<const double> waiting;  ///< [site][day][scenario], money per unit waiting
};

/// Successive shortest paths with potentials on the time-expanded network. The network is totally unimodular and stock costs are
/// convex in whole pallets, so the optimum of this relaxation over whole pallets is found, not only its linear relaxation.
/// Source: Ahuja, Magnanti, Orlin, "Network Flows", 1993, sections 9.7 and 14.5.
class LotFlow {
 public:
  /// `problem` must outlive this.
  explicit LotFlow(const model::RebalancingProblem& problem);

  /// @param lanes  [lane][day]; prices at least 0, dear >= price
  /// @returns the cost of the optimum, or a hair less: potentials are doubles
  double solve(std::size_t sku, std::span<const LanePrice> lanes, const StockPrices& stock);

  /// [lane][day] pallets of the last solve.
  std::span<const std::int32_t> pallets() const { return flow_; }
  /// Of the last solve: [site][day] stock there has been less what was sent on, units.
  double ever(std::size_t site, std::size_t day) const { return base_[site * days_ + day] + pallet_ * static_cast<double>(level_[site * days_ + day]); }
  std::span<const double> wanted(std::size_t site, std::size_t day) const { return std::span(wanted_).subspan((site * days_ + day) * scenarios_, scenarios_); }
  std::uint64_t paths() const { return paths_; }  ///< shortest paths so far

 private:
  struct End {
    std::int32_t lane = 0;
    std::int32_t site = 0;   // at the other end
    std::int32_t lead = 0;
  };
  struct Step {              // how a node was reached
    std::int32_t from = -1;
    std::int32_t arc = 0;    // lane-day, or site-day of a holding arc
    std::int8_t kind = 0;
  };
  enum Kind : std::int8_t { lane_forward, lane_back, hold_forward, hold_back };

  void load(std::size_t sku, const StockPrices& stock);
  double stock_cost(std::size_t cell, std::int64_t level) const;
  double lane_marginal(std::size_t arc, std::int32_t at) const;
  std::int64_t best_level(std::size_t cell) const;
  void start();
  bool shortest_path();
  void relax(std::int32_t from, double reach, std::int32_t to, double cost, std::int32_t arc, Kind kind);
  void scan(std::int32_t node, double reach);
  double residual(const Step& step) const;
  void push(const Step& step);
  void augment();

  const model::RebalancingProblem& problem_;
  std::size_t days_, scenarios_, root_;
  std::vector<std::vector<End>> out_, in_;      // per site, suppliers too
  std::vector<std::int32_t> suppliers_;
  std::span<const LanePrice> lanes_;
  std::vector<double> base_, wanted_, stored_, waiting_;  // of the SKU at hand
  double pallet_ = 1;
  std::vector<std::int64_t> least_, level_;     // pallets carried over into the next day, on top of base
  std::vector<double> up_, down_;               // marginal cost of one pallet more or less, per cell
  std::vector<std::int32_t> flow_;              // [lane][day]
  std::vector<std::int64_t> excess_;
  std::vector<double> potential_, reach_;
  std::vector<char> settled_;
  std::vector<Step> step_;
  std::vector<std::int32_t> touched_;
  std::vector<std::pair<double, std::int32_t>> heap_;
  std::int32_t target_ = -1;
  std::uint64_t paths_ = 0;
};

}  // namespace tempera::inventory
