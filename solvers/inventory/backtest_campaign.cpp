#include "solvers/inventory/backtest_campaign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "solvers/core/error.hpp"

namespace tempera::inventory {

namespace {
constexpr std::size_t numbers = sizeof(Kpis) / sizeof(double);
using Packed = std::array<double, numbers>;
static_assert(sizeof(Packed) == sizeof(Kpis) && std::is_trivially_copyable_v<Kpis>);
constexpr std::int32_t tasks_per_rank = 8;
}  // namespace

BacktestCampaign::BacktestCampaign(const model::BacktestJob& job, int ranks)
    : job_(job), scenarios_per_task_(std::clamp(job.scenarios / (tasks_per_rank * std::max(1, ranks)), 1, 64)), kpis_(static_cast<std::size_t>(job.scenarios)) {}

std::optional<model::Task> BacktestCampaign::next_task(double) {
  if (next_scenario_ >= job_.scenarios) return std::nullopt;
  const std::int32_t count = std::min(scenarios_per_task_, job_.scenarios - next_scenario_);
  model::Task task;
  task.id = next_task_id_++;
  task.part = static_cast<std::uint32_t>(next_scenario_);
  task.iterations = static_cast<std::uint64_t>(count);
  task.ints = {next_scenario_, count};
  next_scenario_ += count;
  ++in_flight_;
  return task;
}

void BacktestCampaign::on_outcome(const model::Outcome& outcome, double) {
  TEMPERA_ASSERT(outcome.ints.size() == 2, fmt::format("the outcome of task {} names no scenarios", outcome.task));
  const std::int32_t first = outcome.ints[0], count = outcome.ints[1];
  const std::size_t policies = job_.policies.size();
  TEMPERA_ASSERT(first >= 0 && count > 0 && first + count <= next_scenario_ && kpis_[static_cast<std::size_t>(first)].empty() &&
                     outcome.reals.size() == static_cast<std::size_t>(count) * policies * numbers,
                 fmt::format("the outcome of task {} does not fit: scenarios {} to {}, {} numbers", outcome.task, first, first + count - 1, outcome.reals.size()));
  auto at = outcome.reals.begin();
  for (std::int32_t s = first; s < first + count; ++s)
    for (std::size_t p = 0; p < policies; ++p) {
      Packed packed;
      std::copy_n(at, numbers, packed.begin());
      at += numbers;
      kpis_[static_cast<std::size_t>(s)].push_back(std::bit_cast<Kpis>(packed));
    }
  --in_flight_;
}

void BacktestCampaign::on_lost(const model::Task&, double) { --in_flight_; }

bool BacktestCampaign::finished(double) const { return in_flight_ == 0 && next_scenario_ >= job_.scenarios; }

model::CampaignProgress BacktestCampaign::progress() const {
  return {.incumbent_cost = 0, .iterations = static_cast<std::uint64_t>(std::ranges::count_if(kpis_, [](const auto& k) { return !k.empty(); })),
          .round = 0, .coldest_temperature = 0, .replicas = 1, .parts = static_cast<std::uint32_t>(job_.scenarios)};
}

void BacktestCampaign::describe(model::RunRecord& record) const { record.iterations = progress().iterations; }

std::vector<PolicyRecord> BacktestCampaign::records() const {
  for (std::size_t s = 0; s < kpis_.size(); ++s) TEMPERA_ASSERT(!kpis_[s].empty(), fmt::format("scenario {} was lost", s));
  return collect(job_, kpis_);
}

BacktestRunner::BacktestRunner(const model::BacktestJob& job) : job_(job), simulator_(job.system) {}

void BacktestRunner::start(model::Task task) {
  TEMPERA_ASSERT(task.ints.size() == 2, fmt::format("task {} is not a backtest task", task.id));
  task_ = std::move(task);
  reals_.clear();
  demand_.reset();
  played_ = 0;
}

bool BacktestRunner::advance() {
  if (played_ == task_.ints[1]) return true;
  if (!demand_) {
    demand_.emplace(job_.system, job_.warm_up + job_.periods, job_.seed, static_cast<std::uint32_t>(task_.ints[0] + played_));
    policy_ = 0;
  }
  const Packed packed = std::bit_cast<Packed>(play(job_, simulator_, *demand_, policy_));
  reals_.insert(reals_.end(), packed.begin(), packed.end());
  if (++policy_ < job_.policies.size()) return false;
  demand_.reset();
  return ++played_ == task_.ints[1];
}

model::Outcome BacktestRunner::take() {
  while (!advance()) {}  // half a task would be none
  return {.task = task_.id, .attempt = task_.attempt, .round = task_.round, .replica = task_.replica, .part = task_.part,
          .iterations = static_cast<std::uint64_t>(played_), .ints = task_.ints, .wholes = {}, .reals = reals_};
}

}  // namespace tempera::inventory
