// Many runs: compare.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/support/tempera.hpp"

namespace tempera::tests {
namespace {

namespace fs = std::filesystem;
const fs::path examples = fs::path(TEMPERA_SOURCE_DIR) / "jobs/examples";

nlohmann::json peak_day() {
  nlohmann::json job = nlohmann::json::parse(content_of(examples / "peak_day.json"));
  job["problem"]["customers_csv"] = (examples / "peak_day.csv").string();
  job.erase("budget_ms");
  job["solver"] = {{"iterations", 20000}};
  return job;
}

class ManyRuns : public ::testing::Test {
 protected:
  std::string put(const std::string& name, const nlohmann::json& content) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << content.dump();
    return (folder_ / name).string();
  }
  std::string out() const { return (folder_ / "out").string(); }

  TemporaryFolder folder_;
};

TEST_F(ManyRuns, CompareReadsRunsThatLieThere) {
  const std::string job = put("job.json", peak_day());
  std::map<std::string, double> cost;
  for (const std::string run : {"long/1", "long/2", "short/1", "short/2"}) {
    const std::string iterations = run.starts_with("long") ? "20000" : "500";
    const Finished finished = tempera({"solve", job, "--seed", run.substr(run.size() - 1), "--iterations", iterations, "--out", out() + "/" + run, "--output", "json"}, 2);
    cost[run] = json_of(finished)["candidate"]["cost"];
  }
  const nlohmann::json both = json_of(tempera({"compare", out() + "/long", out() + "/short", "--output", "json"}));
  EXPECT_EQ(json_of(tempera({"compare", out() + "/long", out() + "/short", "--output", "json"}, 2)), both) << "on two ranks";
  ASSERT_EQ(both["runs"].size(), 4u);
  for (const nlohmann::json& run : both["runs"]) {
    const std::string name = run["solver"].get<std::string>() + "/" + std::to_string(run["seed"].get<int>());
    EXPECT_EQ(run["cost"], cost.at(name)) << name;
    EXPECT_EQ(run["ranks"], 2);
  }
  EXPECT_NEAR(both["solvers"][0]["mean"], (cost["long/1"] + cost["long/2"]) / 2, 1e-9);
  EXPECT_EQ(both["pairs"][0]["pairs"], 2);
  EXPECT_NEAR(both["pairs"][0]["mean_difference"], (cost["long/1"] + cost["long/2"] - cost["short/1"] - cost["short/2"]) / 2, 1e-9);
  const std::string page = (folder_ / "compare.html").string();
  const Finished files = tempera({"compare", out() + "/long/1/result.h5", out() + "/short/1/result.h5", "--html", page});
  EXPECT_EQ(files.exit_code, 0) << files.err;
  EXPECT_NE(files.out.find("long/1 against short/1, 1 pair:"), std::string::npos) << files.out;
  EXPECT_NE(files.out.find("better 1, equal 0, worse 0"), std::string::npos) << files.out;
  std::istringstream text(files.out);
  for (std::string line; std::getline(text, line);) EXPECT_LE(line.find("page for people") == std::string::npos ? line.size() : 0, 80u) << line;
  EXPECT_NE(content_of(page).find("<h2>Pair by pair"), std::string::npos);
}

TEST_F(ManyRuns, CompareSaysWhatItCannotUse) {
  const std::string job = put("job.json", peak_day());
  const auto error_of = [](const Words& words) {
    const Finished finished = tempera(words);
    EXPECT_EQ(finished.exit_code, 2);
    return finished.err;
  };
  EXPECT_NE(error_of({"compare", job, job}).find("is not a run"), std::string::npos);
  EXPECT_NE(error_of({"compare", folder_.path().string()}).find("there is no result.h5"), std::string::npos);
  EXPECT_NE(error_of({"compare", (folder_ / "nothing.h5").string()}).find("nothing.h5"), std::string::npos);
  for (const char* name : {"a", "b"}) EXPECT_EQ(tempera({"solve", job, "--iterations", "500", "--out", out() + "/" + name}).exit_code, 0);
  EXPECT_NE(error_of({"compare", out()}).find("has two runs of"), std::string::npos);
}

}  // namespace
}  // namespace tempera::tests
