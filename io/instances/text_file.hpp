// Whole text files, read once and written atomically.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace tempera::instances {

/// The file's bytes. Throws UserError when it is missing, a directory, unreadable, empty or above 4 GiB; DataError when reading fails.
std::string read_text(const std::filesystem::path& path);

/// Replaces `path` by `text`: temporary file in the same folder, fsync, rename, so that a reader sees the old or the new
/// file and never a part. A symbolic link is followed. Throws DataError naming the path and the errno text; the previous
/// file is then untouched. Refuses anything that is not a regular file (a device would be replaced by a file).
void write_atomically(const std::filesystem::path& path, std::string_view text);

}  // namespace tempera::instances
