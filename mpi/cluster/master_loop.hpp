// The life of rank 0: serves the workers between slices of its own annealing, checkpoints, and ends the run in time.
#pragma once

#include <functional>
#include <vector>

#include "mpi/comm/transport.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/campaign.hpp"
#include "solvers/model/run_event.hpp"
#include "solvers/model/run_journal.hpp"
#include "solvers/registry/registry.hpp"

namespace tempera::cluster {

struct ProgressView {
  double elapsed_seconds = 0;
  double remaining_seconds = 0;   ///< infinity under an iteration budget
  model::CampaignProgress campaign;
  double iterations_per_second = 0;  ///< over the last interval, all ranks
  double utilisation = 0;         ///< share of all ranks' wall time spent annealing so far
  int ranks = 1;
  int lost_ranks = 0;             ///< of them, abandoned
};

struct RunHooks {
  std::function<void(const ProgressView&)> progress;  ///< may be empty
  double progress_seconds = 1.0;
  std::function<bool()> stop_requested;               ///< may be empty; asked every few milliseconds
  std::function<void(const std::string&)> warn;       ///< may be empty; every warning also goes into the record
  std::function<void(int rank, int signal)> signalled;  ///< may be empty; a worker was asked to stop, by this signal; the run stops
  std::function<void(const model::RunEvent&)> note;   ///< may be empty; the event trace
};

struct MasterRun {
  comm::Transport& transport;
  const registry::Problem& problem;
  model::Campaign& campaign;
  const core::Budget& budget;
  model::RunJournal* journal = nullptr;  ///< none: no checkpoints
  double checkpoint_seconds = 60;
  double cpu_before = 0;                 ///< CPU seconds of this process that belong to earlier runs
  double worker_timeout_seconds = 30;    ///< a worker silent for longer is abandoned; it leaves by itself after four times that
  RunHooks hooks;
};

struct RunEnd {
  bool stopped_early = false;
  std::vector<int> missing_ranks;  ///< were lost, or did not say farewell in time; MPI_Finalize would hang on them
};

/// Sends the problem to every worker; they unpack it while the master prepares. A process may share one problem after another, each
/// followed by one `run_master` at most, as long as no rank is missing at its end.
void share_problem(comm::Transport& transport, const registry::Problem& problem);
/// Runs the campaign to its end. Fills the observations and answers of `record`; its CPU seconds are added to.
RunEnd run_master(const MasterRun& run, model::RunRecord& record);
/// Ends every worker with this code.
void dismiss_workers(comm::Transport& transport, core::ExitCode code);

}  // namespace tempera::cluster
