#include "mpi/cluster/protocol.hpp"

#include <cmath>
#include <limits>

#include "mpi/comm/archives.hpp"

// Non-intrusive: the types stay free of Boost.
namespace boost::serialization {

template <class Archive>
void serialize(Archive& a, tempera::model::RankTiming& t, unsigned) {
  a & t.rank & t.host & t.annealing & t.waiting & t.communicating & t.writing & t.iterations & t.tasks;
}
template <class Archive>
void serialize(Archive& a, tempera::cluster::Lease& l, unsigned) {
  a & l.heartbeat_seconds & l.lease_seconds;
}
template <class Archive>
void serialize(Archive& a, tempera::cluster::Failure& f, unsigned) {
  a & f.task & f.attempt & f.reason;
}
template <class Archive>
void serialize(Archive& a, tempera::cluster::Farewell& f, unsigned) {
  a & f.timing & f.cpu_seconds;
}

}  // namespace boost::serialization

namespace tempera::cluster {

namespace {
// The fixed part of a task.
struct TaskHeader {
  model::Task& task;
  template <class Archive>
  void serialize(Archive& a, unsigned) {
    a & task.id & task.attempt & task.round & task.replica & task.part & task.seconds & task.iterations;
  }
};

struct DoneHeader {
  Done& done;
  template <class Archive>
  void serialize(Archive& a, unsigned) {
    model::Outcome& o = done.outcome;
    a & o.task & o.attempt & o.round & o.replica & o.part & o.iterations & done.timing;
  }
};

// The fixed part of a routing instance; its numbers travel as arrays.
struct RoutingHeader {
  std::string name;
  std::uint32_t edge_weight = 0;
  std::uint32_t rounding = 0;
  std::int64_t capacity = 0;
  std::int64_t service = 0;
  bool limited = false;
  std::int64_t max_route_length = 0;
  bool timed = false, bounded = false;
  std::int64_t max_duration = 0, route_cost = 0;
  double units_per_second = 0;
  template <class Archive>
  void serialize(Archive& a, unsigned) {
    a & name & edge_weight & rounding & capacity & service & limited & max_route_length & timed & bounded & max_duration & route_cost & units_per_second;
  }
};

Bytes encode_problem(const model::RoutingInstance& in) {
  RoutingHeader header{.name = in.name, .edge_weight = static_cast<std::uint32_t>(in.edge_weight), .rounding = static_cast<std::uint32_t>(in.rounding),
                       .capacity = in.capacity.value, .service = in.service.value, .limited = in.max_route_length.has_value(),
                       .max_route_length = in.max_route_length.value_or(model::Distance(0)).value, .timed = in.timetable.has_value(),
                       .route_cost = in.route_cost.value};
  std::vector<std::int64_t> times;  // three per node
  if (in.timetable) {
    header.bounded = in.timetable->max_duration.has_value();
    header.max_duration = in.timetable->max_duration.value_or(model::Distance(0)).value;
    header.units_per_second = in.timetable->units_per_second;
    for (std::size_t i = 0; i < in.demand.size(); ++i)
      times.insert(times.end(), {in.timetable->earliest[i].value, in.timetable->latest[i].value, in.timetable->service[i].value});
  }
  std::vector<double> coordinates;
  for (const model::Point p : in.points) coordinates.insert(coordinates.end(), {p.x, p.y});
  std::vector<std::int64_t> demand;
  for (const model::Load d : in.demand) demand.push_back(d.value);
  return comm::pack(header, coordinates, in.matrix, demand, in.node_ids, times);
}

// The fixed part of a QUBO; its rows travel as arrays, a group as its size, what it wants, and its members.
struct QuboHeader {
  std::string name, objective_unit;
  bool maximise = false, exact = true;
  double unit = 1, offset = 0;
  std::int32_t first_number = 0;
  template <class Archive>
  void serialize(Archive& a, unsigned) {
    a & name & objective_unit & maximise & exact & unit & offset & first_number;
  }
};

Bytes encode_problem(const model::QuboProblem& q) {
  const QuboHeader header{q.name, q.objective_unit, q.sense == model::Sense::maximise, q.exact, q.unit, q.offset, q.first_number};
  std::vector<std::int32_t> groups;
  for (const model::QuboGroup& group : q.groups) {
    groups.insert(groups.end(), {static_cast<std::int32_t>(group.members.size()), group.wanted});
    groups.insert(groups.end(), group.members.begin(), group.members.end());
  }
  return comm::pack(header, q.linear, q.row_begin, q.column, q.coupling, q.real_linear, q.real_coupling, groups);
}

model::RoutingInstance decode_routing(ByteView bytes) {
  RoutingHeader header;
  std::vector<double> coordinates;
  std::vector<std::int64_t> demand, times;
  model::RoutingInstance in;
  comm::unpack(bytes, header, coordinates, in.matrix, demand, in.node_ids, times);
  in.name = header.name;
  in.edge_weight = static_cast<model::EdgeWeight>(header.edge_weight);
  in.rounding = static_cast<model::Rounding>(header.rounding);
  in.capacity = model::Load(header.capacity);
  in.service = model::Distance(header.service);
  if (header.limited) in.max_route_length = model::Distance(header.max_route_length);
  for (std::size_t k = 0; k + 1 < coordinates.size(); k += 2) in.points.push_back({coordinates[k], coordinates[k + 1]});
  for (const std::int64_t d : demand) in.demand.emplace_back(d);
  in.route_cost = model::Cost(header.route_cost);
  if (header.timed) {
    model::Timetable& table = in.timetable.emplace();
    for (std::size_t k = 0; k + 2 < times.size(); k += 3) {
      table.earliest.emplace_back(times[k]);
      table.latest.emplace_back(times[k + 1]);
      table.service.emplace_back(times[k + 2]);
    }
    if (header.bounded) table.max_duration = model::Distance(header.max_duration);
    table.units_per_second = header.units_per_second;
  }
  model::validate(in, "the problem sent by rank 0");
  return in;
}

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

// Per stage six numbers and four that may be missing (NaN).
Bytes encode_problem(const model::PlacementNetwork& net) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> stages, quantities;
  std::vector<std::int32_t> ends;
  for (const model::PlacementStage& s : net.stages)
    stages.insert(stages.end(), {s.lead_time, s.lead_time_deviation, s.holding_cost, s.supplier_time, s.demand_mean, s.demand_deviation,
                                 s.service_level.value_or(none), s.service_limit.value_or(none), s.capacity.value_or(none), s.bound.value_or(none)});
  for (const model::PlacementArc& arc : net.arcs) {
    ends.insert(ends.end(), {arc.from, arc.to});
    quantities.push_back(arc.quantity);
  }
  return comm::pack(PlacementHeader{net.name, net.pooling_exponent, net.lead_time_factor}, stages, ends, quantities);
}

model::PlacementNetwork decode_placement(ByteView bytes) {
  PlacementHeader header;
  std::vector<double> stages, quantities;
  std::vector<std::int32_t> ends;
  comm::unpack(bytes, header, stages, ends, quantities);
  model::PlacementNetwork net{.name = header.name, .stages = {}, .arcs = {}, .pooling_exponent = header.pooling_exponent, .lead_time_factor = header.lead_time_factor};
  const auto given = [](double v) { return std::isnan(v) ? std::nullopt : std::optional<double>(v); };
  for (std::size_t k = 0; k + 9 < stages.size(); k += 10)
    net.stages.push_back({.name = {}, .lead_time = stages[k], .lead_time_deviation = stages[k + 1], .holding_cost = stages[k + 2], .supplier_time = stages[k + 3],
                          .demand_mean = stages[k + 4], .demand_deviation = stages[k + 5], .service_level = given(stages[k + 6]),
                          .service_limit = given(stages[k + 7]), .capacity = given(stages[k + 8]), .bound = given(stages[k + 9])});
  for (std::size_t a = 0; a < quantities.size() && 2 * a + 1 < ends.size(); ++a) net.arcs.push_back({ends[2 * a], ends[2 * a + 1], quantities[a]});
  model::validate(net, "the problem sent by rank 0");
  return net;
}

model::QuboProblem decode_qubo(ByteView bytes) {
  QuboHeader header;
  model::QuboProblem q;
  std::vector<std::int32_t> groups;
  comm::unpack(bytes, header, q.linear, q.row_begin, q.column, q.coupling, q.real_linear, q.real_coupling, groups);
  q.name = header.name;
  q.objective_unit = header.objective_unit;
  q.sense = header.maximise ? model::Sense::maximise : model::Sense::minimise;
  q.exact = header.exact;
  q.unit = header.unit;
  q.offset = header.offset;
  q.first_number = header.first_number;
  for (std::size_t at = 0; at + 1 < groups.size();) {
    const auto first = groups.begin() + static_cast<std::ptrdiff_t>(at) + 2;
    q.groups.push_back({.wanted = groups[at + 1], .members = {first, first + groups[at]}});
    at += 2 + static_cast<std::size_t>(groups[at]);
  }
  return q;
}

Bytes encode_problem(const model::QapProblem& q) { return comm::pack(q.name, q.flow, q.distance, std::vector<std::int32_t>{q.size}); }

model::QapProblem decode_qap(ByteView bytes) {
  model::QapProblem q;
  std::vector<std::int32_t> size;
  comm::unpack(bytes, q.name, q.flow, q.distance, size);
  q.size = size.empty() ? 0 : size.front();
  return q;
}

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
}  // namespace

