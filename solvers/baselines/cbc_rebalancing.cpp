#include <algorithm>
#include <cmath>

#include "solvers/baselines/coin.hpp"
#include "solvers/baselines/rebalancing_baseline.hpp"

namespace tempera::baselines {

namespace {
using model::RebalancingProblem;

// Columns: pallets x[k,a,t], trucks y[a,t], stock there has been P[k,n,t], served so far S[k,n,t,s], overflow O[n,t,s].
// On hand is P - S, waiting is D - S; S never falls, which keeps stock for later departures.
class Programme {
 public:
  explicit Programme(const RebalancingProblem& problem) : p_(problem), days_(static_cast<std::size_t>(problem.days)) {
    pallets();
    trucks();
    stock();
    handling();
    storage();
  }

  const CbcMatrix& matrix() const { return m_; }
  double constant() const { return constant_; }
  const std::vector<int>& integers() const { return integers_; }

  model::RebalancingPlan plan(const std::vector<double>& solution) const {
    model::RebalancingPlan plan;
    for (std::size_t k = 0; k < x_.size(); ++k)
      if (const auto pallets = x_[k] < 0 ? 0 : static_cast<std::int32_t>(std::llround(solution[static_cast<std::size_t>(x_[k])])); pallets > 0)
        plan.push_back({static_cast<std::int32_t>(k / days_ / p_.lanes.size()), static_cast<std::int32_t>(k / days_ % p_.lanes.size()), static_cast<std::int32_t>(k % days_), pallets});
    return plan;
  }

 private:
  int integer(double most, double cost) {
    integers_.push_back(m_.add_column(0, most, cost));
    return integers_.back();
  }
  std::size_t x_at(std::size_t k, std::size_t a, std::size_t t) const { return (k * p_.lanes.size() + a) * days_ + t; }
  bool arrives(std::size_t a, std::size_t t) const { return t + static_cast<std::size_t>(p_.lanes[a].lead_days) < days_; }

  // More than all demand and stock of the SKU is never sent at once.
  double most_pallets(std::size_t k) const {
    double units = 0;
    for (std::size_t n = 0; n < p_.sites.size(); ++n) {
      units += p_.on_hand[p_.place(k, n)];
      for (std::size_t t = 0; t < days_; ++t) {
        const auto demand = p_.demand_at(k, n, t);
        units += p_.receipts[p_.cell(k, n, t)] + *std::ranges::max_element(demand);
      }
    }
    return std::ceil(units / p_.skus[k].units_per_pallet) + 1;
  }

  void pallets() {
    x_.assign(p_.skus.size() * p_.lanes.size() * days_, -1);
    for (std::size_t k = 0; k < p_.skus.size(); ++k)
      for (std::size_t a = 0; a < p_.lanes.size(); ++a)
        for (std::size_t t = 0; t < days_; ++t)
          if (arrives(a, t)) x_[x_at(k, a, t)] = integer(most_pallets(k), p_.lanes[a].pallet_cost);
  }

  void trucks() {
    for (std::size_t a = 0; a < p_.lanes.size(); ++a) {
      const model::RebalancingLane& lane = p_.lanes[a];
      for (std::size_t t = 0; lane.has_trucks() && t < days_; ++t) {
        if (!arrives(a, t)) continue;
        double most = 0;
        for (std::size_t k = 0; k < p_.skus.size(); ++k) most += most_pallets(k) * p_.skus[k].pallet_m3();
        const int y = integer(std::min<double>(lane.trucks_per_day, std::ceil(most / lane.truck_m3)), lane.truck_cost), row = m_.add_row(-no_bound, 0);
        m_.set(row, y, -lane.truck_m3);
        for (std::size_t k = 0; k < p_.skus.size(); ++k) m_.set(row, x_[x_at(k, a, t)], p_.skus[k].pallet_m3());
      }
    }
  }

  void stock() {
    stored_.assign(p_.sites.size() * days_ * p_.scenarios(), {});
    for (std::size_t k = 0; k < p_.skus.size(); ++k)
      for (std::size_t n = 0; n < p_.sites.size(); ++n)
        if (!p_.sites[n].supplier) place(k, n);
  }

