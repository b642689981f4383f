// One run on the master, from a read problem to its answer: shared by solve and resume.
#pragma once

#include "io/checkpoint/output_folder.hpp"
#include "jobs/app/console.hpp"
#include "jobs/app/options.hpp"
#include "mpi/comm/session.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/run_record.hpp"
#include "solvers/registry/registry.hpp"

namespace tempera::app {

struct Run {
  comm::Session& session;
  const registry::Problem& problem;
  const core::Budget& budget;
  core::Stopwatch started;     ///< the clock of `budget`
  double spent_before = 0;     ///< seconds, by earlier runs of a resumed job
  const RunOptions& options;
  const checkpoint::OutputFolder& folder;
  Console& console;
  const model::RunRecord* resume = nullptr;
  double cpu_before = 0;       ///< CPU seconds of this process that belong to earlier runs
};

/// First of all, before the baseline: what an earlier run left as its sign of success goes, and the wall time is watched.
void begin_run(const Run& run, const Invocation& invocation);

/// Anneals from record.incumbent (feasible) and keeps the classical answer if annealing fails. Fills `record`.
/// @returns solved, or what `stopped_exit_code` says when something asked to stop
core::ExitCode anneal(const Run& run, model::RunRecord& record);

/// The same for any other method: "baseline" has the classical answer alone, the others look for a candidate on rank 0.
core::ExitCode run_by_method(const Run& run, model::RunRecord& record);

/// Provenance and problem fields of a new record.
model::RunRecord new_record(const registry::Problem& problem, const Invocation& invocation);

}  // namespace tempera::app
