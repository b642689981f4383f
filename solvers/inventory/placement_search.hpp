// Random vertex moves on the service times of a placement: one replica of the tempering, and the repair of what bounds suggest.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "solvers/core/random.hpp"
#include "solvers/model/placement_problem.hpp"

namespace tempera::inventory {

/// Always holds a plan whose times are feasible. What sites store in excess costs their prices; only plans that fit count as best.
/// An optimum lies at a vertex, where every service time is tied to a limit, to another stage's
/// time or to a lead time; each move sets one stage's outbound time (or those of all suppliers of a stage) to such a value.
/// Stages downstream follow: one that passed its inbound time on keeps doing so, the others are cut to what they can promise.
/// Where storage is short, optima also lie between vertices: one more move draws a time at random.
/// Times are whole micro-days, so that equal times stay equal. Satisfies tempering::Replica.
/// Moves: Lesnaia 2004 (vertices of the guaranteed-service polyhedron).
class PlacementSearch {
 public:
  /// `problem` must outlive the search.
  /// @param site_price  money per volume in excess, one per site, above 0
  PlacementSearch(const model::PlacementProblem& problem, const core::StreamKey& stream, std::vector<double> site_price = {});

  /// Starts from these outbound times, cut to what is feasible; forgets the best.
  void load(std::span<const double> outbound);
  /// Moves start only at these stages from now on (others may follow). Empty: at all.
  void focus(std::span<const std::int32_t> stages);

  /// Metropolis steps at `temperature` (money); 0 accepts what does not cost more.
  void sample(double temperature, std::uint64_t steps);
  /// Typical cost of a random move from here: a start for the temperatures. Changes nothing but the random stream.
  double typical_move(std::uint64_t tries);

  double energy() const { return total_; }  ///< cost and what is stored in excess, priced
  bool fits() const { return penalty_ == 0; }
  /// Of the best plan that fits; infinite before there is one (`best_outbound` is then the last loaded).
  double best_cost() const { return is_best() ? total_ : best_cost_; }
  std::vector<double> outbound() const { return in_days(s_); }
  std::vector<double> best_outbound() const { return in_days(is_best() ? s_ : best_s_); }

 private:
  using Ticks = std::int64_t;
  struct Undo {
    std::int32_t stage = 0;
    Ticks s = 0, si = 0;
    double cost = 0, stored = 0;
  };
  struct Seed {
    std::int32_t stage = 0;
    Ticks target = 0;
  };

  std::vector<double> in_days(const std::vector<Ticks>& ticks) const;
  Ticks inbound_of(std::size_t i) const;
  Ticks others_at(std::size_t customer, std::int32_t supplier) const;
  double days(std::size_t i, Ticks s, Ticks si) const { return static_cast<double>(si + lead_[i] - s) * 1e-6; }
  double cost_of(std::size_t i, Ticks s, Ticks si) const { return problem_.cost[i](days(i, s, si)); }
  double stored_by(std::size_t i, Ticks s, Ticks si) const {
    return problem_.volume[i] == 0 ? 0.0 : problem_.volume[i] * problem_.cost[i].base_stock(days(i, s, si));
  }
  bool is_best() const { return fits() && total_ < best_cost_; }
  void add_up();
  double penalty() const;
  void store(std::size_t i, double volume);
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
  std::vector<double> stored_;         // by each stage
  std::vector<double> site_stored_, site_price_;
  std::vector<std::int32_t> movable_;  // not sinks: those promise as long as they may
  double total_ = 0, best_cost_ = 0;
  double penalty_ = 0;                 // in total_
  // The move at work
  std::vector<Seed> seeds_;
  std::vector<Undo> undo_;
  std::vector<std::int32_t> queue_;    // positions in topological order, a min-heap
  std::vector<char> queued_;
  bool follow_up_ = true;
  double delta_ = 0;
};

/// What a volume of stock costs at each site when its stages hold their most: the scale of prices on excess. Above 0.
std::vector<double> money_per_volume(const model::PlacementProblem& problem);

}  // namespace tempera::inventory
