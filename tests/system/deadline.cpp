// --budget is end to end: an overshoot of at most one second or one per cent, whatever is larger, launcher included.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/tempera.hpp"

namespace tempera::tests {
namespace {

class Deadline : public ::testing::Test {
 protected:
  void expect_in_time(const std::string& instance, double budget, int ranks, double overshoot = 1) {
    const Finished finished = tempera({"solve", instance, "--budget", std::to_string(budget), "--out", (folder_ / "run").string(), "--output", "json"}, ranks);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    const nlohmann::json json = json_of(finished);
    const double allowed = budget + std::max(overshoot, 0.01 * budget);
    EXPECT_LE(finished.seconds, allowed) << ranks << " ranks";
    EXPECT_LE(json["budget"]["wall_seconds"], allowed);
    EXPECT_GE(json["budget"]["wall_seconds"], std::min(0.9 * budget, budget - 0.5)) << "gives time away";
    EXPECT_LE(json["objective"]["cost"], json["baseline"]["cost"]);
    EXPECT_TRUE(budget < 3 || json["served_by"] == "annealer") << json["served_by"];
  }

  TemporaryFolder folder_;
};

TEST_F(Deadline, IsKeptAtOneThousandCustomers) {
  const std::string instance = generated(folder_, 1000);
  for (const int ranks : {0, 2, 4}) expect_in_time(instance, 3, ranks);
}

TEST_F(Deadline, IsKeptAtTwentyThousandCustomers) {
  const std::string instance = generated(folder_, 20000);
  for (const int ranks : {0, 2, 4}) expect_in_time(instance, 6, ranks);
}

// Reading, launching and writing alone take longer than this budget: only the promise of an answer is left.
TEST_F(Deadline, AnAnswerComesEvenWhereThereIsHardlyAnyTime) {
  for (const int customers : {1, 100, 20000}) {
    const std::string instance = generated(folder_, customers);
    for (const int ranks : {0, 2}) expect_in_time(instance, 0.05, ranks, 4);
  }
}

}  // namespace
}  // namespace tempera::tests
