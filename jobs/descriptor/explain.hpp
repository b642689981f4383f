// Words for what breaks a JSON schema: the value seen, what is allowed, the nearest known key.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/descriptor/violation.hpp"

namespace tempera::descriptor {

/// Walks schema and value together. Knows the words of the shipped schemas: type, const, enum, minimum, exclusiveMinimum, maximum, exclusiveMaximum,
/// minLength, maxLength, minItems, maxItems, required, properties, additionalProperties, items.
std::vector<Violation> explain(const nlohmann::json& schema, const nlohmann::json& value, const std::string& pointer);

/// A key as a step of a JSON pointer (RFC 6901).
std::string escaped(std::string_view key);

/// A value for a message, cut after 40 characters.
std::string shown(const nlohmann::json& value);

}  // namespace tempera::descriptor
