// Service times as whole numbers of a step: what the placement dynamic programmes count in.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "solvers/model/placement_problem.hpp"

namespace tempera::baselines {

/// Every stage's times and costs on a common grid. With an exact grid all lead times, limits and supplier times are whole
/// multiples of the step, and some optimal plan lies on the grid (the vertices of the feasible region do). Otherwise the grid
/// problem is a relaxation: times are rounded down, lead times up, and cost tables read up to two steps to the left, so that
/// every plan of the real problem maps to a cheaper one here.
class TimeGrid {
 public:
  /// The coarsest exact step; if that needs more than `most_points` outbound and inbound points over all stages, a coarser
  /// relaxation with about that many. Steps below 1e-6 days are not tried.
  TimeGrid(const model::PlacementProblem& problem, std::size_t most_points);

  double step() const { return step_; }                ///< days
  bool is_exact() const { return exact_; }
  std::size_t points() const { return points_; }

  std::int32_t lead(std::size_t i) const { return stages_[i].lead; }
  std::int32_t outbound_most(std::size_t i) const { return stages_[i].outbound_most; }
  std::int32_t inbound_least(std::size_t i) const { return stages_[i].inbound_least; }
  std::int32_t inbound_most(std::size_t i) const { return stages_[i].inbound_most; }
  /// Cost by net replenishment time, 0 .. inbound_most + lead.
  std::span<const double> cost(std::size_t i) const {
    return {tables_.data() + stages_[i].table, static_cast<std::size_t>(stages_[i].inbound_most + stages_[i].lead + 1)};
  }
  /// Prices stage i anew, by a function of the same shape.
  void set_cost(const model::PlacementProblem& problem, std::size_t i, const model::StageCost& cost);
  bool is_concave(std::size_t i) const { return stages_[i].concave; }
  /// Net replenishment times from 0 at which the table may bend upwards although it is concave beyond: 1 exact, 3 relaxed.
  std::int32_t bent_steps() const { return exact_ ? 1 : 3; }

 private:
  struct Stage {
    std::int32_t lead = 0, outbound_most = 0, inbound_least = 0, inbound_most = 0;
    std::size_t table = 0;
    bool concave = true;
  };
  void lay_out(const model::PlacementProblem& problem);
  std::int32_t down(double days) const;
  std::int32_t up(double days) const;

  double step_ = 1;
  bool exact_ = true;
  std::size_t points_ = 0;
  std::vector<Stage> stages_;
  std::vector<double> tables_;
};

}  // namespace tempera::baselines
