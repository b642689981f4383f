// Every message between master and workers. Control fields travel as a Boost.Serialization archive, arrays as raw bytes.
//
//   master -> worker   Setup (the problem, once), Assign (a task), Stop (hand back what you have), Leave (exit code)
//   worker -> master   Done (an outcome and the rank's times), Failed (a task threw), Farewell (last times, after Stop)
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "mpi/cluster/reactor.hpp"
#include "solvers/model/campaign.hpp"
#include "solvers/registry/registry.hpp"

namespace tempera::cluster {

enum Tag : int { tag_setup = 1, tag_assign, tag_stop, tag_leave, tag_done, tag_failed, tag_farewell };

struct Done {
  model::Outcome outcome;
  model::RankTiming timing;
};

struct Farewell {
  model::RankTiming timing;
  double cpu_seconds = 0;
};

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;

Bytes encode(const registry::Problem& problem);
Bytes encode(const model::Task& task);
Bytes encode(const Done& done);
Bytes encode(const Failure& failure);
Bytes encode(const Farewell& farewell);
Bytes encode_leave(int exit_code);

// Each throws DataError when the bytes are truncated or foreign.
registry::Problem decode_problem(ByteView bytes);
model::Task decode_task(ByteView bytes);
Done decode_done(ByteView bytes);
Failure decode_failure(ByteView bytes);
Farewell decode_farewell(ByteView bytes);
int decode_leave(ByteView bytes);

}  // namespace tempera::cluster
