// The end of a run: files, what stdout gets, and how the ranks leave.
#pragma once

#include "io/checkpoint/output_folder.hpp"
#include "jobs/app/options.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/routing_instance.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::app {

/// Writes result.h5, solution.sol and result.json, each whole or not at all; a stopped run also leaves checkpoint.h5, a
/// finished one removes it. @throws DataError when a file cannot be written
void write_results(const checkpoint::OutputFolder& folder, const model::RoutingInstance& instance, const model::RunRecord& record, core::ExitCode code);

/// The summary or the JSON object on stdout. @param files  named in the summary
void print_result(const model::RunRecord& record, core::ExitCode code, OutputMode output, const std::string& files);

}  // namespace tempera::app
