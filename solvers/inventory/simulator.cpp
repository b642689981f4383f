#include "solvers/inventory/simulator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "solvers/core/error.hpp"

namespace tempera::inventory {

namespace {
constexpr double rounding = 1e-9;  // relative: what sums of deliveries may miss without being a stockout
}  // namespace

Kpis& Kpis::operator+=(const Kpis& o) {
  periods += o.periods, demand += o.demand, served += o.served, lost += o.lost, expedited += o.expedited;
  backorder_periods += o.backorder_periods, demand_days += o.demand_days, stockout_days += o.stockout_days;
  holding += o.holding, transport += o.transport, ordering += o.ordering, shortage += o.shortage, expediting += o.expediting;
  stock_periods += o.stock_periods, transit_periods += o.transit_periods, transit_volume += o.transit_volume;
  overfull_days += o.overfull_days, orders += o.orders;
  return *this;
}

Simulator::Simulator(const model::SupplySystem& system) : system_(system), out_(system.nodes.size()) {
  const auto order = model::supply_order(system);
  TEMPERA_ASSERT(order.has_value(), "a supply system with a cycle was not refused");
  order_ = *order;
  std::size_t places = 0;
  for (std::size_t l = 0; l < system.lanes.size(); ++l) {
    const model::SupplyLane& lane = system.lanes[l];
    if (lane.from == model::outside) from_outside_.push_back(static_cast<std::int32_t>(l));
    else out_[static_cast<std::size_t>(lane.from)].push_back(static_cast<std::int32_t>(l));
    if (lane.lead_time > 0) delayed_.push_back(static_cast<std::int32_t>(l));
    ring_.push_back(places);
    places += static_cast<std::size_t>(lane.lead_time);
  }
  pipeline_.resize(places);
}

void Simulator::reset() {
  const std::size_t n = system_.nodes.size();
  for (auto* values : {&backorders_, &on_order_, &owed_, &orders_}) values->assign(n, 0.0);
  for (auto* values : {&lane_owed_, &lane_sent_}) values->assign(system_.lanes.size(), 0.0);
  std::ranges::fill(pipeline_, 0.0);
  on_hand_.resize(n);
  for (std::size_t i = 0; i < n; ++i) on_hand_[i] = system_.nodes[i].on_hand;
  flow_ = std::accumulate(on_hand_.begin(), on_hand_.end(), 0.0);
}

Kpis Simulator::run(OrderPolicy& policy, const DemandPath& demand, std::int32_t warm_up) {
  reset();
  Kpis total;
  for (std::int32_t t = 0; t < demand.periods(); ++t) {
    now_ = {};
    receive(t);
    serve(demand.of(t), demand.nodes());
    place(policy, t);
    send(t);
    count();
    assert_conserved(t);
    if (t >= warm_up) total += now_;
  }
  return total;
}

void Simulator::receive(std::int32_t period) {
  for (const std::int32_t l : delayed_) {
    const auto lane = static_cast<std::size_t>(l);
    const model::SupplyLane& data = system_.lanes[lane];
    double& due = pipeline_[ring_[lane] + static_cast<std::size_t>(period % data.lead_time)];
    if (due == 0) continue;
    on_hand_[static_cast<std::size_t>(data.to)] += due;
    on_order_[static_cast<std::size_t>(data.to)] -= due;
    lane_sent_[lane] -= due;
    due = 0;
  }
}

void Simulator::serve_backorders(std::size_t i) {
  const double units = std::min(on_hand_[i], backorders_[i]);
  on_hand_[i] -= units;
  backorders_[i] -= units;
  flow_ -= units;
}

void Simulator::serve(std::span<const double> demand, const std::vector<std::int32_t>& nodes) {
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    const auto i = static_cast<std::size_t>(nodes[k]);
    const model::SupplyNode& node = system_.nodes[i];
    serve_backorders(i);
    const double served = std::min(on_hand_[i], demand[k]);
    double unmet = demand[k] - served;
    on_hand_[i] -= served;
    flow_ -= served;
    now_.demand += demand[k];
    now_.served += served;
    now_.demand_days += demand[k] > 0;
    now_.stockout_days += unmet > rounding * (1 + demand[k]);
    if (unmet <= 0) continue;
    if (node.expedite_cost) {
      now_.expedited += unmet;
      now_.expediting += unmet * *node.expedite_cost;
    } else if (node.unmet == model::UnmetDemand::lost) {
      now_.lost += unmet;
      now_.shortage += unmet * node.shortage_cost;
    } else {
      backorders_[i] += unmet;
    }
  }
}

