#include "solvers/baselines/rebalancing_baseline.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace tempera::baselines {

namespace {
using model::RebalancingProblem;

class BaseStock {
 public:
  explicit BaseStock(const RebalancingProblem& problem)
      : p_(problem), days_(static_cast<std::size_t>(problem.days)), cells_(problem.sites.size() * days_), lane_of_(problem.sites.size(), -1), lane_m3_(problem.lanes.size() * days_),
        out_(cells_), in_(cells_) {
    choose_lanes();
  }

  model::RebalancingPlan plan() {
    const std::size_t skus = p_.skus.size();
    std::vector<std::vector<std::int64_t>> need(skus);  // pallets that must have come by the end of a day
    std::vector<std::vector<double>> ever(skus);        // units there have been, arrivals still to come counted on their day
    std::vector<std::vector<std::int64_t>> sent(skus, std::vector<std::int64_t>(p_.sites.size()));
    for (std::size_t k = 0; k < skus; ++k) {
      ever[k] = own_stock(k);
      need[k] = needs(k, ever[k]);
    }
    std::vector<std::size_t> urgent(skus);
    std::iota(urgent.begin(), urgent.end(), std::size_t{0});
    std::ranges::stable_sort(urgent, std::greater<>{}, [&](std::size_t k) { return p_.skus[k].shortage_cost / std::max(1e-9, p_.skus[k].unit_m3); });
    for (std::size_t t = 0; t < days_; ++t)
      for (const std::size_t k : urgent)
        for (const std::size_t n : order_) send(k, n, t, need[k], ever[k], sent[k]);
    return std::move(plan_);
  }

 private:
  double lane_cost(const model::RebalancingLane& lane) const { return lane.pallet_cost + (lane.has_trucks() ? 1.4 * lane.truck_cost / lane.truck_m3 : 0); }

  // Echelons by their distance from a supplier; the cheapest lane from the echelon before.
  void choose_lanes() {
    constexpr int far = std::numeric_limits<int>::max();
    std::vector<int> level(p_.sites.size(), far);
    for (std::size_t n = 0; n < level.size(); ++n)
      if (p_.sites[n].supplier) level[n] = 0;
    for (std::size_t pass = 0; pass < level.size(); ++pass)
      for (const model::RebalancingLane& lane : p_.lanes)
        if (const int from = level[static_cast<std::size_t>(lane.from)]; from != far) level[static_cast<std::size_t>(lane.to)] = std::min(level[static_cast<std::size_t>(lane.to)], from + 1);
    for (std::size_t a = 0; a < p_.lanes.size(); ++a) {
      const auto from = static_cast<std::size_t>(p_.lanes[a].from), to = static_cast<std::size_t>(p_.lanes[a].to);
      if (level[from] == far || level[from] + 1 != level[to]) continue;
      if (lane_of_[to] < 0 || lane_cost(p_.lanes[a]) < lane_cost(p_.lanes[static_cast<std::size_t>(lane_of_[to])])) lane_of_[to] = static_cast<int>(a);
    }
    for (std::size_t n = 0; n < level.size(); ++n)
      if (lane_of_[n] >= 0) order_.push_back(n);
    std::ranges::stable_sort(order_, {}, [&](std::size_t n) { return level[n]; });
  }

  std::vector<double> own_stock(std::size_t k) const {
    std::vector<double> ever(cells_);
    for (std::size_t n = 0; n < p_.sites.size(); ++n) {
      double sum = p_.on_hand[p_.place(k, n)];
      for (std::size_t t = 0; t < days_; ++t) ever[n * days_ + t] = sum += p_.receipts[p_.cell(k, n, t)];
    }
    return ever;
  }

  // The demand up to `day` that is not exceeded with probability b / (b + h).
  std::vector<double> levels(std::size_t k, std::size_t n) const {
    const model::RebalancingSku& sku = p_.skus[k];
    const double fractile = sku.shortage_cost / std::max(1e-12, sku.shortage_cost + sku.holding_cost);
    std::vector<std::pair<double, double>> sums(p_.scenarios());
    std::vector<double> level(days_);
    for (std::size_t t = 0; t < days_; ++t) {
      for (std::size_t s = 0; s < sums.size(); ++s) sums[s] = {(t == 0 ? 0 : sums[s].first) + p_.demand_at(k, n, t)[s], p_.probability[s]};
      auto sorted = sums;
      std::ranges::sort(sorted);
      double below = 0;
      for (const auto& [units, share] : sorted) {
        level[t] = units;
        if ((below += share) >= fractile - 1e-9) break;
      }
    }
    return level;
  }

