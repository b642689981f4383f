// The scheduler's mind: plain functions on a state struct, one per event. No MPI, no clock, no problem in sight: what is
// to be sent goes into an Outbox, time is handed in. Tested with a fake outbox (after HyperQueue's reactor).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "solvers/model/campaign.hpp"

namespace tempera::cluster {

/// Where the reactor leaves what must be done outside of it.
class Outbox {
 public:
  virtual ~Outbox() = default;
  virtual void assign(int rank, const model::Task& task) = 0;
  virtual void warn(const std::string& text) = 0;
};

struct WorkerState {
  std::optional<model::Task> task;  ///< in flight on this rank
};

struct Retry {
  model::Task task;
  int failed_on = -1;  ///< goes elsewhere while there is an elsewhere
};

struct Core {
  Core(model::Campaign& c, int ranks) : campaign(c), workers(static_cast<std::size_t>(ranks)) {}

  model::Campaign& campaign;
  std::vector<WorkerState> workers;  ///< by rank; rank 0 works too
  std::deque<Retry> retries;
  std::uint64_t lost_tasks = 0;
};

/// A task failed on a rank: it threw, or its answer was refused.
struct Failure {
  std::uint64_t task = 0;
  std::uint32_t attempt = 0;
  std::string reason;
};

inline constexpr std::uint32_t most_attempts = 3;  ///< the first and two elsewhere; then the part keeps its solution

/// Gives every idle rank a task while there are tasks.
void on_tick(Core& core, Outbox& outbox, double elapsed_seconds);
/// An answer arrived. One that is not awaited (an earlier attempt, an unknown task) is dropped.
void on_outcome(Core& core, Outbox& outbox, int rank, const model::Outcome& outcome, double elapsed_seconds);
void on_failure(Core& core, Outbox& outbox, int rank, const Failure& failure, double elapsed_seconds);

/// Ranks with a task in flight.
int busy_ranks(const Core& core);

}  // namespace tempera::cluster