  void place(std::size_t k, std::size_t n) {
    const model::RebalancingSku& sku = p_.skus[k];
    std::vector<int> served(p_.scenarios(), -1);
    std::vector<double> wanted(p_.scenarios());
    int before = -1;
    for (std::size_t t = 0; t < days_; ++t) {
      const int ever = m_.add_column(0, no_bound, sku.holding_cost);
      const double given = p_.receipts[p_.cell(k, n, t)] + (t == 0 ? p_.on_hand[p_.place(k, n)] : 0.0);
      const int balance = m_.add_row(given, given);  // P_t - P_{t-1} - in + out = receipts
      m_.set(balance, ever, 1);
      if (before >= 0) m_.set(balance, before, -1);
      before = ever;
      for (std::size_t a = 0; a < p_.lanes.size(); ++a) {
        const auto lead = static_cast<std::size_t>(p_.lanes[a].lead_days);
        if (p_.lanes[a].to == static_cast<std::int32_t>(n) && t >= lead) m_.set(balance, x_[x_at(k, a, t - lead)], -sku.units_per_pallet);
        if (p_.lanes[a].from == static_cast<std::int32_t>(n) && arrives(a, t)) m_.set(balance, x_[x_at(k, a, t)], sku.units_per_pallet);
      }
      for (std::size_t s = 0; s < p_.scenarios(); ++s) {
        wanted[s] += p_.demand_at(k, n, t)[s];
        const double waiting = p_.probability[s] * (sku.shortage_cost + (t + 1 == days_ ? sku.lost_cost : 0));
        const int now = m_.add_column(0, wanted[s], -p_.probability[s] * sku.holding_cost - waiting);
        constant_ += waiting * wanted[s];
        const int there = m_.add_row(-no_bound, 0);  // S <= P
        m_.set(there, now, 1);
        m_.set(there, ever, -1);
        if (served[s] >= 0) {
          const int rising = m_.add_row(0, no_bound);
          m_.set(rising, now, 1);
          m_.set(rising, served[s], -1);
        }
        served[s] = now;
        auto& in_store = stored_[(n * days_ + t) * p_.scenarios() + s];
        in_store.emplace_back(ever, sku.unit_m3);
        in_store.emplace_back(now, -sku.unit_m3);
      }
    }
  }

  void handling() {
    for (std::size_t n = 0; n < p_.sites.size(); ++n)
      for (std::size_t t = 0; t < days_; ++t) {
        const int out = m_.add_row(-no_bound, p_.sites[n].pallets_out == model::no_limit ? no_bound : p_.sites[n].pallets_out);
        const int in = m_.add_row(-no_bound, p_.sites[n].pallets_in == model::no_limit ? no_bound : p_.sites[n].pallets_in);
        for (std::size_t a = 0; a < p_.lanes.size(); ++a)
          for (std::size_t k = 0; k < p_.skus.size(); ++k) {
            const auto lead = static_cast<std::size_t>(p_.lanes[a].lead_days);
            if (p_.lanes[a].from == static_cast<std::int32_t>(n) && arrives(a, t)) m_.set(out, x_[x_at(k, a, t)], 1);
            if (p_.lanes[a].to == static_cast<std::int32_t>(n) && t >= lead) m_.set(in, x_[x_at(k, a, t - lead)], 1);
          }
      }
  }

  void storage() {
    for (std::size_t cell = 0; cell < p_.sites.size() * days_; ++cell)
      for (std::size_t s = 0; s < p_.scenarios(); ++s) {
        const model::RebalancingSite& site = p_.sites[cell / days_];
        if (site.supplier || std::isinf(site.storage_m3) || site.overflow_cost <= 0) continue;
        const int over = m_.add_column(0, no_bound, p_.probability[s] * site.overflow_cost), row = m_.add_row(-no_bound, site.storage_m3);
        m_.set(row, over, -1);
        for (const auto& [column, value] : stored_[cell * p_.scenarios() + s]) m_.set(row, column, value);
      }
  }

  const RebalancingProblem& p_;
  std::size_t days_;
  CbcMatrix m_;
  std::vector<int> integers_, x_;
  std::vector<std::vector<std::pair<int, double>>> stored_;  // [site][day][scenario] columns with their m3
  double constant_ = 0;
};
}  // namespace

std::size_t rebalancing_integers(const RebalancingProblem& problem) {
  std::size_t lane_days = 0, truck_days = 0;
  for (const model::RebalancingLane& lane : problem.lanes) {
    const auto departures = static_cast<std::size_t>(std::max(0, problem.days - lane.lead_days));
    lane_days += departures;
    if (lane.has_trucks()) truck_days += departures;
  }
  return problem.skus.size() * lane_days + truck_days;
}

std::optional<CbcRebalancing> cbc_rebalancing(const RebalancingProblem& problem, double seconds) {
  const Programme programme(problem);
  const std::optional<IntegerOptimum> optimum = solve_integer(programme.matrix(), programme.integers(), seconds);
  if (!optimum) return std::nullopt;
  return CbcRebalancing{programme.plan(optimum->columns), optimum->lower_bound + programme.constant()};
}

}  // namespace tempera::baselines
