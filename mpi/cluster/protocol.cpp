#include "mpi/cluster/protocol.hpp"


#include "mpi/comm/archives.hpp"

// Non-intrusive: the types stay free of Boost.
namespace boost::serialization {

template <class Archive>
void serialize(Archive& a, tempera::model::RankTiming& t, unsigned) {
  a & t.rank & t.host & t.annealing & t.waiting & t.communicating & t.writing & t.iterations & t.tasks;
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
  template <class Archive>
  void serialize(Archive& a, unsigned) {
    a & name & edge_weight & rounding & capacity & service & limited & max_route_length;
  }
};

Bytes encode_problem(const model::RoutingInstance& in) {
  const RoutingHeader header{in.name, static_cast<std::uint32_t>(in.edge_weight), static_cast<std::uint32_t>(in.rounding), in.capacity.value,
                             in.service.value, in.max_route_length.has_value(), in.max_route_length.value_or(model::Distance(0)).value};
  std::vector<double> coordinates;
  for (const model::Point p : in.points) coordinates.insert(coordinates.end(), {p.x, p.y});
  std::vector<std::int64_t> demand;
  for (const model::Load d : in.demand) demand.push_back(d.value);
  return comm::pack(header, coordinates, in.matrix, demand, in.node_ids);
}
}  // namespace

Bytes encode(const registry::Problem& problem) {
  return std::visit([](const auto& instance) { return encode_problem(instance); }, problem);
}

registry::Problem decode_problem(ByteView bytes) {
  RoutingHeader header;
  std::vector<double> coordinates;
  std::vector<std::int64_t> demand;
  model::RoutingInstance in;
  comm::unpack(bytes, header, coordinates, in.matrix, demand, in.node_ids);
  in.name = header.name;
  in.edge_weight = static_cast<model::EdgeWeight>(header.edge_weight);
  in.rounding = static_cast<model::Rounding>(header.rounding);
  in.capacity = model::Load(header.capacity);
  in.service = model::Distance(header.service);
  if (header.limited) in.max_route_length = model::Distance(header.max_route_length);
  for (std::size_t k = 0; k + 1 < coordinates.size(); k += 2) in.points.push_back({coordinates[k], coordinates[k + 1]});
  for (const std::int64_t d : demand) in.demand.emplace_back(d);
  model::validate(in, "the problem sent by rank 0");
  return in;
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

Bytes encode(const Failure& failure) { return comm::pack(failure); }
Failure decode_failure(ByteView bytes) {
  Failure failure;
  comm::unpack(bytes, failure);
  return failure;
}

Bytes encode(const Farewell& farewell) { return comm::pack(farewell); }
Farewell decode_farewell(ByteView bytes) {
  Farewell farewell;
  comm::unpack(bytes, farewell);
  return farewell;
}

Bytes encode_leave(int exit_code) { return comm::pack(exit_code); }
int decode_leave(ByteView bytes) {
  int exit_code = 0;
  comm::unpack(bytes, exit_code);
  return exit_code;
}

}  // namespace tempera::cluster
