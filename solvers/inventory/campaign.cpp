#include "solvers/inventory/campaign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "partition/merge/placement_merge.hpp"
#include "partition/split/placement_parts.hpp"
#include "solvers/core/error.hpp"
#include "solvers/inventory/chord_prices.hpp"
#include "solvers/model/placement_referee.hpp"

namespace tempera::inventory {

namespace {
constexpr double shortest_task_seconds = 0.004;
constexpr double wanted_acceptance = 0.25;
constexpr double widest_ratio = 10;
constexpr double proven_gap = 1e-6;        // relative: cost and bound are then one up to rounding
constexpr double tired_scale = 0.05;       // a chain whose steps are this short takes a new forest
constexpr double most_steps = 150;         // or after so many bound steps: another forest gains more
constexpr double excess_rise = 1.25, excess_fall = 0.9;  // of the price of a site's excess, by whether most replicas overfill it
constexpr double forest_weight = 0.9;      // of the old weight that an arc keeps while its price is not known
constexpr double rough_share = 0.4;        // of the budget on the rough grid, where there is one
constexpr std::uint64_t first_tries = 2000;
constexpr std::uint64_t descent_moves_per_stage = 100;

std::vector<double> slice(const std::vector<double>& values, std::size_t from, std::size_t count) {
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>(from);
  return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

double typical_move(const model::PlacementProblem& problem, std::span<const double> start, std::uint64_t seed) {
  PlacementSearch search(problem, {.seed = seed, .domain = core::anneal_placement, .replica = 0xFFFFFFFF}, money_per_volume(problem));
  search.load(start);
  search.sample(0, descent_moves_per_stage * problem.size());  // a bad start would make every move look large
  return search.typical_move(first_tries);
}

PlacementPlanRequest with_scale(PlacementPlanRequest request, const model::PlacementProblem& problem, std::span<const double> start) {
  request.stages = problem.size();
  request.typical_move = std::max(1e-12, typical_move(problem, start, request.seed));
  return request;
}
}  // namespace

PlacementPlanRequest resumed(PlacementPlanRequest request, const model::RunRecord& record) {
  const auto chains = std::ranges::count_if(record.campaign.replicas, [](const model::ReplicaState& r) { return !r.answer.ints.empty(); });
  request.chains = static_cast<std::uint32_t>(chains);
  request.replicas = static_cast<std::uint32_t>(record.campaign.replicas.size()) - request.chains;
  return request;
}

PlacementCampaign::PlacementCampaign(const model::PlacementNetwork& network, const PlacementPlanRequest& request, std::span<const double> start,
                                     std::string started_from)
    : network_(network), problem_(model::compile(network)), plan_(make_plan(with_scale(request, problem_, start))), ladder_(plan_.replicas, plan_.ladder_ratio),
      served_by_(std::move(started_from)) {
  incumbent_ = price(start);
  excess_price_ = money_per_volume(problem_);
  replicas_.assign(plan_.replicas, incumbent_);
  base_temperature_ = plan_.cooling.start;
  const ChordPrices chords = chord_prices(problem_);
  if (std::ranges::all_of(problem_.cost, &model::StageCost::is_concave)) bound_ = std::max(0.0, chords.lower_bound);
  parts_ = split::cut_at_cheap_arcs(problem_, chords.arc_price, plan_.parts);
  plan_.parts = static_cast<std::uint32_t>(parts_.size());
  chains_.resize(plan_.chains);
  for (std::uint32_t c = 0; c < plan_.chains; ++c) {
    chains_[c].state = {chords.arc_price, chords.arc_price, 1.0};
    chains_[c].state.price.resize(problem_.arcs.size() + problem_.sites.size(), 0.0);
    if (c > 0) choose_forest(chains_[c], c);
  }
}

PlacementCampaign::Priced PlacementCampaign::price(std::span<const double> outbound) const {
  const model::PlacementPlan plan = model::repaired(problem_, outbound);
  const model::PlacementVerdict verdict = model::judge(network_, plan);
  TEMPERA_ASSERT(verdict.feasible, fmt::format("a repaired plan is infeasible: {}", verdict.violations.empty() ? "" : verdict.violations.front()));
  return {plan.outbound, verdict.cost};
}

std::optional<PlacementCampaign::Priced> PlacementCampaign::price_if_fits(std::span<const double> outbound) const {
  if (!problem_.sites.empty() && model::storage_penalty(problem_, model::repaired(problem_, outbound), excess_price_) > 0) return std::nullopt;
  return price(outbound);
}

bool PlacementCampaign::proven() const { return incumbent_.cost - bound_ <= proven_gap * incumbent_.cost; }

bool PlacementCampaign::out_of_time(double elapsed) const {
  return plan_.is_timed() ? elapsed > plan_.ends - shortest_task_seconds : round_ >= plan_.rounds;
}

double PlacementCampaign::spent_share(double elapsed) const {
  if (!plan_.is_timed()) return static_cast<double>(round_) / plan_.rounds;
  const double started = started_.value_or(elapsed);
  const double span = plan_.ends - started;
  return span > 0 ? (elapsed - started) / span : 1.0;
}

// ---------------------------------------------------------------------------------------------------- tasks go out

std::optional<model::Task> PlacementCampaign::next_task(double elapsed) {
  if (!started_) started_ = elapsed;
  if (proven() && (plan_.is_timed() || !round_open_)) ready_.clear();
  else if (!round_open_ && !out_of_time(elapsed)) open_round(elapsed);
  if (ready_.empty()) return std::nullopt;
  if (plan_.is_timed()) {
    if (out_of_time(elapsed)) return std::nullopt;
    ready_.front().seconds = std::min(ready_.front().seconds, plan_.ends - elapsed);
  }
  model::Task task = std::move(ready_.front());
  ready_.pop_front();
  ++in_flight_;
  return task;
}

void PlacementCampaign::open_round(double elapsed) {
  const double last = plan_.is_timed() ? elapsed + plan_.round_seconds(round_) : elapsed;
  const double last_share = plan_.is_timed() ? spent_share(last) : static_cast<double>(round_ + 1) / plan_.rounds;
  base_temperature_ = plan_.cooling.at(spent_share(elapsed));
  grid_level_ = spent_share(elapsed) < rough_share ? GridLevel::rough : GridLevel::fine;
  slots_.assign(plan_.tasks_per_round(), {});
  slots_left_ = slots_.size();
  round_iterations_ = 0;
  for (std::uint32_t c = 0; c < plan_.chains; ++c) hand_out(bound_task(c), TaskKind::bound, c, 0);
  for (std::uint32_t r = 0; r < plan_.replicas; ++r)
    for (std::uint32_t p = 0; p < plan_.parts; ++p) hand_out(search_task(r, p, base_temperature_, plan_.cooling.at(last_share)), TaskKind::search, r, p);
  set_effort(elapsed);
  round_open_ = true;
}

void PlacementCampaign::hand_out(model::Task task, TaskKind kind, std::uint32_t replica, std::uint32_t part) {
  task.id = next_task_id_++;
  task.round = round_;
  task.replica = replica;
  task.part = part;
  task.wholes = {static_cast<std::int64_t>(plan_.seed), static_cast<std::int64_t>(grid_level_)};
  slots_[slot_index(kind, replica, part)].task = task.id;
  ready_.push_back(std::move(task));
}

model::Task PlacementCampaign::bound_task(std::uint32_t chain) const {
  const ChainState& state = chains_[chain].state;
  model::Task task;
  task.ints = {static_cast<std::int32_t>(TaskKind::bound)};
  task.reals = {incumbent_.cost, state.scale};
  task.reals.insert(task.reals.end(), state.weight.begin(), state.weight.end());
  task.reals.insert(task.reals.end(), state.price.begin(), state.price.end());
  task.reals.insert(task.reals.end(), excess_price_.begin(), excess_price_.end());
  return task;
}

model::Task PlacementCampaign::search_task(std::uint32_t replica, std::uint32_t part, double first_base, double last_base) const {
  model::Task task;
  task.ints = {static_cast<std::int32_t>(TaskKind::search)};
  if (parts_.size() > 1) task.ints.insert(task.ints.end(), parts_[part].begin(), parts_[part].end());
  task.reals = {ladder_.temperature(replica, first_base), ladder_.temperature(replica, last_base)};
  task.reals.insert(task.reals.end(), replicas_[replica].outbound.begin(), replicas_[replica].outbound.end());
  task.reals.insert(task.reals.end(), excess_price_.begin(), excess_price_.end());
  return task;
}

// Half of a round goes to the bounds, half to the search.
void PlacementCampaign::set_effort(double elapsed) {
  const double searches = static_cast<double>(ready_.size() - plan_.chains);
  if (plan_.is_timed()) {
    const double work = std::min(plan_.round_seconds(round_), plan_.ends - elapsed) * std::min<double>(plan_.ranks, static_cast<double>(ready_.size()));
    for (std::size_t k = 0; k < ready_.size(); ++k)
      ready_[k].seconds = std::max(shortest_task_seconds, 0.5 * work / (k < plan_.chains ? static_cast<double>(plan_.chains) : searches));
    return;
  }
  const std::uint64_t of_round = plan_.iterations / plan_.rounds + (round_ < plan_.iterations % plan_.rounds ? 1 : 0);
  for (std::size_t k = 0; k < ready_.size(); ++k)
    ready_[k].iterations = std::max<std::uint64_t>(1, of_round / 2 / (k < plan_.chains ? plan_.chains : static_cast<std::uint64_t>(searches)));
}

// ---------------------------------------------------------------------------------------------------- outcomes come in

std::size_t PlacementCampaign::slot_index(TaskKind kind, std::uint32_t replica, std::uint32_t part) const {
  return kind == TaskKind::bound ? replica : plan_.chains + static_cast<std::size_t>(replica) * plan_.parts + part;
}

PlacementCampaign::Slot& PlacementCampaign::slot_of(std::uint64_t task, TaskKind kind, std::uint32_t replica, std::uint32_t part) {
  const std::size_t k = slot_index(kind, replica, part);
  TEMPERA_ASSERT(round_open_ && k < slots_.size() && slots_[k].task == task && !slots_[k].closed,
                 fmt::format("nothing waits for task {} (replica {}, part {})", task, replica, part));
  return slots_[k];
}

void PlacementCampaign::check_outcome(const model::Outcome& outcome, TaskKind kind) const {
  const std::size_t n = problem_.size(), prices = problem_.arcs.size() + problem_.sites.size();
  const std::size_t expected = kind == TaskKind::bound ? 3 + n + prices : 3 + 2 * n;
  TEMPERA_ASSERT(outcome.reals.size() == expected, fmt::format("the outcome of task {} has {} numbers, not {}", outcome.task, outcome.reals.size(), expected));
  for (std::size_t from = 3; from + n <= (kind == TaskKind::bound ? 3 + n : expected); from += n) {
    const std::string reason = merge::why_not_outbound(problem_, std::span(outcome.reals).subspan(from, n));
    TEMPERA_ASSERT(reason.empty(), reason);
  }
  if (kind == TaskKind::bound)
    TEMPERA_ASSERT(std::isfinite(outcome.reals[0]) && outcome.reals[0] <= incumbent_.cost * (1 + proven_gap) + 1e-9,
                   fmt::format("a bound of {} is above the plan of cost {}", outcome.reals[0], incumbent_.cost));
}

void PlacementCampaign::on_outcome(const model::Outcome& outcome, double elapsed) {
  TEMPERA_ASSERT(outcome.ints.size() == 1 && (outcome.ints[0] == 0 || outcome.ints[0] == 1), fmt::format("the outcome of task {} has no kind", outcome.task));
  const auto kind = static_cast<TaskKind>(outcome.ints[0]);
  Slot& slot = slot_of(outcome.task, kind, outcome.replica, outcome.part);
  check_outcome(outcome, kind);
  slot.reals = outcome.reals;
  slot.steps = kind == TaskKind::bound && !outcome.wholes.empty() ? static_cast<double>(outcome.wholes[0]) : 0.0;
  round_iterations_ += outcome.iterations;
  if (plan_.is_timed()) {
    const double before = incumbent_.cost;
    consider(kind, slot.reals);
    if (incumbent_.cost < before) note_trace(elapsed);
  }
  close_slot(slot, elapsed);
}

void PlacementCampaign::on_lost(const model::Task& task, double elapsed) {
  const auto kind = static_cast<TaskKind>(task.ints.front());
  close_slot(slot_of(task.id, kind, task.replica, task.part), elapsed);
}

void PlacementCampaign::close_slot(Slot& slot, double elapsed) {
  slot.closed = true;
  --slots_left_;
  --in_flight_;
  if (slots_left_ == 0) close_round(elapsed);
}

// Bound, and the plans that came with it: all feasible once repaired, whatever else the round brings.
void PlacementCampaign::consider(TaskKind kind, const std::vector<double>& reals) {
  const std::size_t n = problem_.size();
  if (kind == TaskKind::bound) {
    if (reals[2] < incumbent_.cost) offer(slice(reals, 3, n), "bound");
    bound_ = std::max(bound_, std::min(reals[0], incumbent_.cost));
  } else if (reals[2] < incumbent_.cost) {
    offer(slice(reals, 3 + n, n), "annealer");
  }
}

void PlacementCampaign::offer(std::vector<double> outbound, const char* who) {
  std::optional<Priced> candidate = price_if_fits(outbound);
  if (!candidate || candidate->cost >= incumbent_.cost) return;
  incumbent_ = *std::move(candidate);
  served_by_ = who;
}

void PlacementCampaign::close_round(double elapsed) {
  for (std::size_t k = 0; k < slots_.size(); ++k)
    if (!slots_[k].reals.empty()) consider(k < plan_.chains ? TaskKind::bound : TaskKind::search, slots_[k].reals);
  for (std::uint32_t c = 0; c < plan_.chains; ++c) advance_chain(c, slots_[c]);
  std::vector<double> energy(replicas_.size());
  for (std::uint32_t r = 0; r < plan_.replicas; ++r) {
    merge_replica(r);
    energy[r] = replicas_[r].cost;
  }
  price_excess();
  ladder_.swap(energy, base_temperature_, plan_.seed, round_);
  ladder_.adapt(wanted_acceptance, widest_ratio);
  for (std::uint32_t r = 0; r < plan_.replicas; ++r)
    if (ladder_.rung(r) == 0 && incumbent_.cost < replicas_[r].cost) replicas_[r] = incumbent_;
  iterations_ += round_iterations_;
  round_iterations_ = 0;
  round_open_ = false;
  ++round_;
  note_trace(elapsed);
}

// The parts' current plans make the replica's next one, their best plans a candidate.
void PlacementCampaign::merge_replica(std::uint32_t r) {
  const std::size_t n = problem_.size();
  std::vector<std::vector<double>> current, best;
  for (std::uint32_t p = 0; p < plan_.parts; ++p) {
    const Slot& slot = slots_[slot_index(TaskKind::search, r, p)];
    current.push_back(slot.reals.empty() ? replicas_[r].outbound : slice(slot.reals, 3, n));
    best.push_back(slot.reals.empty() ? replicas_[r].outbound : slice(slot.reals, 3 + n, n));
  }
  const merge::MergedPlacement candidate = merge::merge_placements(problem_, parts_, best);
  if (candidate.cost < incumbent_.cost) offer(candidate.plan.outbound, "annealer");
  merge::MergedPlacement merged = merge::merge_placements(problem_, parts_, current);
  const double excess = model::storage_penalty(problem_, merged.plan, excess_price_);
  replicas_[r] = {std::move(merged.plan.outbound), merged.cost + excess};
}

// Steered so that about half of the replicas fit, and never below what the bounds find a site's room worth.
void PlacementCampaign::price_excess() {
  if (problem_.sites.empty()) return;
  std::vector<std::size_t> overfull(problem_.sites.size(), 0);
  for (const Priced& replica : replicas_) {
    const std::vector<double> full = model::stored(problem_, model::repaired(problem_, replica.outbound));
    for (std::size_t k = 0; k < full.size(); ++k) overfull[k] += model::excess(full[k], problem_.sites[k].storage) > 0;
  }
  for (std::size_t k = 0; k < excess_price_.size(); ++k) {
    excess_price_[k] *= 2 * overfull[k] > replicas_.size() ? excess_rise : excess_fall;
    for (const Chain& chain : chains_) excess_price_[k] = std::max(excess_price_[k], chain.state.price[problem_.arcs.size() + k]);
    excess_price_[k] = std::max(excess_price_[k], 1e-9);
  }
}

void PlacementCampaign::advance_chain(std::uint32_t c, const Slot& slot) {
  if (slot.reals.empty()) return;
  Chain& chain = chains_[c];
  chain.state.scale = slot.reals[1];
  chain.state.price = slice(slot.reals, 3 + problem_.size(), chain.state.price.size());
  chain.steps += slot.steps;
  const bool tired = chain.state.scale < tired_scale;
  if (tired || chain.steps >= most_steps) choose_forest(chain, c);
}

// The dearest arcs by the prices found; of arcs that were in the forest only the old weight is known. Chain 0 goes by the
// prices alone, the others shake them.
void PlacementCampaign::choose_forest(Chain& chain, std::uint32_t number) {
  const std::vector<char> forest = dearest_forest(problem_, chain.state.weight);
  core::RandomStream random({.seed = plan_.seed, .domain = core::perturb_prices, .replica = number, .step = round_});
  for (std::size_t a = 0; a < forest.size(); ++a) {
    double& weight = chain.state.weight[a];
    weight = forest[a] ? forest_weight * weight : chain.state.price[a];
    if (number > 0) weight *= std::exp(random.uniform() - 0.5);
  }
  std::ranges::copy(chain.state.weight, chain.state.price.begin());  // those of the sites stay
  chain.state.scale = 1;
  chain.steps = 0;
}

void PlacementCampaign::note_trace(double elapsed) {
  trace_.push_back({.iterations = iterations_ + round_iterations_, .round = round_, .cost = incumbent_.cost, .temperature = base_temperature_, .seconds = elapsed});
}

bool PlacementCampaign::finished(double elapsed) const {
  if (in_flight_ > 0) return false;
  if (plan_.is_timed()) return proven() || out_of_time(elapsed);
  return !round_open_ && (proven() || out_of_time(elapsed));
}

// ---------------------------------------------------------------------------------------------------- what is known

model::CampaignProgress PlacementCampaign::progress() const {
  return {.incumbent_cost = incumbent_.cost, .iterations = iterations_ + round_iterations_, .round = round_, .coldest_temperature = base_temperature_,
          .replicas = plan_.replicas, .parts = plan_.parts};
}

model::Answer PlacementCampaign::answer_of(const Priced& priced) const {
  return {.cost = priced.cost, .cost_units = cost_units(priced.cost), .ints = {}, .reals = priced.outbound};
}

void PlacementCampaign::describe(model::RunRecord& record) const {
  record.incumbent = answer_of(incumbent_);
  record.served_by = served_by_;
  record.lower_bound = std::max(bound_, record.lower_bound.value_or(bound_));  // another's, of the same problem, is as valid
  record.trace = trace_;
  record.iterations = iterations_ + round_iterations_;
  const tempering::Ladder::State ladder = ladder_.state();
  record.swaps = {ladder.statistics.attempted, ladder.statistics.accepted, ladder.statistics.round_trips};
  record.campaign = {.next_round = round_, .next_task_id = next_task_id_, .iterations = iterations_, .ladder_ratio = ladder.ratio,
                     .annealing_started = started_.value_or(0), .cooling_start = plan_.cooling.start, .cooling_end = plan_.cooling.end, .replicas = {}};
  for (std::size_t r = 0; r < replicas_.size(); ++r)
    record.campaign.replicas.push_back({.rung = ladder.rung_of[r], .trip = ladder.trip[r], .answer = answer_of(replicas_[r])});
  for (const Chain& chain : chains_) {  // behind the replicas: scale, steps, weights, prices, prices of excess
    model::ReplicaState state{.rung = static_cast<std::uint32_t>(record.campaign.replicas.size()), .trip = 0, .answer = {}};
    state.answer.ints = {1};  // tells a chain from a replica
    state.answer.reals = {chain.state.scale, chain.steps};
    state.answer.reals.insert(state.answer.reals.end(), chain.state.weight.begin(), chain.state.weight.end());
    state.answer.reals.insert(state.answer.reals.end(), chain.state.price.begin(), chain.state.price.end());
    state.answer.reals.insert(state.answer.reals.end(), excess_price_.begin(), excess_price_.end());
    record.campaign.replicas.push_back(std::move(state));
  }
}

void PlacementCampaign::restore(const model::RunRecord& record) {
  const model::CampaignState& state = record.campaign;
  const std::size_t arcs = problem_.arcs.size();
  if (state.replicas.size() != replicas_.size() + chains_.size())
    throw core::UserError(fmt::format("The checkpoint holds {} replicas and bound chains, this run plans {} and {}. It was made by another version.",
                                      state.replicas.size(), replicas_.size(), chains_.size()));
  tempering::Ladder::State ladder{.ratio = state.ladder_ratio, .rung_of = {}, .trip = {},
                                  .statistics = {record.swaps.attempted, record.swaps.accepted, record.swaps.round_trips}};
  for (std::size_t r = 0; r < replicas_.size(); ++r) {
    replicas_[r] = {state.replicas[r].answer.reals, state.replicas[r].answer.cost};
    const std::string reason = merge::why_not_outbound(problem_, replicas_[r].outbound);
    if (!reason.empty()) throw core::UserError(fmt::format("The checkpoint's replica {} does not fit this network: {}.", r, reason));
    ladder.rung_of.push_back(state.replicas[r].rung);
    ladder.trip.push_back(state.replicas[r].trip);
  }
  for (std::size_t c = 0; c < chains_.size(); ++c) {
    const std::vector<double>& reals = state.replicas[replicas_.size() + c].answer.reals;
    const std::size_t sites = problem_.sites.size();
    if (reals.size() != 2 + 2 * (arcs + sites)) throw core::UserError(fmt::format("The checkpoint's bound chain {} does not fit this network.", c));
    chains_[c] = {{slice(reals, 2, arcs), slice(reals, 2 + arcs, arcs + sites), reals[0]}, reals[1]};
    excess_price_ = slice(reals, 2 + 2 * arcs + sites, sites);
  }
  ladder_.restore(ladder);
  incumbent_ = price(record.incumbent.reals);
  served_by_ = record.served_by;
  bound_ = record.lower_bound.value_or(0);
  trace_ = record.trace;
  round_ = state.next_round;
  next_task_id_ = state.next_task_id;
  iterations_ = state.iterations;
  started_ = state.annealing_started;
  plan_.cooling = {state.cooling_start, state.cooling_end};
}

}  // namespace tempera::inventory
