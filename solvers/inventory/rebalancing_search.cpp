#include "solvers/inventory/rebalancing_search.hpp"

#include <algorithm>
#include <cmath>

#include "solvers/core/error.hpp"

namespace tempera::inventory {

namespace {
constexpr double tolerance = 1e-6;
constexpr int most_fits = 6;
constexpr int nudges_per_flow = 10;
constexpr double dear_factors[] = {1, 1, 1.4, 2, 3};

double trucks_for(const model::RebalancingLane& lane, double m3) { return std::max(0.0, std::ceil((m3 - tolerance) / lane.truck_m3)); }

std::int32_t whole_pallets(double room, double each) {
  if (room <= 0) return 0;
  return each <= 0 ? model::no_limit : static_cast<std::int32_t>(std::min(1e9, std::floor(room / each + 1e-9)));
}
}  // namespace

SkuEffect effect_of(const model::RebalancingProblem& problem, std::size_t sku, std::span<const std::int32_t> flow) {
  const auto days = static_cast<std::size_t>(problem.days);
  const std::size_t scenarios = problem.scenarios();
  const model::RebalancingSku& s = problem.skus[sku];
  SkuEffect effect{SharedUse(problem), 0};
  std::vector<double> net(problem.sites.size() * days);
  for (std::size_t k = 0; k < flow.size(); ++k) {
    if (flow[k] == 0) continue;
    const model::RebalancingLane& lane = problem.lanes[k / days];
    const std::size_t t = k % days, from = static_cast<std::size_t>(lane.from) * days + t,
                      to = static_cast<std::size_t>(lane.to) * days + t + static_cast<std::size_t>(lane.lead_days);
    effect.use.lane_m3[k] += flow[k] * s.pallet_m3();
    effect.use.out[from] += flow[k];
    effect.use.in[to] += flow[k];
    effect.cost += flow[k] * lane.pallet_cost;
    net[from] -= flow[k] * s.units_per_pallet;
    net[to] += flow[k] * s.units_per_pallet;
  }
  std::vector<double> ever(days), free(days);
  for (std::size_t n = 0; n < problem.sites.size(); ++n) {
    if (problem.sites[n].supplier) continue;
    double sum = problem.on_hand[problem.place(sku, n)];
    for (std::size_t t = 0; t < days; ++t) {
      sum += problem.receipts[problem.cell(sku, n, t)] + net[n * days + t];
      effect.possible = effect.possible && sum >= -1e-7;
      ever[t] = free[t] = std::max(0.0, sum);
    }
    for (std::size_t t = days - 1; t-- > 0;) free[t] = std::min(free[t], free[t + 1]);
    for (std::size_t k = 0; k < scenarios; ++k) {
      double wanted = 0;
      for (std::size_t t = 0; t < days; ++t) {
        wanted += problem.demand_at(sku, n, t)[k];
        const double served = std::min(wanted, free[t]), on_hand = ever[t] - served;
        effect.use.stored[(n * days + t) * scenarios + k] = on_hand * s.unit_m3;
        effect.cost += problem.probability[k] * (s.holding_cost * on_hand + (s.shortage_cost + (t + 1 == days ? s.lost_cost : 0)) * (wanted - served));
      }
    }
  }
  return effect;
}

double shared_cost(const model::RebalancingProblem& problem, const SharedUse& use) {
  const auto days = static_cast<std::size_t>(problem.days);
  const std::size_t scenarios = problem.scenarios();
  double cost = 0;
  for (std::size_t k = 0; k < use.lane_m3.size(); ++k) {
    const model::RebalancingLane& lane = problem.lanes[k / days];
    if (lane.has_trucks() && use.lane_m3[k] > 0) cost += trucks_for(lane, use.lane_m3[k]) * lane.truck_cost;
  }
  for (std::size_t cell = 0; cell < use.out.size(); ++cell) {
    const model::RebalancingSite& site = problem.sites[cell / days];
    for (std::size_t s = 0; s < scenarios; ++s)
      if (const double over = use.stored[cell * scenarios + s] - site.storage_m3; over > 0) cost += problem.probability[s] * over * site.overflow_cost;
  }
  return cost;
}

SharedUse hard_limits(const model::RebalancingProblem& problem) {
  SharedUse limits(problem);
  const auto days = static_cast<std::size_t>(problem.days);
  constexpr double open = std::numeric_limits<double>::infinity();
  const auto pallets = [](std::int32_t most) { return most == model::no_limit ? open : static_cast<double>(most); };
  for (std::size_t k = 0; k < limits.lane_m3.size(); ++k) {
    const model::RebalancingLane& lane = problem.lanes[k / days];
    limits.lane_m3[k] = lane.has_trucks() && lane.trucks_per_day != model::no_limit ? lane.truck_m3 * lane.trucks_per_day : open;
  }
  for (std::size_t cell = 0; cell < limits.out.size(); ++cell) {
    limits.out[cell] = pallets(problem.sites[cell / days].pallets_out);
    limits.in[cell] = pallets(problem.sites[cell / days].pallets_in);
  }
  std::ranges::fill(limits.stored, open);
  return limits;
}

bool within(const SharedUse& use, const SharedUse& limits) {
  const auto fits = [](const std::vector<double>& a, const std::vector<double>& b) {
    for (std::size_t k = 0; k < a.size(); ++k)
      if (a[k] > b[k] + 0.5 * tolerance) return false;
    return true;
  };
  return fits(use.lane_m3, limits.lane_m3) && fits(use.out, limits.out) && fits(use.in, limits.in);
}

RebalancingSearch::RebalancingSearch(const model::RebalancingProblem& problem, std::span<const std::int32_t> skus, std::span<const model::Shipment> plan,
                                     const SharedUse& total, SharedUse limits, SharedPrices prices, const core::StreamKey& key)
    : problem_(problem), days_(static_cast<std::size_t>(problem.days)), skus_(skus.begin(), skus.end()),
      flow_(skus.size(), std::vector<std::int32_t>(problem.lanes.size() * days_)), total_(total), limits_(std::move(limits)), congestion_(std::move(prices)),
      priced_(problem), solver_(problem), random_(key) {
  congestion_.add(first_prices(problem), -1);
  for (const model::Shipment& s : plan) {
    const auto at = std::ranges::lower_bound(skus_, s.sku);
    TEMPERA_ASSERT(at != skus_.end() && *at == s.sku, "a shipment of a SKU that is not of the block");
    flow_[static_cast<std::size_t>(at - skus_.begin())][static_cast<std::size_t>(s.lane) * days_ + static_cast<std::size_t>(s.day)] += s.pallets;
  }
  for (std::size_t m = 0; m < skus_.size(); ++m) {
    effect_.push_back(effect_of(problem, static_cast<std::size_t>(skus_[m]), flow_[m]));
    own_ += effect_[m].cost;
  }
  energy_ = best_energy_ = own_ + shared_cost(problem_, total_);
  best_flow_ = flow_;
}

void RebalancingSearch::replace(std::size_t m, std::vector<std::int32_t> flow, SkuEffect effect) {
  total_.add(effect_[m].use, -1);
  total_.add(effect.use);
  own_ += effect.cost - effect_[m].cost;
  flow_[m] = std::move(flow);
  effect_[m] = std::move(effect);
  energy_ = own_ + shared_cost(problem_, total_);
}

// Room in trucks that run anyway costs nothing more; beyond it a pallet pays its share of a truck, times `dear_factor`.
void RebalancingSearch::set_lanes(std::size_t sku, const SharedUse& rest, double dear_factor, bool priced) {
  const double m3 = problem_.skus[sku].pallet_m3();
  const std::span<LanePrice> lanes = priced_.lanes();
  for (std::size_t k = 0; k < lanes.size(); ++k) {
    const model::RebalancingLane& lane = problem_.lanes[k / days_];
    const std::size_t t = k % days_, from = static_cast<std::size_t>(lane.from) * days_ + t,
                      to = static_cast<std::size_t>(lane.to) * days_ + t + static_cast<std::size_t>(lane.lead_days);
    if (t + static_cast<std::size_t>(lane.lead_days) >= days_) continue;
    LanePrice& price = lanes[k];
    price.price = lane.pallet_cost + (priced ? congestion_.lane_m3[k] * m3 + congestion_.out[from] + congestion_.in[to] : 0.0);
    price.most = std::min({whole_pallets(limits_.lane_m3[k] - rest.lane_m3[k], m3), whole_pallets(limits_.out[from] - rest.out[from], 1), whole_pallets(limits_.in[to] - rest.in[to], 1)});
    price.cheap = model::no_limit;
    price.dear = price.price;
    if (!lane.has_trucks()) continue;
    price.cheap = whole_pallets(trucks_for(lane, rest.lane_m3[k]) * lane.truck_m3 - rest.lane_m3[k], m3);
    price.dear = price.price + dear_factor * lane.truck_cost / lane.truck_m3 * m3;
  }
}

// Lanes share a site's ramps: where their flows together are too many, each may have its part. @returns false when that did not help
bool RebalancingSearch::fit_handling(std::size_t sku, const SharedUse& rest) {
  const std::span<LanePrice> lanes = priced_.lanes();
  for (int fit = 0; fit < most_fits; ++fit) {
    solver_.solve(sku, lanes, {stored_, waiting_});
    ++flows_;
    std::vector<double> out(rest.out.size()), in(rest.in.size());
    const auto flow = solver_.pallets();
    const auto ends = [&](std::size_t k) {
      const model::RebalancingLane& lane = problem_.lanes[k / days_];
      return std::pair(static_cast<std::size_t>(lane.from) * days_ + k % days_, static_cast<std::size_t>(lane.to) * days_ + k % days_ + static_cast<std::size_t>(lane.lead_days));
    };
    for (std::size_t k = 0; k < flow.size(); ++k)
      if (flow[k] > 0) {
        out[ends(k).first] += flow[k];
        in[ends(k).second] += flow[k];
      }
    bool fits = true;
    for (std::size_t k = 0; k < flow.size(); ++k) {
      if (flow[k] == 0) continue;
      const auto [from, to] = ends(k);
      const double share = std::min({1.0, (limits_.out[from] - rest.out[from] + tolerance) / out[from], (limits_.in[to] - rest.in[to] + tolerance) / in[to]});
      if (share >= 1) continue;
      fits = false;
      lanes[k].most = std::min(lanes[k].most, static_cast<std::int32_t>(std::floor(flow[k] * std::max(0.0, share))));
    }
    if (fits) return true;
  }
  return false;
}

bool RebalancingSearch::flow_anew(std::size_t m, double dear_factor, bool priced) {
  const auto sku = static_cast<std::size_t>(skus_[m]);
  const model::RebalancingSku& s = problem_.skus[sku];
  const std::size_t scenarios = problem_.scenarios();
  SharedUse rest = total_;
  rest.add(effect_[m].use, -1);
  set_lanes(sku, rest, dear_factor, priced);
  stored_.resize(rest.stored.size());
  waiting_.resize(rest.stored.size());
  for (std::size_t k = 0; k < stored_.size(); ++k) {
    const model::RebalancingSite& site = problem_.sites[k / scenarios / days_];
    const double share = problem_.probability[k % scenarios];
    const bool full = rest.stored[k] + effect_[m].use.stored[k] > site.storage_m3;
    stored_[k] = share * s.holding_cost + (full ? share * site.overflow_cost * s.unit_m3 : 0.0);
    waiting_[k] = share * (s.shortage_cost + ((k / scenarios + 1) % days_ == 0 ? s.lost_cost : 0));
  }
  if (!fit_handling(sku, rest)) return false;
  std::vector<std::int32_t> flow(solver_.pallets().begin(), solver_.pallets().end());
  saved_.push_back({m, flow_[m], effect_[m]});
  SkuEffect effect = effect_of(problem_, sku, flow);
  replace(m, std::move(flow), std::move(effect));
  return true;
}

void RebalancingSearch::one_sku() {
  flow_anew(random_.below(static_cast<std::uint32_t>(skus_.size())), dear_factors[random_.below(std::size(dear_factors))], random_.chance(0.5));
}

// Two to four SKUs: all off the lanes first, then one after another.
void RebalancingSearch::few_skus() {
  const std::uint32_t count = 2 + random_.below(3);
  const double factor = dear_factors[random_.below(std::size(dear_factors))];
  const bool priced = random_.chance(0.5);
  std::vector<std::size_t> members;
  for (std::uint32_t k = 0; k < count; ++k) {
    const std::size_t m = random_.below(static_cast<std::uint32_t>(skus_.size()));
    if (std::ranges::find(members, m) == members.end()) members.push_back(m);
  }
  for (const std::size_t m : members) {
    saved_.push_back({m, flow_[m], effect_[m]});
    std::vector<std::int32_t> none(flow_[m].size());
    SkuEffect effect = effect_of(problem_, static_cast<std::size_t>(skus_[m]), none);
    replace(m, std::move(none), std::move(effect));
  }
  for (const std::size_t m : members) flow_anew(m, factor, priced);
}

// One truck less on a lane and day: its SKUs flow anew until the rest fits.
void RebalancingSearch::close_truck() {
  std::vector<std::size_t> used;
  for (std::size_t k = 0; k < total_.lane_m3.size(); ++k)
    if (total_.lane_m3[k] > tolerance && problem_.lanes[k / days_].has_trucks()) used.push_back(k);
  if (used.empty()) return;
  const std::size_t k = used[random_.below(static_cast<std::uint32_t>(used.size()))];
  const model::RebalancingLane& lane = problem_.lanes[k / days_];
  const double limit = limits_.lane_m3[k];
  limits_.lane_m3[k] = (trucks_for(lane, total_.lane_m3[k]) - 1) * lane.truck_m3;
  std::vector<std::size_t> members;
  for (std::size_t m = 0; m < skus_.size(); ++m)
    if (flow_[m][k] > 0) members.push_back(m);
  for (std::size_t left = members.size(); left > 0 && total_.lane_m3[k] > limits_.lane_m3[k] + 0.5 * tolerance; --left) {
    std::swap(members[random_.below(static_cast<std::uint32_t>(left))], members[left - 1]);
    flow_anew(members[left - 1], 1, false);
  }
  limits_.lane_m3[k] = limit;
}

// A pallet or two more, less, on another day, or over another lane to the same site.
bool RebalancingSearch::nudged(std::vector<std::int32_t>& flow) {
  const auto arcs = static_cast<std::uint32_t>(flow.size());
  std::vector<std::size_t> used;
  for (std::size_t k = 0; k < flow.size(); ++k)
    if (flow[k] > 0) used.push_back(k);
  const auto pallets = static_cast<std::int32_t>(1 + random_.below(2));
  const double kind = random_.uniform();
  const std::size_t any = random_.below(arcs);
  const auto arrives = [&](std::size_t k) { return static_cast<std::int32_t>(k % days_) + problem_.lanes[k / days_].lead_days < problem_.days; };
  if (kind < 0.25 || used.empty()) {
    if (!arrives(any)) return false;
    flow[any] += pallets;
    return true;
  }
  const std::size_t from = used[random_.below(static_cast<std::uint32_t>(used.size()))];
  const std::int32_t taken = random_.chance(0.2) ? flow[from] : std::min(pallets, flow[from]);
  flow[from] -= taken;
  if (kind < 0.45) return true;
  std::size_t to = any;
  if (kind < 0.85) to = from / days_ * days_ + random_.below(static_cast<std::uint32_t>(days_));  // same lane
  if (!arrives(to) || to == from) return false;
  flow[to] += taken;
  return true;
}

void RebalancingSearch::nudge(double temperature) {
  ++flows_;
  for (int k = 0; k < nudges_per_flow; ++k) {
    const std::size_t m = random_.below(static_cast<std::uint32_t>(skus_.size()));
    std::vector<std::int32_t> flow = flow_[m];
    if (!nudged(flow)) continue;
    SkuEffect effect = effect_of(problem_, static_cast<std::size_t>(skus_[m]), flow);
    if (!effect.possible) continue;
    const double before = energy_;
    Saved old{m, flow_[m], effect_[m]};
    replace(m, std::move(flow), std::move(effect));
    if (energy_ > before - temperature * std::log(random_.uniform()) || !within(total_, limits_)) replace(m, std::move(old.flow), std::move(old.effect));
    else note_best();
  }
}

void RebalancingSearch::move(double temperature) {
  const double before = energy_;
  saved_.clear();
  const double kind = random_.uniform();
  if (kind < 0.5) return nudge(temperature);
  if (kind < 0.7) one_sku();
  else if (kind < 0.88) close_truck();
  else few_skus();
  if (saved_.empty()) ++flows_;  // nothing to try counts too: the budget must run out
  const bool kept = energy_ <= before - temperature * std::log(random_.uniform()) && within(total_, limits_);
  if (!kept)
    for (std::size_t k = saved_.size(); k-- > 0;) replace(saved_[k].member, std::move(saved_[k].flow), std::move(saved_[k].effect));
  note_best();
}

// The first look at a SKU: kept where it helps.
void RebalancingSearch::pass_one(std::size_t m) {
  const double before = energy_;
  saved_.clear();
  flow_anew(m, 1, true);
  if (energy_ > before || !within(total_, limits_))
    for (std::size_t k = saved_.size(); k-- > 0;) replace(saved_[k].member, std::move(saved_[k].flow), std::move(saved_[k].effect));
  note_best();
}

void RebalancingSearch::note_best() {
  if (energy_ >= best_energy_ - 1e-9 * std::abs(best_energy_)) return;
  best_energy_ = energy_;
  best_flow_ = flow_;
}

model::RebalancingPlan RebalancingSearch::best_plan() const {
  model::RebalancingPlan plan;
  for (std::size_t m = 0; m < skus_.size(); ++m)
    for (std::size_t k = 0; k < best_flow_[m].size(); ++k)
      if (best_flow_[m][k] > 0)
        plan.push_back({skus_[m], static_cast<std::int32_t>(k / days_), static_cast<std::int32_t>(k % days_), best_flow_[m][k]});
  return plan;
}

}  // namespace tempera::inventory
