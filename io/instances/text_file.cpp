#include "io/instances/text_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "solvers/core/error.hpp"

namespace tempera::instances {

namespace fs = std::filesystem;
using core::DataError;
using core::UserError;

namespace {
// Closes on every way out.
struct Descriptor {
  int fd = -1;
  explicit Descriptor(int value) : fd(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { if (fd >= 0) ::close(fd); }
};

void write_all(int fd, std::string_view text, const fs::path& path) {
  while (!text.empty()) {
    const ssize_t done = ::write(fd, text.data(), text.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) throw DataError(fmt::format("{}: cannot write: {}.", path.string(), core::errno_text(errno)));
    text.remove_prefix(static_cast<std::size_t>(done));
  }
}

// The file a symbolic link stands for; refuses devices, pipes and directories.
fs::path regular_target(const fs::path& path) {
  std::error_code failure;
  const fs::file_status status = fs::status(path, failure);
  if (!fs::exists(status)) return path;
  if (fs::is_directory(status)) throw DataError(fmt::format("{}: cannot write: it is a directory. Give a file name.", path.string()));
  if (!fs::is_regular_file(status)) throw DataError(fmt::format("{}: cannot write: it is not a regular file. Give a file name.", path.string()));
  return fs::is_symlink(fs::symlink_status(path)) ? fs::canonical(path) : path;
}

// mkstemp makes files that only the owner reads; give the file what a plain open would have given.
mode_t usual_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return static_cast<mode_t>(0666) & ~mask;
}

// Makes the rename itself durable. Some file systems cannot sync a folder; the file is complete either way.
void sync_folder(const fs::path& folder) {
  const Descriptor opened(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.fd >= 0) static_cast<void>(::fsync(opened.fd));
}
}  // namespace

std::string read_text(const fs::path& path) {
  constexpr std::size_t largest = std::size_t{4} << 30;
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.fd < 0) throw UserError(fmt::format("{}: cannot open: {}. Check the path.", path.string(), core::errno_text(errno)));
  struct stat about {};
  if (::fstat(file.fd, &about) != 0) throw DataError(fmt::format("{}: cannot read: {}.", path.string(), core::errno_text(errno)));
  if (S_ISDIR(about.st_mode)) throw UserError(fmt::format("{}: is a directory. Give the file in it.", path.string()));
  std::string text(S_ISREG(about.st_mode) ? std::min(largest, static_cast<std::size_t>(about.st_size)) + 1 : 65536, '\0');
  std::size_t filled = 0;
  while (true) {
    const ssize_t got = ::read(file.fd, text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw DataError(fmt::format("{}: cannot read: {}.", path.string(), core::errno_text(errno)));
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
    if (filled > largest) throw UserError(fmt::format("{}: above 4 GiB; no instance is that large. Check the path.", path.string()));
    if (filled == text.size()) text.resize(2 * text.size());
  }
  if (filled == 0) throw UserError(fmt::format("{}: the file is empty. Check that it was copied or downloaded completely.", path.string()));
  text.resize(filled);
  return text;
}

void write_atomically(const fs::path& path, std::string_view text) {
  const fs::path target = regular_target(path);
  std::string pattern = (target.parent_path() / fmt::format(".{}.XXXXXX", target.filename().string())).string();
  const Descriptor file(::mkstemp(pattern.data()));
  if (file.fd < 0) throw DataError(fmt::format("{}: cannot write: {}.", path.string(), core::errno_text(errno)));
  try {
    write_all(file.fd, text, path);
    if (::fchmod(file.fd, usual_mode()) != 0 || ::fsync(file.fd) != 0 || ::rename(pattern.c_str(), target.c_str()) != 0)
      throw DataError(fmt::format("{}: cannot write: {}.", path.string(), core::errno_text(errno)));
  } catch (...) {
    ::unlink(pattern.c_str());
    throw;
  }
  sync_folder(target.parent_path());
}

}  // namespace tempera::instances
