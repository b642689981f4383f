// result.json: what scripts read. The schema is result.schema.json beside this file.
#pragma once

#include <string>

#include "solvers/core/error.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::report {

inline constexpr int result_schema_version = 1;

/// What "status" says: solved, stopped_early, requeue, bad_input or internal_error.
std::string status_name(core::ExitCode code);

/// The whole object, indented, with a line end. `error` is empty on success.
std::string result_json(const model::RunRecord& record, core::ExitCode exit_code, const std::string& error = {});

/// The same object for a run that failed before there was a record: status, exit_code, error and the command line.
std::string failure_json(core::ExitCode exit_code, const std::string& error, const std::string& command_line);

}  // namespace tempera::report
