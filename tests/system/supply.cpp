// Safety-stock placement and the backtest through the command line.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <numeric>

#include "io/checkpoint/backtest_file.hpp"
#include "tests/support/tempera.hpp"

namespace tempera::tests {
namespace {

namespace fs = std::filesystem;
const fs::path examples = fs::path(TEMPERA_SOURCE_DIR) / "jobs" / "examples";

class Supply : public ::testing::Test {
 protected:
  nlohmann::json run(Words words, int ranks = 0) {
    words.insert(words.end(), {"--output", "json"});
    const Finished finished = tempera(words, ranks);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    return json_of(finished);
  }
  // The example backtest with one thing spoilt.
  std::string refused(const std::string& pointer, const nlohmann::json& value) {
    nlohmann::json job = nlohmann::json::parse(content_of(examples / "two_echelon_backtest.json"));
    job[nlohmann::json::json_pointer(pointer)] = value;
    std::ofstream(folder_ / "bad.json") << job.dump();
    const Finished finished = tempera({"backtest", (folder_ / "bad.json").string(), "--out", (folder_ / "bad").string()});
    EXPECT_EQ(finished.exit_code, 2) << pointer;
    return finished.err;
  }

  TemporaryFolder folder_;
};

TEST_F(Supply, PlacementHasTheSameAnswerOnAnyNumberOfRanksAndIsConfirmed) {
  const std::string file = (examples / "placement.json").string();
  const nlohmann::json alone = run({"solve", file, "--iterations", "20000", "--out", (folder_ / "one").string()});
  run({"solve", file, "--iterations", "20000", "--out", (folder_ / "three").string()}, 3);
  EXPECT_EQ(content_of(folder_ / "one/plan.csv"), content_of(folder_ / "three/plan.csv"));
  EXPECT_LE(alone["objective"]["lower_bound"], alone["objective"]["cost"]);
  const nlohmann::json verdict = json_of(tempera({"check", file, "--solution", (folder_ / "one/plan.csv").string(), "--output", "json"}));
  EXPECT_NEAR(verdict["cost"].get<double>(), alone["objective"]["cost"].get<double>(), 1e-6);
}

TEST_F(Supply, PlacementKeepsTheStorageOfItsSitesOnAnyNumberOfRanks) {
  const std::string file = (examples / "placement_storage.json").string();
  const nlohmann::json alone = run({"solve", file, "--iterations", "20000", "--out", (folder_ / "one").string()});
  run({"solve", file, "--iterations", "20000", "--out", (folder_ / "three").string()}, 3);
  EXPECT_EQ(content_of(folder_ / "one/plan.csv"), content_of(folder_ / "three/plan.csv"));
  EXPECT_LE(alone["figures"]["after"]["stored_plant hall"]["value"], 46.0001);
  const nlohmann::json free = run({"solve", (examples / "placement.json").string(), "--iterations", "20000", "--out", (folder_ / "free").string()});
  EXPECT_GT(alone["objective"]["cost"], free["objective"]["cost"]) << "the hall binds";
  const Finished overfull = tempera({"check", file, "--solution", (folder_ / "free/plan.csv").string(), "--output", "json"});
  EXPECT_NE(overfull.out.find("site 0 (plant hall): "), std::string::npos) << overfull.out;
  const Finished started = tempera({"solve", file, "--warm-start", (folder_ / "free/plan.csv").string(), "--iterations", "100", "--out", (folder_ / "x").string()});
  EXPECT_EQ(started.exit_code, 2);
  EXPECT_NE(started.err.find("cannot be a start: site 0 (plant hall)"), std::string::npos) << started.err;
}

TEST_F(Supply, BacktestHasTheSameTotalsOnAnyNumberOfRanksAndForesightIsTheFloor) {
  const std::string file = (examples / "two_echelon_backtest.json").string();
  const nlohmann::json alone = run({"backtest", file, "--out", (folder_ / "one").string()});
  const nlohmann::json three = run({"backtest", file, "--out", (folder_ / "three").string()}, 3);
  EXPECT_EQ(alone["policies"], three["policies"]);
  double floor = 0, nothing = 0;
  for (const nlohmann::json& policy : alone["policies"]) {
    if (policy["name"] == "perfect foresight") floor = policy["cost_per_period"];
    if (policy["name"] == "do nothing") nothing = policy["cost_per_period"];
  }
  for (const nlohmann::json& policy : alone["policies"]) EXPECT_LE(policy["name"] == "(s, S)" ? 0.0 : floor, policy["cost_per_period"]) << policy["name"];
  EXPECT_GT(nothing, 2 * floor);
}

TEST_F(Supply, ABacktestLeavesTheSameFiguresInHdf5) {
  const nlohmann::json result = run({"backtest", (examples / "two_echelon_backtest.json").string(), "--out", (folder_ / "one").string()});
  const checkpoint::BacktestRecord record = checkpoint::read_backtest(folder_ / "one/result.h5", {"cost_per_period", "holding"});
  ASSERT_EQ(record.policies.size(), result["policies"].size());
  ASSERT_EQ(record.scenario_cost.size(), record.policies.size() * static_cast<std::size_t>(record.scenarios));
  for (std::size_t k = 0; k < record.policies.size(); ++k) {
    EXPECT_EQ(record.policies[k], result["policies"][k]["name"]);
    EXPECT_DOUBLE_EQ(record.figures[0].values[k], result["policies"][k]["cost_per_period"]);
    EXPECT_DOUBLE_EQ(record.figures[1].values[k], result["policies"][k]["per_period"]["holding"]);
    const auto first = record.scenario_cost.begin() + static_cast<std::ptrdiff_t>(k) * record.scenarios;
    EXPECT_NEAR(std::accumulate(first, first + record.scenarios, 0.0) / record.scenarios, record.figures[0].values[k], 1e-9 * record.figures[0].values[k]);
  }
}

TEST_F(Supply, BadBacktestsAreRefusedByTheFieldThatIsWrong) {
  EXPECT_NE(refused("/problem/lanes/1/to", "nroth").find("/problem/lanes/1/to is 'nroth', but there is no such node; did you mean 'north'?"), std::string::npos);
  EXPECT_NE(refused("/problem/lanes/1/lead_time", -2).find("/problem/lanes/1/lead_time is -2; give 0 to 100000."), std::string::npos);
  EXPECT_NE(refused("/problem/policies/1/kind", "magic").find("/problem/policies/1/kind is \"magic\"; give one of"), std::string::npos);
  EXPECT_NE(refused("/problem/nodes/0/holding", 1).find("Did you mean holding_cost?"), std::string::npos);
  EXPECT_NE(refused("/problem/lanes/0/from", "north").find("cycle"), std::string::npos);
}

TEST_F(Supply, ABacktestIsNotSolved) {
  const Finished finished = tempera({"solve", (examples / "two_echelon_backtest.json").string(), "--budget", "3", "--out", (folder_ / "x").string()});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_NE(finished.err.find("is a backtest, which is played and not solved: it has no budget"), std::string::npos) << finished.err;
}

}  // namespace
}  // namespace tempera::tests
