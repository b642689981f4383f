#include "solvers/inventory/lagrangian_bound.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "solvers/core/error.hpp"

namespace tempera::inventory {

namespace {
constexpr int patience = 30;   // steps without a better bound before the step length shrinks; 12 stopped chain 28 at .4 points more
constexpr int storage_patience = 6;  // with sites: prices of storage are few, and no plan reaches the bound, so that steps toward one are too long
constexpr double shrink = 0.75;

// A full store counts like the longest replenishment of its stages, so that arcs and sites climb at one pace.
double days_per_volume(const model::PlacementProblem& problem, const model::SharedStorage& site) {
  double longest = 1;
  for (const std::int32_t stage : site.stages) longest = std::max(longest, problem.longest_replenishment(static_cast<std::size_t>(stage)));
  return longest / std::max(site.storage, 1e-9);
}
}  // namespace

LagrangianBound::LagrangianBound(const model::PlacementProblem& problem, baselines::TimeGrid& grid, std::vector<double> price,
                                 const std::vector<char>& forest, double scale)
    : problem_(problem), grid_(grid), programme_(problem, grid), forest_(forest), price_(std::move(price)), unit_(problem.arcs.size(), 1.0),
      slack_(price_.size(), 0.0), out_price_(problem.size()), in_price_(problem.size()), outbound_(problem.size()), inbound_(problem.size()),
      direction_(price_.size(), 0.0), best_(-std::numeric_limits<double>::max()), scale_(scale) {
  TEMPERA_ASSERT(price_.size() == problem.arcs.size() + problem.sites.size(), "one price per arc and site");
  TEMPERA_ASSERT(programme_.choose(forest_), "the arcs kept form a forest");
  for (std::size_t a = 0; a < problem.arcs.size(); ++a)
    if (forest_[a]) price_[a] = 0;
  for (const model::SharedStorage& site : problem.sites) unit_.push_back(days_per_volume(problem, site));
  best_price_ = price_;
}

double LagrangianBound::evaluate() {
  std::ranges::fill(out_price_, 0.0);
  std::ranges::fill(in_price_, 0.0);
  for (std::size_t a = 0; a < problem_.arcs.size(); ++a) {
    out_price_[static_cast<std::size_t>(problem_.arcs[a].from)] += price_[a];
    in_price_[static_cast<std::size_t>(problem_.arcs[a].to)] += price_[a];
  }
  price_stages();
  double value = programme_.minimise(out_price_, in_price_, outbound_, inbound_);
  for (std::size_t k = 0; k < problem_.sites.size(); ++k) value -= price_[problem_.arcs.size() + k] * problem_.sites[k].storage;
  measure_slack();
  return value;
}

void LagrangianBound::price_stages() {
  for (std::size_t k = 0; k < problem_.sites.size(); ++k)
    for (const std::int32_t stage : problem_.sites[k].stages) {
      const auto i = static_cast<std::size_t>(stage);
      grid_.set_cost(problem_, i, problem_.cost[i].priced(price_[problem_.arcs.size() + k] * problem_.volume[i]));
    }
}

void LagrangianBound::measure_slack() {
  for (std::size_t a = 0; a < problem_.arcs.size(); ++a)
    slack_[a] = outbound_[static_cast<std::size_t>(problem_.arcs[a].from)] - inbound_[static_cast<std::size_t>(problem_.arcs[a].to)];
  if (problem_.sites.empty()) return;
  const std::vector<double> sum = model::stored(problem_, {outbound_, inbound_});
  for (std::size_t k = 0; k < sum.size(); ++k)
    slack_[problem_.arcs.size() + k] = unit_[problem_.arcs.size() + k] * (sum[k] - problem_.sites[k].storage);
}

double LagrangianBound::step(double upper_bound) {
  const double value = evaluate();
  if (value > best_) {
    if (value > best_ + 1e-5 * (upper_bound - best_)) stalled_ = 0;
    best_ = value;
    best_price_ = price_;
  }
  if (++stalled_ > (problem_.sites.empty() ? patience : storage_patience)) {
    scale_ *= shrink;
    stalled_ = 0;
    price_ = best_price_;
    std::ranges::fill(direction_, 0.0);
    return value;
  }
  follow(value, upper_bound);
  return value;
}

void LagrangianBound::follow(double value, double upper_bound) {
  double along = 0, old_square = 0;
  for (std::size_t k = 0; k < price_.size(); ++k) {
    if (!is_priced(k)) continue;
    along += slack_[k] * direction_[k];
    old_square += direction_[k] * direction_[k];
  }
  const double keep = along < 0 && old_square > 0 ? -1.5 * along / old_square : 0.0;
  double square = 0;
  for (std::size_t k = 0; k < price_.size(); ++k) {
    if (!is_priced(k)) continue;
    direction_[k] = slack_[k] + keep * direction_[k];
    if (price_[k] == 0 && direction_[k] < 0) direction_[k] = 0;
    square += direction_[k] * direction_[k];
  }
  if (square == 0) {
    scale_ = 0;
    return;
  }
  const double length = scale_ * std::max(0.0, upper_bound - value) / square;
  for (std::size_t k = 0; k < price_.size(); ++k)
    if (is_priced(k)) price_[k] = std::max(0.0, price_[k] + length * unit_[k] * direction_[k]);
}

}  // namespace tempera::inventory
