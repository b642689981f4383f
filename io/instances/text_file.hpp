// Whole text files, read once. Written by core::write_text_atomically.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace tempera::instances {

/// The file's bytes. Throws UserError when it is missing, a directory, unreadable, empty or above 4 GiB; DataError when reading fails.
std::string read_text(const std::filesystem::path& path);

}  // namespace tempera::instances
