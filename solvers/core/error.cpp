#include "solvers/core/error.hpp"

#include <fmt/format.h>

#include <system_error>

namespace tempera::core {

std::string errno_text(int code) { return std::system_category().message(code); }

void assertion_failed(const char* expression, const char* file, int line, const std::string& values) {
  throw LogicError(fmt::format("{}:{}: assertion `{}` failed{}{}. This is a mistake in Tempera: please report it with the command line.",
                               file, line, expression, values.empty() ? "" : ": ", values));
}

}  // namespace tempera::core
