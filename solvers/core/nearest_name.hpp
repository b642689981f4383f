// "Did you mean ...?" for keys, options and field names.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace tempera::core {

/// The entry of `known` with the fewest single-letter edits to `wanted` (upper and lower case alike); the first of equals.
/// Nothing when even the best needs more edits than a third of its own letters plus one: that is no slip of the finger.
std::optional<std::string_view> nearest_name(std::string_view wanted, std::span<const std::string_view> known);

}  // namespace tempera::core
