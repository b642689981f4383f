// Reading what a command names: problems, answers, run files; each with the message its user needs.
#pragma once

#include <filesystem>

#include "jobs/app/options.hpp"
#include "solvers/model/run_record.hpp"
#include "solvers/registry/registry.hpp"

namespace tempera::app {

/// A problem of the kind that the file's content shows. @throws UserError
registry::Problem load_problem(const std::filesystem::path& file, const LoadOptions& options);

/// The incumbent of a run file, if it is one of this problem. @throws UserError
model::Answer load_run_answer(const std::filesystem::path& file, const registry::Problem& problem);

/// A run file, or of a directory the newest valid of checkpoint.h5 and result.h5. @throws UserError with the reason why not
struct LoadedRun {
  std::filesystem::path file;
  model::RunRecord record;
};
LoadedRun load_run(const std::filesystem::path& from);

}  // namespace tempera::app
