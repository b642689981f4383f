// Rebalancing as the scheduler sees it: rounds of bound and search tasks over blocks of SKUs, merged into one plan.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "solvers/core/budget.hpp"
#include "solvers/inventory/rebalancing_runner.hpp"
#include "solvers/model/campaign.hpp"

namespace tempera::inventory {

struct RebalancingRequest {
  core::BudgetLimit limit;
  std::uint64_t seed = 0;
  int ranks = 1;
};

/// A round searches some blocks, each with its share of what is free, and while bounds have had less than their part of the
/// work, takes all blocks' optima at the present prices: with the capacities' own term a lower bound, and a subgradient.
/// With many blocks the prices are first learnt on four of them, as if they were the whole on a smaller scale.
/// When all outcomes are in, the blocks' plans are merged in their order, each only if the whole then keeps all limits and
/// costs less at true cost: trucks are counted on the whole. The first search round takes every block. Iterations are flows solved.
///
/// Tasks. ints = {0 bound or 1 search, blocks, whether each SKU is to be looked at first, shipments of the block (search)},
/// wholes = {block, seed}. Bound: reals = {prices}; outcome: wholes = {1 when complete}, reals = {sum of optima, use}. Search:
/// reals = {first, last temperature, use of the whole plan, limits, prices}; outcome: ints = {1, shipments}, reals = {energy before, after}.
class RebalancingCampaign final : public model::Campaign {
 public:
  /// `problem` must outlive the campaign. @param start  feasible
  RebalancingCampaign(const model::RebalancingProblem& problem, const RebalancingRequest& request, const model::RebalancingPlan& start, std::string started_from);

  /// Goes on where `record` was written. Throws UserError when it does not fit.
  void restore(const model::RunRecord& record);

  std::optional<model::Task> next_task(double elapsed_seconds) override;
  void on_outcome(const model::Outcome& outcome, double elapsed_seconds) override;
  void on_lost(const model::Task& task, double elapsed_seconds) override;
  bool finished(double elapsed_seconds) const override;
  model::CampaignProgress progress() const override;
  void describe(model::RunRecord& record) const override;

  double lower_bound() const { return bound_; }
  double incumbent_cost() const { return cost_; }

 private:
  struct Slot {
    std::uint64_t task = 0;
    RebalancingTask kind = RebalancingTask::bound;
    std::uint32_t block = 0;
    bool closed = false;
    std::optional<model::Outcome> outcome;
  };

  bool is_timed() const { return request_.limit.seconds.has_value(); }
  bool out_of_time(double elapsed) const;
  bool proven() const;
  bool sampling(double elapsed) const;
  void open_round(double elapsed);
  void add_bound_tasks(std::uint32_t blocks, double elapsed);
  void add_search_tasks(double elapsed);
  std::vector<std::uint32_t> chosen_blocks() const;
  SharedUse limits_for(double share) const;
  void hand_out(model::Task task, RebalancingTask kind, std::uint32_t block);
  Slot& slot_of(std::uint64_t task);
  void close(Slot& slot, double elapsed);
  void close_round(double elapsed);
  void take_bounds();
  void take_search(const Slot& slot);
  void load(const model::RebalancingPlan& plan);
  void reprice();
  model::RebalancingPlan block_plan(std::uint32_t block) const;
  SharedUse block_use(const std::vector<std::int32_t>& skus, const model::RebalancingPlan& plan, double& cost) const;
  model::RebalancingPlan whole_plan() const;

  const model::RebalancingProblem& problem_;
  RebalancingRequest request_;
  std::uint32_t blocks_ = 1, active_ = 1;
  double ends_ = 0;
  double mean_truck_ = 0;
  PriceAscent ascent_;
  SharedUse limits_, total_;                            // of the problem; of the plan
  std::vector<model::RebalancingPlan> plan_;            // per SKU
  double own_ = 0, cost_ = 0, bound_ = 0;
  std::string served_by_;
  std::vector<model::TracePoint> trace_;
  std::vector<Slot> slots_;
  std::deque<model::Task> ready_;
  std::size_t slots_left_ = 0, in_flight_ = 0;
  bool round_open_ = false;
  std::uint32_t round_ = 0;
  std::uint64_t next_task_id_ = 1, iterations_ = 0, bound_flows_ = 0, search_flows_ = 0, search_rounds_ = 0, sample_steps_ = 0;
  bool sampled_ = false;                                // the open round prices a sample of the blocks
};

}  // namespace tempera::inventory