  // From the last echelon up: what a site needs for its customers and to pass on.
  std::vector<std::int64_t> needs(std::size_t k, const std::vector<double>& ever) const {
    std::vector<std::int64_t> need(cells_);
    const double pallet = p_.skus[k].units_per_pallet;
    for (std::size_t at = order_.size(); at-- > 0;) {
      const std::size_t n = order_[at];
      const std::vector<double> level = levels(k, n);
      std::int64_t most = 0;
      for (std::size_t t = 0; t < days_; ++t) {
        double wanted = level[std::min(t + 2, days_ - 1)];
        for (const std::size_t c : order_)
          if (const auto& lane = p_.lanes[static_cast<std::size_t>(lane_of_[c])]; static_cast<std::size_t>(lane.from) == n)
            wanted += pallet * static_cast<double>(need[c * days_ + std::min(days_ - 1, t + static_cast<std::size_t>(lane.lead_days))]);
        most = std::max(most, static_cast<std::int64_t>(std::ceil((wanted - ever[n * days_ + t]) / pallet - 1e-9)));
        need[n * days_ + t] = most;
      }
    }
    return need;
  }

  double room(double limit, double used) const { return std::max(0.0, limit - used); }
  static double open(std::int32_t limit) { return limit == model::no_limit ? std::numeric_limits<double>::infinity() : limit; }

  void send(std::size_t k, std::size_t n, std::size_t t, const std::vector<std::int64_t>& need, std::vector<double>& ever, std::vector<std::int64_t>& sent) {
    const auto a = static_cast<std::size_t>(lane_of_[n]);
    const model::RebalancingLane& lane = p_.lanes[a];
    const model::RebalancingSku& sku = p_.skus[k];
    const auto from = static_cast<std::size_t>(lane.from), arrival = t + static_cast<std::size_t>(lane.lead_days);
    if (arrival >= days_) return;
    double most = static_cast<double>(need[n * days_ + arrival] - sent[n]);
    if (most <= 0) return;
    if (!p_.sites[from].supplier)
      most = std::min(most, std::floor(*std::min_element(ever.begin() + static_cast<std::ptrdiff_t>(from * days_ + t), ever.begin() + static_cast<std::ptrdiff_t>((from + 1) * days_)) /
                                           sku.units_per_pallet + 1e-9));
    most = std::min({most, room(open(p_.sites[from].pallets_out), out_[from * days_ + t]), room(open(p_.sites[n].pallets_in), in_[n * days_ + arrival])});
    if (lane.has_trucks() && sku.pallet_m3() > 0)
      most = std::min(most, std::floor(room(open(lane.trucks_per_day) * lane.truck_m3, lane_m3_[a * days_ + t]) / sku.pallet_m3() + 1e-9));
    const auto pallets = static_cast<std::int32_t>(most);
    if (pallets <= 0) return;
    plan_.push_back({static_cast<std::int32_t>(k), static_cast<std::int32_t>(a), static_cast<std::int32_t>(t), pallets});
    sent[n] += pallets;
    lane_m3_[a * days_ + t] += pallets * sku.pallet_m3();
    out_[from * days_ + t] += pallets;
    in_[n * days_ + arrival] += pallets;
    for (std::size_t d = t; d < days_ && !p_.sites[from].supplier; ++d) ever[from * days_ + d] -= pallets * sku.units_per_pallet;
    for (std::size_t d = arrival; d < days_; ++d) ever[n * days_ + d] += pallets * sku.units_per_pallet;
  }

  const RebalancingProblem& p_;
  std::size_t days_, cells_;
  std::vector<int> lane_of_;          // per site: over which it is supplied; -1: never
  std::vector<std::size_t> order_;    // sites so supplied, the suppliers' neighbours first
  std::vector<double> lane_m3_, out_, in_;
  model::RebalancingPlan plan_;
};
}  // namespace

model::RebalancingPlan base_stock_plan(const RebalancingProblem& problem) { return BaseStock(problem).plan(); }

}  // namespace tempera::baselines
