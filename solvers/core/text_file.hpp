// Whole text files, read once, and their edges. Written by core::write_text_atomically.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace tempera::core {

/// The file's bytes; it may be empty. @throws UserError when it is missing, a directory, unreadable or above 4 GiB, DataError when reading fails
std::string read_text(const std::filesystem::path& path);

/// Without the blanks and line ends around it.
std::string_view trimmed(std::string_view text);

}  // namespace tempera::core
