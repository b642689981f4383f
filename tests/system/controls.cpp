// The control that a job names, and QUBO problems that stand in a job, through the command line.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "tests/support/solomon_sample.hpp"
#include "tests/support/tempera.hpp"

namespace tempera::tests {
namespace {

namespace fs = std::filesystem;
const fs::path examples = fs::path(TEMPERA_SOURCE_DIR) / "jobs/examples";

class Controls : public ::testing::Test {
 protected:
  // With its tables where they lie.
  nlohmann::json example(const std::string& name) {
    nlohmann::json job = nlohmann::json::parse(content_of(examples / name));
    for (auto& [key, value] : job["problem"].items())
      if ((key == "file" || key.ends_with("_csv")) && value.is_string()) value = (examples / value.get<std::string>()).string();
    job.erase("baseline");
    return job;
  }
  std::string put(const nlohmann::json& job) {
    std::ofstream(folder_ / "job.json") << job.dump();
    return (folder_ / "job.json").string();
  }
  nlohmann::json solved(const std::string& file, Words more = {}) {
    Words words{"solve", file, "--out", out(), "--output", "json"};
    words.insert(words.end(), more.begin(), more.end());
    const Finished finished = tempera(words);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    return json_of(finished);
  }
  std::string refusal(const std::string& file, Words more = {}) {
    Words words{"solve", file, "--out", out()};
    words.insert(words.end(), more.begin(), more.end());
    const Finished finished = tempera(words);
    EXPECT_EQ(finished.exit_code, 2) << finished.out;
    return finished.err;
  }
  std::string out() const { return (folder_ / "run").string(); }

