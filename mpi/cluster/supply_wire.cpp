// The wire form of placement, backtest and rebalancing problems: fixed parts as an archive, tables as arrays of numbers.
#include <cmath>
#include <limits>

#include "mpi/cluster/problem_wire.hpp"
#include "mpi/comm/archives.hpp"

namespace tempera::cluster {

namespace {
// The fixed part of a placement network. Stage names stay on rank 0: no answer depends on them.
struct PlacementHeader {
  std::string name;
  double pooling_exponent = 2;
  double lead_time_factor = 0;
  template <class Archive>
  void serialize(Archive& a, unsigned) {
    a & name & pooling_exponent & lead_time_factor;
  }
};
}  // namespace

// Per stage six numbers, four that may be missing (NaN), the site and the volume there.
Bytes encode_problem(const model::PlacementNetwork& net) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> stages, quantities, storage;
  std::vector<std::int32_t> ends;
  for (const model::PlacementStage& s : net.stages)
    stages.insert(stages.end(), {s.lead_time, s.lead_time_deviation, s.holding_cost, s.supplier_time, s.demand_mean, s.demand_deviation,
                                 s.service_level.value_or(none), s.service_limit.value_or(none), s.capacity.value_or(none), s.bound.value_or(none),
                                 static_cast<double>(s.site), s.volume});
  for (const model::PlacementSite& site : net.sites) storage.push_back(site.storage);
  for (const model::PlacementArc& arc : net.arcs) {
    ends.insert(ends.end(), {arc.from, arc.to});
    quantities.push_back(arc.quantity);
  }
  return comm::pack(PlacementHeader{net.name, net.pooling_exponent, net.lead_time_factor}, stages, ends, quantities, storage);
}

model::PlacementNetwork decode_placement(ByteView bytes) {
  PlacementHeader header;
  std::vector<double> stages, quantities, storage;
  std::vector<std::int32_t> ends;
  comm::unpack(bytes, header, stages, ends, quantities, storage);
  model::PlacementNetwork net{.name = header.name, .stages = {}, .arcs = {}, .sites = {}, .pooling_exponent = header.pooling_exponent, .lead_time_factor = header.lead_time_factor};
  const auto given = [](double v) { return std::isnan(v) ? std::nullopt : std::optional<double>(v); };
  for (std::size_t k = 0; k + 11 < stages.size(); k += 12)
    net.stages.push_back({.name = {}, .lead_time = stages[k], .lead_time_deviation = stages[k + 1], .holding_cost = stages[k + 2], .supplier_time = stages[k + 3],
                          .demand_mean = stages[k + 4], .demand_deviation = stages[k + 5], .service_level = given(stages[k + 6]),
                          .service_limit = given(stages[k + 7]), .capacity = given(stages[k + 8]), .bound = given(stages[k + 9]),
                          .site = static_cast<std::int32_t>(stages[k + 10]), .volume = stages[k + 11]});
  for (const double limit : storage) net.sites.push_back({.name = {}, .storage = limit});
  for (std::size_t a = 0; a < quantities.size() && 2 * a + 1 < ends.size(); ++a) net.arcs.push_back({ends[2 * a], ends[2 * a + 1], quantities[a]});
  model::validate(net, "the problem sent by rank 0");
  return net;
}

namespace {
// The fixed part of a backtest; names stay on rank 0.
struct BacktestHeader {
  std::int32_t periods = 0, warm_up = 0, scenarios = 0;
  std::uint64_t seed = 0;
  double correlation = 0;
  template <class Archive>
  void serialize(Archive& a, unsigned) {
    a & periods & warm_up & scenarios & seed & correlation;
  }
};
}  // namespace

// Per node seven numbers, two kinds and the length of its list; per lane three whole numbers and four more; per policy its
// kind and the lengths of its two lists. All lists stand behind each other.
Bytes encode_problem(const model::BacktestJob& job) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> nodes, lanes, lists;
  std::vector<std::int32_t> node_kinds, lane_ends, policies;
  const auto add_list = [&](const std::vector<double>& list) {
    lists.insert(lists.end(), list.begin(), list.end());
    return static_cast<std::int32_t>(list.size());
  };
  for (const model::SupplyNode& n : job.system.nodes) {
    nodes.insert(nodes.end(), {n.holding_cost, n.shortage_cost, n.expedite_cost.value_or(none), n.on_hand, n.storage.value_or(none), n.demand.mean, n.demand.deviation});
    node_kinds.insert(node_kinds.end(), {static_cast<std::int32_t>(n.unmet), static_cast<std::int32_t>(n.demand.kind), add_list(n.demand.listed)});
  }
  for (const model::SupplyLane& l : job.system.lanes) {
    lane_ends.insert(lane_ends.end(), {l.from, l.to, l.lead_time});
    lanes.insert(lanes.end(), {l.share, l.unit_cost, l.order_cost, l.unit_volume});
  }
  for (const model::PolicySpec& p : job.policies) {
    const std::int32_t levels = add_list(p.levels);
    const std::int32_t reorder_points = add_list(p.reorder_points);
    lists.push_back(p.plan.lot);
    policies.insert(policies.end(), {static_cast<std::int32_t>(p.kind), levels, reorder_points, p.plan.horizon, p.plan.forecasts});
  }
  return comm::pack(BacktestHeader{job.periods, job.warm_up, job.scenarios, job.seed, job.system.correlation}, nodes, node_kinds, lanes, lane_ends, policies, lists);
}

