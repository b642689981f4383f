// The commands on a state vector, as a user meets them.
#include <gtest/gtest.h>

#include "tests/support/tempera.hpp"

namespace tempera::tests {
namespace {

TEST(BenchStateVector, TellsLayerFloorAndRatio) {
  for (const char* precision : {"double", "single"}) {
    const auto json = json_of(tempera({"bench", "statevector", "--qubits", "14", "--precision", precision, "--layers", "2", "--output", "json"}));
    EXPECT_EQ(json.at("diagonal"), "uint8");
    EXPECT_GT(json.at("layer_seconds").get<double>(), 0);
    EXPECT_GT(json.at("floor_seconds").get<double>(), 0);
    EXPECT_DOUBLE_EQ(json.at("layer_over_floor").get<double>(), json.at("layer_seconds").get<double>() / json.at("floor_seconds").get<double>());
    EXPECT_EQ(json.at("sent_bytes_per_rank_per_layer"), 0);
  }
}

TEST(BenchStateVector, SendsHalfOfItsShareOnTwoRanks) {
  const auto json = json_of(tempera({"bench", "statevector", "--qubits", "14", "--layers", "2", "--output", "json"}, 2));
  EXPECT_EQ(json.at("ranks"), 2);
  EXPECT_EQ(json.at("sent_bytes_per_rank_per_layer"), (16 << 13) / 2);
}

TEST(BenchStateVector, LeavesTheThirdRankIdleAndSaysSo) {
  const Finished finished = tempera({"bench", "statevector", "--qubits", "14", "--layers", "1", "--output", "json"}, 3);
  EXPECT_EQ(json_of(finished).at("idle_ranks"), 1);
  EXPECT_NE(finished.err.find("2 of 3 ranks take part, the other 1 are idle"), std::string::npos) << finished.err;
}

TEST(BenchStateVector, RefusesWhatDoesNotFitWithTheLargestThatDoes) {
  for (const int ranks : {0, 2}) {
    const Finished finished = tempera({"bench", "statevector", "--qubits", "40"}, ranks);
    EXPECT_EQ(finished.exit_code, 2);
    EXPECT_NE(finished.err.find("The largest number that fits is "), std::string::npos) << finished.err;
  }
}

}  // namespace
}  // namespace tempera::tests
