// Reading what a command names: problems, answers, run files; each with the message its user needs.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "jobs/app/options.hpp"
#include "jobs/descriptor/descriptor.hpp"
#include "solvers/model/run_record.hpp"
#include "solvers/registry/registry.hpp"

namespace tempera::app {

/// A problem of the kind that the file's content shows. @throws UserError
registry::Problem load_problem(const std::filesystem::path& file, const LoadOptions& options);

/// What tells it from other problems, as in RunRecord::problem_digest.
std::uint64_t digest_of(const registry::Problem& problem);

/// The problem of a job file; rounding and objective in `options` stand above the job's. @throws UserError
registry::Problem load_job(const descriptor::Descriptor& job, const LoadOptions& options);

/// The incumbent of a run file, if it is one of this problem. @throws UserError
model::Answer load_run_answer(const std::filesystem::path& file, const registry::Problem& problem);

struct LoadedRun {
  std::filesystem::path file;
  model::RunRecord record;
  std::vector<std::string> passed_over = {};  ///< one reason per newer file that could not be taken
};

/// A run file, or of a directory the newest valid of checkpoint.h5, checkpoint_previous.h5 and result.h5.
/// @param accept  may be empty; throws UserError or DataError to have the next one tried
/// @throws UserError with the reasons when none can be taken
LoadedRun load_run(const std::filesystem::path& from, const std::function<void(const LoadedRun&)>& accept = {});

}  // namespace tempera::app
