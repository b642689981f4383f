#include "solvers/inventory/rebalancing_prices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "solvers/core/error.hpp"

namespace tempera::inventory {

namespace {
constexpr double smallest_scale = 1e-3;
constexpr std::uint32_t patience = 6;
constexpr double furthest = 0.3;
constexpr double memory = 0.3;  // of the last direction

template <class Use, class Each>
void for_each_part(Use& use, Each each) {
  each(use.lane_m3);
  each(use.out);
  each(use.in);
  each(use.stored);
}

double truck_price(const model::RebalancingLane& lane) { return lane.has_trucks() ? lane.truck_cost / lane.truck_m3 : 0; }
bool limits_trucks(const model::RebalancingLane& lane) { return lane.has_trucks() && lane.trucks_per_day != model::no_limit; }
}  // namespace

SharedUse::SharedUse(const model::RebalancingProblem& problem)
    : lane_m3(problem.lanes.size() * static_cast<std::size_t>(problem.days)), out(problem.sites.size() * static_cast<std::size_t>(problem.days)), in(out.size()),
      stored(out.size() * problem.scenarios()) {}

void SharedUse::add(const SharedUse& other, double factor) {
  const auto sum = [factor](std::vector<double>& to, const std::vector<double>& what) {
    for (std::size_t k = 0; k < to.size(); ++k) to[k] += factor * what[k];
  };
  sum(lane_m3, other.lane_m3);
  sum(out, other.out);
  sum(in, other.in);
  sum(stored, other.stored);
}

std::vector<double> SharedUse::flat() const {
  std::vector<double> all;
  all.reserve(size());
  for_each_part(*this, [&](const std::vector<double>& part) { all.insert(all.end(), part.begin(), part.end()); });
  return all;
}

SharedUse SharedUse::from(const model::RebalancingProblem& problem, std::span<const double> flat) {
  SharedUse use(problem);
  TEMPERA_ASSERT(flat.size() == use.size(), fmt::format("{} numbers for {} shared rows", flat.size(), use.size()));
  std::size_t at = 0;
  for_each_part(use, [&](std::vector<double>& part) {
    std::ranges::copy(flat.subspan(at, part.size()), part.begin());
    at += part.size();
  });
  return use;
}

SharedPrices first_prices(const model::RebalancingProblem& problem) {
  SharedPrices prices(problem);
  const auto days = static_cast<std::size_t>(problem.days);
  for (std::size_t k = 0; k < prices.lane_m3.size(); ++k) prices.lane_m3[k] = truck_price(problem.lanes[k / days]);
  return prices;
}

PricedSku::PricedSku(const model::RebalancingProblem& problem)
    : problem_(problem), lanes_(problem.lanes.size() * static_cast<std::size_t>(problem.days)),
      stored_(problem.sites.size() * static_cast<std::size_t>(problem.days) * problem.scenarios()), waiting_(stored_.size()) {}

void PricedSku::set(std::size_t sku, const SharedPrices& prices) {
  const model::RebalancingSku& s = problem_.skus[sku];
  const auto days = static_cast<std::size_t>(problem_.days);
  const std::size_t scenarios = problem_.scenarios();
  for (std::size_t a = 0; a < problem_.lanes.size(); ++a) {
    const model::RebalancingLane& lane = problem_.lanes[a];
    const auto from = static_cast<std::size_t>(lane.from) * days, to = static_cast<std::size_t>(lane.to) * days + static_cast<std::size_t>(lane.lead_days);
    for (std::size_t t = 0; t + static_cast<std::size_t>(lane.lead_days) < days; ++t) {
      const double price = lane.pallet_cost + prices.lane_m3[a * days + t] * s.pallet_m3() + prices.out[from + t] + prices.in[to + t];
      lanes_[a * days + t] = {.price = price, .dear = price};
    }
  }
  for (std::size_t cell = 0; cell < problem_.sites.size() * days; ++cell)
    for (std::size_t k = 0; k < scenarios; ++k) {
      stored_[cell * scenarios + k] = problem_.probability[k] * s.holding_cost + prices.stored[cell * scenarios + k] * s.unit_m3;
      waiting_[cell * scenarios + k] = problem_.probability[k] * (s.shortage_cost + ((cell + 1) % days == 0 ? s.lost_cost : 0));
    }
}

double capacity_term(const model::RebalancingProblem& problem, const SharedPrices& prices) {
  const auto days = static_cast<std::size_t>(problem.days);
  const std::size_t scenarios = problem.scenarios();
  double term = 0;
  for (std::size_t k = 0; k < prices.lane_m3.size(); ++k) {
    const model::RebalancingLane& lane = problem.lanes[k / days];
    if (!lane.has_trucks()) continue;
    const double worth = lane.truck_cost - prices.lane_m3[k] * lane.truck_m3;  // of one truck
    if (worth < 0 && limits_trucks(lane)) term += worth * lane.trucks_per_day;
  }
  for (std::size_t cell = 0; cell < prices.out.size(); ++cell) {
    const model::RebalancingSite& site = problem.sites[cell / days];
    if (prices.out[cell] > 0) term -= prices.out[cell] * site.pallets_out;
    if (prices.in[cell] > 0) term -= prices.in[cell] * site.pallets_in;
    for (std::size_t s = 0; s < scenarios; ++s)
      if (prices.stored[cell * scenarios + s] > 0) term -= prices.stored[cell * scenarios + s] * site.storage_m3;
  }
  return term;
}

SharedUse subgradient(const model::RebalancingProblem& problem, const SharedPrices& prices, const SharedUse& use) {
  const auto days = static_cast<std::size_t>(problem.days);
  const std::size_t scenarios = problem.scenarios();
  SharedUse g(problem);
  for (std::size_t k = 0; k < g.lane_m3.size(); ++k) {
    const model::RebalancingLane& lane = problem.lanes[k / days];
    if (!lane.has_trucks()) continue;
    const double price = truck_price(lane);
    if (limits_trucks(lane)) {
      const double most = lane.truck_m3 * lane.trucks_per_day;
      // At the truck's own price any number of trucks is as good: the one that fits the use leaves nothing to correct.
      if (prices.lane_m3[k] > price * (1 + 1e-12) || use.lane_m3[k] > most) g.lane_m3[k] = use.lane_m3[k] - most;
    } else if (prices.lane_m3[k] < price) {
      g.lane_m3[k] = use.lane_m3[k];
    }
  }
  for (std::size_t cell = 0; cell < g.out.size(); ++cell) {
    const model::RebalancingSite& site = problem.sites[cell / days];
    if (site.pallets_out != model::no_limit) g.out[cell] = use.out[cell] - site.pallets_out;
    if (site.pallets_in != model::no_limit) g.in[cell] = use.in[cell] - site.pallets_in;
    for (std::size_t s = 0; s < scenarios && site.overflow_cost > 0 && std::isfinite(site.storage_m3); ++s)
      g.stored[cell * scenarios + s] = use.stored[cell * scenarios + s] - site.storage_m3;
  }
  return g;
}

PriceAscent::PriceAscent(const model::RebalancingProblem& problem)
    : problem_(problem), prices_(first_prices(problem)), best_prices_(prices_), direction_(prices_.size()), best_(std::numeric_limits<double>::lowest()) {}

void PriceAscent::step(double value, double upper, const SharedUse& use) {
  if (value > best_ + 1e-7 * std::abs(best_)) without_gain_ = 0;
  else ++without_gain_;
  if (value > best_) {
    best_ = value;
    best_prices_ = prices_;
  }
  if (without_gain_ >= patience) {  // back to the best, shorter steps
    scale_ = std::max(smallest_scale, 0.6 * scale_);
    without_gain_ = 0;
    prices_ = best_prices_;
    std::ranges::fill(direction_, 0.0);
    return;
  }
  std::vector<double> price = prices_.flat();
  const std::vector<double> g = subgradient(problem_, prices_, use).flat(), first = first_prices(problem_).flat();
  const auto days = static_cast<std::size_t>(problem_.days);
  const std::size_t scenarios = problem_.scenarios(), stored = prices_.size() - prices_.stored.size();
  double square = 0;
  for (std::size_t k = 0; k < g.size(); ++k) {
    direction_[k] = g[k] + memory * direction_[k];
    if (price[k] <= first[k] && direction_[k] < 0) direction_[k] = 0;  // would be cut off again
    square += direction_[k] * direction_[k];
  }
  if (square <= 0) return;
  const double target = std::min(upper, best_ + furthest * std::abs(best_));  // a poor plan says little of the optimum
  const double length = scale_ * std::max(target - value, 1e-6 * std::abs(upper)) / square;
  for (std::size_t k = 0; k < price.size(); ++k) {
    price[k] = std::max(first[k], price[k] + length * direction_[k]);  // below the truck's own price the bound only falls
    if (k >= stored) {
      const std::size_t cell = (k - stored) / scenarios;
      price[k] = std::min(price[k], problem_.probability[(k - stored) % scenarios] * problem_.sites[cell / days].overflow_cost);
    }
  }
  prices_ = SharedUse::from(problem_, price);
}

void PriceAscent::start_from_best() {
  prices_ = best_prices_;
  best_ = std::numeric_limits<double>::lowest();
  without_gain_ = 0;
  scale_ = 0.3;
  std::ranges::fill(direction_, 0.0);
}

std::vector<double> PriceAscent::state() const {
  std::vector<double> all{best_, scale_, static_cast<double>(without_gain_)};
  for (const std::vector<double>& part : {prices_.flat(), best_prices_.flat(), direction_}) all.insert(all.end(), part.begin(), part.end());
  return all;
}

void PriceAscent::restore(std::span<const double> state) {
  const std::size_t n = prices_.size();
  TEMPERA_ASSERT(state.size() == 3 + 3 * n, fmt::format("{} numbers for {} shared rows", state.size(), n));
  best_ = state[0];
  scale_ = state[1];
  without_gain_ = static_cast<std::uint32_t>(state[2]);
  prices_ = SharedUse::from(problem_, state.subspan(3, n));
  best_prices_ = SharedUse::from(problem_, state.subspan(3 + n, n));
  direction_.assign(state.begin() + static_cast<std::ptrdiff_t>(3 + 2 * n), state.end());
}

}  // namespace tempera::inventory
