// The wire form of routing, QUBO and assignment problems: fixed parts as an archive, tables as arrays of numbers.
#include "mpi/cluster/problem_wire.hpp"
#include "mpi/comm/archives.hpp"

namespace tempera::cluster {

namespace {
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
  bool fleet = false;
  template <class Archive>
  void serialize(Archive& a, unsigned) {
    a & name & edge_weight & rounding & capacity & service & limited & max_route_length & timed & bounded & max_duration & route_cost & units_per_second & fleet;
  }
};

constexpr std::size_t numbers_of_fleet = 5, numbers_of_type = 8;  // in the wire form; names of types stay with the master

std::vector<std::int64_t> wire_form(const model::Fleet& fleet) {
  std::vector<std::int64_t> numbers{std::ssize(fleet.types), fleet.depots, fleet.most_vehicles, fleet.missing_price.value, fleet.money_scale};
  for (const model::VehicleType& t : fleet.types)
    numbers.insert(numbers.end(), {t.count, t.capacity.value, t.depot, t.fixed_cost.value, t.distance_price, t.max_distance ? t.max_distance->value : -1,
                                   t.max_duration ? t.max_duration->value : -1, t.slowness});
  for (std::size_t i = 0; i < fleet.prize.size(); ++i) numbers.insert(numbers.end(), {fleet.prize[i].value, fleet.optional[i]});
  return numbers;
}

model::Fleet fleet_of(std::span<const std::int64_t> numbers) {
  model::Fleet fleet;
  const auto types = static_cast<std::size_t>(numbers[0]);
  fleet.depots = static_cast<std::int32_t>(numbers[1]);
  fleet.most_vehicles = numbers[2];
  fleet.missing_price = model::Cost(numbers[3]);
  fleet.money_scale = numbers[4];
  numbers = numbers.subspan(numbers_of_fleet);
  for (std::size_t t = 0; t < types; ++t, numbers = numbers.subspan(numbers_of_type)) {
    model::VehicleType& type = fleet.types.emplace_back();
    type.count = numbers[0];
    type.capacity = model::Load(numbers[1]);
    type.depot = static_cast<std::int32_t>(numbers[2]);
    type.fixed_cost = model::Cost(numbers[3]);
    type.distance_price = numbers[4];
    if (numbers[5] >= 0) type.max_distance = model::Distance(numbers[5]);
    if (numbers[6] >= 0) type.max_duration = model::Distance(numbers[6]);
    type.slowness = numbers[7];
  }
  for (; numbers.size() >= 2; numbers = numbers.subspan(2)) {
    fleet.prize.emplace_back(numbers[0]);
    fleet.optional.push_back(numbers[1] != 0);
  }
  return fleet;
}
}  // namespace

Bytes encode_problem(const model::RoutingInstance& in) {
  RoutingHeader header{.name = in.name, .edge_weight = static_cast<std::uint32_t>(in.edge_weight), .rounding = static_cast<std::uint32_t>(in.rounding),
                       .capacity = in.capacity.value, .service = in.service.value, .limited = in.max_route_length.has_value(),
                       .max_route_length = in.max_route_length.value_or(model::Distance(0)).value, .timed = in.timetable.has_value(),
                       .route_cost = in.route_cost.value, .fleet = in.fleet.has_value()};
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
  return comm::pack(header, coordinates, in.matrix, demand, in.node_ids, times, in.timetable ? in.timetable->travel : std::vector<std::int32_t>{}, in.fleet ? wire_form(*in.fleet) : std::vector<std::int64_t>{});
}

model::RoutingInstance decode_routing(ByteView bytes) {
  RoutingHeader header;
  std::vector<double> coordinates;
  std::vector<std::int64_t> demand, times, fleet;
  std::vector<std::int32_t> travel;
  model::RoutingInstance in;
  comm::unpack(bytes, header, coordinates, in.matrix, demand, in.node_ids, times, travel, fleet);
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
    table.travel = std::move(travel);
  }
  if (header.fleet) in.fleet = fleet_of(fleet);
  model::validate(in, "the problem sent by rank 0");
  return in;
}

namespace {
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
}  // namespace

Bytes encode_problem(const model::QuboProblem& q) {
  const QuboHeader header{q.name, q.objective_unit, q.sense == model::Sense::maximise, q.exact, q.unit, q.offset, q.first_number};
  std::vector<std::int32_t> groups;
  for (const model::QuboGroup& group : q.groups) {
    groups.insert(groups.end(), {static_cast<std::int32_t>(group.members.size()), group.wanted});
    groups.insert(groups.end(), group.members.begin(), group.members.end());
  }
  return comm::pack(header, q.linear, q.row_begin, q.column, q.coupling, q.real_linear, q.real_coupling, groups);
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

}  // namespace tempera::cluster
