// Many runs in one process: compare and batch, and the confidence of independent seeds.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
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
  fs::file_time_type written(const std::string& file) const { return fs::last_write_time(fs::path(out()) / file); }

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

TEST_F(ManyRuns, CompareSolvesEverySeedAndTellsTheDifference) {
  const std::string job = put("job.json", peak_day());
  const Words words{"compare", job, "--solvers", "annealer,annealer-2,baseline", "--seeds", "6", "--out", out(), "--output", "json"};
  const nlohmann::json result = json_of(tempera(words));
  ASSERT_EQ(result["solvers"].size(), 3u);
  EXPECT_EQ(result["runs"].size(), 18u);
  for (const nlohmann::json& pair : result["pairs"])
    if (pair["second"] == "baseline") {
      EXPECT_EQ(pair["first_better"], 6) << pair["first"];
      EXPECT_NEAR(pair["wilcoxon_test"]["p_value"].get<double>(), 2.0 / 64, 1e-12);
    }
  EXPECT_EQ(result["solvers"][2]["standard_deviation"], 0);
  EXPECT_TRUE(result["solvers"][2]["cpu_seconds_per_percent"].is_null()) << "the control saves nothing against itself";
  // The same numbers as one run each.
  const nlohmann::json alone = json_of(tempera({"solve", job, "--seed", "4", "--out", (folder_ / "alone").string(), "--output", "json"}));
  bool found = false;
  for (const nlohmann::json& run : result["runs"])
    if (run["solver"] == "annealer" && run["seed"] == 4) found = run["cost"] == alone["candidate"]["cost"];
  EXPECT_TRUE(found);
  EXPECT_TRUE(fs::exists(fs::path(out()) / "comparison.html"));
  // Again: nothing is made twice. With ranks: the same answers.
  const auto before = written("annealer/seed-3/result.h5");
  EXPECT_EQ(json_of(tempera(words))["runs"], result["runs"]);
  EXPECT_EQ(written("annealer/seed-3/result.h5"), before);
  const Finished files = tempera({"compare", out() + "/annealer", out() + "/baseline"});
  EXPECT_EQ(files.exit_code, 0) << files.err;
  EXPECT_NE(files.out.find("better 6, equal 0, worse 0"), std::string::npos) << files.out;
}

TEST_F(ManyRuns, OverRanksEachRunIsTimedByItself) {
  const std::string job = put("job.json", peak_day());
  const Finished finished = tempera({"compare", job, "--solvers", "annealer", "--seeds", "3", "--out", out(), "--output", "json"}, 3);
  ASSERT_EQ(finished.exit_code, 0) << finished.err;
  for (int seed = 1; seed <= 3; ++seed) {
    const nlohmann::json run = nlohmann::json::parse(content_of(fs::path(out()) / ("annealer/seed-" + std::to_string(seed)) / "result.json"));
    std::uint64_t iterations = 0;
    for (const nlohmann::json& rank : run["timing_per_rank"]) iterations += rank["iterations"].get<std::uint64_t>();
    EXPECT_EQ(iterations, 20000u) << "seed " << seed << ": what earlier runs did does not count";
    const nlohmann::json alone = json_of(tempera({"solve", job, "--seed", std::to_string(seed), "--out", (folder_ / "alone").string(), "--output", "json"}));
    EXPECT_EQ(run["candidate"]["cost"], alone["candidate"]["cost"]);
    EXPECT_FALSE(run["trace_per_rank"].empty());
  }
}

TEST_F(ManyRuns, CompareSaysWhatItCannotUse) {
  const std::string job = put("job.json", peak_day());
  const auto error_of = [](const Words& words) {
    const Finished finished = tempera(words);
    EXPECT_EQ(finished.exit_code, 2);
    return finished.err;
  };
  EXPECT_NE(error_of({"compare", job, "--solvers", "anealer"}).find("there is no solver 'anealer' for a problem of type routing"), std::string::npos);
  EXPECT_NE(error_of({"compare", job, "--solvers", "baseline,baseline"}).find("baseline is named twice"), std::string::npos);
  EXPECT_NE(error_of({"compare", out(), out(), "--budget", "3"}).find("--budget goes with one problem"), std::string::npos);
  EXPECT_NE(error_of({"compare", job, job}).find("is not a run"), std::string::npos);
  EXPECT_NE(error_of({"compare", folder_.path().string()}).find("there is no result.h5"), std::string::npos);
  EXPECT_NE(error_of({"compare", (folder_ / "nothing.h5").string()}).find("nothing.h5"), std::string::npos);
  for (const char* name : {"a", "b"}) EXPECT_EQ(tempera({"solve", job, "--iterations", "500", "--out", out() + "/" + name}).exit_code, 0);
  EXPECT_NE(error_of({"compare", out()}).find("has two runs of"), std::string::npos);
}