model::BacktestJob decode_backtest(ByteView bytes) {
  BacktestHeader header;
  std::vector<double> nodes, lanes, lists;
  std::vector<std::int32_t> node_kinds, lane_ends, policies;
  comm::unpack(bytes, header, nodes, node_kinds, lanes, lane_ends, policies, lists);
  const auto given = [](double v) { return std::isnan(v) ? std::nullopt : std::optional<double>(v); };
  std::size_t at = 0;
  const auto take_list = [&](std::int32_t count) {
    if (count < 0 || at + static_cast<std::size_t>(count) > lists.size()) throw core::DataError("The backtest sent by rank 0 is cut off.");
    const auto begin = lists.begin() + static_cast<std::ptrdiff_t>(at);
    at += static_cast<std::size_t>(count);
    return std::vector<double>(begin, begin + count);
  };
  model::BacktestJob job{.system = {}, .policies = {}, .periods = header.periods, .warm_up = header.warm_up, .scenarios = header.scenarios, .seed = header.seed};
  job.system.correlation = header.correlation;
  for (std::size_t i = 0; 7 * i + 6 < nodes.size() && 3 * i + 2 < node_kinds.size(); ++i) {
    const double* n = nodes.data() + 7 * i;
    const std::int32_t* k = node_kinds.data() + 3 * i;
    job.system.nodes.push_back({.name = {}, .holding_cost = n[0], .shortage_cost = n[1], .expedite_cost = given(n[2]), .unmet = static_cast<model::UnmetDemand>(k[0]),
                                .on_hand = n[3], .storage = given(n[4]),
                                .demand = {.kind = static_cast<model::DemandKind>(k[1]), .mean = n[5], .deviation = n[6], .listed = take_list(k[2])}});
  }
  for (std::size_t l = 0; 4 * l + 3 < lanes.size() && 3 * l + 2 < lane_ends.size(); ++l)
    job.system.lanes.push_back({.from = lane_ends[3 * l], .to = lane_ends[3 * l + 1], .lead_time = lane_ends[3 * l + 2], .share = lanes[4 * l],
                                .unit_cost = lanes[4 * l + 1], .order_cost = lanes[4 * l + 2], .unit_volume = lanes[4 * l + 3]});
  for (std::size_t p = 0; 5 * p + 4 < policies.size(); ++p) {
    const std::int32_t* k = policies.data() + 5 * p;
    model::PolicySpec spec{.name = {}, .kind = static_cast<model::PolicyKind>(k[0]), .levels = take_list(k[1]), .reorder_points = {}};
    spec.reorder_points = take_list(k[2]);
    spec.plan = {.horizon = k[3], .forecasts = k[4], .lot = take_list(1).front()};
    job.policies.push_back(std::move(spec));
  }
  model::validate(job, "the problem sent by rank 0");
  return job;
}

// Per site four numbers (infinite where open) and whether it supplies, per SKU five, per lane seven; names stay on rank 0.
Bytes encode_problem(const model::RebalancingProblem& p) {
  std::vector<double> sites, skus, lanes;
  for (const model::RebalancingSite& s : p.sites)
    sites.insert(sites.end(), {s.supplier ? 1.0 : 0.0, s.storage_m3, s.overflow_cost, static_cast<double>(s.pallets_out), static_cast<double>(s.pallets_in)});
  for (const model::RebalancingSku& s : p.skus) skus.insert(skus.end(), {s.unit_m3, s.units_per_pallet, s.holding_cost, s.shortage_cost, s.lost_cost});
  for (const model::RebalancingLane& l : p.lanes)
    lanes.insert(lanes.end(), {static_cast<double>(l.from), static_cast<double>(l.to), static_cast<double>(l.lead_days), l.pallet_cost, l.truck_m3, l.truck_cost,
                               static_cast<double>(l.trucks_per_day)});
  return comm::pack(p.name, std::vector<std::int32_t>{p.days}, p.probability, sites, skus, lanes, p.on_hand, p.receipts, p.demand);
}

model::RebalancingProblem decode_rebalancing(ByteView bytes) {
  model::RebalancingProblem p;
  std::vector<std::int32_t> days;
  std::vector<double> sites, skus, lanes;
  comm::unpack(bytes, p.name, days, p.probability, sites, skus, lanes, p.on_hand, p.receipts, p.demand);
  p.days = days.empty() ? 0 : days.front();
  const auto whole = [](double value) { return static_cast<std::int32_t>(value); };
  for (std::size_t k = 0; k + 4 < sites.size(); k += 5)
    p.sites.push_back({.name = {}, .supplier = sites[k] != 0, .storage_m3 = sites[k + 1], .overflow_cost = sites[k + 2], .pallets_out = whole(sites[k + 3]), .pallets_in = whole(sites[k + 4])});
  for (std::size_t k = 0; k + 4 < skus.size(); k += 5)
    p.skus.push_back({.name = {}, .unit_m3 = skus[k], .units_per_pallet = skus[k + 1], .holding_cost = skus[k + 2], .shortage_cost = skus[k + 3], .lost_cost = skus[k + 4]});
  for (std::size_t k = 0; k + 6 < lanes.size(); k += 7)
    p.lanes.push_back({.from = whole(lanes[k]), .to = whole(lanes[k + 1]), .lead_days = whole(lanes[k + 2]), .pallet_cost = lanes[k + 3], .truck_m3 = lanes[k + 4],
                       .truck_cost = lanes[k + 5], .trucks_per_day = whole(lanes[k + 6])});
  model::validate(p, "the problem sent by rank 0");
  return p;
}

}  // namespace tempera::cluster