void Simulator::place(OrderPolicy& policy, std::int32_t period) {
  std::ranges::fill(orders_, 0.0);
  policy.decide({period, on_hand_, backorders_, on_order_, owed_, lane_sent_}, orders_);
  for (std::size_t l = 0; l < system_.lanes.size(); ++l) {
    const model::SupplyLane& lane = system_.lanes[l];
    const auto to = static_cast<std::size_t>(lane.to);
    const double units = orders_[to] * lane.share;
    TEMPERA_DEBUG_ASSERT(units >= 0);
    if (units <= 0) continue;
    lane_owed_[l] += units;
    on_order_[to] += units;
    if (lane.from != model::outside) owed_[static_cast<std::size_t>(lane.from)] += units;
    now_.orders += 1;
    now_.ordering += lane.order_cost;
  }
}

void Simulator::send_on(std::size_t l, double units, std::int32_t period) {
  const model::SupplyLane& lane = system_.lanes[l];
  const auto to = static_cast<std::size_t>(lane.to);
  lane_owed_[l] -= units;
  if (lane.lead_time == 0) {
    on_hand_[to] += units;
    on_order_[to] -= units;
    if (backorders_[to] > 0) serve_backorders(to);
  } else {
    pipeline_[ring_[l] + static_cast<std::size_t>(period % lane.lead_time)] += units;  // the place that `receive` has just emptied
    lane_sent_[l] += units;
  }
  now_.transport += units * lane.unit_cost;
  now_.transit_volume += units * lane.unit_volume;
}

void Simulator::send(std::int32_t period) {
  for (const std::int32_t l : from_outside_) {
    const double units = lane_owed_[static_cast<std::size_t>(l)];
    if (units <= 0) continue;
    flow_ += units;
    send_on(static_cast<std::size_t>(l), units, period);
  }
  for (const std::int32_t node : order_) {
    const auto i = static_cast<std::size_t>(node);
    if (owed_[i] <= 0 || on_hand_[i] <= 0) continue;
    const double share = std::min(1.0, on_hand_[i] / owed_[i]);
    for (const std::int32_t l : out_[i]) {
      const double units = share < 1 ? lane_owed_[static_cast<std::size_t>(l)] * share : lane_owed_[static_cast<std::size_t>(l)];
      if (units <= 0) continue;
      on_hand_[i] = std::max(0.0, on_hand_[i] - units);
      owed_[i] = std::max(0.0, owed_[i] - units);
      send_on(static_cast<std::size_t>(l), units, period);
    }
  }
}

void Simulator::count() {
  now_.periods = 1;
  for (std::size_t i = 0; i < on_hand_.size(); ++i) {
    const model::SupplyNode& node = system_.nodes[i];
    now_.holding += on_hand_[i] * node.holding_cost;
    now_.stock_periods += on_hand_[i];
    now_.shortage += backorders_[i] * node.shortage_cost;
    now_.backorder_periods += backorders_[i];
    if (node.storage && on_hand_[i] > *node.storage) now_.overfull_days += 1;
  }
  for (std::size_t l = 0; l < lane_sent_.size(); ++l) {
    const std::int32_t from = system_.lanes[l].from;
    if (from == model::outside) continue;
    now_.holding += lane_sent_[l] * system_.nodes[static_cast<std::size_t>(from)].holding_cost;
    now_.transit_periods += lane_sent_[l];
  }
}

void Simulator::assert_conserved(std::int32_t period) const {
  const double there = std::accumulate(on_hand_.begin(), on_hand_.end(), 0.0) + std::accumulate(lane_sent_.begin(), lane_sent_.end(), 0.0);
  TEMPERA_ASSERT(std::abs(there - flow_) <= 1e-7 * (1 + std::abs(there)),
                 fmt::format("period {}: {} units in the system, but {} came in and were not served", period, there, flow_));
}

}  // namespace tempera::inventory
