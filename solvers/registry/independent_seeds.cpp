#include "solvers/registry/independent_seeds.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "solvers/core/error.hpp"

namespace tempera::registry {

namespace {
constexpr const char* cut_short = "one seed reached the target before the others were done, so nothing is known of how seeds agree";
}

IndependentSeeds::IndependentSeeds(const CampaignRequest& request, model::Sense sense, const Make& make) : first_seed_(request.seed), sense_(sense), target_(request.target) {
  if (request.limit.iterations && *request.limit.iterations < request.seeds)
    throw core::UserError(fmt::format("{} iterations are too few for {} independent seeds. Give at least one for each.", *request.limit.iterations, request.seeds));
  for (std::uint32_t k = 0; k < request.seeds; ++k) {
    CampaignRequest own = request;
    own.seed = request.seed + k;
    own.seeds = 1;
    const auto seeds = static_cast<int>(request.seeds);
    own.ranks = std::max(1, request.ranks / seeds);
    own.campaigns_per_rank = std::max(1, (seeds + request.ranks - 1) / std::max(1, request.ranks));
    if (request.limit.iterations) own.limit.iterations = *request.limit.iterations / request.seeds + (k < *request.limit.iterations % request.seeds ? 1 : 0);
    campaigns_.push_back(make(own));
  }
}

std::optional<model::Task> IndependentSeeds::next_task(double elapsed) {
  for (std::size_t asked = 0; asked < campaigns_.size(); ++asked) {
    const std::size_t k = turn_;
    turn_ = (turn_ + 1) % campaigns_.size();
    std::optional<model::Task> task = campaigns_[k]->next_task(elapsed);
    if (!task) continue;
    task->id = task->id * campaigns_.size() + k;
    return task;
  }
  return std::nullopt;
}

void IndependentSeeds::on_outcome(const model::Outcome& outcome, double elapsed) {
  model::Outcome own = outcome;
  own.task = inside(outcome.task);
  latest_ = campaign_of(outcome.task);
  campaigns_[latest_]->on_outcome(own, elapsed);
}

void IndependentSeeds::on_lost(const model::Task& task, double elapsed) {
  model::Task own = task;
  own.id = inside(task.id);
  campaigns_[campaign_of(task.id)]->on_lost(own, elapsed);
}

double IndependentSeeds::longest_task_seconds(double elapsed) const {
  double longest = 0;
  for (const auto& campaign : campaigns_) longest = std::max(longest, campaign->longest_task_seconds(elapsed));
  return longest;
}

bool IndependentSeeds::reached_target() const {
  return target_ && std::ranges::any_of(campaigns_, [&](const auto& campaign) {
           const double cost = campaign->progress().incumbent_cost;
           return sense_ == model::Sense::maximise ? cost >= *target_ : cost <= *target_;
         });
}

bool IndependentSeeds::finished(double elapsed) const {
  if (reached_target()) return true;
  return all_finished(elapsed);
}

bool IndependentSeeds::all_finished(double elapsed) const {
  return std::ranges::all_of(campaigns_, [&](const auto& campaign) { return campaign->finished(elapsed); });
}

model::CampaignProgress IndependentSeeds::progress() const {
  model::CampaignProgress all = campaigns_.front()->progress();
  for (std::size_t k = 1; k < campaigns_.size(); ++k) {
    const model::CampaignProgress own = campaigns_[k]->progress();
    all.incumbent_cost = sense_ == model::Sense::maximise ? std::max(all.incumbent_cost, own.incumbent_cost) : std::min(all.incumbent_cost, own.incumbent_cost);
    all.iterations += own.iterations;
    all.round = std::min(all.round, own.round);
    all.replicas += own.replicas;
    all.swaps_attempted += own.swaps_attempted;
    all.swaps_accepted += own.swaps_accepted;
  }
  all.offered_cost = campaigns_[latest_]->progress().offered_cost;
  return all;
}

void IndependentSeeds::describe(model::RunRecord& record) const {
  std::uint64_t iterations = 0;
  std::optional<std::size_t> best;
  std::vector<model::SeedOutcome> seeds;
  std::vector<model::Answer> answers;
  for (std::size_t k = 0; k < campaigns_.size(); ++k) {
    campaigns_[k]->describe(record);
    iterations += record.iterations;
    seeds.push_back({first_seed_ + k, record.incumbent.cost});
    answers.push_back(record.incumbent);
    if (!best || answers[k].cost_units < answers[*best].cost_units) best = k;
  }
  campaigns_[*best]->describe(record);
  record.iterations = iterations;
  if (reached_target() && !all_finished(0)) {  // those that were cut short say nothing of how seeds agree
    seeds.clear();
    if (std::ranges::find(record.warnings, cut_short) == record.warnings.end()) record.warnings.push_back(cut_short);
  }
  record.seeds = std::move(seeds);
  record.candidates = std::move(answers);
}

}  // namespace tempera::registry
