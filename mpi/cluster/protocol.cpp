#include "mpi/cluster/protocol.hpp"

#include "mpi/cluster/problem_wire.hpp"
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
