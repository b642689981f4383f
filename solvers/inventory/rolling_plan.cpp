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

// Orders go out behind a period's demand: what they bring is there for the next one at the earliest.
std::int32_t planned_lead(const model::SupplyLane& lane) { return std::max(1, lane.lead_time); }

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
}  // namespace

std::int32_t longest_lead_time(const model::SupplySystem& system) {
  const auto order = model::supply_order(system);
  TEMPERA_ASSERT(order.has_value(), "a supply system with a cycle was not refused");
  std::vector<std::int32_t> reach(system.nodes.size(), 0);
  for (const std::int32_t node : *order)
    for (const model::SupplyLane& lane : system.lanes)
      if (lane.to == node) {
        const std::int32_t before = lane.from == model::outside ? 0 : reach[static_cast<std::size_t>(lane.from)];
        reach[static_cast<std::size_t>(node)] = std::max(reach[static_cast<std::size_t>(node)], before + planned_lead(lane));
      }
  return reach.empty() ? 0 : std::ranges::max(reach);
}

std::vector<RollingPlanPolicy::Site> RollingPlanPolicy::sites_of(const model::SupplySystem& system) {
  std::vector<Site> sites;
  for (std::size_t i = 0; i < system.nodes.size(); ++i) {
    const std::size_t before = sites.size();
    for (std::size_t l = 0; l < system.lanes.size(); ++l)
      if (system.lanes[l].to == static_cast<std::int32_t>(i)) sites.push_back({i, static_cast<std::int32_t>(l), system.lanes[l].share});
    if (sites.size() == before) sites.push_back({i, -1, 1.0});
  }
  return sites;
}

// One SKU; a lane from a node leads from every site of the node.
model::RebalancingProblem RollingPlanPolicy::problem_of(const model::PlanSettings& settings) const {
  model::RebalancingProblem problem;
  const auto forecasts = static_cast<std::size_t>(settings.forecasts);
  const auto outside = static_cast<std::int32_t>(sites_.size());
  problem.name = system_.name;
  problem.days = 1 + (settings.horizon > 0 ? settings.horizon : longest_lead_time(system_) + periods_behind_lead_time);
  problem.probability.assign(forecasts, 1.0 / static_cast<double>(forecasts));
  problem.sites.resize(sites_.size() + 1);
  problem.sites.back().supplier = true;
  problem.skus.push_back({.name = "item", .units_per_pallet = lot_of(system_, settings)});
  for (std::int32_t to = 0; to < outside; ++to) {
    if (sites_[static_cast<std::size_t>(to)].lane < 0) continue;
    const model::SupplyLane& lane = system_.lanes[static_cast<std::size_t>(sites_[static_cast<std::size_t>(to)].lane)];
    if (lane.from == model::outside) problem.lanes.push_back({.from = outside, .to = to, .lead_days = planned_lead(lane)});
    for (std::int32_t from = 0; from < outside; ++from)
      if (static_cast<std::int32_t>(sites_[static_cast<std::size_t>(from)].node) == lane.from) problem.lanes.push_back({.from = from, .to = to, .lead_days = planned_lead(lane)});
  }
  const std::size_t cells = problem.sites.size() * static_cast<std::size_t>(problem.days);
  problem.on_hand.assign(problem.sites.size(), 0.0);
  problem.receipts.assign(cells, 0.0);
  problem.demand.assign(cells * forecasts, 0.0);
  for (std::size_t s = 0; s < forecasts; ++s) {
    const DemandPath path(system_, problem.days, forecast_seed, first_forecast + static_cast<std::uint32_t>(s));
    for (std::size_t k = 0; k < path.nodes().size(); ++k) {
      const model::DemandModel& demand = system_.nodes[static_cast<std::size_t>(path.nodes()[k])].demand;
      const bool listed = demand.kind == model::DemandKind::listed;
      for (std::size_t n = 0; n < sites_.size(); ++n)
        for (std::int32_t day = 1; day < problem.days && static_cast<std::int32_t>(sites_[n].node) == path.nodes()[k]; ++day)
          problem.demand[problem.cell(0, n, static_cast<std::size_t>(day)) * forecasts + s] = sites_[n].share * (listed ? mean_of(demand) : path.of(day)[k]);
    }
  }
  return problem;
}

