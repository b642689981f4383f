#include "solvers/core/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "solvers/core/error.hpp"

namespace tempera::core {

namespace {
[[noreturn]] void fail(const std::filesystem::path& path, const char* what, int code) {
  const char* advice = code == ENOSPC || code == EDQUOT ? " Free some space or write elsewhere." : "";
  throw DataError(fmt::format("{}: cannot {}: {}.{}", path.string(), what, errno_text(code), advice));
}

class File {
 public:
  File(const std::filesystem::path& path, int flags, const char* what) : path_(path), descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {
    if (descriptor_ < 0) fail(path, what, errno);
  }
  ~File() { ::close(descriptor_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail(path_, "write", errno);
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void sync() {
    if (::fsync(descriptor_) != 0) fail(path_, "force to disk", errno);
  }

 private:
  std::filesystem::path path_;
  int descriptor_;
};

std::filesystem::path folder_of(const std::filesystem::path& path) { return path.has_parent_path() ? path.parent_path() : std::filesystem::path("."); }

std::atomic<unsigned> next_generation{0};
}  // namespace

AtomicReplacement::AtomicReplacement(std::filesystem::path target)
    : target_(std::move(target)),
      temporary_(folder_of(target_) / fmt::format(".{}.{}.{}.tmp", target_.filename().string(), ::getpid(), next_generation++)) {}

AtomicReplacement::~AtomicReplacement() {
  if (committed_) return;
  std::error_code ignored;  // it may never have been made
  std::filesystem::remove(temporary_, ignored);
}

void AtomicReplacement::commit() {
  File(temporary_, O_RDONLY, "open").sync();
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(target_, "be replaced", errno);
  committed_ = true;
  File(folder_of(target_), O_RDONLY | O_DIRECTORY, "open").sync();
}

void write_text_atomically(const std::filesystem::path& path, std::string_view text) {
  AtomicReplacement replacement(path);
  File(replacement.temporary(), O_WRONLY | O_CREAT | O_TRUNC, "create").write(text);
  replacement.commit();
}

}  // namespace tempera::core
