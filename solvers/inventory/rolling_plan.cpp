#include "solvers/inventory/rolling_plan.hpp"

#include <algorithm>
#include <cmath>

#include "solvers/core/error.hpp"
#include "solvers/inventory/demand_path.hpp"

namespace tempera::inventory {

namespace {
constexpr std::uint64_t forecast_seed = 0x666F7265;             // "fore"
constexpr std::uint32_t first_forecast = std::uint32_t{1} << 31;  // played scenarios are numbered from 0, below this
constexpr double lots_per_period = 20;
constexpr std::int32_t periods_behind_lead_time = 4;

double mean_of(const model::DemandModel& demand) {
  if (demand.kind != model::DemandKind::listed) return demand.kind == model::DemandKind::none ? 0 : demand.mean;
  double sum = 0;
  for (const double units : demand.listed) sum += units;
  return demand.listed.empty() ? 0 : sum / static_cast<double>(demand.listed.size());
}

double lot_of(const model::SupplySystem& system, const model::PlanSettings& settings) {
  if (settings.lot > 0) return settings.lot;
  double mean = 0;
  for (const model::SupplyNode& node : system.nodes) mean += mean_of(node.demand);
  return mean > 0 ? mean / lots_per_period : 1.0;
}

// One SKU; the last site is the outside.
model::RebalancingProblem problem_of(const model::SupplySystem& system, const model::PlanSettings& settings) {
  model::RebalancingProblem problem;
  const std::size_t n = system.nodes.size(), forecasts = static_cast<std::size_t>(settings.forecasts);
  problem.name = system.name;
  problem.days = 1 + (settings.horizon > 0 ? settings.horizon : longest_lead_time(system) + periods_behind_lead_time);
  problem.probability.assign(forecasts, 1.0 / static_cast<double>(forecasts));
  for (const model::SupplyNode& node : system.nodes) problem.sites.push_back({.name = node.name});
  problem.sites.push_back({.name = "outside", .supplier = true});
  problem.skus.push_back({.name = "item", .units_per_pallet = lot_of(system, settings)});
  for (const model::SupplyLane& lane : system.lanes)
    problem.lanes.push_back({.from = lane.from == model::outside ? static_cast<std::int32_t>(n) : lane.from, .to = lane.to, .lead_days = lane.lead_time});
  const std::size_t cells = problem.sites.size() * static_cast<std::size_t>(problem.days);
  problem.on_hand.assign(problem.sites.size(), 0.0);
  problem.receipts.assign(cells, 0.0);
  problem.demand.assign(cells * forecasts, 0.0);
  for (std::size_t s = 0; s < forecasts; ++s) {
    const DemandPath path(system, problem.days, forecast_seed, first_forecast + static_cast<std::uint32_t>(s));
    for (std::size_t k = 0; k < path.nodes().size(); ++k) {
      const auto i = static_cast<std::size_t>(path.nodes()[k]);
      const model::DemandModel& demand = system.nodes[i].demand;
      for (std::int32_t day = 1; day < problem.days; ++day)
        problem.demand[problem.cell(0, i, static_cast<std::size_t>(day)) * forecasts + s] =
            demand.kind == model::DemandKind::listed ? mean_of(demand) : path.of(day)[k];
    }
  }
  return problem;
}
}  // namespace

std::int32_t longest_lead_time(const model::SupplySystem& system) {
  const auto order = model::supply_order(system);
  TEMPERA_ASSERT(order.has_value(), "a supply system with a cycle was not refused");
  std::vector<std::int32_t> reach(system.nodes.size(), 0);
  for (const std::int32_t node : *order)
    for (const model::SupplyLane& lane : system.lanes)
      if (lane.to == node) {
        const std::int32_t before = lane.from == model::outside ? 0 : reach[static_cast<std::size_t>(lane.from)];
        reach[static_cast<std::size_t>(node)] = std::max(reach[static_cast<std::size_t>(node)], before + lane.lead_time);
      }
  return reach.empty() ? 0 : std::ranges::max(reach);
}

RollingPlanPolicy::RollingPlanPolicy(const model::SupplySystem& system, const model::PlanSettings& settings)
    : system_(system), problem_(problem_of(system, settings)), flow_(problem_), seen_sent_(system.lanes.size(), 0.0) {
  const auto days = static_cast<std::size_t>(problem_.days);
  const double lot = problem_.skus[0].units_per_pallet;
  for (const model::SupplyLane& lane : system.lanes) {
    const double on_the_way = lane.from == model::outside ? 0 : system.nodes[static_cast<std::size_t>(lane.from)].holding_cost * lane.lead_time;
    LanePrice price;
    price.price = price.dear = lot * (lane.unit_cost + on_the_way);
    for (std::size_t day = 0; day < days; ++day) {
      prices_.push_back(price);
      if (day + static_cast<std::size_t>(lane.lead_time) >= days) prices_.back().most = 0;
    }
    sent_.emplace_back(static_cast<std::size_t>(lane.lead_time), 0.0);
  }
  for (const model::SupplyNode& node : system.nodes)
    for (std::size_t k = 0; k < days * problem_.scenarios(); ++k) {
      stored_.push_back(problem_.probability[0] * node.holding_cost);
      waiting_.push_back(problem_.probability[0] * node.expedite_cost.value_or(node.shortage_cost));
    }
  stored_.resize(stored_.size() + days * problem_.scenarios(), 0.0);  // the outside
  waiting_.resize(stored_.size(), 0.0);
}

// What left over each lane in the period before: what is on the way now, less what was before, plus what has arrived since.
void RollingPlanPolicy::note_sent(const SupplyView& view) {
  for (std::size_t l = 0; l < sent_.size(); ++l) {
    const std::int32_t lead = system_.lanes[l].lead_time;
    if (lead >= 2 && view.period > 0) {
      const double arrived = sent_[l][static_cast<std::size_t>(view.period % lead)];
      sent_[l][static_cast<std::size_t>(view.period % lead)] = 0;
      sent_[l][static_cast<std::size_t>((view.period - 1) % lead)] = std::max(0.0, view.sent[l] - seen_sent_[l] + arrived);
    }
    seen_sent_[l] = view.sent[l];
  }
}

void RollingPlanPolicy::set_stock(const SupplyView& view) {
  const std::size_t forecasts = problem_.scenarios();
  std::ranges::fill(problem_.receipts, 0.0);
  for (std::size_t i = 0; i < system_.nodes.size(); ++i) {
    problem_.on_hand[i] = std::max(0.0, view.on_hand[i] - view.owed[i]);
    std::fill_n(problem_.demand.begin() + static_cast<std::ptrdiff_t>(problem_.cell(0, i, 0) * forecasts), forecasts, view.backorders[i]);
    double owed = view.on_order[i];  // ordered and not yet sent: taken to leave today
    std::int32_t slowest = 0;
    for (std::size_t l = 0; l < system_.lanes.size(); ++l) {
      const model::SupplyLane& lane = system_.lanes[l];
      if (lane.to != static_cast<std::int32_t>(i)) continue;
      owed -= view.sent[l];
      slowest = std::max(slowest, lane.lead_time);
      for (std::int32_t ahead = 1; ahead < lane.lead_time; ++ahead) {  // sent in period `view.period + ahead - lead_time`
        const std::int32_t period = view.period + ahead - lane.lead_time;
        if (period >= 0 && ahead < problem_.days)
          problem_.receipts[problem_.cell(0, i, static_cast<std::size_t>(ahead))] += sent_[l][static_cast<std::size_t>(period % lane.lead_time)];
      }
    }
    if (owed > 0 && slowest < problem_.days) problem_.receipts[problem_.cell(0, i, static_cast<std::size_t>(slowest))] += owed;
  }
}

void RollingPlanPolicy::decide(const SupplyView& view, std::span<double> order) {
  note_sent(view);
  set_stock(view);
  flow_.solve(0, prices_, {stored_, waiting_});
  const auto days = static_cast<std::size_t>(problem_.days);
  for (std::size_t l = 0; l < system_.lanes.size(); ++l)
    order[static_cast<std::size_t>(system_.lanes[l].to)] += problem_.skus[0].units_per_pallet * flow_.pallets()[l * days];
}

}  // namespace tempera::inventory
