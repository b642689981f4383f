#include "solvers/routing/campaign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "partition/merge/route_merge.hpp"
#include "partition/split/fleet_shares.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/routing_referee.hpp"

namespace tempera::routing {

namespace {
constexpr double shortest_task_seconds = 0.01;
constexpr double wanted_acceptance = 0.25;
constexpr double widest_ratio = 1.5;
// Of ladders of at least so many replicas the worst goes on from the best, in every twentieth of the run behind its first quarter (README.md).
constexpr std::size_t fewest_restarted = 6;
constexpr double restarts_from = 0.25;
constexpr std::uint32_t rounds_per_restart = 5, restarts = 20;  // timed runs have about a hundred rounds

std::vector<std::int32_t> flat_part(const model::RoutingSolution& solution, const split::RouteCluster& cluster, const std::vector<std::int32_t>& left_out) {
  model::RoutingSolution part;
  for (const std::int32_t r : cluster.routes) {
    part.routes.push_back(solution.routes[static_cast<std::size_t>(r)]);
    part.vehicles.push_back(solution.vehicle(static_cast<std::size_t>(r)));
  }
  part.left_out = left_out;
  return model::flatten(part);
}
}  // namespace

RoutingCampaign::RoutingCampaign(const model::RoutingInstance& instance, const RoutingPlan& plan, const model::RoutingSolution& start,
                                 std::string started_from)
    : instance_(instance), plan_(plan), ladder_(plan.replicas, plan.ladder_ratio), served_by_(std::move(started_from)),
      pool_(instance, pool_stops_for(instance.customers())) {
  incumbent_ = price(start, "start solution");
  replicas_.assign(plan.replicas, incumbent_);
  base_temperature_ = plan.cooling.start;
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
  if (plan_.is_timed() && elapsed > plan_.annealing_ends - shortest_task_seconds) return true;
  return annealing_over(elapsed) && (!plan_.recombines || (recombined_ && !recombining_));
}

bool RoutingCampaign::annealing_over(double elapsed) const {
  return plan_.is_timed() ? elapsed > plan_.annealing_ends - plan_.recombining_seconds - shortest_task_seconds : round_ >= plan_.rounds;
}

double RoutingCampaign::annealing_seconds(double elapsed) const { return plan_.annealing_ends - plan_.recombining_seconds - annealing_started_.value_or(elapsed); }

double RoutingCampaign::spent_share(double elapsed) const {
  if (!plan_.is_timed()) return static_cast<double>(round_) / plan_.rounds;
  const double span = annealing_seconds(elapsed);
  return span > 0 ? (elapsed - annealing_started_.value_or(elapsed)) / span : 1.0;
}

// ---------------------------------------------------------------------------------------------------- tasks go out

std::optional<model::Task> RoutingCampaign::next_task(double elapsed) {
  if (!annealing_started_) annealing_started_ = elapsed;
  if (plan_.recombines && plan_.is_timed() && !recombining_ && annealing_over(elapsed)) give_up_waiting(elapsed);
  if (!round_open_ && !out_of_time(elapsed)) {
    if (!annealing_over(elapsed)) open_round(elapsed);
    else if (plan_.recombines && !recombined_) open_recombination();
  }
  if (ready_.empty()) return std::nullopt;
  if (plan_.is_timed()) {
    if (recombining_ ? out_of_time(elapsed) : annealing_over(elapsed)) return std::nullopt;
    ready_.front().seconds = std::min(ready_.front().seconds, plan_.annealing_ends - (recombining_ ? 0 : plan_.recombining_seconds) - elapsed);
  }
  model::Task task = std::move(ready_.front());
  ready_.pop_front();
  ++in_flight_;
  return task;
}

// The first round, and as many as end nearest to the plan's share.
bool RoutingCampaign::saves_vehicles(double elapsed) const {
  if (plan_.fleet_share <= 0) return false;
  const double round = plan_.is_timed() ? plan_.fleet_round_seconds / std::max(1e-9, annealing_seconds(elapsed)) : 1.0 / plan_.rounds;
  return round_ == 0 || spent_share(elapsed) + round / 2 < plan_.fleet_share;
}

// While vehicles are saved it falls by itself; the cooling comes after that.
double RoutingCampaign::temperature_at(double share) const {
  if (saving_vehicles_) return plan_.cooling.start * plan_.saving.at(share / plan_.fleet_share);
  return plan_.cooling.at((share - plan_.fleet_share) / (1 - plan_.fleet_share));
}

void RoutingCampaign::open_round(double elapsed) {
  const double share = spent_share(elapsed);
  saving_vehicles_ = saves_vehicles(elapsed);
  const double seconds = saving_vehicles_ ? plan_.fleet_round_seconds : plan_.round_seconds;
  const double last_share = plan_.is_timed() ? spent_share(elapsed + seconds) : static_cast<double>(round_ + 1) / plan_.rounds;
  base_temperature_ = temperature_at(share);
  parts_.assign(replicas_.size(), {});
  parts_left_ = 0;
  round_iterations_ = 0;
  for (std::uint32_t r = 0; r < replicas_.size(); ++r) {
    for (Part& part : cut(r)) {
      const auto p = static_cast<std::uint32_t>(parts_[r].size());
      part.task = next_task_id_;
      parts_[r].push_back(std::move(part));
      ready_.push_back(make_task(r, p, base_temperature_, temperature_at(last_share)));
      ++parts_left_;
    }
  }
  if (!plan_.is_timed())
    for (std::size_t k = 0; k < ready_.size(); ++k) ready_[k].iterations = iterations_of(k);
  round_open_ = true;
}

// Whole routes of the replica's solution; with a fleet also whom it leaves out, and a share of the spare vehicles.
std::vector<RoutingCampaign::Part> RoutingCampaign::cut(std::uint32_t replica) const {
  core::RandomStream random({.seed = plan_.seed, .domain = core::split_routes, .replica = replica, .step = round_});
  const model::RoutingSolution& solution = replicas_[replica].solution;
  std::vector<split::RouteCluster> clusters;
  if (solution.routes.empty()) clusters.emplace_back();  // a fleet that serves nobody yet
  else clusters = split::cluster_routes(instance_, solution, saving_vehicles_ ? plan_.fleet_parts : plan_.parts, random);
  std::vector<split::FleetShare> shares(clusters.size());
  if (instance_.fleet) shares = split::share_fleet(instance_, solution, clusters, random);
  std::vector<Part> parts;
  for (std::size_t p = 0; p < clusters.size(); ++p)
    parts.push_back({.start = flat_part(solution, clusters[p], shares[p].left_out), .current = {}, .best = {}, .visited = {}, .vehicles = std::move(shares[p].vehicles)});
  return parts;
}

model::Task RoutingCampaign::make_task(std::uint32_t replica, std::uint32_t part, double first_base, double last_base) {
  model::Task task;
  task.id = next_task_id_++;
  task.round = round_;
  task.replica = replica;
  task.part = part;
  task.seconds = !plan_.is_timed() ? 0 : saving_vehicles_ ? plan_.fleet_task_seconds : plan_.task_seconds;
  task.ints = parts_[replica][part].start;
  task.wholes = {static_cast<std::int64_t>(plan_.seed), saving_vehicles_ ? 1 : 0};
  const std::vector<std::int64_t>& vehicles = parts_[replica][part].vehicles;
  task.wholes.insert(task.wholes.end(), vehicles.begin(), vehicles.end());
  if (saving_vehicles_) task.reals = {first_base, last_base};
  else task.reals = {ladder_.temperature(replica, first_base), ladder_.temperature(replica, last_base)};
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
  model::Task task;
  task.id = next_task_id_++;
  task.round = round_;
  task.seconds = plan_.recombining_seconds;
  task.ints = model::flatten(incumbent_.solution);
  task.wholes = {static_cast<std::int64_t>(plan_.seed), std::ssize(task.ints), incumbent_.cost};
  for (const model::PooledRoute& route : pool_.routes()) {
    task.ints.insert(task.ints.end(), route.customers.begin(), route.customers.end());
    task.ints.push_back(0);
  }
  recombined_ = round_open_ = true;
  recombining_ = task.id;
  ready_.push_back(std::move(task));
}

// Shares the iterations out to the last one: first over rounds, then over the tasks of this round.
std::uint64_t RoutingCampaign::iterations_of(std::size_t task_of_round) const {
  const std::uint64_t of_round = plan_.iterations / plan_.rounds + (round_ < plan_.iterations % plan_.rounds ? 1 : 0);
  const std::uint64_t tasks = ready_.size();
  return of_round / tasks + (task_of_round < of_round % tasks ? 1 : 0);
}

// ---------------------------------------------------------------------------------------------------- outcomes come in

RoutingCampaign::Part& RoutingCampaign::part_of(std::uint32_t round, std::uint32_t replica, std::uint32_t part, std::uint64_t task) {
  TEMPERA_ASSERT(round_open_ && round == round_ && replica < parts_.size() && part < parts_[replica].size() && parts_[replica][part].task == task &&
                     !parts_[replica][part].closed,
                 fmt::format("no part waits for task {} (round {}, replica {}, part {})", task, round, replica, part));
  return parts_[replica][part];
}

void RoutingCampaign::take_recombined(const model::Outcome& outcome, double elapsed) {
  offered_.reset();
  if (!outcome.ints.empty()) {
    Priced candidate = price(model::unflatten(outcome.ints), "recombined solution");
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
  const std::vector<std::int64_t>& numbers = outcome.wholes;
  const auto ints = std::ssize(outcome.ints);
  TEMPERA_ASSERT(numbers.size() == 5 && numbers[3] >= 0 && numbers[3] <= ints && numbers[4] >= 0 && numbers[4] <= ints - numbers[3],
                 fmt::format("the outcome of task {} has {} numbers", outcome.task, numbers.size()));
  const auto middle = outcome.ints.begin() + numbers[3], behind = middle + numbers[4];
  std::vector<std::int32_t> current(outcome.ints.begin(), middle), best(middle, behind);
  for (const std::vector<std::int32_t>* answer : {&current, &best}) {
    if (answer == &best && best.empty()) continue;
    const std::string reason = merge::why_not_mergeable(instance_, part.start, *answer, part.vehicles);
    TEMPERA_ASSERT(reason.empty(), reason);
  }
  part.current = std::move(current);
  part.best = std::move(best);
  part.best_gain = part.best.empty() ? 0 : outcome.wholes[2] - outcome.wholes[0];
  try {
    offer_candidate(outcome.replica, elapsed);
  } catch (...) {  // the answer lied about its cost: the part waits for another attempt
    part.current.clear();
    part.best.clear();
    part.best_gain = 0;
    throw;
  }
  part.visited.assign(behind, outcome.ints.end());
  round_iterations_ += outcome.iterations;
  close_part(part, elapsed);
}

void RoutingCampaign::on_lost(const model::Task& task, double elapsed) {
  if (recombining_ == task.id) return close_recombination();
  Part& part = part_of(task.round, task.replica, task.part, task.id);
  part.current = part.start;
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
  for (const Part& part : parts_[replica]) cost += part.best_gain;
  offered_ = cost;
  if (cost >= incumbent_.cost) return;
  std::vector<std::vector<std::int32_t>> flat;
  for (const Part& part : parts_[replica]) flat.push_back(part.best.empty() ? part.start : part.best);
  Priced candidate = price(merge::join(flat), "merged candidate");
  TEMPERA_ASSERT(candidate.cost == cost, fmt::format("the referee prices the merged candidate at {}, the solvers at {}", candidate.cost, cost));
  incumbent_ = std::move(candidate);
  served_by_ = "annealer";
  if (plan_.is_timed()) note_trace(elapsed);
}

void RoutingCampaign::close_round(double elapsed) {
  for (std::size_t r = 0; r < replicas_.size(); ++r) {
    std::vector<std::vector<std::int32_t>> flat;
    for (Part& part : parts_[r]) {
      if (!instance_.fleet)
        for (const auto* seen : {&part.visited, &part.best, &part.current}) pool_.add(*seen, round_);
      flat.push_back(std::move(part.current));
    }
    replicas_[r] = price(merge::join(flat), "merged replica");
  }
  if (saving_vehicles_) {
    share_fewest_vehicles(Priced(*std::ranges::min_element(replicas_, {}, &Priced::cost)));
  } else {
    swap_neighbours();
    restart_worst(elapsed);
  }
  iterations_ += round_iterations_;
  round_iterations_ = 0;
  round_open_ = false;
  ++round_;
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
  ladder_.swap(energy, base_temperature_, plan_.seed, round_);
  ladder_.adapt(wanted_acceptance, widest_ratio);
}

// Keeps its rung.
void RoutingCampaign::restart_worst(double elapsed) {
  const std::uint32_t every = plan_.is_timed() ? rounds_per_restart : std::max(1u, plan_.rounds / restarts);
  if (replicas_.size() < fewest_restarted || spent_share(elapsed) < restarts_from || (round_ + 1) % every != 0) return;
  const auto [best, worst] = std::ranges::minmax_element(replicas_, {}, &Priced::cost);
  *worst = *best;
}

void RoutingCampaign::note_trace(double elapsed) {
  const double scale = model::units_per_cost(instance_);
  trace_.push_back({.iterations = iterations_ + round_iterations_, .round = round_, .cost = static_cast<double>(incumbent_.cost) / scale,
                    .temperature = base_temperature_ / scale, .seconds = elapsed});
}

double RoutingCampaign::longest_task_seconds(double elapsed) const {
  if (!plan_.is_timed()) return std::numeric_limits<double>::infinity();
  return out_of_time(elapsed) ? 0 : plan_.annealing_ends - elapsed;
}

bool RoutingCampaign::finished(double elapsed) const { return in_flight_ == 0 && !(round_open_ && !plan_.is_timed()) && out_of_time(elapsed); }

// ---------------------------------------------------------------------------------------------------- what is known

model::CampaignProgress RoutingCampaign::progress() const {
  const double scale = model::units_per_cost(instance_);
  const tempering::Ladder::Statistics& swaps = ladder_.statistics();
  return {.incumbent_cost = static_cast<double>(incumbent_.cost) / scale, .iterations = iterations_ + round_iterations_, .round = round_,
          .coldest_temperature = base_temperature_ / scale, .replicas = plan_.replicas, .parts = plan_.parts,
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
  record.campaign = {.next_round = round_, .next_task_id = next_task_id_, .iterations = iterations_, .ladder_ratio = ladder.ratio,
                     .annealing_started = annealing_started_.value_or(0), .cooling_start = plan_.cooling.start, .cooling_end = plan_.cooling.end,
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
  if (plan_.is_timed() && plan_.fleet_share > 0) share_fewest_vehicles(incumbent_);
  served_by_ = record.served_by;
  pool_.restore(state.pool);
  trace_ = record.trace;
  round_ = state.next_round;
  next_task_id_ = state.next_task_id;
  iterations_ = state.iterations;
  annealing_started_ = state.annealing_started;
  plan_.cooling = {state.cooling_start, state.cooling_end};  // planned from the first start, not from where the run stands now
}

}  // namespace tempera::routing
