// The summary of a run for a person, on at most 80 columns.
#pragma once

#include <string>

#include "solvers/model/run_record.hpp"

namespace tempera::report {

/// @param files  where the result lies, the last line; empty to leave it out
std::string summary_text(const model::RunRecord& record, const std::string& files);

}  // namespace tempera::report
