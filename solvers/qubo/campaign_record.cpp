// What a campaign of ladders tells: progress, the record of the run, and how it goes on from one.
#include <algorithm>
#include <cmath>

#include "solvers/qubo/campaign.hpp"

namespace tempera::qubo {

model::CampaignProgress LadderCampaign::progress() const {
  return {.incumbent_cost = incumbent_objective_, .iterations = iterations_ + waiting_, .round = round_, .coldest_temperature = islands_.front().coldest,
          .replicas = plan_.ladders, .parts = 1, .offered_cost = offered_};
}

model::Answer LadderCampaign::answer_of(const Found& state, double objective) const {
  return {.cost = objective, .cost_units = state.energy, .ints = state.values, .reals = {}};
}

void LadderCampaign::describe(model::RunRecord& record) const {
  record.incumbent = answer_of(incumbent_, incumbent_objective_);
  record.served_by = served_by_;
  record.trace = trace_;
  record.iterations = iterations_;
  record.swaps = swaps();
  record.campaign = {.next_round = round_, .next_task_id = next_task_id_, .iterations = iterations_, .ladder_ratio = 1, .annealing_started = 0,
                     .cooling_start = (spanning_ ? islands_.back() : islands_.front()).hottest, .cooling_end = islands_.front().coldest, .replicas = {}};
  for (const Island& island : islands_) {
    if (island.image.ints.empty()) continue;
    record.campaign.replicas.push_back({.rung = ladder_image, .trip = 0, .answer = {.cost = 0, .cost_units = 0, .ints = island.image.ints, .reals = island.image.reals}});
    record.campaign.replicas.push_back({.rung = ladder_best, .trip = 0, .answer = {.cost = 0, .cost_units = island.best.energy, .ints = island.best.values, .reals = {}}});
    for (const Guest& guest : island.guests)
      record.campaign.replicas.push_back({.rung = block_guest, .trip = static_cast<std::uint32_t>(guest.rung), .answer = {.cost = 0, .cost_units = 0, .ints = guest.values, .reals = {}}});
  }
  if (spanning_) record.campaign.replicas.push_back({.rung = spanning_state, .trip = 0, .answer = {.cost = 0, .cost_units = 0, .ints = {}, .reals = spanning_->temperatures().empty() ? std::vector<double>{} : spanning_->state()}});
  for (const Sample& sample : samples_)
    record.campaign.replicas.push_back({.rung = sample_state, .trip = sample.occurrences, .answer = answer_of(sample.state, sample.objective)});
}

// Acceptance as counts per thousand swaps: what counts for a reader is the share.
model::SwapStatistics LadderCampaign::swaps() const {
  model::SwapStatistics swaps;
  const auto add = [&swaps](std::size_t pair, double acceptance) {
    swaps.attempted.resize(std::max(swaps.attempted.size(), pair + 1));
    swaps.accepted.resize(swaps.attempted.size());
    swaps.attempted[pair] += 1000;
    swaps.accepted[pair] += static_cast<std::uint64_t>(std::llround(1000 * acceptance));
  };
  std::size_t first = 0;
  for (std::size_t l = 0; l < islands_.size(); ++l) {
    const std::vector<double>& pairs = islands_[l].acceptance;
    for (std::size_t k = 0; k < pairs.size(); ++k) add(first + k, pairs[k]);
    swaps.round_trips += static_cast<std::uint64_t>(islands_[l].trips);
    if (!spanning_ || pairs.empty()) continue;
    first += pairs.size() + 1;
    if (l + 1 < islands_.size()) add(first - 1, spanning_->boundary_acceptance(l));
  }
  return swaps;
}

void LadderCampaign::restore(const model::RunRecord& record) {
  std::size_t island = 0;
  samples_.clear();
  for (const model::ReplicaState& state : record.campaign.replicas) {
    if (state.rung == ladder_image && island < islands_.size()) {
      islands_[island].image = {state.answer.ints, state.answer.reals};
    } else if (state.rung == ladder_best && island < islands_.size()) {
      islands_[island++].best = {price(state.answer.ints, "best state of a ladder in the checkpoint").energy, state.answer.ints};
    } else if (state.rung == block_guest && island > 0) {
      islands_[island - 1].guests.push_back({.rung = state.trip, .values = state.answer.ints});
    } else if (state.rung == spanning_state && spanning_ && !state.answer.reals.empty()) {
      spanning_->restore(state.answer.reals);
    } else if (state.rung == sample_state) {
      const model::QuboVerdict verdict = price(state.answer.ints, "sample of the checkpoint");
      samples_.push_back({{verdict.energy, state.answer.ints}, verdict.objective, state.trip});
    }
  }
  const model::QuboVerdict verdict = price(record.incumbent.ints, "incumbent of the checkpoint");
  incumbent_ = {verdict.energy, record.incumbent.ints};
  incumbent_objective_ = verdict.objective;
  served_by_ = record.served_by;
  trace_ = record.trace;
  round_ = record.campaign.next_round;
  next_task_id_ = record.campaign.next_task_id;
  iterations_ = record.campaign.iterations;
}

}  // namespace tempera::qubo
