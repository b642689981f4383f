#include "solvers/routing/campaign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "solvers/core/error.hpp"
#include "solvers/core/random.hpp"
#include "solvers/model/routing_referee.hpp"
#include "solvers/routing/task_content.hpp"
#include "solvers/tempering/cooling.hpp"

namespace tempera::routing {

namespace {
constexpr double wanted_acceptance = 0.25;
constexpr double widest_ratio = 1.5;
}  // namespace

RoutingCampaign::RoutingCampaign(const model::RoutingInstance& instance, const RoutingPlan& plan, const model::RoutingSolution& start,
                                 std::string started_from)
    : instance_(instance), schedule_(plan), ladder_(plan.replicas, plan.ladder_ratio), served_by_(std::move(started_from)),
      pool_(instance, pool_stops_for(instance.customers())) {
  incumbent_ = price(start, "start solution");
  replicas_.assign(plan.replicas, incumbent_);
  open_.parts = plan.parts;
  open_.cooling = plan.cooling;
}

RoutingCampaign::Priced RoutingCampaign::price(model::RoutingSolution solution, const char* what) const {
  const model::RoutingVerdict verdict = model::judge(instance_, solution);
  TEMPERA_ASSERT(verdict.feasible, fmt::format("the {} is infeasible: {}", what, verdict.violations.empty() ? "" : verdict.violations.front()));
  if (instance_.fleet) {
    solution.left_out = verdict.missing;
    solution.left_out.insert(solution.left_out.end(), verdict.skipped.begin(), verdict.skipped.end());
  }
  return {std::move(solution), verdict.cost.value};
}

bool RoutingCampaign::out_of_time(double elapsed) const {
  return schedule_.deadline_passed(elapsed) || (schedule_.annealing_over(elapsed) && (!plan().recombines || (recombined_ && !recombining_)));
}

// ---------------------------------------------------------------------------------------------------- tasks go out

std::optional<model::Task> RoutingCampaign::next_task(double elapsed) {
  schedule_.begin(elapsed);
  if (plan().recombines && plan().is_timed() && !recombining_ && schedule_.annealing_over(elapsed)) give_up_waiting(elapsed);
  if (!round_open_ && !out_of_time(elapsed)) {
    if (!schedule_.annealing_over(elapsed)) open_round(elapsed);
    else if (plan().recombines && !recombined_) open_recombination();
  }
  if (ready_.empty()) return std::nullopt;
  if (plan().is_timed()) {
    if (recombining_ ? out_of_time(elapsed) : schedule_.annealing_over(elapsed)) return std::nullopt;
    ready_.front().seconds = std::min(ready_.front().seconds, task_seconds_left(elapsed));
  }
  model::Task task = std::move(ready_.front());
  ready_.pop_front();
  ++in_flight_;
  return task;
}

void RoutingCampaign::open_round(double elapsed) {
  open_ = schedule_.next_round(elapsed);
  parts_.assign(replicas_.size(), {});
  parts_left_ = 0;
  round_iterations_ = 0;
  for (std::uint32_t r = 0; r < replicas_.size(); ++r) {
    core::RandomStream random({.seed = plan().seed, .domain = core::split_routes, .replica = r, .step = schedule_.round()});
    parts_[r] = cut_into_parts(instance_, replicas_[r].solution, open_.parts, random);
    for (std::uint32_t p = 0; p < parts_[r].size(); ++p) {
      ready_.push_back(make_task(r, p));
      parts_[r][p].task = ready_.back().id;
      ++parts_left_;
    }
  }
  if (!plan().is_timed())
    for (std::size_t k = 0; k < ready_.size(); ++k) ready_[k].iterations = schedule_.iterations_of(k, ready_.size());
  round_open_ = true;
}

model::Task RoutingCampaign::make_task(std::uint32_t replica, std::uint32_t part) {
  model::Task task{.id = next_task_id_++, .round = schedule_.round(), .replica = replica, .part = part, .seconds = open_.task_seconds, .ints = {}, .wholes = {}, .reals = {}};
  tempering::Cooling cooling = open_.cooling;
  if (!open_.saves_vehicles) cooling = {ladder_.temperature(replica, cooling.start), ladder_.temperature(replica, cooling.end)};
  const Part& content = parts_[replica][part];
  write(PartTask{.seed = plan().seed, .saves_vehicles = open_.saves_vehicles, .cooling = cooling, .routes = content.start, .vehicles = content.vehicles}, task);
  return task;
}

// Tasks that nobody took before the annealing was over: their parts keep their solution, so that the round can close.
void RoutingCampaign::give_up_waiting(double elapsed) {
  while (!ready_.empty()) {
    const model::Task task = std::move(ready_.front());
    ready_.pop_front();
    ++in_flight_;
    on_lost(task, elapsed);
  }
}

void RoutingCampaign::open_recombination() {
  model::Task task{.id = next_task_id_++, .round = schedule_.round(), .seconds = plan().recombining_seconds, .ints = {}, .wholes = {}, .reals = {}};
  write(PoolTask{.incumbent = model::flatten(incumbent_.solution), .incumbent_cost = incumbent_.cost, .pool = pool_.flat()}, task);
  recombined_ = round_open_ = true;
  recombining_ = task.id;
  ready_.push_back(std::move(task));
}

// ---------------------------------------------------------------------------------------------------- outcomes come in

Part& RoutingCampaign::part_of(std::uint32_t round, std::uint32_t replica, std::uint32_t part, std::uint64_t task) {
  TEMPERA_ASSERT(round_open_ && round == schedule_.round() && replica < parts_.size() && part < parts_[replica].size() && parts_[replica][part].task == task &&
                     !parts_[replica][part].closed,
                 fmt::format("no part waits for task {} (round {}, replica {}, part {})", task, round, replica, part));
  return parts_[replica][part];
}

void RoutingCampaign::take_recombined(const model::Outcome& outcome, double elapsed) {
  offered_.reset();
  if (auto found = read_pool_answer(outcome)) {
    Priced candidate = price(std::move(*found), "recombined solution");
    offered_ = candidate.cost;
    if (candidate.cost < incumbent_.cost) {
      incumbent_ = std::move(candidate);
      served_by_ = "annealer";
      note_trace(elapsed);
    }
  }
  close_recombination();
}

void RoutingCampaign::close_recombination() {
  recombining_.reset();
  --in_flight_;
  round_open_ = false;
}

void RoutingCampaign::on_outcome(const model::Outcome& outcome, double elapsed) {
  if (recombining_ == outcome.task) return take_recombined(outcome, elapsed);
  Part& part = part_of(outcome.round, outcome.replica, outcome.part, outcome.task);
  part.take(instance_, read_part_answer(outcome));
  try {
    offer_candidate(outcome.replica, elapsed);
  } catch (...) {  // the answer lied about its cost: the part waits for another attempt
    part.answer = {};
    throw;
  }
  round_iterations_ += outcome.iterations;
  close_part(part, elapsed);
}

void RoutingCampaign::on_lost(const model::Task& task, double elapsed) {
  if (recombining_ == task.id) return close_recombination();
  Part& part = part_of(task.round, task.replica, task.part, task.id);
  part.answer.current = part.start;
  close_part(part, elapsed);
}

void RoutingCampaign::close_part(Part& part, double elapsed) {
  part.closed = true;
  --parts_left_;
  --in_flight_;
  if (parts_left_ == 0) close_round(elapsed);
}

// The replica's round start with every part replaced by its best so far. Any subset of parts costs at least as much as
// all of them, so what the incumbent is when the round closes does not depend on the order of outcomes.
void RoutingCampaign::offer_candidate(std::uint32_t replica, double elapsed) {
  std::int64_t cost = replicas_[replica].cost;
  for (const Part& part : parts_[replica]) cost += part.best_gain();
  offered_ = cost;
  if (cost >= incumbent_.cost) return;
  Priced candidate = price(join_best(parts_[replica]), "merged candidate");
  TEMPERA_ASSERT(candidate.cost == cost, fmt::format("the referee prices the merged candidate at {}, the solvers at {}", candidate.cost, cost));
  incumbent_ = std::move(candidate);
  served_by_ = "annealer";
  if (plan().is_timed()) note_trace(elapsed);
}

void RoutingCampaign::close_round(double elapsed) {
  for (std::size_t r = 0; r < replicas_.size(); ++r) {
    if (!instance_.fleet)
      for (const Part& part : parts_[r])
        for (const auto* seen : {&part.answer.visited, &part.answer.best, &part.answer.current}) pool_.add(*seen, schedule_.round());
    replicas_[r] = price(join_current(parts_[r]), "merged replica");
  }
  if (open_.saves_vehicles) {
    share_fewest_vehicles(Priced(*std::ranges::min_element(replicas_, {}, &Priced::cost)));
  } else {
    swap_neighbours();
    if (schedule_.restarts_worst(elapsed)) restart_worst();
  }
  iterations_ += round_iterations_;
  round_iterations_ = 0;
  round_open_ = false;
  schedule_.end_round();
  note_trace(elapsed);
}

// Who has more vehicles than the best goes on from it.
void RoutingCampaign::share_fewest_vehicles(const Priced& best) {
  for (Priced& replica : replicas_)
    if (replica.solution.routes.size() > best.solution.routes.size()) replica = best;
}

void RoutingCampaign::swap_neighbours() {
  std::vector<double> energy;
  for (const Priced& replica : replicas_) energy.push_back(static_cast<double>(replica.cost));
  ladder_.swap(energy, open_.cooling.start, plan().seed, schedule_.round());
  ladder_.adapt(wanted_acceptance, widest_ratio);
}

// Keeps its rung.
void RoutingCampaign::restart_worst() {
  const auto [best, worst] = std::ranges::minmax_element(replicas_, {}, &Priced::cost);
  *worst = *best;
}

void RoutingCampaign::note_trace(double elapsed) {
  const double scale = model::units_per_cost(instance_);
  trace_.push_back({.iterations = iterations_ + round_iterations_, .round = schedule_.round(), .cost = static_cast<double>(incumbent_.cost) / scale,
                    .temperature = open_.cooling.start / scale, .seconds = elapsed});
}

double RoutingCampaign::longest_task_seconds(double elapsed) const {
  return out_of_time(elapsed) ? 0 : std::max(0.0, task_seconds_left(elapsed));
}

// Annealing leaves set partitioning its time.
double RoutingCampaign::task_seconds_left(double elapsed) const {
  return recombining_ ? schedule_.seconds_left(elapsed) : schedule_.annealing_seconds_left(elapsed);
}

bool RoutingCampaign::finished(double elapsed) const { return in_flight_ == 0 && !(round_open_ && !plan().is_timed()) && out_of_time(elapsed); }

// ---------------------------------------------------------------------------------------------------- what is known

model::CampaignProgress RoutingCampaign::progress() const {
  const double scale = model::units_per_cost(instance_);
  const tempering::Ladder::Statistics& swaps = ladder_.statistics();
  return {.incumbent_cost = static_cast<double>(incumbent_.cost) / scale, .iterations = iterations_ + round_iterations_, .round = schedule_.round(),
          .coldest_temperature = open_.cooling.start / scale, .replicas = plan().replicas, .parts = open_.parts,
          .swaps_attempted = std::accumulate(swaps.attempted.begin(), swaps.attempted.end(), std::uint64_t{0}),
          .swaps_accepted = std::accumulate(swaps.accepted.begin(), swaps.accepted.end(), std::uint64_t{0}),
          .offered_cost = offered_ ? std::optional(static_cast<double>(*offered_) / scale) : std::nullopt};
}

model::Answer RoutingCampaign::answer_of(const Priced& priced) const {
  return {.cost = static_cast<double>(priced.cost) / model::units_per_cost(instance_),
          .cost_units = priced.cost, .ints = model::flatten(priced.solution), .reals = {}};
}

void RoutingCampaign::describe(model::RunRecord& record) const {
  record.incumbent = answer_of(incumbent_);
  record.served_by = served_by_;
  record.trace = trace_;
  record.iterations = iterations_ + round_iterations_;
  const tempering::Ladder::State ladder = ladder_.state();
  record.swaps = {ladder.statistics.attempted, ladder.statistics.accepted, ladder.statistics.round_trips};
  record.campaign = {.next_round = schedule_.round(), .next_task_id = next_task_id_, .iterations = iterations_, .ladder_ratio = ladder.ratio,
                     .annealing_started = schedule_.started(), .cooling_start = plan().cooling.start, .cooling_end = plan().cooling.end,
                     .replicas = {}, .pool = pool_.routes()};
  for (std::size_t r = 0; r < replicas_.size(); ++r)
    record.campaign.replicas.push_back({.rung = ladder.rung_of[r], .trip = ladder.trip[r], .answer = answer_of(replicas_[r])});
}

void RoutingCampaign::restore(const model::RunRecord& record) {
  const model::CampaignState& state = record.campaign;
  if (state.replicas.size() != replicas_.size())
    throw core::UserError(fmt::format("The checkpoint holds {} replicas, this run plans {}. Resume with --replicas {}.", state.replicas.size(),
                                      replicas_.size(), state.replicas.size()));
  tempering::Ladder::State ladder{.ratio = state.ladder_ratio, .rung_of = {}, .trip = {},
                                  .statistics = {record.swaps.attempted, record.swaps.accepted, record.swaps.round_trips}};
  for (std::size_t r = 0; r < replicas_.size(); ++r) {
    replicas_[r] = price(model::unflatten(state.replicas[r].answer.ints), "replica of the checkpoint");
    ladder.rung_of.push_back(state.replicas[r].rung);
    ladder.trip.push_back(state.replicas[r].trip);
  }
  ladder_.restore(ladder);
  incumbent_ = price(model::unflatten(record.incumbent.ints), "incumbent of the checkpoint");
  // The round that was open is lost, but not the vehicles that it had saved; counted in iterations it is worked again as it was.
  if (plan().is_timed() && plan().fleet_share > 0) share_fewest_vehicles(incumbent_);
  served_by_ = record.served_by;
  pool_.restore(state.pool);
  trace_ = record.trace;
  next_task_id_ = state.next_task_id;
  iterations_ = state.iterations;
  schedule_.restore(state.next_round, state.annealing_started, {state.cooling_start, state.cooling_end});
  open_.cooling = plan().cooling;
}

}  // namespace tempera::routing
