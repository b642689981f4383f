// A hybrid step in words and rows. Says of QAOA only what the figures beside it show.
#pragma once

#include <string>
#include <vector>

#include "solvers/model/hybrid_record.hpp"

namespace tempera::report {

/// One sentence or two: what was accepted, and whether the step shows an advantage of QAOA: only where its answer costs less than
/// every other solver's.
std::string hybrid_finding(const model::HybridStep& step);

/// A table: heading row first; the same number of cells in each row.
std::vector<std::vector<std::string>> hybrid_rows(const model::HybridStep& step);

/// Heading, table and finding for a terminal, indented by two.
std::string hybrid_text(const model::HybridStep& step);

}  // namespace tempera::report
