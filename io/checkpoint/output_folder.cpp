#include "io/checkpoint/output_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "solvers/core/error.hpp"
#include "solvers/core/text_file.hpp"

namespace tempera::checkpoint {

namespace {
std::string owner_text() {
  char host[256] = "unknown host";
  gethostname(host, sizeof host - 1);
  return fmt::format("process {} on {}", ::getpid(), host);
}

// What a killed run left half written; this run holds the lock, so nobody is writing them now.
void remove_leftovers(const std::filesystem::path& folder) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    const bool ours = name.starts_with(".result.") || name.starts_with(".solution.") || name.starts_with(".checkpoint") || name.starts_with(".status.");
    if (ours && name.ends_with(".tmp")) std::filesystem::remove(entry.path(), ignored);
  }
}
}  // namespace

OutputFolder::OutputFolder(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error || !std::filesystem::is_directory(folder_))
    throw core::UserError(fmt::format("--out {}: cannot make this directory: {}. Give a directory that you may write to.", folder_.string(),
                                      error ? error.message() : "a file of this name is there"));
  const std::filesystem::path lock_file = folder_ / ".lock";
  lock_ = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0)
    throw core::UserError(fmt::format("--out {}: cannot write into this directory: {}. Give a directory that you may write to.", folder_.string(),
                                      core::errno_text(errno)));
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    ::close(lock_);
    const std::string owner = core::read_text(lock_file);
    throw core::UserError(fmt::format("--out {}: another run writes here ({}). Wait for it or give another directory.", folder_.string(), owner));
  }
  const std::string owner = owner_text();
  if (::ftruncate(lock_, 0) != 0 || ::write(lock_, owner.data(), owner.size()) != static_cast<ssize_t>(owner.size())) {
    const int code = errno;
    ::close(lock_);
    throw core::UserError(fmt::format("--out {}: cannot write into this directory: {}. Free some space or give another directory.", folder_.string(),
                                      core::errno_text(code)));
  }
  remove_leftovers(folder_);
}

OutputFolder::~OutputFolder() { ::close(lock_); }

bool is_locked(const std::filesystem::path& folder) {
  const int descriptor = ::open((folder / ".lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool locked = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(descriptor);
  return locked;
}

}  // namespace tempera::checkpoint
