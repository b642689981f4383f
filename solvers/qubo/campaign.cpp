#include "solvers/qubo/campaign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solvers/core/error.hpp"
#include "solvers/qubo/runner.hpp"

namespace tempera::qubo {

namespace {
constexpr std::size_t most_samples = 100;
constexpr std::uint32_t exchange_rounds = 4;
constexpr double shortest_task_seconds = 0.01;
}  // namespace

LadderPlan make_plan(const LadderPlanRequest& request) {
  LadderPlan plan{.seed = request.seed, .spanning = request.spanning, .target = request.target, .penalised = request.penalised};
  const double moves = static_cast<double>(std::max<std::int64_t>(1, request.moves));
  if (request.limit.iterations) {
    plan.ladders = request.ladders > 0 ? request.ladders : 4;
    plan.sweeps = *request.limit.iterations;
    // Tasks of about a tenth of a second, so that elites travel and ranks are shared out; whole numbers of the job alone.
    plan.round_sweeps = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(2e8 / moves), 50, 100'000);
  } else {
    plan.ladders = request.ladders > 0 ? request.ladders : static_cast<std::uint32_t>(std::max(1, request.ranks));
    plan.ends = *request.limit.seconds - 0.05 - std::min(0.1, 0.01 * *request.limit.seconds) - 2e-9 * moves;
    const double waves = std::ceil(static_cast<double>(plan.ladders) / std::max(1, request.ranks));
    // Blocks of one ladder meet after every round.
    plan.round_seconds = request.spanning && plan.ladders > 1 ? 0.05 : std::clamp((plan.ends - request.now) / (40 * waves), 0.05, 1.0);
  }
  plan.spanning = plan.spanning && plan.ladders > 1;
  return plan;
}

LadderCampaign::LadderCampaign(const LadderPlan& plan, Referee referee, SettleSlack settle, std::size_t variables, const model::Answer& start, std::string started_from)
    : plan_(plan), referee_(std::move(referee)), settle_(std::move(settle)), variables_(variables), served_by_(std::move(started_from)), islands_(plan.ladders) {
  TEMPERA_ASSERT(!plan.penalised || settle_, "a penalised problem without a way to settle its slack");
  if (plan.spanning) spanning_.emplace(plan.ladders);
  const model::QuboVerdict verdict = price(start.ints, "start");
  incumbent_ = {verdict.energy, start.ints};
  incumbent_objective_ = verdict.objective;
}

model::QuboVerdict LadderCampaign::price(std::span<const std::int32_t> values, const char* what) const {
  model::QuboVerdict verdict = referee_(values);
  TEMPERA_ASSERT(verdict.feasible || plan_.penalised, fmt::format("the {} is infeasible: {}", what, verdict.violations.empty() ? "" : verdict.violations.front()));
  return verdict;
}

bool LadderCampaign::out_of_budget(double elapsed) const {
  return plan_.is_timed() ? elapsed > plan_.ends - shortest_task_seconds : iterations_ >= plan_.sweeps;
}

bool LadderCampaign::finished(double elapsed) const {
  return reached() || (in_flight_ == 0 && !(round_open_ && !plan_.is_timed()) && out_of_budget(elapsed));
}

// ---------------------------------------------------------------------------------------------------- tasks go out

std::optional<model::Task> LadderCampaign::next_task(double elapsed) {
  if (reached()) return std::nullopt;
  if (!round_open_ && !out_of_budget(elapsed)) open_round();
  if (ready_.empty()) return std::nullopt;
  if (plan_.is_timed()) {
    if (out_of_budget(elapsed)) return std::nullopt;
    ready_.front().seconds = std::min(plan_.round_seconds, plan_.ends - elapsed);
  }
  model::Task task = std::move(ready_.front());
  ready_.pop_front();
  ++in_flight_;
  return task;
}

// Shares what is left of the sweeps out to the last one.
std::uint64_t LadderCampaign::sweeps_of(std::uint32_t ladder) const {
  const std::uint64_t left = plan_.sweeps - iterations_, all = plan_.round_sweeps * plan_.ladders;
  if (left >= all) return plan_.round_sweeps;
  return left / plan_.ladders + (ladder < left % plan_.ladders ? 1 : 0);
}

void LadderCampaign::open_round() {
  islands_left_ = 0;
  for (std::uint32_t l = 0; l < plan_.ladders; ++l) {
    Island& island = islands_[l];
    const std::uint64_t sweeps = plan_.is_timed() ? 0 : sweeps_of(l);
    if (!plan_.is_timed() && sweeps == 0) continue;
    model::Task task;
    task.id = island.task = next_task_id_++;
    task.round = round_;
    task.replica = l;
    task.iterations = sweeps;
    task.ints = island.image.ints;
    task.reals = island.image.reals;
    task.wholes = {static_cast<std::int64_t>(plan_.seed), static_cast<std::int64_t>(island.image.ints.size()),
                   plan_.penalised ? std::numeric_limits<std::int64_t>::min() : plan_.target};  // a ladder cannot tell whether constraints hold
    for (const Guest& guest : guests_of(l)) {
      task.wholes.push_back(guest.rung);
      task.ints.insert(task.ints.end(), guest.values.begin(), guest.values.end());
    }
    island.open = true;
    ++islands_left_;
    ready_.push_back(std::move(task));
  }
  round_open_ = true;
}

std::vector<Guest> LadderCampaign::guests_of(std::uint32_t ladder) const {
  std::vector<Guest> guests = islands_[ladder].guests;
  // A better start than any ladder knows (a warm start) is a guest of the first one.
  if (round_ == 0 && ladder == 0 && served_by_ == "warm start") guests.push_back({.values = incumbent_.values});
  if (spanning_ || plan_.ladders < 2 || round_ % exchange_rounds != exchange_rounds - 1) return guests;
  const Found& neighbour = islands_[(ladder + 1) % plan_.ladders].best;
  if (!neighbour.values.empty()) guests.push_back({.values = neighbour.values});
  return guests;
}

// ---------------------------------------------------------------------------------------------------- outcomes come in

void LadderCampaign::on_outcome(const model::Outcome& outcome, double elapsed) {
  TEMPERA_ASSERT(round_open_ && outcome.round == round_ && outcome.replica < islands_.size() && islands_[outcome.replica].open &&
                     islands_[outcome.replica].task == outcome.task,
                 fmt::format("no ladder waits for task {} (round {}, ladder {})", outcome.task, outcome.round, outcome.replica));
  const std::vector<std::int64_t>& w = outcome.wholes;
  TEMPERA_ASSERT(w.size() >= 5 && w[0] >= 0 && w[1] >= 0 && static_cast<std::size_t>(w[0]) + (w.size() - 2) * variables_ == outcome.ints.size() &&
                     static_cast<std::size_t>(w[1]) + 3 <= outcome.reals.size(),
                 fmt::format("the outcome of task {} has a wrong size", outcome.task));
  Island& island = islands_[outcome.replica];
  Arrival arrival = read(outcome);
  offer(arrival, elapsed);
  if (plan_.is_timed()) {
    apply(island, std::move(arrival));
  } else {
    waiting_ += arrival.sweeps;
    island.arrival = std::move(arrival);
  }
  close(island, elapsed);
}

LadderCampaign::Arrival LadderCampaign::read(const model::Outcome& outcome) const {
  const std::vector<std::int64_t>& w = outcome.wholes;
  Arrival arrival;
  arrival.image = {.ints = {outcome.ints.begin(), outcome.ints.begin() + w[0]}, .reals = {outcome.reals.begin(), outcome.reals.begin() + w[1]}};
  for (std::size_t k = 0; k + 2 < w.size(); ++k) {
    const auto from = outcome.ints.begin() + w[0] + static_cast<std::ptrdiff_t>(k * variables_);
    Found state{w[k + 2], {from, from + static_cast<std::ptrdiff_t>(variables_)}};
    const model::QuboVerdict verdict = price(state.values, "answer of a ladder");
    TEMPERA_ASSERT(verdict.energy == state.energy, fmt::format("the referee prices an answer at {}, its ladder at {}", verdict.energy, state.energy));
    if (k == 1) arrival.on_coldest = state;
    if (k + 3 == w.size()) {
      arrival.on_hottest = std::move(state);  // no sample: it is as good as drawn
      break;
    }
    arrival.found.push_back(settled({std::move(state), verdict.objective, verdict.feasible}));
  }
  const auto rest = outcome.reals.begin() + w[1];
  arrival.coldest = rest[0], arrival.hottest = rest[1], arrival.trips = rest[2];
  arrival.acceptance.assign(rest + 3, outcome.reals.end());
  arrival.sweeps = outcome.iterations;
  return arrival;
}

LadderCampaign::Priced LadderCampaign::settled(Priced found) const {
  if (!plan_.penalised) return found;
  found.state.values = settle_(std::move(found.state.values));
  const model::QuboVerdict verdict = price(found.state.values, "answer of a ladder with settled slack");
  return {{verdict.energy, std::move(found.state.values)}, verdict.objective, verdict.feasible};
}

// Ties are broken by the state itself, so that the order of outcomes does not matter.
void LadderCampaign::offer(const Arrival& arrival, double elapsed) {
  const Priced* lowest = nullptr;
  for (const Priced& found : arrival.found)
    if (found.feasible && (!lowest || found.state.energy < lowest->state.energy)) lowest = &found;
  if (!lowest) return;
  const Found& best = lowest->state;
  const double objective = lowest->objective;
  offered_ = objective;
  const bool better = best.energy < incumbent_.energy;
  if (!better && !(best.energy == incumbent_.energy && served_by_ == "annealer" && best.values < incumbent_.values)) return;
  incumbent_ = best;
  incumbent_objective_ = objective;
  served_by_ = "annealer";
  if (better && plan_.is_timed()) note_trace(elapsed);
}

void LadderCampaign::apply(Island& island, Arrival arrival) {
  const Found& best = arrival.found.front().state;
  if (island.best.values.empty() || best.energy < island.best.energy) island.best = best;
  island.image = std::move(arrival.image);
  island.guests.clear();  // they are in the image now
  island.on_coldest = std::move(arrival.on_coldest), island.on_hottest = std::move(arrival.on_hottest);
  island.coldest = arrival.coldest, island.hottest = arrival.hottest, island.trips = arrival.trips;
  island.acceptance = std::move(arrival.acceptance);
  iterations_ += arrival.sweeps;
  for (Priced& found : arrival.found) keep_sample(std::move(found.state), found.objective);
}

void LadderCampaign::keep_sample(Found state, double objective) {
  const auto order = [](const Found& a, const Found& b) { return a.energy != b.energy ? a.energy < b.energy : a.values < b.values; };
  const auto place = std::ranges::lower_bound(samples_, state, order, &Sample::state);
  if (place != samples_.end() && place->state.energy == state.energy && place->state.values == state.values) {
    ++place->occurrences;
    return;
  }
  samples_.insert(place, {std::move(state), objective, 1});
}

void LadderCampaign::on_lost(const model::Task& task, double elapsed) {
  TEMPERA_ASSERT(task.replica < islands_.size() && islands_[task.replica].open, fmt::format("no ladder waits for the lost task {}", task.id));
  iterations_ += task.iterations;  // so that a run counted in sweeps ends
  close(islands_[task.replica], elapsed);
}

void LadderCampaign::close(Island& island, double elapsed) {
  island.open = false;
  --in_flight_;
  if (--islands_left_ > 0) return;
  for (Island& closed : islands_) {
    if (closed.arrival) apply(closed, std::move(*closed.arrival));
    closed.arrival.reset();
  }
  waiting_ = 0;
  if (spanning_) exchange_blocks();
  if (samples_.size() > most_samples) samples_.resize(most_samples);
  round_open_ = false;
  ++round_;
  note_trace(elapsed);
}

void LadderCampaign::exchange_blocks() {
  std::vector<SpanningLadder::Block> blocks;
  for (Island& island : islands_) {
    blocks.push_back({.image = &island.image, .coldest = std::move(island.on_coldest), .hottest = std::move(island.on_hottest)});
    island.on_coldest.reset(), island.on_hottest.reset();
  }
  std::vector<std::vector<Guest>> guests = spanning_->after_round(blocks, plan_.seed, round_);
  // A block whose task was lost has swapped with nobody, and its guests still wait to be let in.
  for (std::size_t l = 0; l < islands_.size(); ++l)
    if (!guests[l].empty()) islands_[l].guests = std::move(guests[l]);
}

void LadderCampaign::note_trace(double elapsed) {
  // Equal rounds are folded into one point: a long run stays a short table.
  const model::TracePoint point{.iterations = iterations_, .round = round_, .cost = incumbent_objective_, .temperature = islands_.front().coldest, .seconds = elapsed};
  if (trace_.size() >= 2 && trace_.back().cost == point.cost && trace_[trace_.size() - 2].cost == point.cost) trace_.back() = point;
  else trace_.push_back(point);
}

}  // namespace tempera::qubo
