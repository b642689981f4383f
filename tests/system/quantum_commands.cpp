// The commands on a state vector, as a user meets them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temporary_folder.hpp"
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

std::string written(const TemporaryFolder& folder, const char* name, const std::string& text) {
  const auto path = folder.path() / name;
  std::ofstream(path) << text;
  return path.string();
}

TEST(CircuitCommand, RunsACatOnOneAndTwoRanksAlike) {
  const TemporaryFolder folder;
  std::string text = "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[9];\ncreg c[9];\nh q[0];\n";
  for (int q = 1; q < 9; ++q) text += "cx q[" + std::to_string(q - 1) + "],q[" + std::to_string(q) + "];\n";
  const std::string file = written(folder, "cat.qasm", text + "measure q -> c;\n");
  const auto alone = json_of(tempera({"circuit", file, "--shots", "500", "--z", "0,8", "--z", "4", "--output", "json"}));
  EXPECT_EQ(alone.at("counts").size(), 2u);
  EXPECT_EQ(alone.at("counts").at("000000000").get<int>() + alone.at("counts").at("111111111").get<int>(), 500);
  EXPECT_NEAR(alone.at("z_expectations").at("0,8").get<double>(), 1, 1e-12);
  EXPECT_NEAR(alone.at("z_expectations").at("4").get<double>(), 0, 1e-12);
  const auto two = json_of(tempera({"circuit", file, "--shots", "500", "--output", "json"}, 2));
  EXPECT_EQ(two.at("ranks"), 2);
  EXPECT_EQ(two.at("counts"), alone.at("counts"));
}

TEST(CircuitCommand, RefusesWithFileLineAndToken) {
  const TemporaryFolder folder;
  const std::string file = written(folder, "bad.qasm", "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[2];\nhadamard q[0];\n");
  for (const int ranks : {0, 2}) {
    const Finished finished = tempera({"circuit", file}, ranks);
    EXPECT_EQ(finished.exit_code, 2);
    EXPECT_NE(finished.err.find(file + ":4: 'hadamard' is not a gate of qelib1.inc"), std::string::npos) << finished.err;
  }
}

const char* const cut = "8 12\n1 2 1\n2 3 2\n3 4 1\n4 5 3\n5 6 1\n6 7 2\n7 8 1\n1 8 3\n1 5 2\n2 6 1\n3 7 1\n4 8 2\n";

TEST(QaoaCommand, FindsTheCutBesideUniformPicks) {
  const TemporaryFolder folder;
  const std::string file = written(folder, "ladder.mc", cut);
  const std::string angles = (folder.path() / "angles.h5").string(), state = (folder.path() / "state.h5").string();
  const auto json = json_of(tempera({"qaoa", file, "--depth", "5", "--save-angles", angles, "--save-state", state, "--output", "json"}));
  EXPECT_EQ(json.at("best_sample").at("objective"), json.at("exact_optimum"));
  const nlohmann::json& sampled = json.at("best_sample").at("probability");
  EXPECT_LT(sampled.at("low").get<double>(), sampled.at("estimate").get<double>());
  EXPECT_GT(sampled.at("high").get<double>(), sampled.at("estimate").get<double>());
  EXPECT_GT(json.at("optimum_probability").get<double>(), 10 * json.at("uniform").at("optimum_probability").get<double>());
  EXPECT_GT(json.at("expected_objective").get<double>(), json.at("uniform").at("expected_objective").get<double>());
  EXPECT_NEAR(json.at("uniform").at("expected_objective").get<double>(), 10, 1e-9);  // half of the weights
  EXPECT_EQ(json.at("gamma").size(), 5u);
  for (const int ranks : {0, 2}) {
    const auto taken = json_of(tempera({"qaoa", file, "--state", state, "--output", "json"}, ranks));
    EXPECT_NEAR(taken.at("expected_objective").get<double>(), json.at("expected_objective").get<double>(), 1e-9);
    EXPECT_NEAR(taken.at("optimum_probability").get<double>(), json.at("optimum_probability").get<double>(), 1e-9);
    EXPECT_EQ(taken.at("best_sample").at("objective"), json.at("best_sample").at("objective"));
    EXPECT_FALSE(taken.contains("gamma"));
  }
  EXPECT_EQ(tempera({"qaoa", file, "--state", state, "--angles", angles}).exit_code, 2);
  const auto again = json_of(tempera({"qaoa", file, "--depth", "5", "--search", "bobyqa", "--angles", angles, "--evaluations", "30", "--output", "json"}, 2));
  EXPECT_GE(again.at("expected_objective").get<double>(), json.at("expected_objective").get<double>() - 1e-6);
}

