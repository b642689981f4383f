// Instance files as text. Written by core::write_text_atomically.
#pragma once

#include <filesystem>
#include <string>

namespace tempera::instances {

/// As core::read_text. @throws UserError also for an empty file
std::string read_text(const std::filesystem::path& path);

}  // namespace tempera::instances
