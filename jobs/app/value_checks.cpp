#include "jobs/app/value_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "solvers/core/nearest_name.hpp"

namespace tempera::app {

namespace {
// Nothing unless the whole text is one number of this kind.
template <class Number>
bool parse(const std::string& text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}
}  // namespace

ValueCheck positive_number() {
  return [](const std::string& text) -> std::string {
    double value = 0;
    if (parse(text, value) && std::isfinite(value) && value > 0) return "";
    return fmt::format("the value is {}; give a number above 0", text);
  };
}

ValueCheck any_number() {
  return [](const std::string& text) -> std::string {
    double value = 0;
    if (parse(text, value) && std::isfinite(value)) return "";
    return fmt::format("the value is {}; give a number", text);
  };
}

ValueCheck whole_number(std::uint64_t least, std::uint64_t most) {
  return [least, most](const std::string& text) -> std::string {
    std::uint64_t value = 0;
    if (parse(text, value) && value >= least && value <= most) return "";
    return fmt::format("the value is {}; give a whole number from {} to {}", text, least, most);
  };
}

ValueCheck one_of(std::vector<std::string_view> names) {
  return [names](const std::string& text) -> std::string {
    if (std::ranges::find(names, text) != names.end()) return "";
    const auto nearest = core::nearest_name(text, names);
    return fmt::format("the value is {}; give one of {}{}", text, fmt::join(names, ", "), nearest ? fmt::format(". Did you mean {}?", *nearest) : "");
  };
}

ValueCheck not_empty() {
  return [](const std::string& text) { return std::string(text.empty() ? "the value is empty; give a path" : ""); };
}

}  // namespace tempera::app