// The last byte tells the kind: the place of the problem's type in registry::Problem.
Bytes encode(const registry::Problem& problem) {
  Bytes bytes = std::visit([](const auto& instance) { return encode_problem(instance); }, problem);
  bytes.push_back(static_cast<std::byte>(problem.index()));
  return bytes;
}

registry::Problem decode_problem(ByteView bytes) {
  if (bytes.empty()) throw core::DataError("The problem sent by rank 0 is empty.");
  const auto kind = std::to_integer<std::size_t>(bytes.back());
  bytes = bytes.first(bytes.size() - 1);
  switch (kind) {
    case 0: return decode_routing(bytes);
    case 1: return decode_placement(bytes);
    case 2: return decode_qubo(bytes);
    case 3: return decode_qap(bytes);
    case 4: return decode_backtest(bytes);
    case 5: return decode_rebalancing(bytes);
    default: throw core::DataError("The problem sent by rank 0 is of a kind that this program does not know.");
  }
}

// Boost serialises through non-const references both ways; packing does not change the object.
Bytes encode(const model::Task& task) {
  return comm::pack(TaskHeader{const_cast<model::Task&>(task)}, task.ints, task.wholes, task.reals);
}

model::Task decode_task(ByteView bytes) {
  model::Task task;
  TaskHeader header{task};
  comm::unpack(bytes, header, task.ints, task.wholes, task.reals);
  return task;
}

