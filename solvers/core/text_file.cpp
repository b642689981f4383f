#include "solvers/core/text_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "solvers/core/error.hpp"

namespace tempera::core {

namespace fs = std::filesystem;

namespace {
// Closes on every way out.
struct Descriptor {
  int fd = -1;
  explicit Descriptor(int value) : fd(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { if (fd >= 0) ::close(fd); }
};
}  // namespace

std::string read_text(const fs::path& path) {
  constexpr std::size_t largest = std::size_t{4} << 30;
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.fd < 0) throw UserError(fmt::format("{}: cannot open: {}. Check the path.", path.string(), errno_text(errno)));
  struct stat about {};
  if (::fstat(file.fd, &about) != 0) throw DataError(fmt::format("{}: cannot read: {}.", path.string(), errno_text(errno)));
  if (S_ISDIR(about.st_mode)) throw UserError(fmt::format("{}: is a directory. Give the file in it.", path.string()));
  std::string text(S_ISREG(about.st_mode) ? std::min(largest, static_cast<std::size_t>(about.st_size)) + 1 : 65536, '\0');
  std::size_t filled = 0;
  while (true) {
    const ssize_t got = ::read(file.fd, text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw DataError(fmt::format("{}: cannot read: {}.", path.string(), errno_text(errno)));
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
    if (filled > largest) throw UserError(fmt::format("{}: above 4 GiB; no input is that large. Check the path.", path.string()));
    if (filled == text.size()) text.resize(2 * text.size());
  }
  text.resize(filled);
  return text;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  const std::size_t from = text.find_first_not_of(blanks);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

}  // namespace tempera::core
