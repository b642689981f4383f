#include "solvers/inventory/rebalancing_runner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "solvers/core/error.hpp"

namespace tempera::inventory {

std::vector<std::int32_t> skus_of_block(const model::RebalancingProblem& problem, std::uint32_t block, std::uint32_t blocks) {
  std::vector<std::int32_t> skus;
  for (auto k = static_cast<std::int32_t>(block); k < static_cast<std::int32_t>(problem.skus.size()); k += static_cast<std::int32_t>(blocks)) skus.push_back(k);
  return skus;
}

RebalancingRunner::RebalancingRunner(const model::RebalancingProblem& problem) : problem_(problem), solver_(problem), priced_(problem), prices_(problem), use_(problem) {}

void RebalancingRunner::start(model::Task task) {
  TEMPERA_ASSERT(task.ints.size() >= 2 && task.wholes.size() == 2, fmt::format("task {} is not a rebalancing task", task.id));
  watch_.emplace();
  task_ = std::move(task);
  kind_ = static_cast<RebalancingTask>(task_.ints[0]);
  skus_ = skus_of_block(problem_, static_cast<std::uint32_t>(task_.wholes[0]), static_cast<std::uint32_t>(task_.ints[1]));
  next_ = 0;
  const std::span<const double> reals(task_.reals);
  const std::size_t n = use_.size();
  if (kind_ == RebalancingTask::bound) {
    prices_ = SharedPrices::from(problem_, reals);
    use_ = SharedUse(problem_);
    value_ = 0;
    return;
  }
  TEMPERA_ASSERT(reals.size() == 2 + 3 * n, fmt::format("task {} has {} numbers for {} shared rows", task_.id, reals.size(), n));
  search_ = std::make_unique<RebalancingSearch>(problem_, skus_, model::shipments_of(std::span<const std::int32_t>(task_.ints).subspan(3)), SharedUse::from(problem_, reals.subspan(2, n)),
                                                SharedUse::from(problem_, reals.subspan(2 + n, n)), SharedPrices::from(problem_, reals.subspan(2 + 2 * n, n)),
                                                core::StreamKey{.seed = static_cast<std::uint64_t>(task_.wholes[1]), .domain = core::search_rebalancing,
                                                                .replica = task_.replica, .part = task_.part, .step = task_.round});
  start_energy_ = search_->energy();
}

double RebalancingRunner::spent_share() const {
  const double flows = task_.iterations > 0 ? static_cast<double>(search_->flows()) / static_cast<double>(task_.iterations) : 0;
  return std::max(flows, task_.seconds > 0 ? watch_->seconds() / task_.seconds : 0);
}

void RebalancingRunner::bound_next() {
  const auto sku = static_cast<std::size_t>(skus_[next_++]);
  priced_.set(sku, prices_);
  value_ += solver_.solve(sku, priced_.lanes(), priced_.stock());
  const model::RebalancingSku& s = problem_.skus[sku];
  const auto days = static_cast<std::size_t>(problem_.days);
  const std::size_t scenarios = problem_.scenarios();
  const auto flow = solver_.pallets();
  for (std::size_t k = 0; k < flow.size(); ++k) {
    if (flow[k] == 0) continue;
    const model::RebalancingLane& lane = problem_.lanes[k / days];
    use_.lane_m3[k] += flow[k] * s.pallet_m3();
    use_.out[static_cast<std::size_t>(lane.from) * days + k % days] += flow[k];
    use_.in[static_cast<std::size_t>(lane.to) * days + k % days + static_cast<std::size_t>(lane.lead_days)] += flow[k];
  }
  for (std::size_t n = 0; n < problem_.sites.size(); ++n)
    for (std::size_t t = 0; t < days && !problem_.sites[n].supplier; ++t) {
      const double ever = solver_.ever(n, t);
      const auto wanted = solver_.wanted(n, t);
      for (std::size_t k = 0; k < scenarios; ++k) use_.stored[(n * days + t) * scenarios + k] += s.unit_m3 * std::max(0.0, ever - wanted[k]);
    }
}

bool RebalancingRunner::advance() {
  if (kind_ == RebalancingTask::bound) {
    if (next_ == skus_.size() || (task_.seconds > 0 && watch_->seconds() > task_.seconds)) return true;
    bound_next();
    return next_ == skus_.size();
  }
  const double share = spent_share();
  if (share >= 1) return true;
  if (task_.ints[2] != 0 && next_ < search_->members()) search_->pass_one(next_++);
  else search_->move((1 - share) * task_.reals[0] + share * task_.reals[1]);
  return false;
}

model::Outcome RebalancingRunner::take() {
  model::Outcome outcome{.task = task_.id, .attempt = task_.attempt, .round = task_.round, .replica = task_.replica, .part = task_.part,
                         .iterations = 0, .ints = {static_cast<std::int32_t>(kind_)}, .wholes = {}, .reals = {}};
  if (kind_ == RebalancingTask::bound) {
    outcome.iterations = next_;
    outcome.wholes = {static_cast<std::int64_t>(next_ == skus_.size())};
    outcome.reals = {value_};
    const std::vector<double> use = use_.flat();
    outcome.reals.insert(outcome.reals.end(), use.begin(), use.end());
    return outcome;
  }
  outcome.iterations = search_->flows();
  outcome.reals = {start_energy_, search_->best_energy()};
  const std::vector<std::int32_t> plan = model::flatten(search_->best_plan());
  outcome.ints.insert(outcome.ints.end(), plan.begin(), plan.end());
  return outcome;
}

}  // namespace tempera::inventory
