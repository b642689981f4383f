// The placement of one network as the scheduler sees it: rounds of bound and search tasks, merges, swaps, the proven gap.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "solvers/inventory/cost_units.hpp"
#include "solvers/inventory/placement_plan.hpp"
#include "solvers/inventory/runner.hpp"
#include "solvers/model/campaign.hpp"
#include "solvers/model/placement_problem.hpp"
#include "solvers/tempering/ladder.hpp"

namespace tempera::inventory {

/// A round: every bound chain climbs its prices for a while, and every replica's plan is searched by parts at its rung's
/// temperature. The parts' current plans are merged, repaired and priced again (so the chain goes on), neighbours on the
/// ladder swap, the incumbent takes the place of the coldest replica where it is better. A chain that no longer climbs takes a
/// new forest from its prices. The campaign ends early when bound and incumbent meet.
///
/// Sites whose storage is short have two prices: the bound's, and a higher one on what replicas store in excess, so that they may pass
/// through plans that do not fit. Only plans that fit become the incumbent.
///
/// Tasks. Bound: ints = {0}, reals = {upper bound, step scale, weights per arc, prices per arc and site}; its outcome: ints = {0},
/// reals = {bound, step scale, cost of the best repaired plan, its outbound times, best prices}, wholes = {steps}. Search: ints = {1, stages of
/// the part (none: all)}, reals = {first, last temperature, outbound times}; its outcome: ints = {1}, reals = {start, current,
/// best cost, current, best outbound times of the whole network}. wholes = {seed, grid level}. The reals of both end with the
/// prices of excess, one per site.
class PlacementCampaign final : public model::Campaign {
 public:
  /// `network` must outlive the campaign. @param start  outbound times, days; cut to what is feasible; must fit the sites
  PlacementCampaign(const model::PlacementNetwork& network, const PlacementPlanRequest& request, std::span<const double> start, std::string started_from);

  /// Goes on where `record` was written. Throws UserError when its answers do not fit the network.
  void restore(const model::RunRecord& record);

  std::optional<model::Task> next_task(double elapsed_seconds) override;
  void on_outcome(const model::Outcome& outcome, double elapsed_seconds) override;
  void on_lost(const model::Task& task, double elapsed_seconds) override;
  bool finished(double elapsed_seconds) const override;
  model::CampaignProgress progress() const override;
  void describe(model::RunRecord& record) const override;

  double lower_bound() const { return bound_; }
  double incumbent_cost() const { return incumbent_.cost; }
  const PlacementRunPlan& plan() const { return plan_; }

 private:
  struct Priced {
    std::vector<double> outbound;
    double cost = 0;  // of a replica: what it stores in excess included
  };
  struct Chain {
    ChainState state;
    double steps = 0;  // on this forest
  };
  // One task of the open round: first the chains, then replica by replica its parts.
  struct Slot {
    std::uint64_t task = 0;
    bool closed = false;
    std::vector<double> reals;  // of the outcome; empty = lost
    double steps = 0;           // bound steps made
  };

  bool out_of_time(double elapsed) const;
  double spent_share(double elapsed) const;
  void open_round(double elapsed);
  void hand_out(model::Task task, TaskKind kind, std::uint32_t replica, std::uint32_t part);
  model::Task bound_task(std::uint32_t chain) const;
  model::Task search_task(std::uint32_t replica, std::uint32_t part, double first_base, double last_base) const;
  void set_effort(double elapsed);
  Slot& slot_of(std::uint64_t task, TaskKind kind, std::uint32_t replica, std::uint32_t part);
  std::size_t slot_index(TaskKind kind, std::uint32_t replica, std::uint32_t part) const;
  void check_outcome(const model::Outcome& outcome, TaskKind kind) const;
  void consider(TaskKind kind, const std::vector<double>& reals);
  void offer(std::vector<double> outbound, const char* who);
  void close_slot(Slot& slot, double elapsed);
  void close_round(double elapsed);
  void advance_chain(std::uint32_t chain, const Slot& slot);
  void merge_replica(std::uint32_t replica);
  void choose_forest(Chain& chain, std::uint32_t number);
  void price_excess();
  void note_trace(double elapsed);
  Priced price(std::span<const double> outbound) const;
  std::optional<Priced> price_if_fits(std::span<const double> outbound) const;
  bool proven() const;
  model::Answer answer_of(const Priced& priced) const;

  const model::PlacementNetwork& network_;
  model::PlacementProblem problem_;
  PlacementRunPlan plan_;
  tempering::Ladder ladder_;
  std::vector<std::vector<std::int32_t>> parts_;
  std::vector<Chain> chains_;
  std::vector<double> excess_price_;  // per site, money per volume
  std::vector<Priced> replicas_;
  Priced incumbent_;
  std::string served_by_;
  double bound_ = 0;

  std::uint32_t round_ = 0;
  bool round_open_ = false;
  std::vector<Slot> slots_;
  std::deque<model::Task> ready_;
  std::size_t slots_left_ = 0;
  std::size_t in_flight_ = 0;
  std::uint64_t next_task_id_ = 0;
  std::uint64_t iterations_ = 0;
  std::uint64_t round_iterations_ = 0;
  std::optional<double> started_;
  double base_temperature_ = 0;
  GridLevel grid_level_ = GridLevel::rough;
  std::vector<model::TracePoint> trace_;
};

/// The request that gives the plan of `record` again: a checkpoint keeps its replicas and chains on any number of ranks.
PlacementPlanRequest resumed(PlacementPlanRequest request, const model::RunRecord& record);

}  // namespace tempera::inventory
