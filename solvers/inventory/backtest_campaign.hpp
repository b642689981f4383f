// A backtest over ranks: every task plays some scenarios, the totals do not depend on who played which.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "solvers/inventory/backtest.hpp"
#include "solvers/model/campaign.hpp"

namespace tempera::inventory {

/// Task: ints = {first scenario, how many}. Outcome: the same ints, reals = the Kpis of every scenario and policy.
class BacktestCampaign final : public model::Campaign {
 public:
  /// `job` must outlive it.
  explicit BacktestCampaign(const model::BacktestJob& job, int ranks);

  std::optional<model::Task> next_task(double elapsed_seconds) override;
  void on_outcome(const model::Outcome& outcome, double elapsed_seconds) override;
  void on_lost(const model::Task& task, double elapsed_seconds) override;
  bool finished(double elapsed_seconds) const override;
  model::CampaignProgress progress() const override;
  void describe(model::RunRecord& record) const override;

  /// Once finished. @throws LogicError when scenarios were lost
  std::vector<PolicyRecord> records() const;

 private:
  const model::BacktestJob& job_;
  std::int32_t scenarios_per_task_ = 1;
  std::int32_t next_scenario_ = 0;
  std::size_t in_flight_ = 0;
  std::uint64_t next_task_id_ = 0;
  std::vector<std::vector<Kpis>> kpis_;  // [scenario][policy]; empty = not played yet
};

class BacktestRunner final : public model::TaskRunner {
 public:
  explicit BacktestRunner(const model::BacktestJob& job);
  void start(model::Task task) override;
  bool advance() override;   ///< one policy through one scenario
  model::Outcome take() override;

 private:
  const model::BacktestJob& job_;
  Simulator simulator_;
  model::Task task_;
  std::vector<double> reals_;
  std::optional<DemandPath> demand_;  // of the scenario at hand
  std::size_t policy_ = 0;            // the next one on it
  std::int32_t played_ = 0;
};

}  // namespace tempera::inventory
