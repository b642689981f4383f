// Lower bound of a placement on any network: the dynamic programme on a spanning forest, all other arcs and all storage priced.
#pragma once

#include <span>
#include <vector>

#include "solvers/baselines/forest_programme.hpp"
#include "solvers/model/placement_problem.hpp"

namespace tempera::inventory {

/// L(price) = min over the forest of the cost + sum over the other arcs of price_ij (S_i - SI_j) + sum over the sites of
/// price_s (stored_s - storage_s) is a lower bound for any prices >= 0. Prices climb by subgradient steps of Polyak's length
/// toward an upper bound; the direction keeps part of the last one where the two disagree.
/// Sources: Held, Wolfe & Crowder 1974; Camerini, Fratta & Maffioli 1975.
class LagrangianBound {
 public:
  /// `problem` and `grid` must outlive it; the costs of stages at sites are written into the grid with every step.
  /// @param price   to start from: one per arc, then one per site; arcs in the forest are not priced
  /// @param scale   of the first steps, 1 = Polyak's; a continued ascent goes on with `scale()`
  LagrangianBound(const model::PlacementProblem& problem, baselines::TimeGrid& grid, std::vector<double> price, const std::vector<char>& forest,
                  double scale = 1);

  /// One evaluation and one step. @param upper_bound  the cost of some plan @returns the value at the prices before the step
  double step(double upper_bound);

  double best() const { return best_; }
  /// Per arc, then per site.
  const std::vector<double>& best_price() const { return best_price_; }
  /// Of the last evaluation: cheap but usually not feasible; `model::repaired` makes a plan of it, which may store too much.
  std::span<const double> outbound() const { return outbound_; }
  std::span<const double> inbound() const { return inbound_; }
  double scale() const { return scale_; }
  /// False when the last slack was zero on every priced arc (the bound is then exact) or steps have become too short to matter.
  bool can_improve() const { return scale_ > 1e-4; }

 private:
  double evaluate();
  void price_stages();
  void measure_slack();
  void follow(double value, double upper_bound);
  bool is_priced(std::size_t k) const { return k >= problem_.arcs.size() || !forest_[k]; }

  const model::PlacementProblem& problem_;
  baselines::TimeGrid& grid_;
  baselines::ForestProgramme programme_;
  std::vector<char> forest_;
  std::vector<double> price_, best_price_;
  std::vector<double> unit_;       // days of slack that one unit of a priced limit counts as: 1 for arcs
  std::vector<double> slack_;      // of every priced limit, days; above 0 = broken
  std::vector<double> out_price_, in_price_, outbound_, inbound_;
  std::vector<double> direction_;
  double best_;
  double scale_ = 1;
  int stalled_ = 0;
};

}  // namespace tempera::inventory
