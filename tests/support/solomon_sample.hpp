// A random file with time windows in Solomon's format, for tests of whole runs.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "solvers/core/random.hpp"

namespace tempera::tests {

/// Windows about two hundred wide in a day of a thousand, on a square of a hundred; every customer can be served alone.
inline std::string solomon_sample(int customers, std::uint64_t seed) {
  core::RandomStream random({.seed = seed, .domain = core::tests});
  std::string text = fmt::format("S{}\n\nVEHICLE\nNUMBER     CAPACITY\n  {}  200\n\nCUSTOMER\nCUST NO.  XCOORD.  YCOORD.  DEMAND  READY TIME  DUE DATE  SERVICE TIME\n\n", customers, customers);
  text += "0 50 50 0 0 1000 0\n";
  for (int c = 1; c <= customers; ++c) {
    const int x = static_cast<int>(random.below(101)), y = static_cast<int>(random.below(101));
    const int away = static_cast<int>(std::ceil(std::hypot(x - 50, y - 50))) + 1;
    const int centre = away + static_cast<int>(random.below(static_cast<std::uint32_t>(1000 - 10 - 2 * away)));
    text += fmt::format("{} {} {} {} {} {} 10\n", c, x, y, 1 + random.below(30), std::max(0, centre - 100), std::min(1000 - 10 - away, centre + 100));
  }
  return text;
}

}  // namespace tempera::tests
