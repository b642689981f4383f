// What the scheduler needs to know of any problem: where tasks come from (Campaign, on the master) and how one is worked
// (TaskRunner, on every rank). The scheduler in mpi/cluster knows these two and nothing of routes, spins or stock.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "solvers/model/run_record.hpp"

namespace tempera::model {

/// One subproblem on its way to a rank. The three arrays mean what the campaign and its runner agree on.
struct Task {
  std::uint64_t id = 0;         ///< unique within the run
  std::uint32_t attempt = 0;    ///< 0 first; the scheduler counts retries
  std::uint32_t round = 0;
  std::uint32_t replica = 0;
  std::uint32_t part = 0;
  double seconds = 0;           ///< work this long from the moment it starts; 0 when counted in iterations
  std::uint64_t iterations = 0; ///< work this many iterations; 0 when counted in seconds
  std::vector<std::int32_t> ints;
  std::vector<std::int64_t> wholes;
  std::vector<double> reals;
};

/// The answer to one task. Echoes id, attempt, round, replica and part.
struct Outcome {
  std::uint64_t task = 0;
  std::uint32_t attempt = 0;
  std::uint32_t round = 0;
  std::uint32_t replica = 0;
  std::uint32_t part = 0;
  std::uint64_t iterations = 0;  ///< really done
  std::vector<std::int32_t> ints;
  std::vector<std::int64_t> wholes;
  std::vector<double> reals;
};

/// Figures for the progress line, cheap to take.
struct CampaignProgress {
  double incumbent_cost = 0;
  std::uint64_t iterations = 0;
  std::uint32_t round = 0;
  double coldest_temperature = 0;
  std::uint32_t replicas = 0;
  std::uint32_t parts = 0;      ///< subproblems per replica in this round
  std::uint64_t swaps_attempted = 0;
  std::uint64_t swaps_accepted = 0;
  std::optional<double> offered_cost = std::nullopt;  ///< of the best whole solution that the latest outcome became part of
};

/// Lives on the master. Not thread-safe. Time is handed in, never read, so that tests need no clock.
/// Under an iteration budget the sequence of rounds, tasks and answers may not depend on the order of outcomes.
class Campaign {
 public:
  virtual ~Campaign() = default;

  /// The next task that may go out now; nothing while the campaign waits for outcomes or is finished.
  virtual std::optional<Task> next_task(double elapsed_seconds) = 0;
  /// Takes the outcome of a task given out before, in any order. Throws UserError or LogicError when it is not usable
  /// (infeasible, wrong size); the scheduler then treats the task as failed.
  virtual void on_outcome(const Outcome& outcome, double elapsed_seconds) = 0;
  /// The task was given up: its part keeps the previous solution.
  virtual void on_lost(const Task& task, double elapsed_seconds) = 0;
  /// How long a task may take that goes out now, seconds; 0: too late for any. Asked before a failed task goes out again.
  virtual double longest_task_seconds(double elapsed_seconds) const {
    static_cast<void>(elapsed_seconds);
    return std::numeric_limits<double>::infinity();
  }
  /// No more tasks will come and none is awaited.
  virtual bool finished(double elapsed_seconds) const = 0;
  virtual CampaignProgress progress() const = 0;
  /// Writes incumbent, replicas, trace and swap statistics into `record` (the rest of the record is not touched).
  virtual void describe(RunRecord& record) const = 0;
};

/// Lives on every rank; works one task at a time.
class TaskRunner {
 public:
  virtual ~TaskRunner() = default;
  virtual void start(Task task) = 0;
  /// Works for a few milliseconds at most. Returns true when the task is complete.
  virtual bool advance() = 0;
  /// The answer; also allowed before completion (the deadline came first).
  virtual Outcome take() = 0;
};

}  // namespace tempera::model
