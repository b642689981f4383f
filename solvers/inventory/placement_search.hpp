// Random vertex moves on the service times of a placement: one replica of the tempering, and the repair of what bounds suggest.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "solvers/core/random.hpp"
#include "solvers/model/placement_problem.hpp"

namespace tempera::inventory {

/// Always holds a feasible plan. An optimum lies at a vertex, where every service time is tied to a limit, to another stage's
/// time or to a lead time; each move sets one stage's outbound time (or those of all suppliers of a stage) to such a value.
/// Stages downstream follow: one that passed its inbound time on keeps doing so, the others are cut to what they can promise.
/// Times are whole micro-days, so that equal times stay equal. Satisfies tempering::Replica.
/// Moves: Lesnaia 2004 (vertices of the guaranteed-service polyhedron).
class PlacementSearch {
 public:
  /// `problem` must outlive the search.
  PlacementSearch(const model::PlacementProblem& problem, const core::StreamKey& stream);

  /// Starts from these outbound times, cut to what is feasible; forgets the best.
  void load(std::span<const double> outbound);
  /// Moves start only at these stages from now on (others may follow). Empty: at all.
  void focus(std::span<const std::int32_t> stages);

  /// Metropolis steps at `temperature` (money); 0 accepts what does not cost more.
  void sample(double temperature, std::uint64_t steps);
  /// Typical cost of a random move from here: a start for the temperatures. Changes nothing but the random stream.
  double typical_move(std::uint64_t tries);

  double energy() const { return total_; }
  double best_cost() const { return total_ < best_cost_ ? total_ : best_cost_; }
  std::vector<double> outbound() const { return in_days(s_); }
  std::vector<double> best_outbound() const { return in_days(total_ < best_cost_ ? s_ : best_s_); }

 private:
  using Ticks = std::int64_t;
  struct Undo {
    std::int32_t stage = 0;
    Ticks s = 0, si = 0;
    double cost = 0;
  };
  struct Seed {
    std::int32_t stage = 0;
    Ticks target = 0;
  };

  std::vector<double> in_days(const std::vector<Ticks>& ticks) const;
  Ticks inbound_of(std::size_t i) const;
  Ticks others_at(std::size_t customer, std::int32_t supplier) const;
  double cost_of(std::size_t i, Ticks s, Ticks si) const { return problem_.cost[i](static_cast<double>(si + lead_[i] - s) * 1e-6); }
  bool propose();
  void propose_level(std::size_t customer);
  double apply();
  void settle(std::size_t i, Ticks target, bool seeded);
  void wake(std::int32_t stage);
  void roll_back();
  void remember_best();

  const model::PlacementProblem& problem_;
  core::RandomStream random_;
  std::vector<Ticks> lead_, most_, least_;
  std::vector<Ticks> s_, si_, best_s_;
  std::vector<double> cost_;
  std::vector<std::int32_t> movable_;  // not sinks: those promise as long as they may
  double total_ = 0, best_cost_ = 0;
  // The move at work
  std::vector<Seed> seeds_;
  std::vector<Undo> undo_;
  std::vector<std::int32_t> queue_;    // positions in topological order, a min-heap
  std::vector<char> queued_;
  bool follow_up_ = true;
  double delta_ = 0;
};

}  // namespace tempera::inventory
