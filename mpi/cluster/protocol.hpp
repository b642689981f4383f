// Every message between master and workers. Control fields travel as a Boost.Serialization archive, arrays as raw bytes.
//
//   master -> worker   Setup (the problem, once), Lease (I live; what silence means), Assign (a task), Stop (hand back what
//                      you have), Abandon (nobody waits for you any more), Leave (exit code), Share (whole jobs of a
//                      batch for this rank alone; a text)
//   worker -> master   Alive (heartbeat with the rank's times), Done (an outcome and the times), Failed (a task threw),
//                      Withdraw (this rank cannot work at all), Signal (the rank was asked to stop), Farewell (after Stop), Shared (what became of them; a text)
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "mpi/cluster/reactor.hpp"
#include "solvers/model/campaign.hpp"
#include "solvers/registry/registry.hpp"

namespace tempera::cluster {

enum Tag : int {
  tag_setup = 1, tag_lease, tag_assign, tag_stop, tag_abandon, tag_leave,
  tag_alive, tag_done, tag_failed, tag_withdraw, tag_signal, tag_farewell,
  tag_share, tag_shared
};

/// Renewed every `heartbeat_seconds`. A worker without word from the master for `lease_seconds` leaves by itself: it may be
/// behind a cut link, or the master be dead with no launcher to end the rest.
struct Lease {
  double heartbeat_seconds = 1;
  double lease_seconds = 120;
};

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
Bytes encode(const Lease& lease);
Bytes encode(const model::RankTiming& timing);   // Alive
Bytes encode_text(const std::string& text);      // Withdraw: why
Bytes encode_number(int number);                 // Leave: exit code; Signal: which

// Each throws DataError when the bytes are truncated or foreign.
registry::Problem decode_problem(ByteView bytes);
model::Task decode_task(ByteView bytes);
Done decode_done(ByteView bytes);
Failure decode_failure(ByteView bytes);
Farewell decode_farewell(ByteView bytes);
Lease decode_lease(ByteView bytes);
model::RankTiming decode_timing(ByteView bytes);
std::string decode_text(ByteView bytes);
int decode_number(ByteView bytes);

}  // namespace tempera::cluster
