#include "io/instances/text_file.hpp"

#include <fmt/format.h>

#include "solvers/core/error.hpp"
#include "solvers/core/text_file.hpp"

namespace tempera::instances {

std::string read_text(const std::filesystem::path& path) {
  std::string text = core::read_text(path);
  if (text.empty()) throw core::UserError(fmt::format("{}: the file is empty. Check that it was copied or downloaded completely.", path.string()));
  return text;
}

}  // namespace tempera::instances