TEST_F(ManyRuns, ABrokenJobIsToldAndTheOthersGoOn) {
  nlohmann::json broken = peak_day();
  broken["problem"]["vehicle"]["capacity"] = 0;
  put("jobs/a.json", peak_day());
  put("jobs/b.json", broken);
  put("jobs/c.json", peak_day());
  std::ofstream(folder_ / "jobs/notes.txt") << "not a job";
  const Words words{"batch", (folder_ / "jobs").string(), "--out", out(), "--output", "json"};
  const Finished first = tempera(words, 2);
  EXPECT_EQ(first.exit_code, 2);
  const nlohmann::json result = json_of(first);
  ASSERT_EQ(result["results"].size(), 3u);
  EXPECT_EQ(result["results"][0]["state"], "solved");
  EXPECT_EQ(result["results"][1]["state"], "broken");
  EXPECT_NE(result["results"][1]["error"].get<std::string>().find("/problem/vehicle/capacity is 0"), std::string::npos);
  EXPECT_EQ(result["results"][2]["state"], "solved");
  EXPECT_TRUE(fs::exists(fs::path(out()) / "c/routes.csv"));
  // Mended, the batch does only what is missing; another seed is another job.
  const auto before = written("a/result.h5");
  put("jobs/b.json", peak_day());
  nlohmann::json other = peak_day();
  other["solver"]["seed"] = 5;
  put("jobs/c.json", other);
  const Finished second = tempera(words);
  EXPECT_EQ(second.exit_code, 0) << second.err;
  const nlohmann::json states = json_of(second)["results"];
  EXPECT_EQ(states[0]["state"], "was there");
  EXPECT_EQ(states[1]["state"], "solved");
  EXPECT_EQ(states[2]["state"], "solved");
  EXPECT_EQ(written("a/result.h5"), before);
}

TEST_F(ManyRuns, AStoppedBatchGoesOnFromTheCheckpointOfTheJobThatWasCutShort) {
  generated(folder_, 300);
  const Words words{"batch", folder_.path().string(), "--out", out(), "--budget", "6", "--checkpoint-every", "0.3", "--output", "json"};
  Process first(tempera_words(words), ProcessSettings{});
  fs::path job;
  const auto checkpointed = [&] {
    if (job.empty() && fs::exists(out()))
      for (const auto& entry : fs::directory_iterator(out())) job = entry.path();
    return !job.empty() && fs::exists(job / "checkpoint.h5");
  };
  ASSERT_TRUE(first.wait_until(checkpointed, 20));
  first.send(SIGINT);
  const Finished stopped = first.wait();
  EXPECT_EQ(stopped.exit_code, 3) << stopped.err;
  EXPECT_EQ(json_of(stopped)["status"], "stopped_early");
  EXPECT_EQ(json_of(stopped)["results"][0]["state"], "stopped");
  const nlohmann::json before = nlohmann::json::parse(content_of(job / "result.json"));
  EXPECT_EQ(json_of(tempera(words, 2))["results"][0]["state"], "solved");
  const nlohmann::json after = nlohmann::json::parse(content_of(job / "result.json"));
  EXPECT_EQ(after["created_utc"], before["created_utc"]) << "begun when it was begun first";
  EXPECT_GT(after["iterations"], before["iterations"]);
}

