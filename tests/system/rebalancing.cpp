// Replenishment and rebalancing through the command line: any number of ranks, resume, deadline, tables, what is refused.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "io/checkpoint/run_file.hpp"
#include "tests/support/tempera.hpp"

namespace tempera::tests {
namespace {

namespace fs = std::filesystem;

class Rebalancing : public ::testing::Test {
 protected:
  std::string job(int skus = 60, int dcs = 3, int days = 7) {
    const fs::path file = folder_ / "peak.json";
    const Finished made = tempera({"generate", "--kind", "rebalancing", "--skus", std::to_string(skus), "--dcs", std::to_string(dcs), "--days", std::to_string(days), "--out", file.string()});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    return file.string();
  }
  nlohmann::json solved(Words words, int ranks = 0) {
    words.insert(words.end(), {"--output", "json"});
    const Finished finished = tempera(words, ranks);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    return json_of(finished);
  }
  std::string out(const char* name = "run") const { return (folder_ / name).string(); }

  TemporaryFolder folder_;
};

TEST_F(Rebalancing, TheSamePlanOnAnyNumberOfRanksAndAfterResume) {
  const std::string file = job();
  const nlohmann::json alone = solved({"solve", file, "--iterations", "3000", "--out", out("one")});
  const nlohmann::json three = solved({"solve", file, "--iterations", "3000", "--out", out("three")}, 3);
  EXPECT_EQ(content_of(folder_ / "one/plan.csv"), content_of(folder_ / "three/plan.csv"));
  EXPECT_EQ(alone["objective"], three["objective"]);
  const nlohmann::json resumed = solved({"resume", out("one"), "--iterations", "6000"});
  solved({"resume", out("three"), "--iterations", "6000"}, 2);
  EXPECT_EQ(content_of(folder_ / "one/plan.csv"), content_of(folder_ / "three/plan.csv"));
  EXPECT_LE(resumed["objective"]["cost"], alone["objective"]["cost"]);
  EXPECT_GE(resumed["objective"]["lower_bound"], alone["objective"]["lower_bound"]);
}

TEST_F(Rebalancing, TellsBeforeAndAfterAndTheRefereeAgrees) {
  const std::string file = job(20, 3, 7);
  const nlohmann::json result = solved({"solve", file, "--budget", "3", "--out", out()}, 2);
  const nlohmann::json& figures = result["figures"];
  EXPECT_GT(figures["after"]["fill_rate"]["value"], figures["before"]["fill_rate"]["value"]);
  EXPECT_LT(figures["after"]["stockout_rate"]["value"], figures["before"]["stockout_rate"]["value"]);
  EXPECT_LE(result["objective"]["cost"], figures["control"]["cost"]["value"]);
  EXPECT_LE(result["objective"]["lower_bound"], result["objective"]["cost"]);
  double parts = 0;
  for (const char* part : {"holding_cost", "shortage_cost", "overflow_cost", "pallet_cost", "truck_cost"}) parts += figures["after"][part]["value"].get<double>();
  EXPECT_NEAR(parts, result["objective"]["cost"].get<double>(), 1e-6 * parts);
  for (const char* name : {"plan.csv", "result.h5"}) {
    const nlohmann::json verdict = json_of(tempera({"check", file, "--solution", (folder_ / "run" / name).string(), "--output", "json"}));
    EXPECT_EQ(verdict["status"], "feasible") << name;
    EXPECT_NEAR(verdict["cost"].get<double>(), parts, 1e-6 * parts) << name;
  }
  const model::RunRecord record = checkpoint::read_record(folder_ / "run/result.h5");
  EXPECT_EQ(record.plan_tables.skus.size(), 20u);
  EXPECT_EQ(record.plan_tables.trucks.size(), record.plan_tables.lanes.size() * 7);
  EXPECT_EQ(record.figures.size(), 45u);
  const std::string orders = content_of(folder_ / "run/orders.csv"), transfers = content_of(folder_ / "run/transfers.csv");
  EXPECT_NE(orders.find(",supplier,central,"), std::string::npos);
  EXPECT_EQ(transfers.find("supplier"), std::string::npos);
  EXPECT_NE(content_of(folder_ / "run/trucks.csv").find("lane,from,to,departs,trucks,m3,pallets\n"), std::string::npos);
}

TEST_F(Rebalancing, KeepsItsDeadline) {
  const std::string file = job(400, 6, 14);
  const nlohmann::json result = solved({"solve", file, "--budget", "3", "--out", out()}, 2);
  EXPECT_LE(result["budget"]["wall_seconds"].get<double>(), 3.5);
  EXPECT_LT(result["objective"]["cost"], result["figures"]["before"]["cost"]["value"]);
}

TEST_F(Rebalancing, RefusesAPlanThatShipsWhatIsNotThere) {
  const std::string file = job(5, 2, 7);
  std::ofstream(folder_ / "plan.csv") << "lane,sku,departs,pallets\n2,sku-1,1,9999\n";
  const Finished infeasible = tempera({"check", file, "--solution", (folder_ / "plan.csv").string()});
  EXPECT_EQ(infeasible.exit_code, 2);
  EXPECT_NE(infeasible.out.find("units more leave than there are"), std::string::npos) << infeasible.out;
  std::ofstream(folder_ / "plan.csv") << "lane,sku,departs,pallets\n2,sku-9,1,1\n";
  EXPECT_NE(tempera({"check", file, "--solution", (folder_ / "plan.csv").string()}).err.find("plan.csv:2: sku is 'sku-9', but there is no such SKU."), std::string::npos);
}

}  // namespace
}  // namespace tempera::tests
