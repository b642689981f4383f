// Checks of option values. Each answers with an empty text, or with the value seen and what is allowed; the option's name
// is put in front by the command line.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace tempera::app {

using ValueCheck = std::function<std::string(const std::string&)>;

/// A finite number above 0.
ValueCheck positive_number();
/// A finite number.
ValueCheck any_number();
/// A whole number from `least` to `most`.
ValueCheck whole_number(std::uint64_t least, std::uint64_t most = std::numeric_limits<std::uint64_t>::max());
/// One of these names; offers the nearest to another.
ValueCheck one_of(std::vector<std::string_view> names);
/// Anything but nothing.
ValueCheck not_empty();

}  // namespace tempera::app