  TemporaryFolder folder_;
};

// Every control of every type on an example: it is what runs, its answer is the referee's, and the result says what was asked.
TEST_F(Controls, EachIsRunAndEchoed) {
  const std::vector<std::tuple<std::string, std::string, std::string>> table = {
      {"peak_day.json", "savings", "savings"}, {"peak_day.json", "local_search", "savings + local search"},
      {"delivery_windows.json", "insertion", "insertion"}, {"delivery_windows.json", "local_search", "insertion + local search"},
      {"mixed_fleet.json", "insertion", "insertion"}, {"mixed_fleet.json", "savings", "savings"}, {"mixed_fleet.json", "local_search", "savings + local search"},
      {"two_shifts.json", "tabu", "greedy + tabu search + path relinking"}, {"two_shifts.json", "greedy", "greedy flips"}, {"two_shifts.json", "descent", "descent by flips and swaps, restarted"}, {"two_shifts.json", "exhaustive", "exhaustive enumeration"},
      {"budgeted_choice.json", "greedy", "greedy flips: infeasible; short ladder with penalties"},
      {"placement.json", "tree", "exact tree programme"}, {"placement.json", "descent", "descent from no service times"},
      {"rebalancing.json", "base_stock", "base stock"}, {"rebalancing.json", "do_nothing", "no moves"}};
  for (const auto& [name, control, method] : table) {
    nlohmann::json job = example(name);
    job.erase("budget_ms");
    job["solver"] = {{"iterations", 2000}};
    job["baseline"] = {{"method", control}};
    if (control == "tree") job["problem"]["arcs"].erase(job["problem"]["arcs"].size() - 1);  // the one that closes a ring
    const nlohmann::json result = solved(put(job));
    EXPECT_EQ(result["baseline"]["asked"]["method"], control) << name;
    EXPECT_EQ(result["baseline"]["method"], method) << name << " " << control;
    EXPECT_EQ(result["baseline"]["feasible"], true) << name << " " << control;
    EXPECT_EQ(json_of(tempera({"report", out(), "--output", "json"}))["baseline"]["asked"], result["baseline"]["asked"]) << "kept in the run file";
    job["solver"]["method"] = "baseline";
    const nlohmann::json alone = solved(put(job));
    EXPECT_EQ(alone["objective"]["cost"], result["baseline"]["cost"]) << name << " " << control;
    EXPECT_EQ(alone["served_by"], "baseline");
    fs::remove_all(out());
  }
}

TEST_F(Controls, LocalSearchBeatsItsConstructionAndTheCommandLineStandsAboveTheJob) {
  nlohmann::json job = example("peak_day.json");
  job.erase("budget_ms");
  job["solver"] = {{"method", "baseline"}, {"iterations", 10}};
  job["baseline"] = {{"method", "savings"}};
  const std::string file = put(job);
  const double savings = solved(file)["objective"]["cost"], searched = solved(file, {"--baseline", "local_search"})["objective"]["cost"];
  EXPECT_LT(searched, savings);
  job.erase("baseline");
  EXPECT_EQ(solved(put(job))["objective"]["cost"], searched) << "the usual one";
  EXPECT_FALSE(nlohmann::json::parse(content_of(fs::path(out()) / "result.json"))["baseline"].contains("asked"));
}

TEST_F(Controls, TimeIsSharedAsTheJobSays) {
  std::vector<double> seconds;
  for (const double share : {0.05, 0.6}) {
    nlohmann::json job = {{"schema_version", 1}, {"problem_type", "qubo"}, {"budget_ms", 2000}, {"solver", {{"method", "baseline"}}}, {"baseline", {{"method", "tabu"}, {"time_share", share}}},
                          {"problem", {{"variables", 60}, {"quadratic", nlohmann::json::array()}}}};
    for (int k = 0; k < 60; ++k)
      for (int j = 0; j < k; ++j) job["problem"]["quadratic"].push_back({k, j, (k * 37 + j * 101) % 19 - 9});
    const nlohmann::json result = solved(put(job));
    EXPECT_EQ(result["baseline"]["asked"]["time_share"], share);
    seconds.push_back(result["baseline"]["wall_seconds"]);
  }
  EXPECT_GT(seconds[0], 0.04);
  EXPECT_GT(seconds[1], 0.8);
  EXPECT_LT(seconds[0], seconds[1]);
  EXPECT_LT(seconds[1], 2);
}

TEST_F(Controls, CbcIsAControlWhereThereIsTime) {
  nlohmann::json job = example("rebalancing.json");
  job.erase("solver");
  job["budget_ms"] = 4000;
  job["baseline"] = {{"method", "cbc"}, {"time_share", 0.3}};
  EXPECT_NE(solved(put(job))["baseline"]["method"].get<std::string>().find("CBC"), std::string::npos);
  EXPECT_NE(refusal(put(job), {"--iterations", "100"}).find("the control cbc needs a time limit"), std::string::npos);
}

TEST_F(Controls, OneThatDoesNotSuitIsRefused) {
  const std::string city = generated(folder_, 30), timed = (folder_ / "s30.txt").string();
  std::ofstream(timed) << solomon_sample(30, 3);
  EXPECT_NE(refusal(city, {"--baseline", "tabu"}).find("--baseline: tabu is not one for"), std::string::npos);
  EXPECT_NE(refusal(city, {"--baseline", "insertion"}).find("but insertion is for time windows and fleets"), std::string::npos);
  EXPECT_NE(refusal(timed, {"--baseline", "savings"}).find("but savings know nothing of a timetable; give insertion or local_search"), std::string::npos);
  nlohmann::json large = {{"schema_version", 1}, {"problem_type", "qubo"}, {"baseline", {{"method", "exhaustive"}}}, {"problem", {{"variables", 40}, {"linear", {{"0", 1}}}}}};
  EXPECT_NE(refusal(put(large)).find("/baseline/method is \"exhaustive\", but looks at every state, of 30 variables at most, and there are 40"), std::string::npos);
}

TEST_F(Controls, AQuboInTheJobIsAnsweredByItsIds) {
  const fs::path job = examples / "shelf_choice.json";
  const nlohmann::json result = solved(job.string());
  ASSERT_EQ(result["assignment"].size(), 6u);
  std::set<std::string> chosen;
  for (const auto& [id, value] : result["assignment"].items())
    if (value == 1) chosen.insert(id);
  EXPECT_EQ(result["objective"]["sense"], "maximise");
  // Every choice that fits, by hand.
  const std::vector<std::string> ids = {"soap", "towels", "candles", "tea", "mugs", "socks"};
  const nlohmann::json problem = nlohmann::json::parse(content_of(job))["problem"];
  double best = 0, served = -1;
  for (unsigned set = 0; set < 64; ++set) {
    std::set<std::string> these;
    double room = 0, worth = 0;
    for (std::size_t k = 0; k < 6; ++k)
      if (set >> k & 1) these.insert(ids[k]), room += problem["constraints"][0]["coefficients"][k].get<double>(), worth += problem["linear"][ids[k]].get<double>();
    for (const nlohmann::json& pair : problem["quadratic"])
      if (these.contains(pair[0]) && these.contains(pair[1])) worth += pair[2].get<double>();
    if (room > 7) continue;
    best = std::max(best, worth);
    if (these == chosen) served = worth;
  }
  EXPECT_EQ(result["objective"]["cost"], best);
  EXPECT_EQ(served, best) << "the ids that are told are the choice that is priced";
  EXPECT_EQ(json_of(tempera({"report", out(), "--output", "json"}))["assignment"], result["assignment"]);
  EXPECT_NE(content_of(fs::path(out()) / "solution.txt").find(" # towels\n"), std::string::npos);
  EXPECT_EQ(tempera({"check", job.string(), "--solution", (fs::path(out()) / "solution.txt").string()}).exit_code, 0);
  ASSERT_EQ(tempera({"report", out()}).exit_code, 0);
  EXPECT_NE(content_of(fs::path(out()) / "report.html").find("Variables that are 1"), std::string::npos);
}

// The job's own form and a file of the same numbers are one problem.
TEST_F(Controls, TheSameNumbersAreTheSameProblem) {
  std::ofstream(folder_ / "x.coo") << "0 0 -3\n1 1 2\n0 1 -4\n1 2 5\n2 2 -1\n";
  const nlohmann::json common = {{"schema_version", 1}, {"problem_type", "qubo"}, {"solver", {{"iterations", 3000}}}};
  nlohmann::json by_file = common, by_numbers = common;
  by_file["problem"] = {{"file", (folder_ / "x.coo").string()}};
  by_numbers["problem"] = {{"variables", 3}, {"linear", {{"0", -3}, {"1", 2}, {"2", -1}}}, {"quadratic", {{0, 1, -4}, {2, 1, 5}}}};
  const nlohmann::json first = solved(put(by_file)), second = solved(put(by_numbers));
  EXPECT_EQ(first["objective"], second["objective"]);
  EXPECT_EQ(first["candidate"]["cost"], second["candidate"]["cost"]);
}

TEST_F(Controls, AQuadraticAssignmentInAJob) {
  std::ofstream(folder_ / "q.dat") << "3\n0 1 2\n1 0 3\n2 3 0\n0 5 2\n5 0 3\n2 3 0\n";
  nlohmann::json job = {{"schema_version", 1}, {"problem_type", "qubo"}, {"solver", {{"iterations", 500}}}, {"baseline", {{"method", "descent"}}}, {"problem", {{"file", (folder_ / "q.dat").string()}}}};
  EXPECT_EQ(solved(put(job))["problem"]["type"], "qap");
  job["baseline"]["method"] = "tabu";
  EXPECT_NE(refusal(put(job)).find("/baseline/method is \"tabu\", but the control of a quadratic assignment is descent"), std::string::npos);
  job.erase("baseline");
  job["problem"]["constraints"] = {{{"variables", {0}}, {"sense", "<="}, {"bound", 1}}};
  EXPECT_NE(refusal(put(job)).find("/problem/constraints cannot stand beside a quadratic assignment"), std::string::npos);
}

// Nobody need be served, and nobody is worth it: the answer has no route and can be read back.
TEST_F(Controls, AnAnswerWithoutRoutesCanBeCheckedAndStartedFrom) {
  nlohmann::json job = example("mixed_fleet.json");
  for (nlohmann::json& customer : job["problem"]["customers"]) customer.erase("required"), customer["prize"] = 0.01;
  const nlohmann::json result = solved(put(job), {"--iterations", "500"});
  ASSERT_TRUE(result["routes"].empty()) << result["routes"];
  const std::string solution = (fs::path(out()) / "solution.sol").string();
  const nlohmann::json verdict = json_of(tempera({"check", (folder_ / "job.json").string(), "--solution", solution, "--output", "json"}));
  EXPECT_EQ(verdict["status"], "feasible");
  EXPECT_NEAR(verdict["cost"].get<double>(), result["objective"]["cost"].get<double>(), 1e-9);
  EXPECT_EQ(tempera({"solve", (folder_ / "job.json").string(), "--iterations", "500", "--warm-start", solution, "--out", out()}).exit_code, 0);
}

}  // namespace
}  // namespace tempera::tests
