// JSON as it lies in a file: strict, and what it holds at its top.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>

namespace tempera::descriptor {

/// @throws UserError naming file and line for what is not JSON or a number that no double holds, and every key that stands twice in one object
nlohmann::json parsed(const std::filesystem::path& file, const std::string& text);

/// The keys at the top of an object, or of the objects in an array, in one pass without building anything; also of a text that is cut off.
std::set<std::string, std::less<>> top_keys(std::string_view text);

}  // namespace tempera::descriptor
