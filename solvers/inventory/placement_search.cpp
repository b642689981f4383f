#include "solvers/inventory/placement_search.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "solvers/core/error.hpp"

namespace tempera::inventory {

namespace {
constexpr double ticks_per_day = 1e6;
std::int64_t to_ticks(double days) { return std::llround(days * ticks_per_day); }
}  // namespace

PlacementSearch::PlacementSearch(const model::PlacementProblem& problem, const core::StreamKey& stream, std::vector<double> site_price)
    : problem_(problem), random_(stream), s_(problem.size(), 0), si_(problem.size(), 0), cost_(problem.size(), 0.0), stored_(problem.size(), 0.0),
      site_stored_(problem.sites.size(), 0.0), site_price_(std::move(site_price)), queued_(problem.size(), 0) {
  TEMPERA_ASSERT(site_price_.size() == problem.sites.size(), "one price per site");
  for (std::size_t i = 0; i < problem.size(); ++i) {
    lead_.push_back(to_ticks(problem.lead_time[i]));
    most_.push_back(to_ticks(problem.limits[i].outbound_most));
    least_.push_back(to_ticks(problem.limits[i].inbound_least));
  }
  focus({});
  load(std::vector<double>(problem.size(), 0.0));
}

void PlacementSearch::focus(std::span<const std::int32_t> stages) {
  movable_.clear();
  const auto take = [&](std::int32_t stage) {
    const auto i = static_cast<std::size_t>(stage);
    if (!problem_.customers.of(i).empty() && most_[i] > 0) movable_.push_back(stage);
  };
  if (stages.empty()) std::ranges::for_each(problem_.order, take);
  else std::ranges::for_each(stages, take);
}

void PlacementSearch::load(std::span<const double> outbound) {
  TEMPERA_ASSERT(outbound.size() == problem_.size(), "one outbound time per stage");
  for (const std::int32_t stage : problem_.order) {
    const auto i = static_cast<std::size_t>(stage);
    si_[i] = inbound_of(i);
    const Ticks most = std::min(si_[i] + lead_[i], most_[i]);
    s_[i] = problem_.customers.of(i).empty() ? most : std::clamp(to_ticks(outbound[i]), Ticks{0}, most);
    cost_[i] = cost_of(i, s_[i], si_[i]);
    stored_[i] = stored_by(i, s_[i], si_[i]);
  }
  add_up();
  best_s_ = s_;
  best_cost_ = fits() ? total_ : std::numeric_limits<double>::infinity();
}

// From the stages, so that rounding does not gather.
void PlacementSearch::add_up() {
  total_ = 0;
  for (const double c : cost_) total_ += c;
  if (problem_.sites.empty()) return;
  std::ranges::fill(site_stored_, 0.0);
  for (std::size_t i = 0; i < stored_.size(); ++i)
    if (problem_.site[i] >= 0) site_stored_[static_cast<std::size_t>(problem_.site[i])] += stored_[i];
  penalty_ = penalty();
  total_ += penalty_;
}

double PlacementSearch::penalty() const {
  double sum = 0;
  for (std::size_t k = 0; k < site_stored_.size(); ++k) sum += site_price_[k] * model::excess(site_stored_[k], problem_.sites[k].storage);
  return sum;
}

void PlacementSearch::store(std::size_t i, double volume) {
  if (problem_.site[i] >= 0) site_stored_[static_cast<std::size_t>(problem_.site[i])] += volume - stored_[i];
  stored_[i] = volume;
}

std::vector<double> PlacementSearch::in_days(const std::vector<Ticks>& ticks) const {
  std::vector<double> days(ticks.size());
  for (std::size_t i = 0; i < ticks.size(); ++i) days[i] = static_cast<double>(ticks[i]) / ticks_per_day;
  return days;
}

PlacementSearch::Ticks PlacementSearch::inbound_of(std::size_t i) const {
  Ticks longest = least_[i];
  for (const auto& e : problem_.suppliers.of(i)) longest = std::max(longest, s_[static_cast<std::size_t>(e.stage)]);
  return longest;
}

PlacementSearch::Ticks PlacementSearch::others_at(std::size_t customer, std::int32_t supplier) const {
  Ticks longest = least_[customer];
  for (const auto& e : problem_.suppliers.of(customer))
    if (e.stage != supplier) longest = std::max(longest, s_[static_cast<std::size_t>(e.stage)]);
  return longest;
}

// ---------------------------------------------------------------------------------------------------- one move

// Picks the stages to set and their targets. False when the move would change nothing.
bool PlacementSearch::propose() {
  seeds_.clear();
  const std::int32_t stage = movable_[random_.below(static_cast<std::uint32_t>(movable_.size()))];
  const auto i = static_cast<std::size_t>(stage);
  const auto customers = problem_.customers.of(i);
  const auto customer = static_cast<std::size_t>(customers[random_.below(static_cast<std::uint32_t>(customers.size()))].stage);
  const Ticks most = std::min(most_[i], si_[i] + lead_[i]);
  Ticks target = 0;
  switch (random_.below(problem_.sites.empty() ? 8 : 9)) {
    case 0: target = 0; break;
    case 1: case 2: target = most; break;
    case 3: case 4: target = others_at(customer, stage); break;
    case 5: target = s_[customer] - lead_[customer]; break;
    case 8: target = static_cast<Ticks>(random_.uniform() * static_cast<double>(most)); break;
    default: propose_level(customer); return !seeds_.empty();
  }
  target = std::clamp(target, Ticks{0}, most);
  if (target == s_[i]) return false;
  seeds_.push_back({stage, target});
  return true;
}

// All suppliers of one stage to one level: the only way down when several of them hold its inbound time up.
void PlacementSearch::propose_level(std::size_t customer) {
  const auto suppliers = problem_.suppliers.of(customer);
  const auto some = static_cast<std::size_t>(suppliers[random_.below(static_cast<std::uint32_t>(suppliers.size()))].stage);
  Ticks level = 0;
  switch (random_.below(4)) {
    case 0: level = 0; break;
    case 1: level = std::min(most_[some], si_[some] + lead_[some]); break;
    case 2: level = s_[customer] - lead_[customer]; break;
    default: level = s_[some];
  }
  level = std::max(level, Ticks{0});
  const bool raise = random_.below(2) == 0;
  for (const auto& e : suppliers) {
    const auto k = static_cast<std::size_t>(e.stage);
    const Ticks target = std::min({level, most_[k], si_[k] + lead_[k]});
    if (target < s_[k] || (raise && target > s_[k])) seeds_.push_back({e.stage, target});
  }
}

void PlacementSearch::wake(std::int32_t stage) {
  const auto i = static_cast<std::size_t>(stage);
  if (queued_[i]) return;
  queued_[i] = 1;
  queue_.push_back(problem_.position[i]);
  std::ranges::push_heap(queue_, std::greater<>{});
}

// Sets the seeds and lets everything downstream follow, in topological order. @returns the change of cost
double PlacementSearch::apply() {
  undo_.clear();
  delta_ = 0;
  for (const Seed& seed : seeds_) wake(seed.stage);
  while (!queue_.empty()) {
    std::ranges::pop_heap(queue_, std::greater<>{});
    const std::int32_t stage = problem_.order[static_cast<std::size_t>(queue_.back())];
    queue_.pop_back();
    const auto i = static_cast<std::size_t>(stage);
    queued_[i] = 0;
    const auto seed = std::ranges::find(seeds_, stage, &Seed::stage);
    settle(i, seed == seeds_.end() ? 0 : seed->target, seed != seeds_.end());
  }
  return problem_.sites.empty() ? delta_ : delta_ + penalty() - penalty_;
}

void PlacementSearch::settle(std::size_t i, Ticks target, bool seeded) {
  const Ticks si = inbound_of(i);
  const Ticks most = std::min(si + lead_[i], most_[i]);
  const bool passes_on = s_[i] == si_[i] + lead_[i];
  Ticks s = s_[i];
  if (seeded) s = std::min(target, most);
  else if (problem_.customers.of(i).empty()) s = most;
  else if (passes_on && (si < si_[i] || follow_up_)) s = most;
  else s = std::min(s, most);
  if (s == s_[i] && si == si_[i]) return;
  const double cost = cost_of(i, s, si);
  undo_.push_back({static_cast<std::int32_t>(i), s_[i], si_[i], cost_[i], stored_[i]});
  delta_ += cost - cost_[i];
  const bool passed = s != s_[i];
  s_[i] = s;
  si_[i] = si;
  cost_[i] = cost;
  if (!problem_.sites.empty()) store(i, stored_by(i, s, si));
  if (!passed) return;
  for (const auto& e : problem_.customers.of(i)) {
    // Nothing changes there when another supplier holds the inbound time.
    const auto j = static_cast<std::size_t>(e.stage);
    if (s > si_[j] || undo_.back().s == si_[j]) wake(e.stage);
  }
}

void PlacementSearch::roll_back() {
  for (auto u = undo_.rbegin(); u != undo_.rend(); ++u) {
    const auto i = static_cast<std::size_t>(u->stage);
    s_[i] = u->s;
    si_[i] = u->si;
    cost_[i] = u->cost;
    if (!problem_.sites.empty()) store(i, u->stored);
  }
}

void PlacementSearch::remember_best() {
  best_cost_ = total_;
  best_s_ = s_;
}

void PlacementSearch::sample(double temperature, std::uint64_t steps) {
  if (movable_.empty()) return;
  for (std::uint64_t step = 0; step < steps; ++step) {
    follow_up_ = random_.below(2) == 0;
    if (!propose()) continue;
    const double before = total_;
    const double delta = apply();
    const double noise = 1e-13 * total_;
    if (delta > noise && (temperature <= 0 || delta > -temperature * std::log(random_.uniform()))) {
      roll_back();
      continue;
    }
    const double after = problem_.sites.empty() ? 0.0 : penalty();
    if ((delta > noise || after > 0) && is_best()) {  // going up, or where too much is stored: the place left is kept
      roll_back();
      remember_best();
      apply();
    }
    total_ = before + delta;
    penalty_ = after;
  }
  add_up();
}

double PlacementSearch::typical_move(std::uint64_t tries) {
  if (movable_.empty()) return 0;
  std::vector<double> costs;
  for (std::uint64_t t = 0; t < tries; ++t) {
    if (!propose()) continue;
    const double delta = std::abs(apply());
    roll_back();
    if (delta > 0) costs.push_back(delta);
  }
  if (costs.empty()) return 0;
  const auto middle = costs.begin() + static_cast<std::ptrdiff_t>(costs.size() / 2);
  std::ranges::nth_element(costs, middle);
  return *middle;
}

std::vector<double> money_per_volume(const model::PlacementProblem& problem) {
  std::vector<double> price;
  for (const model::SharedStorage& site : problem.sites) {
    double money = 1e-6, volume = 1e-9;
    for (const std::int32_t stage : site.stages) {
      const auto i = static_cast<std::size_t>(stage);
      const double longest = problem.longest_replenishment(i);
      money += problem.cost[i](longest);
      volume += problem.volume[i] * problem.cost[i].base_stock(longest);
    }
    price.push_back(money / volume);
  }
  return price;
}

}  // namespace tempera::inventory
