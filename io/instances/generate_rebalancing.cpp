#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "io/instances/draw.hpp"
#include "io/instances/generate.hpp"

namespace tempera::instances {

using core::RandomStream;
using model::RebalancingProblem;

namespace {
constexpr std::uint32_t this_generator = 3;
constexpr std::size_t supplier = 0, central = 1, first_dc = 2;
constexpr double pallet_m3 = 1.4;
constexpr double scenario_share[] = {0.3, 0.4, 0.3};
constexpr double market_shift[] = {-0.22, 0.0, 0.25};  // log of the demand of all SKUs together: low, expected, high
constexpr double vehicles_m3[] = {8, 20, 46, 92};      // van, lorry, artic, road train

double normal(RandomStream& random) { return std::sqrt(-2 * std::log(random.uniform())) * std::cos(2 * std::numbers::pi * random.uniform()); }
double rounded(double value, double step) { return std::round(value / step) * step; }
// A rounded value as its decimal text would give it.
double decimals(double value, int digits) { return std::stod(fmt::format("{:.{}f}", value, digits)); }

class Maker {
 public:
  explicit Maker(const RebalancingOptions& options)
      : o_(options), days_(static_cast<std::size_t>(options.days)), dcs_(static_cast<std::size_t>(options.dcs)), parameters_(stream(DrawPurpose::parameters)),
        demands_(stream(DrawPurpose::demands)), stocks_(stream(DrawPurpose::positions)), volume_(dcs_ * days_) {}

  RebalancingProblem make() {
    p_.name = fmt::format("peak-season-{}x{}x{}-s{}", o_.skus, o_.dcs, o_.days, o_.seed);
    p_.days = o_.days;
    p_.probability.assign(std::begin(scenario_share), std::end(scenario_share));
    p_.sites.resize(first_dc + dcs_);
    p_.skus.resize(static_cast<std::size_t>(o_.skus));
    const std::size_t places = p_.skus.size() * p_.sites.size();
    p_.on_hand.assign(places, 0);
    p_.receipts.assign(places * days_, 0);
    p_.demand.assign(places * days_ * p_.scenarios(), 0);
    shares();
    for (std::size_t k = 0; k < p_.skus.size(); ++k) {
      sku(k);
      demand(k);
      stock(k);
    }
    sites();
    lanes();
    return std::move(p_);
  }

 private:
  RandomStream stream(DrawPurpose purpose) const { return draws(o_.seed, this_generator, purpose); }

  // The k-th region is about 1 / sqrt(k) as large as the first.
  void shares() {
    double total = 0;
    for (std::size_t d = 0; d < dcs_; ++d) share_.push_back((0.7 + 0.6 * parameters_.uniform()) / std::sqrt(1.0 + static_cast<double>(d)));
    for (const double s : share_) total += s;
    for (double& s : share_) s /= total;
  }

  void sku(std::size_t k) {
    model::RebalancingSku& s = p_.skus[k];
    s.name = fmt::format("sku-{:0{}}", k + 1, std::to_string(o_.skus).size());
    s.unit_m3 = decimals(0.003 * std::exp(0.9 * normal(parameters_)) + 0.001, 4);
    s.units_per_pallet = std::max(1.0, std::floor(pallet_m3 / s.unit_m3));
    const double value = s.unit_m3 * 1500 * std::exp(0.6 * normal(parameters_));  // money per unit
    s.holding_cost = decimals(std::max(0.0001, value * 0.0008), 4);
    s.shortage_cost = decimals(std::max(0.001, value * (0.02 + 0.05 * parameters_.uniform())), 3);
    s.lost_cost = decimals(4 * s.shortage_cost, 3);
    rate_ = s.units_per_pallet * 0.3 * static_cast<double>(dcs_) * std::exp(0.8 * normal(parameters_));  // units a day in all regions
  }

  // Weekday, the ramp to the peak, and for three SKUs in ten a promotion of their own.
  std::vector<double> season() {
    std::vector<double> factor(days_);
    const double peak = 0.65 * static_cast<double>(days_), width = 0.16 * static_cast<double>(days_) + 1;
    const bool promoted = demands_.chance(0.3);
    const auto from = static_cast<std::size_t>(demands_.uniform() * 0.7 * static_cast<double>(days_)), to = from + 3 + demands_.below(3);
    const double lift = 1.8 + 1.5 * demands_.uniform();
    for (std::size_t t = 0; t < days_; ++t) {
      const double distance = (static_cast<double>(t) - peak) / width;
      factor[t] = (t % 7 >= 5 ? 0.75 : 1.1) * (1 + 1.3 * std::exp(-distance * distance)) * (promoted && t >= from && t < to ? lift : 1.0);
    }
    return factor;
  }

  // Scenarios differ by the market, which moves all SKUs together, and by the SKU's own luck.
  void demand(std::size_t k) {
    const std::vector<double> factor = season();
    double luck[3];
    for (double& l : luck) l = 0.18 * normal(demands_);
    for (std::size_t d = 0; d < dcs_; ++d) {
      const double here = rate_ * share_[d] * std::exp(0.3 * normal(demands_));
      for (std::size_t t = 0; t < days_; ++t) {
        const double noise = 0.2 * normal(demands_);
        for (std::size_t s = 0; s < p_.scenarios(); ++s) {
          const double units = std::round(here * factor[t] * std::exp(market_shift[s] + luck[s] + noise));
          p_.demand[p_.cell(k, first_dc + d, t) * p_.scenarios() + s] = units;
          volume_[d * days_ + t] += p_.probability[s] * units * p_.skus[k].unit_m3;
        }
      }
    }
  }

