#include "solvers/model/rebalancing_problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "solvers/core/error.hpp"

namespace tempera::model {

namespace {
using core::UserError;

class Checks {
 public:
  Checks(const RebalancingProblem& problem, std::string_view source) : p_(problem), source_(source) {}

  void all() const {
    sizes();
    for (const RebalancingSite& s : p_.sites) site(s);
    for (const RebalancingSku& s : p_.skus) sku(s);
    for (std::size_t a = 0; a < p_.lanes.size(); ++a) lane(a);
    tables();
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw UserError(fmt::format("{}: {}", source_, what)); }
  void amount(double value, const std::string& what) const {
    if (!(value >= 0) || std::isinf(value)) fail(fmt::format("{} is {}. Give a number of 0 or more.", what, value));
  }

  void sizes() const {
    if (p_.days < 1) fail(fmt::format("the days are {}. Give at least 1.", p_.days));
    if (p_.sites.empty() || p_.skus.empty()) fail("there is no site or no SKU. Give at least one of each.");
    for (const double probability : p_.probability) amount(probability, "a scenario's probability");
    const double sum = std::accumulate(p_.probability.begin(), p_.probability.end(), 0.0);
    if (std::abs(sum - 1) > 1e-6) fail(fmt::format("the probabilities of the scenarios add up to {}. Make it 1.", sum));
    const std::size_t places = p_.skus.size() * p_.sites.size(), cells = places * static_cast<std::size_t>(p_.days);
    if (p_.on_hand.size() != places || p_.receipts.size() != cells || p_.demand.size() != cells * p_.scenarios())
      fail(fmt::format("the tables have {}, {} and {} numbers, not {}, {} and {}.", p_.on_hand.size(), p_.receipts.size(), p_.demand.size(), places, cells, cells * p_.scenarios()));
  }

  void site(const RebalancingSite& s) const {
    if (!(s.storage_m3 >= 0)) fail(fmt::format("site {}: storage_m3 is {}. Give a number of 0 or more.", s.name, s.storage_m3));
    amount(s.overflow_cost, fmt::format("site {}: overflow_cost", s.name));
    if (s.pallets_out < 0 || s.pallets_in < 0) fail(fmt::format("site {}: pallets_out and pallets_in are {} and {}. Give 0 or more.", s.name, s.pallets_out, s.pallets_in));
  }

  void sku(const RebalancingSku& s) const {
    if (!(s.units_per_pallet > 0) || std::isinf(s.units_per_pallet)) fail(fmt::format("SKU {}: units_per_pallet is {}. Give a number above 0.", s.name, s.units_per_pallet));
    amount(s.unit_m3, fmt::format("SKU {}: unit_m3", s.name));
    amount(s.holding_cost, fmt::format("SKU {}: holding_cost", s.name));
    amount(s.shortage_cost, fmt::format("SKU {}: shortage_cost", s.name));
    amount(s.lost_cost, fmt::format("SKU {}: lost_cost", s.name));
  }

  void lane(std::size_t a) const {
    const RebalancingLane& l = p_.lanes[a];
    const auto known = [&](std::int32_t site) { return site >= 0 && site < static_cast<std::int32_t>(p_.sites.size()); };
    if (!known(l.from) || !known(l.to)) fail(fmt::format("lane {} leads from {} to {}, but there are {} sites.", a, l.from, l.to, p_.sites.size()));
    if (l.from == l.to) fail(fmt::format("lane {} leads from {} to itself. Remove it.", a, p_.sites[static_cast<std::size_t>(l.from)].name));
    if (p_.sites[static_cast<std::size_t>(l.to)].supplier) fail(fmt::format("lane {} leads to the supplier {}. Suppliers only send.", a, p_.sites[static_cast<std::size_t>(l.to)].name));
    if (l.lead_days < 0) fail(fmt::format("lane {}: lead_days is {}. Give 0 or more.", a, l.lead_days));
    amount(l.pallet_cost, fmt::format("lane {}: pallet_cost", a));
    amount(l.truck_cost, fmt::format("lane {}: truck_cost", a));
    if (!(l.truck_m3 > 0)) fail(fmt::format("lane {}: truck_m3 is {}. Give a number above 0.", a, l.truck_m3));
    if (l.trucks_per_day < 0) fail(fmt::format("lane {}: trucks_per_day is {}. Give 0 or more.", a, l.trucks_per_day));
  }

  void tables() const {
    for (const double v : p_.on_hand) amount(v, "stock on hand");
    for (const double v : p_.receipts) amount(v, "a scheduled receipt");
    for (const double v : p_.demand) amount(v, "a demand");
    for (std::size_t k = 0; k < p_.skus.size(); ++k)
      for (std::size_t n = 0; n < p_.sites.size(); ++n)
        if (p_.sites[n].supplier) supplier_is_bare(k, n);
  }

  void supplier_is_bare(std::size_t k, std::size_t n) const {
    double sum = p_.on_hand[p_.place(k, n)];
    for (std::size_t t = 0; t < static_cast<std::size_t>(p_.days); ++t) {
      sum += p_.receipts[p_.cell(k, n, t)];
      for (const double d : p_.demand_at(k, n, t)) sum += d;
    }
    if (sum > 0) fail(fmt::format("SKU {} has stock, receipts or demand at the supplier {}. Suppliers only send.", p_.skus[k].name, p_.sites[n].name));
  }

  const RebalancingProblem& p_;
  std::string_view source_;
};
}  // namespace

void validate(const RebalancingProblem& problem, std::string_view source) { Checks(problem, source).all(); }

double implied_shortage_cost(double holding_cost, double target) { return holding_cost * target / (1 - target); }

std::vector<std::int32_t> flatten(std::span<const Shipment> plan) {
  std::vector<std::int32_t> ints;
  ints.reserve(4 * plan.size());
  for (const Shipment& s : plan) ints.insert(ints.end(), {s.sku, s.lane, s.day, s.pallets});
  return ints;
}

RebalancingPlan shipments_of(std::span<const std::int32_t> ints) {
  if (ints.size() % 4 != 0) throw UserError(fmt::format("a plan of {} numbers is cut short: four stand for one shipment.", ints.size()));
  RebalancingPlan plan(ints.size() / 4);
  for (std::size_t k = 0; k < plan.size(); ++k) plan[k] = {ints[4 * k], ints[4 * k + 1], ints[4 * k + 2], ints[4 * k + 3]};
  return plan;
}

}  // namespace tempera::model