TEST_F(ManyRuns, WithAsManyJobsAsRanksEachJobHasARank) {
  for (int k = 0; k < 4; ++k) {
    nlohmann::json job = peak_day();
    job["solver"]["seed"] = 10 + k;
    put("jobs/j" + std::to_string(k) + ".json", job);
  }
  put("jobs/z.json", {{"schema_version", 1}, {"problem_type", "routing"}});
  const Words words{"batch", (folder_ / "jobs").string(), "--out", out(), "--output", "json"};
  const Finished finished = tempera(words, 3);
  EXPECT_EQ(finished.exit_code, 2) << finished.err;
  const nlohmann::json result = json_of(finished);
  EXPECT_EQ(result["ranks_per_job"], 1);
  ASSERT_EQ(result["results"].size(), 5u);
  for (int k = 0; k < 4; ++k) {
    const std::string name = "j" + std::to_string(k);
    EXPECT_EQ(result["results"][static_cast<std::size_t>(k)]["job"], name) << "in their order, whoever solved them";
    EXPECT_EQ(result["results"][static_cast<std::size_t>(k)]["state"], "solved");
    const nlohmann::json run = nlohmann::json::parse(content_of(fs::path(out()) / name / "result.json"));
    EXPECT_EQ(run["ranks"], 1);
    const nlohmann::json alone = json_of(tempera({"solve", (folder_ / "jobs" / (name + ".json")).string(), "--out", (folder_ / "alone").string(), "--output", "json"}));
    EXPECT_EQ(run["candidate"]["cost"], alone["candidate"]["cost"]);
    EXPECT_EQ(result["results"][static_cast<std::size_t>(k)]["cost"], alone["objective"]["cost"]);
  }
  EXPECT_EQ(result["results"][4]["state"], "broken");
  fs::remove(folder_ / "jobs/z.json");
  Words together = words;
  together.insert(together.end(), {"--spread", "off"});
  const nlohmann::json again = json_of(tempera(together, 2));
  EXPECT_EQ(again["ranks_per_job"], 2);
  for (const nlohmann::json& line : again["results"]) EXPECT_EQ(line["state"], "was there") << "however it is spread";
}

TEST_F(ManyRuns, OtherOptionsMakeARunAgain) {
  put("jobs/a.json", peak_day());
  Words words{"batch", (folder_ / "jobs").string(), "--out", out(), "--output", "json"};
  const auto state = [&] { return json_of(tempera(words))["results"][0]["state"]; };
  EXPECT_EQ(state(), "solved");
  EXPECT_EQ(state(), "was there");
  words.insert(words.end(), {"--hybrid", "6"});
  EXPECT_EQ(state(), "solved") << "asked for a step that the run there did not make";
  EXPECT_EQ(state(), "was there");
  words.insert(words.end(), {"--hybrid-depth", "2"});
  EXPECT_EQ(state(), "solved");
  words.insert(words.end(), {"--worker-timeout", "20"});
  EXPECT_EQ(state(), "was there") << "this changes no answer";
}