TEST(QaoaCommand, StaysInTheOneHotSpaceOfItsGroups) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 9; ++i) text += std::to_string(i) + " " + std::to_string(i) + " " + std::to_string((i * 7) % 5 - 2) + "\n";
  text += "0 4 3\n1 5 -4\n2 6 2\n3 8 -1\n4 7 5\n#@ one-hot 0 1 2\n#@ one-hot 3 4 5\n#@ one-hot 6 7 8\n";
  for (const char* mixer : {"complete", "ring", "grover"}) {
    const auto json = json_of(tempera({"qaoa", written(folder, "rows.coo", text), "--depth", "6", "--mixer", mixer, "--output", "json"}));
    EXPECT_EQ(json.at("amplitudes"), 27);
    EXPECT_TRUE(json.at("best_sample").at("feasible").get<bool>());
    EXPECT_EQ(json.at("best_sample").at("objective"), json.at("exact_optimum"));
    EXPECT_GT(json.at("optimum_probability").get<double>(), json.at("uniform").at("optimum_probability").get<double>());
  }
}

TEST(QaoaCommand, KeepsGroupsOfAnyCardinalityOnOneAndTwoRanksAlike) {
  const TemporaryFolder folder;
  std::string text = "#@ exactly 3 0 2 4 6 8\n#@ one-hot 1 3 5\n";  // 7 and 9 are free
  for (int i = 0; i < 10; ++i) text += std::to_string(i) + " " + std::to_string(i) + " " + std::to_string(i % 4 - 2) + "\n" + std::to_string(i) + " " + std::to_string((i + 3) % 10) + " " + std::to_string(i % 3) + "\n";
  const std::string file = written(folder, "mixed.coo", text);
  for (const std::string mixer : {"ring", "complete", "grover"}) {
    const auto json = json_of(tempera({"qaoa", file, "--mixer", mixer, "--output", "json"}));
    EXPECT_EQ(json.at("feasible_states"), 10 * 3 * 4);
    EXPECT_TRUE(json.at("best_sample").at("feasible"));
    EXPECT_LT(json.at("expected_objective").get<double>(), json.at("uniform").at("expected_objective").get<double>());
    EXPECT_EQ(json.at("best_sample").at("objective"), json.at("exact_optimum"));
    const auto two = json_of(tempera({"qaoa", file, "--mixer", mixer, "--output", "json"}, 2));
    EXPECT_EQ(two.at("ranks"), 2);
    EXPECT_NEAR(two.at("expected_objective").get<double>(), json.at("expected_objective").get<double>(), 1e-10);
  }
}

TEST(QaoaCommand, RefusesWhatItCannotSimulate) {
  const TemporaryFolder folder;
  const Finished large = tempera({"qaoa", written(folder, "large.coo", "0 99 1\n")});
  EXPECT_EQ(large.exit_code, 2);
  EXPECT_NE(large.err.find("100 variables need as many qubits; at most 40"), std::string::npos) << large.err;
  const Finished angles = tempera({"qaoa", written(folder, "groups.coo", "0 3 1\n#@ one-hot 0 1\n"), "--save-angles", (folder / "a.h5").string()});
  EXPECT_EQ(angles.exit_code, 2);
  EXPECT_NE(angles.err.find("are for problems without groups. Leave them out."), std::string::npos) << angles.err;
  EXPECT_EQ(tempera({"qaoa", written(folder, "cut.mc", cut), "--tail", "0.5"}).exit_code, 2);
}

}  // namespace
}  // namespace tempera::tests
