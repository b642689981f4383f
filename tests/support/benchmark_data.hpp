// Tests on benchmark files that lie beside the project. A missing file fails the test by name; with
// TEMPERA_NO_BENCHMARK_DATA=1 in the environment the test is skipped and says so.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace tempera::tests {

/// Path of a benchmark file, e.g. benchmark_file("vrp/X/X-n101-k25.vrp"); says nothing about its existence.
inline std::filesystem::path benchmark_file(std::string_view relative) { return std::filesystem::path(TEMPERA_DATA_DIR) / relative; }

inline bool benchmark_missing(std::string_view relative) {
  std::error_code ignored;
  return !std::filesystem::exists(benchmark_file(relative), ignored);
}

inline bool benchmark_data_waived() {
  const char* value = std::getenv("TEMPERA_NO_BENCHMARK_DATA");
  return value != nullptr && std::string_view(value) == "1";
}

inline std::string benchmark_missing_text(std::string_view relative) {
  return "needs the benchmark file " + benchmark_file(relative).string() +
         ", which is missing. Set -DTEMPERA_DATA_DIR at configure time, or TEMPERA_NO_BENCHMARK_DATA=1 to skip such tests.";
}

}  // namespace tempera::tests

/// First statement of a test that reads the benchmark file (or folder) `relative`: ends the test when it is not there.
#define TEMPERA_NEEDS_BENCHMARK(relative)                                                                       \
  do {                                                                                                          \
    if (::tempera::tests::benchmark_missing(relative)) {                                                        \
      if (::tempera::tests::benchmark_data_waived())                                                            \
        GTEST_SKIP() << "skipped (TEMPERA_NO_BENCHMARK_DATA=1): " << ::tempera::tests::benchmark_missing_text(relative); \
      FAIL() << ::tempera::tests::benchmark_missing_text(relative);                                             \
    }                                                                                                           \
  } while (false)
