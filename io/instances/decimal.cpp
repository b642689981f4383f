#include "io/instances/decimal.hpp"

#include <fmt/format.h>

namespace tempera::instances {

std::string in_user_units(std::int64_t value, model::Rounding rounding) {
  const auto units = static_cast<std::uint64_t>(model::units_per_distance(rounding));
  const std::uint64_t size = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  std::string text = fmt::format("{}{}", value < 0 ? "-" : "", size / units);
  if (units > 1) text += fmt::format(".{:0{}}", size % units, fmt::formatted_size("{}", units) - 1);
  return text;
}

}  // namespace tempera::instances
