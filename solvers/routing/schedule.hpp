// Where a routing run stands in its plan, by the clock or by its rounds: what the next round does, for how long and how hot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "solvers/routing/plan.hpp"
#include "solvers/tempering/cooling.hpp"

namespace tempera::routing {

/// One round of annealing.
struct RoundPlan {
  bool saves_vehicles = false;
  std::uint32_t parts = 1;      ///< of each replica, at most
  double task_seconds = 0;      ///< 0: counted in iterations
  tempering::Cooling cooling;   ///< of the coldest rung from its begin to its end, scaled cost units; of all rungs while vehicles are saved
};

/// Times are seconds of the job, handed in. Counted in iterations, nothing depends on them: no end is ever near.
/// `begin` or `restore` comes first.
class Schedule {
 public:
  explicit Schedule(const RoutingPlan& plan) : plan_(plan) {}

  const RoutingPlan& plan() const { return plan_; }
  std::uint32_t round() const { return round_; }                 ///< the open one, or the next
  double started() const { return started_.value_or(0); }       ///< when annealing began; 0 before

  /// Annealing begins with the first call; later calls change nothing.
  void begin(double elapsed);
  void end_round() { ++round_; }
  /// Goes on where a checkpoint was written. The cooling was planned from the first start, not from where the run stands now.
  void restore(std::uint32_t round, double started, const tempering::Cooling& cooling);

  /// Of the annealing; above 1 behind it.
  double spent_share(double elapsed) const;
  /// Seconds until every task must be back, and until every annealing one must.
  double seconds_left(double elapsed) const { return plan_.is_timed() ? plan_.annealing_ends - elapsed : std::numeric_limits<double>::infinity(); }
  double annealing_seconds_left(double elapsed) const { return seconds_left(elapsed) - plan_.recombining_seconds; }
  /// Too late for any task; never when counted in iterations.
  bool deadline_passed(double elapsed) const;
  bool annealing_over(double elapsed) const;

  RoundPlan next_round(double elapsed) const;
  /// Counted in iterations: those of one of so many tasks in the open round. In all rounds together each is given out once.
  std::uint64_t iterations_of(std::size_t task, std::size_t tasks) const;
  /// Whether at the end of the open round (before `end_round`) the worst replica goes on from the best.
  bool restarts_worst(double elapsed) const;

 private:
  double annealing_seconds(double elapsed) const { return annealing_seconds_left(started_.value_or(elapsed)); }
  bool saves_vehicles(double elapsed) const;
  double temperature_at(double share, bool saves_vehicles) const;

  RoutingPlan plan_;
  std::uint32_t round_ = 0;
  std::optional<double> started_;
};

}  // namespace tempera::routing