RollingPlanPolicy::RollingPlanPolicy(const model::SupplySystem& system, const model::PlanSettings& settings)
    : system_(system), sites_(sites_of(system)), problem_(problem_of(settings)), flow_(problem_), seen_sent_(system.lanes.size(), 0.0) {
  set_prices();
  for (const model::SupplyLane& lane : system.lanes) sent_.emplace_back(static_cast<std::size_t>(lane.lead_time), 0.0);
}

void RollingPlanPolicy::set_prices() {
  const auto days = static_cast<std::size_t>(problem_.days);
  for (const model::RebalancingLane& planned : problem_.lanes) {
    const model::SupplyLane& lane = system_.lanes[static_cast<std::size_t>(sites_[static_cast<std::size_t>(planned.to)].lane)];
    const double on_the_way = lane.from == model::outside ? 0 : system_.nodes[static_cast<std::size_t>(lane.from)].holding_cost * lane.lead_time;
    LanePrice price;
    price.price = price.dear = problem_.skus[0].units_per_pallet * (lane.unit_cost + on_the_way);
    for (std::size_t day = 0; day < days; ++day) {
      prices_.push_back(price);
      if (day + static_cast<std::size_t>(planned.lead_days) >= days) prices_.back().most = 0;
    }
  }
  for (const Site& site : sites_) {
    const model::SupplyNode& node = system_.nodes[site.node];
    stored_.resize(stored_.size() + days * problem_.scenarios(), problem_.probability[0] * node.holding_cost);
    waiting_.resize(stored_.size(), problem_.probability[0] * node.expedite_cost.value_or(node.shortage_cost));
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

// What was ordered and not yet sent is planned again.
void RollingPlanPolicy::set_stock(const SupplyView& view) {
  const std::size_t forecasts = problem_.scenarios();
  std::ranges::fill(problem_.receipts, 0.0);
  for (std::size_t n = 0; n < sites_.size(); ++n) {
    const Site& site = sites_[n];
    problem_.on_hand[n] = site.share * view.on_hand[site.node];
    std::fill_n(problem_.demand.begin() + static_cast<std::ptrdiff_t>(problem_.cell(0, n, 0) * forecasts), forecasts, site.share * view.backorders[site.node]);
    if (site.lane < 0) continue;
    const auto lane = static_cast<std::size_t>(site.lane);
    const std::int32_t lead = system_.lanes[lane].lead_time;
    for (std::int32_t ahead = 1; ahead < std::min(lead, problem_.days); ++ahead)
      if (const std::int32_t period = view.period + ahead - lead; period >= 0)
        problem_.receipts[problem_.cell(0, n, static_cast<std::size_t>(ahead))] = sent_[lane][static_cast<std::size_t>(period % lead)];
  }
}

void RollingPlanPolicy::decide(const SupplyView& view, std::span<double> order) {
  note_sent(view);
  set_stock(view);
  flow_.solve(0, prices_, {stored_, waiting_});
  const auto days = static_cast<std::size_t>(problem_.days);
  for (std::size_t a = 0; a < problem_.lanes.size(); ++a)
    order[sites_[static_cast<std::size_t>(problem_.lanes[a].to)].node] += problem_.skus[0].units_per_pallet * flow_.pallets()[a * days];
  for (std::size_t i = 0; i < order.size(); ++i) {
    double open = view.on_order[i];
    for (std::size_t l = 0; l < system_.lanes.size(); ++l)
      if (system_.lanes[l].to == static_cast<std::int32_t>(i)) open -= view.sent[l];
    order[i] = std::max(0.0, order[i] - std::max(0.0, open));
  }
}

}  // namespace tempera::inventory