TEST_F(ManyRuns, SeedsOfRunsThatTakeSeveralDoNotOverlap) {
  nlohmann::json job = peak_day();
  job["solver"] = {{"iterations", 3000}, {"seeds", 3}};
  const nlohmann::json result = json_of(tempera({"compare", put("job.json", job), "--solvers", "annealer", "--seeds", "2", "--out", out(), "--output", "json"}));
  std::vector<int> seeds;
  for (const char* folder : {"seed-1", "seed-4"}) {
    const nlohmann::json run = nlohmann::json::parse(content_of(fs::path(out()) / "annealer" / folder / "result.json"));
    for (const nlohmann::json& seed : run["confidence"]["outcomes"]) seeds.push_back(seed["seed"]);
  }
  EXPECT_EQ(seeds, (std::vector<int>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(result["runs"].size(), 2u);
}

TEST_F(ManyRuns, AStoppedComparisonSaysSoInJson) {
  const std::string job = put("job.json", peak_day());
  Process run(tempera_words({"compare", job, "--budget", "30", "--seeds", "2", "--out", out(), "--output", "json"}), ProcessSettings{});
  ASSERT_TRUE(run.wait_until([&] { return fs::exists(fs::path(out()) / "annealer/seed-1/checkpoint.h5"); }, 20));
  run.send(SIGINT);
  const Finished stopped = run.wait();
  EXPECT_EQ(stopped.exit_code, 3) << stopped.err;
  const nlohmann::json said = json_of(stopped);
  EXPECT_EQ(said["status"], "stopped_early");
  EXPECT_EQ(said["exit_code"], 3);
  EXPECT_EQ(said["complete_runs"], 0);
}

TEST_F(ManyRuns, CompareKnowsTheMethodsOfTheProblem) {
  const std::string job = (examples / "two_shifts.json").string();
  const nlohmann::json result = json_of(tempera({"compare", job, "--solvers", "annealer,greedy,exhaustive", "--seeds", "2", "--iterations", "20000", "--out", out(), "--output", "json"}));
  ASSERT_EQ(result["solvers"].size(), 3u);
  EXPECT_EQ(result["solvers"][0]["best"], result["solvers"][2]["best"]);
  EXPECT_LE(result["solvers"][1]["best"], result["solvers"][2]["best"]) << "maximised";
  const Finished wrong = tempera({"compare", put("job.json", peak_day()), "--solvers", "tabu"});
  EXPECT_NE(wrong.err.find("there is no solver 'tabu' for a problem of type routing"), std::string::npos) << wrong.err;
}

TEST_F(ManyRuns, AListOfJobsIsABatch) {
  nlohmann::json first = peak_day(), second = peak_day();
  first["job_id"] = "north";
  second["job_id"] = "south";
  const Finished finished = tempera({"batch", put("list.json", {first, second}), "--out", out()});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  for (const char* name : {"north", "south"}) EXPECT_EQ(nlohmann::json::parse(content_of(fs::path(out()) / name / "result.json"))["job_id"], name);
  EXPECT_EQ(tempera({"report", out() + "/north"}).exit_code, 0) << "each job can be reported by itself";
}

TEST_F(ManyRuns, AListInADirectoryIsTakenApart) {
  nlohmann::json north = peak_day();
  north["job_id"] = "north";
  put("jobs/week.json", {{"description", "many"}, {"jobs", {north, peak_day()}}});
  put("jobs/a.json", peak_day());
  put("jobs/matrix.json", {{1, 2}, {3, 4}});
  const nlohmann::json results = json_of(tempera({"batch", (folder_ / "jobs").string(), "--out", out(), "--output", "json"}))["results"];
  ASSERT_EQ(results.size(), 3u);
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_EQ(results[k]["job"], (std::vector<std::string>{"a", "week-north", "week-peak-day"})[k]);
    EXPECT_EQ(results[k]["state"], "solved") << results[k];
  }
  EXPECT_EQ(nlohmann::json::parse(content_of(fs::path(out()) / "week-north/result.json"))["job_id"], "north");
  const Finished solved = tempera({"solve", (folder_ / "jobs/week.json").string()});
  EXPECT_EQ(solved.exit_code, 2);
  EXPECT_NE(solved.err.find("week.json: is a list of jobs. To solve them: tempera batch "), std::string::npos) << solved.err;
}

// Batches write into the folder of their jobs, lists are broken, names meet: every job is solved once, in a folder of its own.
TEST_F(ManyRuns, ListsThatAreBrokenOrMeetOthersHoldNobodyUp) {
  nlohmann::json north = peak_day(), bc = peak_day(), c = peak_day();
  north["job_id"] = "north", bc["job_id"] = "b-c", c["job_id"] = "c";
  const fs::path folder = folder_ / "jobs";
  put("jobs/week.json", nlohmann::json::array({north}));
  put("jobs/week-north.json", peak_day());
  put("jobs/a.json", nlohmann::json::array({bc}));
  put("jobs/a-b.json", nlohmann::json::array({c}));
  put("jobs/twice.json", {north, north});
  std::ofstream(folder / "torn.json") << R"({"jobs": [{"schema_version": 1)";
  for (int start = 0; start < 2; ++start) {
    const Finished finished = tempera({"batch", folder.string(), "--out", folder.string(), "--output", "json"});
    EXPECT_EQ(finished.exit_code, 2) << "two broken ones";
    const nlohmann::json results = json_of(finished)["results"];
    std::map<std::string, std::string> states;
    for (const nlohmann::json& result : results) states[result["job"]] = result["state"];
    EXPECT_EQ(results.size(), states.size()) << results;
    const std::string well = start == 0 ? "solved" : "was there";
    const std::map<std::string, std::string> expected{{"a-b-c", well}, {"a-b-c-2", well}, {"week-north", well}, {"week-north-2", well}, {"twice", "broken"}, {"torn", "broken"}};
    EXPECT_EQ(states, expected) << "start " << start;
    EXPECT_NE(results.dump().find("two jobs of the list are called north"), std::string::npos) << results;
  }
  for (const auto& [name, id] : std::map<std::string, std::string>{{"a-b-c", "c"}, {"a-b-c-2", "b-c"}, {"week-north-2", "north"}})
    EXPECT_EQ(nlohmann::json::parse(content_of(folder / name / "result.json"))["job_id"], id);
}

// Whether the ranks take one job each or all of them one after another.
TEST_F(ManyRuns, EachJobLogsForItself) {
  for (const char* name : {"a", "b", "c"}) put(std::string("jobs/") + name + ".json", peak_day());
  for (const std::string spread : {"on", "off"}) {
    const fs::path logs = folder_ / ("logs-" + spread);
    ASSERT_EQ(tempera({"batch", (folder_ / "jobs").string(), "--out", out() + spread, "--spread", spread, "--log-dir", logs.string()}, 2).exit_code, 0);
    for (const char* name : {"a", "b", "c"}) {
      const std::string log = content_of(logs / name / "rank-0000.log"), events = content_of(logs / name / "events-0.jsonl");
      EXPECT_EQ(std::ranges::count(log, '\n'), 2) << "what the run was, and how it ended: " << log;
      std::istringstream lines(events);
      int started = 0, ended = 0;
      for (std::string line; std::getline(lines, line);) {
        const std::string event = nlohmann::json::parse(line)["event"];
        started += event == "run_started", ended += event == "run_ended";
      }
      EXPECT_EQ(started, 1) << spread << " " << name;
      EXPECT_EQ(ended, 1) << spread << " " << name;
      EXPECT_FALSE(fs::exists(logs / name / "events-1.jsonl")) << "of another job";
    }
    EXPECT_FALSE(fs::exists(logs / "events-0.jsonl"));
  }
}

TEST_F(ManyRuns, CandidatesOfALadderKeepTheirObjectives) {
  std::ofstream graph(folder_ / "ring.mc");
  graph << "24 48\n";
  for (int i = 0; i < 24; ++i) graph << i + 1 << ' ' << (i + 1) % 24 + 1 << ' ' << i % 5 - 1 << '\n' << i + 1 << ' ' << (i + 7) % 24 + 1 << ' ' << i % 3 << '\n';
  graph.close();
  const nlohmann::json job = {{"schema_version", 1}, {"job_id", "cut"}, {"problem_type", "qubo"}, {"problem", {{"file", "ring.mc"}}}, {"solver", {{"iterations", 200000}}}, {"top_k", 3}};
  const nlohmann::json result = json_of(tempera({"solve", put("cut.json", job), "--out", out(), "--output", "json"}));
  ASSERT_EQ(result["candidates"].size(), 3u);
  EXPECT_EQ(result["candidates"][0]["cost"], result["candidate"]["cost"]);
  for (const nlohmann::json& candidate : result["candidates"]) EXPECT_GT(candidate["cost"].get<double>(), 0.5 * result["candidate"]["cost"].get<double>());
}

TEST_F(ManyRuns, SeedsThatAgreeAreCountedAndCandidatesKept) {
  nlohmann::json job = peak_day();
  job["solver"] = {{"iterations", 4000}, {"seeds", 4}};  // few: their ends differ
  job["top_k"] = 3;
  const Finished finished = tempera({"solve", put("job.json", job), "--out", out(), "--output", "json"}, 2);
  ASSERT_EQ(finished.exit_code, 0) << finished.err;
  const nlohmann::json result = json_of(finished);
  EXPECT_EQ(result["confidence"]["seeds"], 4);
  EXPECT_EQ(result["confidence"]["outcomes"].size(), 4u);
  ASSERT_EQ(result["candidates"].size(), 3u);
  double last = result["candidate"]["cost"];
  EXPECT_EQ(result["candidates"][0]["cost"], last);
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_LE(last, result["candidates"][k]["cost"].get<double>());
    last = result["candidates"][k]["cost"];
    const std::string file = k == 0 ? "solution.sol" : "solution-" + std::to_string(k + 1) + ".sol";
    const nlohmann::json verdict = json_of(tempera({"check", (folder_ / "job.json").string(), "--solution", (fs::path(out()) / file).string(), "--output", "json"}));
    EXPECT_EQ(verdict["cost"], result["candidates"][k]["cost"]) << file;
  }
  EXPECT_LE(result["objective"]["lower_bound"], result["objective"]["cost"]);
  // The same answers on one rank; a policy that asks for more than they show serves the control.
  job["policy"] = {{"min_confidence", 0.5}, {"within", 1e-9}};
  const nlohmann::json strict = json_of(tempera({"solve", put("job.json", job), "--out", out(), "--output", "json"}));
  EXPECT_EQ(strict["confidence"]["outcomes"], result["confidence"]["outcomes"]);
  EXPECT_EQ(strict["confidence"]["agreeing"], 1);
  EXPECT_EQ(strict["served_by"], "baseline");
  EXPECT_TRUE(strict["fallback_reason"].get<std::string>().starts_with("low_confidence: ")) << strict["fallback_reason"];
  const auto cost_in = [&](const char* file) { return json_of(tempera({"check", (folder_ / "job.json").string(), "--solution", (fs::path(out()) / file).string(), "--output", "json"}))["cost"]; };
  EXPECT_EQ(cost_in("solution.sol"), strict["baseline"]["cost"]);
  EXPECT_EQ(cost_in("solution-1.sol"), strict["candidate"]["cost"]) << "not served, yet there to choose";
}

}  // namespace
}  // namespace tempera::tests
