#include "solvers/core/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "solvers/core/error.hpp"

namespace tempera::core {

namespace fs = std::filesystem;

namespace {
[[noreturn]] void fail(const fs::path& path, int code) {
  const char* advice = code == ENOSPC || code == EDQUOT ? " Free some space or write elsewhere." : "";
  throw DataError(fmt::format("{}: cannot write: {}.{}", path.string(), errno_text(code), advice));
}

// An open file. `named` is the path that the user knows, for messages.
class File {
 public:
  File(const fs::path& path, int flags, const fs::path& named) : named_(named), descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) fail(named, errno);
  }
  ~File() { ::close(descriptor_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail(named_, errno);
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void sync() {
    if (::fsync(descriptor_) != 0) fail(named_, errno);
  }

 private:
  fs::path named_;
  int descriptor_;
};

// The file a symbolic link stands for; refuses devices, pipes and directories, which a rename would replace.
fs::path regular_target(const fs::path& path) {
  std::error_code failure;
  const fs::file_status status = fs::status(path, failure);
  if (!fs::exists(status)) return path;
  if (fs::is_directory(status)) throw DataError(fmt::format("{}: cannot write: it is a directory. Give a file name.", path.string()));
  if (!fs::is_regular_file(status)) throw DataError(fmt::format("{}: cannot write: it is not a regular file. Give a file name.", path.string()));
  return fs::is_symlink(fs::symlink_status(path)) ? fs::canonical(path) : path;
}

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

// Makes the rename itself durable. Some file systems cannot sync a folder; the file is complete either way.
void sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  static_cast<void>(::fsync(descriptor));
  ::close(descriptor);
}

std::atomic<unsigned> next_generation{0};
}  // namespace

AtomicReplacement::AtomicReplacement(fs::path target)
    : named_(std::move(target)),
      target_(regular_target(named_)),
      temporary_(folder_of(target_) / fmt::format(".{}.{}.{}.tmp", target_.filename().string(), ::getpid(), next_generation++)) {}

AtomicReplacement::~AtomicReplacement() {
  if (committed_) return;
  std::error_code ignored;  // it may never have been made
  fs::remove(temporary_, ignored);
}

void AtomicReplacement::write(std::string_view bytes) const { File(temporary_, O_WRONLY | O_CREAT | O_TRUNC, named_).write(bytes); }

void AtomicReplacement::sync() {
  File(temporary_, O_RDONLY, named_).sync();
  synced_ = true;
}

void AtomicReplacement::commit() {
  if (!synced_) sync();
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(named_, errno);
  committed_ = true;
  sync_folder(folder_of(target_));
}

void write_text_atomically(const fs::path& path, std::string_view text) {
  AtomicReplacement replacement(path);
  replacement.write(text);
  replacement.commit();
}

}  // namespace tempera::core
