#include "solvers/baselines/time_grid.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tempera::baselines {

namespace {
constexpr double finest = 1e-6;      // days
constexpr double whole_enough = 1e-7;  // of `finest`-scaled times, relative to one

// All times of the problem in units of `finest`; nothing when one of them is no multiple of it.
std::int64_t common_divisor(const model::PlacementProblem& problem) {
  std::int64_t divisor = 0;
  const auto take = [&](double days) {
    const double scaled = days / finest;
    if (std::abs(scaled - std::round(scaled)) > std::max(1e-3, whole_enough * scaled)) return false;
    divisor = std::gcd(divisor, static_cast<std::int64_t>(std::llround(scaled)));
    return true;
  };
  for (std::size_t i = 0; i < problem.size(); ++i)
    if (!take(problem.lead_time[i]) || !take(problem.limits[i].outbound_most) || !take(problem.limits[i].inbound_least)) return 0;
  return divisor == 0 ? std::llround(1 / finest) : divisor;
}

double total_days(const model::PlacementProblem& problem) {
  double days = 0;
  for (std::size_t i = 0; i < problem.size(); ++i)
    days += problem.limits[i].outbound_most + problem.limits[i].inbound_most + problem.longest_replenishment(i);
  return days;
}
}  // namespace

TimeGrid::TimeGrid(const model::PlacementProblem& problem, std::size_t most_points) {
  const double days = total_days(problem);
  const std::int64_t divisor = common_divisor(problem);
  step_ = static_cast<double>(divisor) * finest;
  if (divisor > 0 && divisor % 1000 == 0) step_ = static_cast<double>(divisor / 1000) * 1e-3;  // nearer to the decimals meant
  if (divisor > 0 && divisor % 1000000 == 0) step_ = static_cast<double>(divisor / 1000000);
  exact_ = divisor > 0 && days / step_ <= static_cast<double>(most_points);
  if (!exact_) step_ = days / static_cast<double>(most_points);
  lay_out(problem);
  for (std::size_t i = 0; i < problem.size(); ++i) set_cost(problem, i, problem.cost[i]);
}

std::int32_t TimeGrid::down(double days) const {
  return static_cast<std::int32_t>(exact_ ? std::llround(days / step_) : static_cast<std::int64_t>(std::floor(days / step_ + 1e-9)));
}

std::int32_t TimeGrid::up(double days) const {
  return static_cast<std::int32_t>(exact_ ? std::llround(days / step_) : static_cast<std::int64_t>(std::ceil(days / step_ - 1e-9)));
}

void TimeGrid::lay_out(const model::PlacementProblem& problem) {
  stages_.resize(problem.size());
  std::size_t table = 0;
  for (std::size_t i = 0; i < problem.size(); ++i) {
    Stage& s = stages_[i];
    const model::TimeLimits& limits = problem.limits[i];
    s.lead = up(problem.lead_time[i]);
    s.outbound_most = down(limits.outbound_most);
    s.inbound_least = down(limits.inbound_least);
    s.inbound_most = std::max(s.inbound_least, down(limits.inbound_most));
    s.concave = problem.cost[i].is_concave();
    s.table = table;
    table += static_cast<std::size_t>(s.inbound_most + s.lead + 1);
    points_ += static_cast<std::size_t>(s.outbound_most + s.inbound_most - s.inbound_least + 2);
  }
  tables_.resize(table);
}

void TimeGrid::set_cost(const model::PlacementProblem& problem, std::size_t i, const model::StageCost& cost) {
  const Stage& s = stages_[i];
  const std::span<double> row(tables_.data() + s.table, static_cast<std::size_t>(s.inbound_most + s.lead + 1));
  if (exact_) return model::tabulate(cost, step_, row);
  // The real time lies above (t - lead) * step + lead time, less the step that rounding the outbound time down may hide.
  const double hidden = s.lead * step_ - problem.lead_time[i] + (problem.limits[i].outbound_most > 0 ? step_ : 0.0);
  for (std::size_t t = 0; t < row.size(); ++t) row[t] = cost(std::max(0.0, static_cast<double>(t) * step_ - hidden));
}

}  // namespace tempera::baselines
