// The end of a run: files, what stdout gets, and how the ranks leave.
#pragma once

#include <filesystem>
#include <string>

#include "io/checkpoint/output_folder.hpp"
#include "jobs/app/options.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/run_record.hpp"
#include "solvers/registry/registry.hpp"

namespace tempera::app {

/// Writes result.h5, the solution file of the kind and result.json, each whole or not at all (a stopped run first leaves checkpoint.h5; a
/// finished one leaves result.done last and removes its checkpoints), and prints the result. Where they cannot be written, nothing older is touched, the answer goes to
/// the system's temporary directory, and the error is told.
/// @returns `code`, or bad_input when the files could not be written
core::ExitCode finish_run(const checkpoint::OutputFolder& folder, const registry::Problem& problem, model::RunRecord& record, core::ExitCode code, OutputMode output);

/// The summary or the JSON object on stdout. @param files  named in the summary @param error  told in the JSON object
void print_result(const model::RunRecord& record, core::ExitCode code, OutputMode output, const std::string& files, const std::string& error = {});

/// Leaves the result.json of a failed run in the directory `out`, unless results of an earlier run lie there, or another run
/// writes there. Does what it can and never throws: the error itself goes to stderr. Nothing to do for an empty path.
void write_failure(const std::filesystem::path& out, core::ExitCode code, const std::string& error, const std::string& command_line) noexcept;

}  // namespace tempera::app
