// The helper's own control: a missing benchmark file must fail the test by name, and be skipped aloud only on request.
#include "tests/support/benchmark_data.hpp"

#include <gtest/gtest-spi.h>

#include <cstdlib>
#include <optional>

namespace tempera::tests {
namespace {

void needs_what_is_not_there() { TEMPERA_NEEDS_BENCHMARK("vrp/no/such.vrp"); }

// TestPartResultArray cannot be copied, so the caller brings it.
void collect(testing::TestPartResultArray& results) {
  const testing::ScopedFakeTestPartResultReporter reporter(testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &results);
  needs_what_is_not_there();
}

// Sets or clears the waiver and puts back what the user had.
class Waiver {
 public:
  explicit Waiver(const char* value) {
    if (const char* old = std::getenv(name)) old_ = old;
    set(value);
  }
  Waiver(const Waiver&) = delete;
  Waiver& operator=(const Waiver&) = delete;
  ~Waiver() { set(old_ ? old_->c_str() : nullptr); }

 private:
  static constexpr const char* name = "TEMPERA_NO_BENCHMARK_DATA";
  static void set(const char* value) { value != nullptr ? ::setenv(name, value, 1) : ::unsetenv(name); }
  std::optional<std::string> old_;
};

TEST(BenchmarkData, AMissingFileFailsTheTestByName) {
  const Waiver waiver(nullptr);
  testing::TestPartResultArray results;
  collect(results);
  ASSERT_EQ(results.size(), 1);
  EXPECT_TRUE(results.GetTestPartResult(0).fatally_failed());
  EXPECT_NE(std::string(results.GetTestPartResult(0).message()).find("vrp/no/such.vrp"), std::string::npos);
}

TEST(BenchmarkData, TheWaiverSkipsAndSaysSo) {
  const Waiver waiver("1");
  testing::TestPartResultArray results;
  collect(results);
  ASSERT_EQ(results.size(), 1);
  EXPECT_TRUE(results.GetTestPartResult(0).skipped());
  EXPECT_NE(std::string(results.GetTestPartResult(0).message()).find("vrp/no/such.vrp"), std::string::npos);
}

}  // namespace
}  // namespace tempera::tests
