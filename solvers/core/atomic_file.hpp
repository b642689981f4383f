// Files that are replaced whole or not at all, whatever kills the process or fills the disk.
#pragma once

#include <filesystem>
#include <string_view>

namespace tempera::core {

/// Write to `temporary()` (same folder, a name of this process's own), then `commit()`: the data is forced to disk, then
/// renamed over the target, then the folder is forced. Without a commit the temporary file is removed and the target stays.
/// A symbolic link is followed. @throws DataError for a target that is a directory, a device or a pipe
class AtomicReplacement {
 public:
  explicit AtomicReplacement(std::filesystem::path target);
  ~AtomicReplacement();
  AtomicReplacement(const AtomicReplacement&) = delete;
  AtomicReplacement& operator=(const AtomicReplacement&) = delete;

  const std::filesystem::path& temporary() const { return temporary_; }
  /// Makes `bytes` the content of the temporary file. @throws DataError with path and errno text
  void write(std::string_view bytes) const;
  /// Forces the data to disk, so that the commit that follows only renames. @throws DataError with path and errno text
  void sync();
  /// @throws DataError with path and errno text; the target is then untouched
  void commit();

 private:
  std::filesystem::path named_;   // as given, for messages
  std::filesystem::path target_;
  std::filesystem::path temporary_;
  bool synced_ = false;
  bool committed_ = false;
};

/// @throws DataError with path and errno text; an existing file is then untouched
void write_text_atomically(const std::filesystem::path& path, std::string_view text);

}  // namespace tempera::core
