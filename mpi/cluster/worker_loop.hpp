// The life of a rank that is not the master.
#pragma once

#include <functional>
#include <string>

#include "mpi/comm/transport.hpp"
#include "solvers/registry/registry.hpp"

namespace tempera::cluster {

struct WorkerHooks {
  std::function<int()> stop_signal;                      ///< may be empty; the signal that asked this rank to stop, or 0
  std::function<void(const std::string&)> log;           ///< may be empty; one line per thing of note, for this rank's log
  /// May be empty: the registry's. Tests put a runner here that throws, lies or sleeps.
  std::function<std::unique_ptr<model::TaskRunner>(const registry::Problem&)> make_runner;
  /// True under a launcher that lets a rank leave alone. Otherwise an abandoned rank waits idle for the end of the run, since its
  /// leaving would end everybody.
  bool may_leave_alone = false;
};

enum class WorkerEnd { dismissed, abandoned, lease_ended };

struct WorkerExit {
  WorkerEnd end = WorkerEnd::dismissed;
  int exit_code = 0;   ///< what the master said; meaningless when it said nothing
  double silence = 0;  ///< of the master, seconds, when the lease ended
};

/// Serves the master until it says Leave, or until its lease runs out. Works tasks in slices and looks for messages between
/// them. A task that throws is reported and the loop goes on. Not collective.
WorkerExit run_worker(comm::Transport& transport, const WorkerHooks& hooks = {});

}  // namespace tempera::cluster
