// One routing run on the master, from a read instance to the files: shared by solve and resume.
#pragma once

#include "io/checkpoint/output_folder.hpp"
#include "jobs/app/console.hpp"
#include "jobs/app/options.hpp"
#include "mpi/comm/session.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/run_record.hpp"
#include "solvers/registry/registry.hpp"

namespace tempera::app {

struct RoutingRun {
  comm::Session& session;
  const registry::Problem& problem;
  const core::Budget& budget;
  const RunOptions& options;
  const checkpoint::OutputFolder& folder;
  Console& console;
  const model::RunRecord* resume = nullptr;
};

/// Anneals from record.incumbent (feasible) and keeps the classical answer if annealing fails. Fills `record`.
/// @returns solved, or stopped_early when a signal came
core::ExitCode anneal(const RoutingRun& run, model::RunRecord& record);

/// Computes the baseline into record.baseline and record.incumbent.
void compute_baseline(const model::RoutingInstance& instance, const core::Budget& budget, model::RunRecord& record);

/// Provenance and problem fields of a new record.
model::RunRecord new_record(const model::RoutingInstance& instance, const Invocation& invocation);

}  // namespace tempera::app
