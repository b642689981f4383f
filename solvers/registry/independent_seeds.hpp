// Several campaigns of one problem, each with a seed of its own, side by side: how often does the annealer end at the same cost?
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "solvers/registry/registry.hpp"

namespace tempera::registry {

/// The campaigns know nothing of one another: their tasks go out in turn, an iteration budget is shared out evenly, wall time is lived through
/// together. What `describe` writes is the record of the best of them (of equal ones the first), with `seeds` and `candidates` of all.
/// A checkpoint holds the best one alone. Once one of them reaches the target all are finished; where others were cut short then, `seeds` stays empty.
class IndependentSeeds final : public model::Campaign {
 public:
  using Make = std::function<std::unique_ptr<model::Campaign>(const CampaignRequest&)>;

  /// @throws UserError when there is less than one iteration for each
  IndependentSeeds(const CampaignRequest& request, model::Sense sense, const Make& make);

  std::optional<model::Task> next_task(double elapsed_seconds) override;
  void on_outcome(const model::Outcome& outcome, double elapsed_seconds) override;
  void on_lost(const model::Task& task, double elapsed_seconds) override;
  double longest_task_seconds(double elapsed_seconds) const override;
  bool finished(double elapsed_seconds) const override;
  model::CampaignProgress progress() const override;
  void describe(model::RunRecord& record) const override;

 private:
  // A task's number outside is its number inside times the campaigns, plus the campaign.
  std::size_t campaign_of(std::uint64_t task) const { return task % campaigns_.size(); }
  std::uint64_t inside(std::uint64_t task) const { return task / campaigns_.size(); }

  bool reached_target() const;
  bool all_finished(double elapsed_seconds) const;

  std::uint64_t first_seed_;
  model::Sense sense_;
  std::optional<double> target_;
  std::vector<std::unique_ptr<model::Campaign>> campaigns_;
  std::size_t turn_ = 0;     // who is asked first for the next task
  std::size_t latest_ = 0;   // whose outcome came last
};

}  // namespace tempera::registry
