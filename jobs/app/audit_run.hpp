// The audit trail of a run, and what each record says.
#pragma once

#include <filesystem>

#include "io/audit/audit_trail.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::app {

inline constexpr const char* audit_file = "audit.jsonl";

/// Adds to the trail in `folder` who asked for what, the control, the candidate and the decision. A trail that is broken is put
/// aside as audit.broken.jsonl, and the new one says so.
/// @returns the trail, not yet written: its head goes into the results first
audit::AuditTrail audit_run(const std::filesystem::path& folder, const model::RunRecord& record);

}  // namespace tempera::app
