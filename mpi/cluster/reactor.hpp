// The scheduler's mind: plain functions on a state struct, one per event. No MPI, no clock, no problem in sight: what is
// to be sent goes into an Outbox, time is handed in. Tested with a fake outbox (after HyperQueue's reactor).
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "mpi/cluster/awake_clock.hpp"
#include "solvers/model/campaign.hpp"
#include "solvers/model/run_event.hpp"

namespace tempera::cluster {

/// Where the reactor leaves what must be done outside of it.
class Outbox {
 public:
  virtual ~Outbox() = default;
  virtual void assign(int rank, const model::Task& task) = 0;
  /// The rank is no longer waited for, whatever it still says; should it wake up, it learns so and leaves.
  virtual void abandon(int rank) = 0;
  virtual void warn(const std::string& text) = 0;
  virtual void note(const model::RunEvent& event) = 0;
};

inline constexpr double never_silent = std::numeric_limits<double>::infinity();

/// A task on its way, and where it failed before (the latest last): it goes elsewhere while there is an elsewhere.
struct Flight {
  model::Task task;
  std::vector<int> failed_on;
  double due = never_silent;  ///< awake seconds by which it must be back
};

struct WorkerState {
  std::optional<Flight> flight;     ///< what this rank works on
  bool present = true;              ///< false: abandoned for the rest of the run
  double heard_at = 0;              ///< awake seconds of the master
  std::string host = "unknown host";
};

struct Core {
  Core(model::Campaign& c, int ranks, double worker_timeout_seconds = never_silent)
      : campaign(c), workers(static_cast<std::size_t>(ranks)), worker_timeout(worker_timeout_seconds), awake(worker_timeout_seconds / 4) {}

  model::Campaign& campaign;
  std::vector<WorkerState> workers;  ///< by rank; rank 0 works too, and never is silent to itself
  double worker_timeout;             ///< a rank silent for longer is abandoned, seconds
  AwakeClock awake;
  std::deque<Flight> retries;
  std::uint64_t lost_tasks = 0;
};

/// A task failed on a rank: it threw, or its answer was refused.
struct Failure {
  std::uint64_t task = 0;
  std::uint32_t attempt = 0;
  std::string reason;
};

inline constexpr std::uint32_t most_attempts = 3;  ///< the first and two elsewhere; then the part keeps its solution

/// Abandons ranks that have been silent for too long or sit on a timed task for so much longer than it takes, then gives every idle rank a task while there are tasks.
/// Call after the messages at hand were taken in: a rank whose word lies unread is not silent.
void on_tick(Core& core, Outbox& outbox, double elapsed_seconds);
/// Anything arrived from this rank. Of an abandoned rank nothing counts any more: returns false.
bool on_heard(Core& core, int rank);
/// An answer arrived. One that is not awaited (an earlier attempt, an unknown task, an abandoned rank) is dropped.
/// @returns true when the campaign took it
bool on_outcome(Core& core, Outbox& outbox, int rank, const model::Outcome& outcome, double elapsed_seconds);
void on_failure(Core& core, Outbox& outbox, int rank, const Failure& failure, double elapsed_seconds);
/// The rank cannot work, or nobody hears of it: its task goes elsewhere.
void on_worker_lost(Core& core, Outbox& outbox, int rank, const std::string& reason, double elapsed_seconds);

/// Ranks with a task in flight.
int busy_ranks(const Core& core);

}  // namespace tempera::cluster
