#include "solvers/model/rebalancing_referee.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tempera::model {

namespace {
constexpr std::size_t most_violations = 20;
constexpr double tolerance = 1e-6;  // units or m3: sums of doubles

class Judge {
 public:
  explicit Judge(const RebalancingProblem& problem)
      : p_(problem), days_(static_cast<std::size_t>(problem.days)), lane_m3_(problem.lanes.size() * days_), lane_pallets_(problem.lanes.size() * days_),
        stored_m3_(problem.sites.size() * days_ * problem.scenarios()), net_(problem.sites.size() * days_) {
    verdict_.on_hand.resize(days_);
    verdict_.waiting.resize(days_);
  }

  RebalancingVerdict run(std::span<const Shipment> plan) {
    RebalancingPlan sorted(plan.begin(), plan.end());
    std::ranges::sort(sorted);
    if (!well_formed(sorted)) return std::move(verdict_);
    std::size_t at = 0;
    for (std::size_t k = 0; k < p_.skus.size(); ++k) {
      std::size_t end = at;
      while (end < sorted.size() && sorted[end].sku == static_cast<std::int32_t>(k)) ++end;
      play_sku(k, std::span(sorted).subspan(at, end - at));
      at = end;
    }
    lanes();
    handling();
    storage();
    verdict_.feasible = verdict_.violations.empty();
    return std::move(verdict_);
  }

 private:
  void complain(const std::string& what) {
    if (verdict_.violations.size() < most_violations) verdict_.violations.push_back(what);
  }

  bool well_formed(std::span<const Shipment> plan) {
    const auto below = [](std::int32_t value, std::size_t limit) { return value >= 0 && static_cast<std::size_t>(value) < limit; };
    for (const Shipment& s : plan) {
      if (!below(s.sku, p_.skus.size()) || !below(s.lane, p_.lanes.size()) || !below(s.day, days_))
        complain(fmt::format("a shipment names SKU {}, lane {}, day {}, which are not all there", s.sku, s.lane, s.day + 1));
      else if (s.pallets < 1)
        complain(fmt::format("{} on lane {}, day {}: {} pallets; a shipment has at least one", p_.skus[static_cast<std::size_t>(s.sku)].name, s.lane, s.day + 1, s.pallets));
      else if (s.day + p_.lanes[static_cast<std::size_t>(s.lane)].lead_days >= p_.days)
        complain(fmt::format("{} on lane {}, day {}: arrives after the last day", p_.skus[static_cast<std::size_t>(s.sku)].name, s.lane, s.day + 1));
    }
    return verdict_.violations.empty();
  }

  void play_sku(std::size_t k, std::span<const Shipment> shipments) {
    std::ranges::fill(net_, 0.0);
    const RebalancingSku& sku = p_.skus[k];
    for (const Shipment& s : shipments) {
      const auto a = static_cast<std::size_t>(s.lane), t = static_cast<std::size_t>(s.day);
      const RebalancingLane& lane = p_.lanes[a];
      const double units = s.pallets * sku.units_per_pallet, m3 = s.pallets * sku.pallet_m3();
      net_[static_cast<std::size_t>(lane.from) * days_ + t] -= units;
      net_[static_cast<std::size_t>(lane.to) * days_ + t + static_cast<std::size_t>(lane.lead_days)] += units;
      lane_m3_[a * days_ + t] += m3;
      lane_pallets_[a * days_ + t] += s.pallets;
      verdict_.cost.pallets += s.pallets * lane.pallet_cost;
      (p_.sites[static_cast<std::size_t>(lane.from)].supplier ? verdict_.kpis.ordered_pallets : verdict_.kpis.transferred_pallets) += s.pallets;
      verdict_.kpis.transit_m3 += m3;
      verdict_.kpis.transit_m3_days += m3 * lane.lead_days;
    }
    for (std::size_t n = 0; n < p_.sites.size(); ++n)
      if (!p_.sites[n].supplier) play_site(k, n);
  }

  // `ever[t]`: all stock there has ever been up to day t, less what was sent on. Customers may have what no later departure needs.
  void play_site(std::size_t k, std::size_t n) {
    const RebalancingSku& sku = p_.skus[k];
    std::vector<double> ever(days_), free(days_);
    double sum = p_.on_hand[p_.place(k, n)];
    for (std::size_t t = 0; t < days_; ++t) {
      sum += p_.receipts[p_.cell(k, n, t)] + net_[n * days_ + t];
      if (sum < -tolerance) {
        complain(fmt::format("{} at {}, day {}: {:.6g} units more leave than there are", sku.name, p_.sites[n].name, t + 1, -sum));
        return;
      }
      ever[t] = free[t] = std::max(0.0, sum);
    }
    for (std::size_t t = days_ - 1; t-- > 0;) free[t] = std::min(free[t], free[t + 1]);
    for (std::size_t s = 0; s < p_.scenarios(); ++s) play_scenario(k, n, s, ever, free);
  }

