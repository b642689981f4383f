#include "solvers/inventory/rebalancing_campaign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "solvers/core/error.hpp"
#include "solvers/inventory/cost_units.hpp"
#include "solvers/model/rebalancing_referee.hpp"

namespace tempera::inventory {

namespace {
constexpr std::size_t block_skus = 48;
constexpr std::uint32_t parallel_without_clock = 8;  // searches per round, whatever the ranks
constexpr double bound_part = 0.3;                   // of all flows
constexpr std::uint32_t sample_blocks = 4, sample_from = 12;  // blocks priced while learning; blocks from which on that pays
constexpr std::uint64_t most_sample_steps = 40;
constexpr double sample_part = 0.12;                 // of the time
constexpr double proven_gap = 1e-6;
constexpr double shortest_seconds = 0.02;
constexpr std::uint64_t search_flows_per_sku = 12;
constexpr double closing_per_cell = 1.8e-6, shortest_closing = 0.1, longest_closing = 0.2;  // seconds per SKU, site and day; share of the budget
constexpr double ladder[] = {0.02, 0.1, 0.3, 0.8};     // first temperatures, mean truck costs

// Room behind the last task: pricing, figures, tables, reports. 2.6 s were seen at 5,000 x 13 x 28.
double closing_seconds(const model::RebalancingProblem& problem, double limit) {
  const double cells = static_cast<double>(problem.skus.size()) * static_cast<double>(problem.sites.size()) * problem.days;
  return std::min(shortest_closing + closing_per_cell * cells, longest_closing * limit);
}
}  // namespace

RebalancingCampaign::RebalancingCampaign(const model::RebalancingProblem& problem, const RebalancingRequest& request, const model::RebalancingPlan& start, std::string started_from)
    : problem_(problem), request_(request), ascent_(problem), limits_(hard_limits(problem)), total_(problem), plan_(problem.skus.size()), served_by_(std::move(started_from)) {
  blocks_ = static_cast<std::uint32_t>((problem.skus.size() + block_skus - 1) / block_skus);
  active_ = is_timed() ? static_cast<std::uint32_t>(2 * request.ranks) : parallel_without_clock;
  if (is_timed()) ends_ = *request.limit.seconds - closing_seconds(problem, *request.limit.seconds);
  double lanes = 0;
  for (const model::RebalancingLane& lane : problem.lanes)
    if (lane.has_trucks()) {
      mean_truck_ += lane.truck_cost;
      ++lanes;
    }
  if (lanes > 0) mean_truck_ /= lanes;
  load(start);
  reprice();
}

void RebalancingCampaign::load(const model::RebalancingPlan& plan) {
  for (model::RebalancingPlan& of_sku : plan_) of_sku.clear();
  for (const model::Shipment& s : plan) {
    TEMPERA_ASSERT(s.sku >= 0 && static_cast<std::size_t>(s.sku) < plan_.size(), fmt::format("there is no SKU {}", s.sku));
    plan_[static_cast<std::size_t>(s.sku)].push_back(s);
  }
}

model::RebalancingPlan RebalancingCampaign::whole_plan() const {
  model::RebalancingPlan plan;
  for (const model::RebalancingPlan& of_sku : plan_) plan.insert(plan.end(), of_sku.begin(), of_sku.end());
  return plan;
}

SharedUse RebalancingCampaign::block_use(const std::vector<std::int32_t>& skus, const model::RebalancingPlan& plan, double& cost) const {
  const auto days = static_cast<std::size_t>(problem_.days);
  SharedUse use(problem_);
  cost = 0;
  std::vector<std::int32_t> flow(problem_.lanes.size() * days);
  std::size_t at = 0;  // shipments are in the order of the SKUs
  for (const std::int32_t sku : skus) {
    std::ranges::fill(flow, 0);
    for (; at < plan.size() && plan[at].sku == sku; ++at) flow[static_cast<std::size_t>(plan[at].lane) * days + static_cast<std::size_t>(plan[at].day)] += plan[at].pallets;
    const SkuEffect effect = effect_of(problem_, static_cast<std::size_t>(sku), flow);
    use.add(effect.use);
    cost += effect.cost;
  }
  TEMPERA_ASSERT(at == plan.size(), "shipments of a block are not in the order of its SKUs");
  return use;
}

// The referee's word on the whole plan; use and cost anew, so that rounding never piles up.
void RebalancingCampaign::reprice() {
  std::vector<std::int32_t> all(problem_.skus.size());
  std::iota(all.begin(), all.end(), 0);
  const model::RebalancingPlan plan = whole_plan();
  total_ = block_use(all, plan, own_);
  const model::RebalancingVerdict verdict = model::judge(problem_, plan);
  TEMPERA_ASSERT(verdict.feasible, fmt::format("the merged plan is refused: {}", verdict.violations.empty() ? "" : verdict.violations.front()));
  cost_ = verdict.cost.total();
}

bool RebalancingCampaign::proven() const { return cost_ - bound_ <= proven_gap * std::abs(cost_) && bound_ > 0; }
bool RebalancingCampaign::out_of_time(double elapsed) const { return is_timed() ? elapsed > ends_ - shortest_seconds : iterations_ >= *request_.limit.iterations; }

// ---------------------------------------------------------------------------------------------------- tasks go out

std::optional<model::Task> RebalancingCampaign::next_task(double elapsed) {
  if (!round_open_ && !proven() && !out_of_time(elapsed)) open_round(elapsed);
  if (ready_.empty() || (is_timed() && out_of_time(elapsed))) return std::nullopt;
  if (is_timed()) ready_.front().seconds = std::min(ready_.front().seconds, ends_ - elapsed);
  model::Task task = std::move(ready_.front());
  ready_.pop_front();
  ++in_flight_;
  return task;
}

void RebalancingCampaign::open_round(double elapsed) {
  slots_.clear();
  if (sampled_ && !sampling(elapsed)) ascent_.start_from_best();
  sampled_ = sampling(elapsed);
  if (sampled_) add_bound_tasks(sample_blocks, elapsed);
  else if (static_cast<double>(bound_flows_) <= bound_part * static_cast<double>(bound_flows_ + search_flows_)) add_bound_tasks(blocks_, elapsed);
  if (!sampled_ && round_ > 0) add_search_tasks(elapsed);
  slots_left_ = slots_.size();
  round_open_ = true;
}

void RebalancingCampaign::hand_out(model::Task task, RebalancingTask kind, std::uint32_t block) {
  task.id = next_task_id_++;
  task.round = round_;
  task.replica = static_cast<std::uint32_t>(slots_.size());
  task.part = block;
  task.wholes = {block, static_cast<std::int64_t>(request_.seed)};
  slots_.push_back({.task = task.id, .kind = kind, .block = block, .closed = false, .outcome = {}});
  ready_.push_back(std::move(task));
}

bool RebalancingCampaign::sampling(double elapsed) const {
  return blocks_ >= sample_from && search_rounds_ == 0 && bound_flows_ == 0 && sample_steps_ < most_sample_steps && !(is_timed() && elapsed > sample_part * ends_);
}

void RebalancingCampaign::add_bound_tasks(std::uint32_t blocks, double elapsed) {
  for (std::uint32_t b = 0; b < blocks; ++b) {
    model::Task task;
    task.ints = {static_cast<std::int32_t>(RebalancingTask::bound), static_cast<std::int32_t>(blocks_)};
    task.reals = ascent_.prices().flat();
    if (is_timed()) task.seconds = ends_ - elapsed;
    hand_out(std::move(task), RebalancingTask::bound, b);
  }
}

// Every block first; then a few at a time, so that each may use much of what is free.
std::vector<std::uint32_t> RebalancingCampaign::chosen_blocks() const {
  std::vector<std::uint32_t> chosen;
  if (search_rounds_ == 0 || blocks_ <= active_) {
    for (std::uint32_t b = 0; b < blocks_; ++b) chosen.push_back(b);
    return chosen;
  }
  core::RandomStream random({.seed = request_.seed, .domain = core::search_rebalancing, .replica = 0xFFFFFFFF, .step = round_});
  while (chosen.size() < active_) {
    const std::uint32_t b = random.below(blocks_);
    if (std::ranges::find(chosen, b) == chosen.end()) chosen.push_back(b);
  }
  return chosen;
}

// A block may use what it uses and its share of what is free; shares of whole pallets are rounded down.
SharedUse RebalancingCampaign::limits_for(double share) const {
  SharedUse limits = limits_;
  const auto part = [&](std::vector<double>& limit, const std::vector<double>& used, bool whole) {
    for (std::size_t k = 0; k < limit.size(); ++k) {
      if (share >= 1 || std::isinf(limit[k])) continue;
      const double free = std::max(0.0, limit[k] - used[k]) * share;
      limit[k] = used[k] + (whole ? std::floor(free + 1e-9) : free);
    }
  };
  part(limits.lane_m3, total_.lane_m3, false);
  part(limits.out, total_.out, true);
  part(limits.in, total_.in, true);
  return limits;
}

model::RebalancingPlan RebalancingCampaign::block_plan(std::uint32_t block) const {
  model::RebalancingPlan plan;
  for (const std::int32_t sku : skus_of_block(problem_, block, blocks_)) plan.insert(plan.end(), plan_[static_cast<std::size_t>(sku)].begin(), plan_[static_cast<std::size_t>(sku)].end());
  return plan;
}

void RebalancingCampaign::add_search_tasks(double elapsed) {
  const std::vector<std::uint32_t> blocks = chosen_blocks();
  const bool first = search_rounds_ == 0;
  const std::size_t tasks = first ? blocks.size() : std::max<std::size_t>(active_, blocks.size());
  const SharedUse limits = limits_for(1.0 / static_cast<double>(blocks.size()));
  const std::vector<double> total = total_.flat(), limit = limits.flat(), price = ascent_.best_prices().flat();
  const double seconds = is_timed() ? std::clamp((blocks_ == 1 ? 0.04 : 0.01) * (ends_ - elapsed), 0.1, 4.0) : 0;
  for (std::size_t k = 0; k < tasks; ++k) {
    const std::uint32_t block = blocks[k % blocks.size()];
    model::Task task;
    task.ints = {static_cast<std::int32_t>(RebalancingTask::search), static_cast<std::int32_t>(blocks_), first ? 1 : 0};
    const std::vector<std::int32_t> plan = model::flatten(block_plan(block));
    task.ints.insert(task.ints.end(), plan.begin(), plan.end());
    task.reals = {mean_truck_ * ladder[(k + round_) % std::size(ladder)], 0};
    for (const auto* part : {&total, &limit, &price}) task.reals.insert(task.reals.end(), part->begin(), part->end());
    const std::uint64_t members = (problem_.skus.size() + blocks_ - 1 - block) / blocks_;
    if (is_timed()) task.seconds = first ? ends_ - elapsed : seconds;
    if (!is_timed() || first) task.iterations = members * (first ? 2 : search_flows_per_sku);
    if (!is_timed()) task.iterations = std::clamp<std::uint64_t>((*request_.limit.iterations - iterations_) / tasks, 1, task.iterations);
    hand_out(std::move(task), RebalancingTask::search, block);
  }
  ++search_rounds_;
}

// ---------------------------------------------------------------------------------------------------- outcomes come in

RebalancingCampaign::Slot& RebalancingCampaign::slot_of(std::uint64_t task) {
  const auto found = std::ranges::find(slots_, task, &Slot::task);
  TEMPERA_ASSERT(round_open_ && found != slots_.end() && !found->closed, fmt::format("nothing waits for task {}", task));
  return *found;
}

void RebalancingCampaign::on_outcome(const model::Outcome& outcome, double elapsed) {
  Slot& slot = slot_of(outcome.task);
  TEMPERA_ASSERT(!outcome.ints.empty() && outcome.ints[0] == static_cast<std::int32_t>(slot.kind), fmt::format("the outcome of task {} is of another kind", outcome.task));
  if (slot.kind == RebalancingTask::bound)
    TEMPERA_ASSERT(outcome.wholes.size() == 1 && outcome.reals.size() == 1 + total_.size() && std::isfinite(outcome.reals[0]), fmt::format("the bound of task {} is no bound", outcome.task));
  slot.outcome = outcome;
  close(slot, elapsed);
}

void RebalancingCampaign::on_lost(const model::Task& task, double elapsed) { close(slot_of(task.id), elapsed); }

void RebalancingCampaign::close(Slot& slot, double elapsed) {
  slot.closed = true;
  --slots_left_;
  --in_flight_;
  if (slots_left_ == 0) close_round(elapsed);
}

void RebalancingCampaign::close_round(double elapsed) {
  const double before = cost_, bound_before = bound_;
  for (const Slot& slot : slots_) {
    if (!slot.outcome) continue;
    iterations_ += slot.outcome->iterations;
    if (!sampled_) (slot.kind == RebalancingTask::bound ? bound_flows_ : search_flows_) += slot.outcome->iterations;
    if (slot.kind == RebalancingTask::search) take_search(slot);
  }
  if (cost_ < before) reprice();
  take_bounds();
  round_open_ = false;
  ++round_;
  if (cost_ < before || bound_ > bound_before || trace_.empty())
    trace_.push_back({.iterations = iterations_, .round = round_ - 1, .cost = cost_, .temperature = 0, .seconds = elapsed});
}

// A bound is the whole sum or nothing.
void RebalancingCampaign::take_bounds() {
  SharedUse use(problem_);
  double value = 0;
  std::uint32_t complete = 0;
  for (const Slot& slot : slots_) {
    if (slot.kind != RebalancingTask::bound || !slot.outcome || slot.outcome->wholes[0] != 1) continue;
    value += slot.outcome->reals[0];
    use.add(SharedUse::from(problem_, std::span<const double>(slot.outcome->reals).subspan(1)));
    ++complete;
  }
  if (complete < (sampled_ ? sample_blocks : blocks_)) return;
  if (sampled_) {
    double skus = 0;
    for (std::uint32_t b = 0; b < sample_blocks; ++b) skus += static_cast<double>(skus_of_block(problem_, b, blocks_).size());
    const double scale = static_cast<double>(problem_.skus.size()) / skus;
    SharedUse scaled(problem_);
    scaled.add(use, scale);
    ascent_.step(scale * value + capacity_term(problem_, ascent_.prices()), cost_, scaled);
    ++sample_steps_;
    return;
  }
  value += capacity_term(problem_, ascent_.prices());
  TEMPERA_ASSERT(value <= cost_ * (1 + proven_gap) + 1e-6, fmt::format("a bound of {} is above the plan of cost {}", value, cost_));
  ascent_.step(value, cost_, use);
  bound_ = std::max(bound_, std::min(value, cost_));
}

// The block's flows in place of its present ones, if the whole keeps its limits and costs less.
void RebalancingCampaign::take_search(const Slot& slot) {
  const model::RebalancingPlan plan = model::shipments_of(std::span<const std::int32_t>(slot.outcome->ints).subspan(1));
  const std::vector<std::int32_t> skus = skus_of_block(problem_, slot.block, blocks_);
  const auto days = problem_.days;
  for (const model::Shipment& s : plan)
    TEMPERA_ASSERT(s.lane >= 0 && s.lane < static_cast<std::int32_t>(problem_.lanes.size()) && s.day >= 0 && s.pallets > 0 &&
                       s.day + problem_.lanes[static_cast<std::size_t>(s.lane)].lead_days < days, "a shipment of an outcome is not possible");
  double own_before = 0, own_after = 0;
  SharedUse total = total_;
  total.add(block_use(skus, block_plan(slot.block), own_before), -1);
  total.add(block_use(skus, plan, own_after));
  if (!within(total, limits_)) return;
  const double cost = own_ - own_before + own_after + shared_cost(problem_, total);
  if (cost >= cost_ * (1 - 1e-12)) return;
  for (const std::int32_t sku : skus) plan_[static_cast<std::size_t>(sku)].clear();
  for (const model::Shipment& s : plan) plan_[static_cast<std::size_t>(s.sku)].push_back(s);
  total_ = std::move(total);
  own_ += own_after - own_before;
  cost_ = cost;
  served_by_ = "flows";
}

bool RebalancingCampaign::finished(double elapsed) const { return in_flight_ == 0 && (is_timed() ? proven() || out_of_time(elapsed) : !round_open_ && (proven() || out_of_time(elapsed))); }

// ---------------------------------------------------------------------------------------------------- what is known

model::CampaignProgress RebalancingCampaign::progress() const {
  return {.incumbent_cost = cost_, .iterations = iterations_, .round = round_, .coldest_temperature = 0, .replicas = 1, .parts = blocks_};
}

void RebalancingCampaign::describe(model::RunRecord& record) const {
  record.incumbent = {.cost = cost_, .cost_units = cost_units(cost_), .ints = model::flatten(whole_plan()), .reals = {}};
  record.served_by = served_by_;
  if (bound_ > 0) record.lower_bound = std::max(bound_, record.lower_bound.value_or(bound_));  // CBC may have proven more
  record.trace = trace_;
  record.iterations = iterations_;
  record.campaign = {.next_round = round_, .next_task_id = next_task_id_, .iterations = iterations_, .replicas = {}};
  model::ReplicaState state;
  state.answer.reals = ascent_.state();
  for (const std::uint64_t count : {bound_flows_, search_flows_, search_rounds_, sample_steps_, std::uint64_t{sampled_}}) state.answer.reals.push_back(static_cast<double>(count));
  record.campaign.replicas.push_back(std::move(state));
}

void RebalancingCampaign::restore(const model::RunRecord& record) {
  constexpr std::size_t counts = 5;
  const std::size_t expected = ascent_.state().size() + counts;
  if (record.campaign.replicas.size() != 1 || record.campaign.replicas[0].answer.reals.size() != expected)
    throw core::UserError("The checkpoint does not hold the prices of this problem. It was made by another version.");
  const std::span<const double> reals(record.campaign.replicas[0].answer.reals);
  ascent_.restore(reals.first(expected - counts));
  bound_flows_ = static_cast<std::uint64_t>(reals[expected - 5]);
  search_flows_ = static_cast<std::uint64_t>(reals[expected - 4]);
  search_rounds_ = static_cast<std::uint64_t>(reals[expected - 3]);
  sample_steps_ = static_cast<std::uint64_t>(reals[expected - 2]);
  sampled_ = reals[expected - 1] != 0;
  load(model::shipments_of(record.incumbent.ints));
  reprice();
  served_by_ = record.served_by;
  bound_ = record.lower_bound.value_or(0);
  trace_ = record.trace;
  round_ = record.campaign.next_round;
  next_task_id_ = record.campaign.next_task_id;
  iterations_ = record.campaign.iterations;
}

}  // namespace tempera::inventory