Bytes encode(const Done& done) {
  const model::Outcome& o = done.outcome;
  return comm::pack(DoneHeader{const_cast<Done&>(done)}, o.ints, o.wholes, o.reals);
}

Done decode_done(ByteView bytes) {
  Done done;
  DoneHeader header{done};
  comm::unpack(bytes, header, done.outcome.ints, done.outcome.wholes, done.outcome.reals);
  return done;
}

namespace {
template <class T>
T unpacked(ByteView bytes) {
  T value{};
  comm::unpack(bytes, value);
  return value;
}
}  // namespace

Bytes encode(const Failure& failure) { return comm::pack(failure); }
Bytes encode(const Farewell& farewell) { return comm::pack(farewell); }
Bytes encode(const Lease& lease) { return comm::pack(lease); }
Bytes encode(const model::RankTiming& timing) { return comm::pack(timing); }
Bytes encode_text(const std::string& text) { return comm::pack(text); }
Bytes encode_number(int number) { return comm::pack(number); }

Failure decode_failure(ByteView bytes) { return unpacked<Failure>(bytes); }
Farewell decode_farewell(ByteView bytes) { return unpacked<Farewell>(bytes); }
Lease decode_lease(ByteView bytes) { return unpacked<Lease>(bytes); }
model::RankTiming decode_timing(ByteView bytes) { return unpacked<model::RankTiming>(bytes); }
std::string decode_text(ByteView bytes) { return unpacked<std::string>(bytes); }
int decode_number(ByteView bytes) { return unpacked<int>(bytes); }

}  // namespace tempera::cluster