  void play_scenario(std::size_t k, std::size_t n, std::size_t s, const std::vector<double>& ever, const std::vector<double>& free) {
    const RebalancingSku& sku = p_.skus[k];
    const double share = p_.probability[s];
    double wanted = 0, served = 0;
    for (std::size_t t = 0; t < days_; ++t) {
      const double demand = p_.demand_at(k, n, t)[s], waited = wanted - served;
      wanted += demand;
      const double before = served;
      served = std::max(served, std::min(wanted, free[t]));
      const double on_hand = ever[t] - served, waiting = wanted - served;
      const double at_once = std::clamp(served - before - waited, 0.0, demand);
      verdict_.on_hand[t] += share * on_hand;
      verdict_.waiting[t] += share * waiting;
      verdict_.cost.holding += share * sku.holding_cost * on_hand;
      verdict_.cost.shortage += share * (sku.shortage_cost + (t + 1 == days_ ? sku.lost_cost : 0)) * waiting;
      stored_m3_[(n * days_ + t) * p_.scenarios() + s] += sku.unit_m3 * on_hand;
      verdict_.kpis.demand += share * demand;
      verdict_.kpis.served_on_day += share * at_once;
      if (demand <= 0) continue;
      verdict_.kpis.demand_days += share;
      if (at_once < demand - tolerance) verdict_.kpis.stockout_days += share;
    }
  }

  void lanes() {
    verdict_.trucks.assign(lane_m3_.size(), 0);
    double carried = 0, room = 0;
    for (std::size_t a = 0; a < p_.lanes.size(); ++a) {
      const RebalancingLane& lane = p_.lanes[a];
      if (!lane.has_trucks()) continue;
      for (std::size_t t = 0; t < days_; ++t) {
        const double m3 = lane_m3_[a * days_ + t], trucks = std::max(0.0, std::ceil((m3 - tolerance) / lane.truck_m3));
        if (trucks > lane.trucks_per_day)
          complain(fmt::format("lane {} to {}, day {}: {:.6g} m3 need {} trucks, there are {}", p_.sites[static_cast<std::size_t>(lane.from)].name,
                               p_.sites[static_cast<std::size_t>(lane.to)].name, t + 1, m3, trucks, lane.trucks_per_day));
        verdict_.trucks[a * days_ + t] = static_cast<std::int32_t>(trucks);
        verdict_.cost.trucks += trucks * lane.truck_cost;
        verdict_.kpis.trucks += trucks;
        carried += m3;
        room += trucks * lane.truck_m3;
      }
    }
    verdict_.kpis.truck_fill = room > 0 ? carried / room : 0;
  }

  void handling() {
    std::vector<double> out(p_.sites.size() * days_), in(out.size());
    for (std::size_t a = 0; a < p_.lanes.size(); ++a)
      for (std::size_t t = 0; t < days_; ++t) {
        const double pallets = lane_pallets_[a * days_ + t];
        if (pallets <= 0) continue;
        out[static_cast<std::size_t>(p_.lanes[a].from) * days_ + t] += pallets;
        in[static_cast<std::size_t>(p_.lanes[a].to) * days_ + t + static_cast<std::size_t>(p_.lanes[a].lead_days)] += pallets;
      }
    for (std::size_t n = 0; n < p_.sites.size(); ++n)
      for (std::size_t t = 0; t < days_; ++t) {
        const RebalancingSite& site = p_.sites[n];
        if (out[n * days_ + t] > site.pallets_out) complain(fmt::format("{}, day {}: {} pallets leave, {} can", site.name, t + 1, out[n * days_ + t], site.pallets_out));
        if (in[n * days_ + t] > site.pallets_in) complain(fmt::format("{}, day {}: {} pallets arrive, {} can", site.name, t + 1, in[n * days_ + t], site.pallets_in));
      }
  }

  void storage() {
    for (std::size_t n = 0; n < p_.sites.size(); ++n)
      for (std::size_t t = 0; t < days_; ++t)
        for (std::size_t s = 0; s < p_.scenarios(); ++s) {
          const double over = stored_m3_[(n * days_ + t) * p_.scenarios() + s] - p_.sites[n].storage_m3;
          if (over <= 0) continue;
          verdict_.cost.overflow += p_.probability[s] * over * p_.sites[n].overflow_cost;
          verdict_.kpis.overflow_m3_days += p_.probability[s] * over;
        }
  }

  const RebalancingProblem& p_;
  std::size_t days_;
  std::vector<double> lane_m3_, lane_pallets_;  // [lane][day]
  std::vector<double> stored_m3_;               // [site][day][scenario]
  std::vector<double> net_;                     // [site][day] of one SKU, units
  RebalancingVerdict verdict_;
};
}  // namespace

RebalancingVerdict judge(const RebalancingProblem& problem, std::span<const Shipment> plan) { return Judge(problem).run(plan); }

}  // namespace tempera::model