  // Days of cover differ from region to region: what rebalancing is for.
  void stock(std::size_t k) {
    for (std::size_t d = 0; d < dcs_; ++d) {
      const double cover = 3.0 * std::exp(0.8 * normal(stocks_));
      p_.on_hand[p_.place(k, first_dc + d)] = std::round(rate_ * share_[d] * cover);
    }
    p_.on_hand[p_.place(k, central)] = std::round(rate_ * (2 + 4 * stocks_.uniform()));
    if (days_ < 4) return;
    const std::size_t day = 1 + stocks_.below(static_cast<std::uint32_t>(std::min<std::size_t>(6, days_ - 2)));
    p_.receipts[p_.cell(k, central, day)] = std::round(rate_ * (1 + 2 * stocks_.uniform()));
  }

  double mean_volume(std::size_t d) const {
    double sum = 0;
    for (std::size_t t = 0; t < days_; ++t) sum += volume_[d * days_ + t];
    return sum / static_cast<double>(days_);
  }

  double initial_volume(std::size_t n) const {
    double sum = 0;
    for (std::size_t k = 0; k < p_.skus.size(); ++k) sum += p_.on_hand[p_.place(k, n)] * p_.skus[k].unit_m3;
    return sum;
  }

  void sites() {
    double all = 0;
    for (std::size_t d = 0; d < dcs_; ++d) all += mean_volume(d);
    p_.sites[supplier] = {.name = "supplier", .supplier = true, .pallets_out = static_cast<std::int32_t>(std::ceil(1.6 * all / pallet_m3)) + 2};
    p_.sites[central] = {.name = "central", .storage_m3 = std::ceil(initial_volume(central) + 3 * all), .overflow_cost = 1.5,
                         .pallets_out = static_cast<std::int32_t>(std::ceil(1.7 * all / pallet_m3)) + 2};
    for (std::size_t d = 0; d < dcs_; ++d)
      p_.sites[first_dc + d] = {.name = fmt::format("dc-{:02}", d + 1), .storage_m3 = std::ceil(std::max(initial_volume(first_dc + d), 3.5 * mean_volume(d)) + mean_volume(d)),
                                .overflow_cost = 3, .pallets_in = static_cast<std::int32_t>(std::ceil(1.9 * mean_volume(d) / pallet_m3)) + 3};
  }

  // A lane with the vehicle that about fills twice in three days.
  void lane(std::size_t from, std::size_t to, std::int32_t lead, double pallet_cost, double daily_m3, double far) {
    double truck = vehicles_m3[0];
    for (const double v : vehicles_m3)
      if (v <= 1.5 * daily_m3) truck = v;
    p_.lanes.push_back({.from = static_cast<std::int32_t>(from), .to = static_cast<std::int32_t>(to), .lead_days = lead, .pallet_cost = pallet_cost, .truck_m3 = truck,
                        .truck_cost = rounded(far * 22 * std::pow(truck, 0.6), 1), .trucks_per_day = static_cast<std::int32_t>(std::ceil(1.8 * daily_m3 / truck)) + 1});
  }

  void lanes() {
    double all = 0;
    for (std::size_t d = 0; d < dcs_; ++d) all += mean_volume(d);
    lane(supplier, central, 3, 4, all, 1.2);
    for (std::size_t d = 0; d < dcs_; ++d) lane(central, first_dc + d, 1 + static_cast<std::int32_t>(parameters_.below(2)), 6, mean_volume(d), 0.6 + 0.8 * parameters_.uniform());
    for (std::size_t d = 0; dcs_ > 1 && d < dcs_; ++d) {  // a ring of neighbours, both ways
      const std::size_t next = (d + 1) % dcs_;
      if (dcs_ == 2 && d == 1) break;
      const double m3 = 0.2 * std::min(mean_volume(d), mean_volume(next)), far = 0.5 + 0.5 * parameters_.uniform();
      lane(first_dc + d, first_dc + next, 1, 8, m3, far);
      lane(first_dc + next, first_dc + d, 1, 8, m3, far);
    }
  }

  const RebalancingOptions& o_;
  std::size_t days_, dcs_;
  RandomStream parameters_, demands_, stocks_;
  RebalancingProblem p_;
  std::vector<double> share_;   // of the regions
  double rate_ = 0;             // of the SKU at hand
  std::vector<double> volume_;  // [dc][day], expected demand, m3
};
}  // namespace

RebalancingProblem generate_rebalancing(const RebalancingOptions& options) {
  check_range("--skus", options.skus, 1, 100'000);
  check_range("--dcs", options.dcs, 1, 200);
  check_range("--days", options.days, 2, 366);
  RebalancingProblem problem = Maker(options).make();
  model::validate(problem, problem.name);
  return problem;
}

}  // namespace tempera::instances
