// What a run leaves behind and says: files, JSON, summary, progress.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "tests/support/tempera.hpp"

namespace tempera::tests {
namespace {

namespace fs = std::filesystem;

class Output : public ::testing::Test {
 protected:
  Output() : instance_(generated(folder_, 80)), out_((folder_ / "run").string()) {}

  Finished solve(Words more, int ranks = 0, ProcessSettings settings = {}) {
    more.insert(more.begin(), {"solve", instance_, "--out", out_});
    return tempera(more, ranks, settings);
  }

  TemporaryFolder folder_;
  std::string instance_;
  std::string out_;
};

TEST_F(Output, ARunLeavesThreeFilesThatAgree) {
  for (const int ranks : {0, 2}) {
    const Finished finished = solve({"--budget", "1", "--output", "json"}, ranks);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    const nlohmann::json json = json_of(finished);
    EXPECT_EQ(finished.out, content_of(fs::path(out_) / "result.json"));
    for (const char* file : {"solution.sol", "result.h5"}) {
      const nlohmann::json verdict = json_of(tempera({"check", instance_, "--solution", out_ + "/" + file, "--output", "json"}));
      EXPECT_EQ(verdict["status"], "feasible");
      EXPECT_EQ(verdict["cost"], json["objective"]["cost"]);
    }
    EXPECT_FALSE(fs::exists(fs::path(out_) / "checkpoint.h5"));
  }
}

TEST_F(Output, TheResultHoldsWhatScriptsRead) {
  const nlohmann::json json = json_of(solve({"--budget", "1", "--output", "json", "--seed", "5"}, 2));
  EXPECT_EQ(json["schema_version"], 1);
  EXPECT_EQ(json["status"], "solved");
  EXPECT_EQ(json["exit_code"], 0);
  EXPECT_EQ(json["problem"]["type"], "routing");
  EXPECT_EQ(json["problem"]["size"], 80);
  EXPECT_FALSE(json["problem"]["name"].get<std::string>().empty());
  for (const char* key : {"cost", "unit", "lower_bound", "gap"}) EXPECT_TRUE(json["objective"].contains(key)) << key;
  EXPECT_LE(json["objective"]["cost"], json["baseline"]["cost"]);
  for (const char* key : {"method", "wall_seconds", "cpu_seconds"}) EXPECT_TRUE(json["baseline"].contains(key)) << key;
  EXPECT_EQ(json["budget"]["limit_seconds"], 1);
  EXPECT_GT(json["budget"]["wall_seconds"], 0.5);
  EXPECT_GT(json["budget"]["cpu_seconds"], json["budget"]["wall_seconds"].get<double>() * 0.2);
  EXPECT_EQ(json["seed"], 5);
  EXPECT_EQ(json["ranks"], 2);
  EXPECT_GT(json["iterations"], 1000);
  ASSERT_EQ(json["timing_per_rank"].size(), 2u);
  for (const auto& rank : json["timing_per_rank"]) EXPECT_GT(rank["iterations"], 1000);
  EXPECT_EQ(json["served_by"], "annealer");
}

TEST_F(Output, EveryCommandPrintsOneJsonValue) {
  const std::string made = (folder_ / "made.vrp").string();
  ASSERT_EQ(solve({"--iterations", "30000", "--output", "quiet"}).exit_code, 0);
  const std::vector<Words> all = {{"check", instance_}, {"check", instance_, "--solution", out_}, {"check", instance_, "--solution", out_ + "/solution.sol"},
                                  {"generate", "--out", made}, {"generate", "--kind", "peak-season", "--out", made}, {"info"}, {"info", instance_},
                                  {"info", out_ + "/result.h5"}, {"report", out_}, {"resume", out_, "--iterations", "60000"}, {"resume", out_}, {"report", made}};
  for (Words words : all) {
    words.insert(words.end(), {"--output", "json"});
    const Finished finished = tempera(words);
    const nlohmann::json json = json_of(finished);
    EXPECT_EQ(json.value("exit_code", 0), finished.exit_code) << words.front();
    EXPECT_EQ(json.contains("error"), finished.exit_code != 0) << words.front() << finished.out;
  }
}

TEST_F(Output, QuietSaysNothing) {
  for (const int ranks : {0, 2}) {
    const Finished finished = solve({"--budget", "0.5", "--output", "quiet"}, ranks);
    EXPECT_EQ(finished.exit_code, 0);
    EXPECT_EQ(finished.out + finished.err, "");
  }
  EXPECT_EQ(tempera({"report", out_, "--output", "quiet"}).out, "");
}

TEST_F(Output, ReportPrintsTheSummaryAgain) {
  const std::string summary = solve({"--iterations", "30000"}).out;
  const std::string again = tempera({"report", out_}).out;
  EXPECT_EQ(summary.substr(0, summary.rfind("result in")), again.substr(0, again.rfind("result in")));
  EXPECT_EQ(json_of(tempera({"report", out_, "--output", "json"})), nlohmann::json::parse(content_of(fs::path(out_) / "result.json")));
}

TEST_F(Output, SummaryNamesCostBaselineAndTime) {
  const std::string text = solve({"--budget", "0.5", "--best-known", "1000"}, 2).out;
  for (const char* part : {"cost ", "served by ", "baseline ", "delta ", "best known", "gap +", "budget 0.50 s", "rank  annealing", "result in "})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST_F(Output, ATerminalGetsOneRewrittenLineWithoutColours) {
  const Finished finished = solve({"--budget", "3.2"}, 0, {.terminal = true});
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_GE(std::ranges::count(finished.err, '\r'), 2) << finished.err;
  EXPECT_NE(finished.err.find("s left"), std::string::npos) << finished.err;
  EXPECT_EQ(finished.err.find('\x1b'), std::string::npos);
  EXPECT_EQ(solve({"--budget", "2", "--progress", "off"}, 0, {.terminal = true}).err, "");
}

TEST_F(Output, AFileGetsPlainLines) {
  const Finished finished = solve({"--budget", "11.5"});
  EXPECT_EQ(std::ranges::count(finished.err, '\n'), 1) << finished.err;
  EXPECT_NE(finished.err.find("cost "), std::string::npos) << finished.err;
  EXPECT_EQ(finished.err.find('\r'), std::string::npos);
}

TEST_F(Output, ARunOutlivesItsTerminal) {
  std::string words;
  for (const std::string& word : tempera_words({"solve", instance_, "--out", out_, "--budget", "1.5"})) words += word + " ";
  const Finished finished = run({"sh", "-c", words + ">&- 2>&-; echo $? >" + (folder_ / "code").string()}, {});
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_NE(content_of(folder_ / "code"), "1\n");
  EXPECT_EQ(nlohmann::json::parse(content_of(fs::path(out_) / "result.json"))["status"], "solved");
}

TEST_F(Output, WarmStartsAreTakenAndToldOf) {
  ASSERT_EQ(solve({"--iterations", "200000", "--output", "quiet"}).exit_code, 0);
  const double good = nlohmann::json::parse(content_of(fs::path(out_) / "result.json"))["objective"]["cost"];
  for (const std::string& start : {out_ + "/solution.sol", out_ + "/result.h5"}) {
    const Finished finished = tempera({"solve", instance_, "--iterations", "100", "--warm-start", start, "--out", (folder_ / "second").string(), "--output", "json"});
    EXPECT_LE(json_of(finished)["objective"]["cost"], good);
    EXPECT_NE(finished.err.find("warm start " + start + ": "), std::string::npos) << finished.err;
  }
  // Half of the routes: the rest is inserted, and that is said.
  std::ofstream partial(folder_ / "partial.sol");
  partial << "Route #1: 1 2 3\nRoute #2: 4 5\nCost 1\n";
  partial.close();
  const Finished finished = solve({"--iterations", "100", "--warm-start", (folder_ / "partial.sol").string(), "--output", "json"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_NE(finished.err.find("75"), std::string::npos) << finished.err;  // customers that were missing
}

TEST_F(Output, TheRunFileOpensWithCommonTools) {
  ASSERT_EQ(solve({"--iterations", "30000", "--output", "quiet"}, 2).exit_code, 0);
  const Finished list = run({"h5ls", "-r", out_ + "/result.h5"});
  EXPECT_EQ(list.exit_code, 0) << list.err;
  for (const char* item : {"/incumbent/customers", "/baseline", "/trace/cost", "/ranks/annealing", "/exchange"})
    EXPECT_NE(list.out.find(item), std::string::npos) << item << "\n" << list.out;
  // Debian's own Python has python3-h5py; another may stand before it.
  const char* interpreter = run({"python3", "-c", "import h5py"}).exit_code == 0 ? "python3" : "/usr/bin/python3";
  const Finished python = run({interpreter, "-c",
                               "import h5py, sys\nf = h5py.File(sys.argv[1])\nprint(sorted(f['incumbent/customers'][...].tolist()) == list(range(1, 81)), f['incumbent'].attrs['cost'])",
                               out_ + "/result.h5"});
  ASSERT_EQ(python.exit_code, 0) << python.err;
  const double cost = nlohmann::json::parse(content_of(fs::path(out_) / "result.json"))["objective"]["cost"];
  ASSERT_TRUE(python.out.starts_with("True ")) << python.out;
  EXPECT_EQ(std::stod(python.out.substr(5)), cost);
}

TEST_F(Output, MoreRanksThanWorkIsNoTrouble) {
  const std::string tiny = generated(folder_, 3);
  const Finished finished = tempera({"solve", tiny, "--budget", "0.5", "--out", out_, "--output", "json"}, 5);
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(json_of(finished)["ranks"], 5);
}

TEST_F(Output, StatusMarksTheHighestOfProblemsThatAreMaximised) {
  const fs::path graph = folder_ / "triangle.mc";
  std::ofstream(graph) << "3 3\n1 2 1\n2 3 1\n1 3 1\n";
  for (const char* name : {"a", "b"})
    ASSERT_EQ(tempera({"solve", graph.string(), "--iterations", "100", "--out", (folder_ / name).string(), "--output", "quiet"}).exit_code, 0);
  nlohmann::json worse = nlohmann::json::parse(content_of(folder_ / "a/status.json"));
  EXPECT_EQ(worse["sense"], "maximise");
  worse["incumbent"] = 1;  // the maximum cut of a triangle is 2
  std::ofstream(folder_ / "a/status.json") << worse;
  const std::string table = tempera({"status", (folder_ / "a").string(), (folder_ / "b").string()}).out;
  EXPECT_NE(table.find("\n* solved"), std::string::npos) << table;
  EXPECT_LT(table.find("\n  solved"), table.find("\n* solved")) << table;
  EXPECT_NE(table.find("* highest objective"), std::string::npos) << table;
}

}  // namespace
}  // namespace tempera::tests
