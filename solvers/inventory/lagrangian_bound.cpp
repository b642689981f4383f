#include "solvers/inventory/lagrangian_bound.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "solvers/core/error.hpp"

namespace tempera::inventory {

namespace {
constexpr int patience = 30;   // steps without a better bound before the step length shrinks; 12 stopped chain 28 at .4 points more
constexpr double shrink = 0.75;
}  // namespace

LagrangianBound::LagrangianBound(const model::PlacementProblem& problem, const baselines::TimeGrid& grid, std::vector<double> arc_price,
                                 const std::vector<char>& forest, double scale)
    : problem_(problem), programme_(problem, grid), forest_(forest), price_(std::move(arc_price)), out_price_(problem.size()), in_price_(problem.size()),
      outbound_(problem.size()), inbound_(problem.size()), direction_(problem.arcs.size(), 0.0), best_(-std::numeric_limits<double>::max()), scale_(scale) {
  TEMPERA_ASSERT(programme_.choose(forest_), "the arcs kept form a forest");
  for (std::size_t a = 0; a < price_.size(); ++a)
    if (forest_[a]) price_[a] = 0;
  best_price_ = price_;
}

double LagrangianBound::evaluate() {
  std::ranges::fill(out_price_, 0.0);
  std::ranges::fill(in_price_, 0.0);
  for (std::size_t a = 0; a < price_.size(); ++a) {
    out_price_[static_cast<std::size_t>(problem_.arcs[a].from)] += price_[a];
    in_price_[static_cast<std::size_t>(problem_.arcs[a].to)] += price_[a];
  }
  return programme_.minimise(out_price_, in_price_, outbound_, inbound_);
}

double LagrangianBound::step(double upper_bound) {
  const double value = evaluate();
  if (value > best_) {
    if (value > best_ + 1e-5 * (upper_bound - best_)) stalled_ = 0;
    best_ = value;
    best_price_ = price_;
  }
  if (++stalled_ > patience) {
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
  for (std::size_t a = 0; a < price_.size(); ++a) {
    if (forest_[a]) continue;
    const double slack = outbound_[static_cast<std::size_t>(problem_.arcs[a].from)] - inbound_[static_cast<std::size_t>(problem_.arcs[a].to)];
    along += slack * direction_[a];
    old_square += direction_[a] * direction_[a];
  }
  const double keep = along < 0 && old_square > 0 ? -1.5 * along / old_square : 0.0;
  double square = 0;
  for (std::size_t a = 0; a < price_.size(); ++a) {
    if (forest_[a]) continue;
    const double slack = outbound_[static_cast<std::size_t>(problem_.arcs[a].from)] - inbound_[static_cast<std::size_t>(problem_.arcs[a].to)];
    direction_[a] = slack + keep * direction_[a];
    if (price_[a] == 0 && direction_[a] < 0) direction_[a] = 0;
    square += direction_[a] * direction_[a];
  }
  if (square == 0) {
    scale_ = 0;
    return;
  }
  const double length = scale_ * std::max(0.0, upper_bound - value) / square;
  for (std::size_t a = 0; a < price_.size(); ++a)
    if (!forest_[a]) price_[a] = std::max(0.0, price_[a] + length * direction_[a]);
}

}  // namespace tempera::inventory
