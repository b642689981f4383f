// The summary of a run for a person, on at most 80 columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "solvers/model/run_record.hpp"

namespace tempera::report {

/// What the size of a problem of this type counts: "customers" for routing, "variables" otherwise.
std::string_view size_noun(std::string_view problem_type);

/// What is told beside the cost: a head (blank, the groups, "unit") and a row per figure; empty when there is none.
std::vector<std::vector<std::string>> figure_rows(const model::RunRecord& record);

/// Where fewest vehicles come first: what a route counts, and the costs of answer and control without that; else empty.
std::string vehicles_first_text(const model::RunRecord& record);

/// @param files  where the result lies, the last line; empty to leave it out
std::string summary_text(const model::RunRecord& record, const std::string& files);

}  // namespace tempera::report
