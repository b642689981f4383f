// JSON Schema (draft 7) with messages for people.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/descriptor/violation.hpp"

namespace tempera::descriptor {

/// The text of a shipped schema: "job", or a problem type such as "routing". @throws LogicError for another name
std::string_view schema_text(std::string_view name);

/// Every place where `value` breaks the schema, deepest first cause only; pointers start with `root`.
/// The verdict is valijson's; the words are ours. Empty: valid.
std::vector<Violation> violations(std::string_view schema_name, const nlohmann::json& value, const std::string& root = "");
/// The same by a schema at hand, such as that of a table's row.
std::vector<Violation> violations_of(const nlohmann::json& schema, const nlohmann::json& value, const std::string& root);

}  // namespace tempera::descriptor
