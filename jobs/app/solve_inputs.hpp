// What a solve works on, with every mistake in options and input told before anything runs or is queued.
#pragma once

#include <optional>

#include "jobs/app/options.hpp"
#include "jobs/descriptor/descriptor.hpp"
#include "solvers/registry/registry.hpp"

namespace tempera::app {

struct SolveInputs {
  std::optional<descriptor::Descriptor> job;  ///< nothing where the file is an instance
  SolveOptions options;                       ///< with what the job says
  registry::Problem problem;
};

/// @param job  read_job(given.file)  @throws UserError for a file that cannot be read and for options that do not suit it
SolveInputs solve_inputs(const SolveOptions& given, std::optional<descriptor::Descriptor> job);

/// The same of a backtest, which is played and not solved. @throws UserError
void check_backtest_options(const SolveOptions& given);

}  // namespace tempera::app
