#include "jobs/descriptor/descriptor.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "jobs/descriptor/csv.hpp"
#include "jobs/descriptor/explain.hpp"
#include "jobs/descriptor/job_list.hpp"
#include "jobs/descriptor/routing_problem.hpp"
#include "jobs/descriptor/schema.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/core/error.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/support/temporary_folder.hpp"

namespace tempera::descriptor {
namespace {

using nlohmann::json;

class Job : public ::testing::Test {
 protected:
  std::filesystem::path put(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  Descriptor read(const json& job) { return read_descriptor(put("job.json", job.dump())); }
  std::string message(const json& job) {
    try {
      const Descriptor d = read(job);
      if (d.problem_type == "routing" && !names_a_file(d)) routing_problem(d);
    } catch (const core::UserError& error) {
      return error.what();
    }
    return "accepted";
  }

  json job_ = {{"schema_version", 1}, {"problem_type", "routing"},
               {"problem", {{"depot", {{"x", 0}, {"y", 0}}}, {"vehicle", {{"capacity", 10}}},
                            {"customers", {{{"id", "a"}, {"x", 3}, {"y", 4}, {"demand", 2}}, {{"id", "b"}, {"x", 6}, {"y", 8}, {"demand", 5}}}}}}};
  tests::TemporaryFolder folder_;
};

TEST_F(Job, GivesWhatItSays) {
  job_["job_id"] = "monday";
  job_["budget_ms"] = 2500;
  job_["solver"] = {{"seed", 9}, {"replicas", 3}};
  job_["policy"] = {{"mode", "shadow"}, {"min_improvement", 0.02}};
  job_["best_known"] = 17.5;
  const Descriptor d = read(job_);
  EXPECT_EQ(d.job_id, "monday");
  EXPECT_EQ(d.limit.seconds, 2.5);
  EXPECT_FALSE(d.limit.iterations);
  EXPECT_EQ(d.seed, 9u);
  EXPECT_EQ(d.replicas, 3u);
  EXPECT_EQ(d.best_known, 17.5);
  EXPECT_EQ(d.policy.mode, model::ServingMode::shadow);
  EXPECT_EQ(d.policy.min_improvement, 0.02);
}

TEST_F(Job, AsksForConfidenceAndCandidates) {
  job_["solver"] = {{"seeds", 10}};
  job_["policy"] = {{"mode", "candidate"}, {"min_confidence", 0.7}, {"within", 0.005}};
  job_["top_k"] = 4;
  const Descriptor d = read(job_);
  EXPECT_EQ(d.policy.mode, model::ServingMode::candidate);
  EXPECT_EQ(d.policy.min_confidence, 0.7);
  EXPECT_EQ(d.policy.within, 0.005);
  EXPECT_EQ(d.policy.seeds, 10u);
  EXPECT_EQ(d.policy.top_k, 4u);
}

TEST_F(Job, NoPolicyCanAskForMoreThanItsSeedsCanShow) {
  job_["policy"] = {{"min_confidence", 0.9}};
  job_["solver"] = {{"seeds", 10}};
  EXPECT_NE(message(job_).find("/policy/min_confidence is 0.9, and 10 seeds that all agree show at most 0.722; give /solver/seeds 35 or more, or ask for less"), std::string::npos) << message(job_);
  job_["solver"]["seeds"] = 35;
  EXPECT_EQ(message(job_), "accepted");
  job_.erase("solver");
  EXPECT_NE(message(job_).find("one seed shows at most 0.000; give /solver/seeds 35 or more"), std::string::npos) << message(job_);
}

TEST_F(Job, AListBecomesAJobEach) {
  json second = job_;
  second["problem"]["customers_csv"] = "stops.csv";
  second["job_id"] = "../north";
  job_["job_id"] = "south";
  std::ofstream(folder_ / "list.json") << json{{"jobs", {job_, second, 7}}};
  const std::vector<ListedJob> jobs = read_job_list(folder_ / "list.json");
  ASSERT_EQ(jobs.size(), 3u);
  EXPECT_EQ(jobs[0].name, "south");
  EXPECT_EQ(jobs[1].name, "job-2") << "a name that would leave the folder";
  EXPECT_EQ(json::parse(jobs[1].text)["problem"]["customers_csv"], (folder_ / "stops.csv").string());
  EXPECT_EQ(jobs[2].text, "7\n") << "for the check of its own";
  std::ofstream(folder_ / "list.json") << json{job_, job_};
  EXPECT_THROW(read_job_list(folder_ / "list.json"), core::UserError) << "two of one name";
  std::ofstream(folder_ / "list.json") << "{}";
  EXPECT_THROW(read_job_list(folder_ / "list.json"), core::UserError);
}

TEST_F(Job, LeavesOpenWhatItDoesNotSay) {
  const Descriptor d = read(job_);
  EXPECT_FALSE(d.limit.seconds || d.limit.iterations || d.seed || d.replicas || d.best_known);
  EXPECT_EQ(d.policy.mode, model::ServingMode::race);
}

TEST_F(Job, HoldsARoutingProblem) {
  const model::RoutingInstance in = routing_problem(read(job_));
  EXPECT_EQ(in.customers(), 2);
  EXPECT_EQ(in.labels, (std::vector<std::string>{"depot", "a", "b"}));
  EXPECT_EQ(in.demand[2].value, 5);
  EXPECT_EQ(in.capacity.value, 10);
  EXPECT_EQ(in.points[1].y, 4);
  EXPECT_EQ(in.edge_weight, model::EdgeWeight::euclidean);
}

TEST_F(Job, TakesATableAndAMatrixFromItsOwnFolder) {
  put("c.csv", "\xEF\xBB\xBFid, demand , note\n\"a, the first\",2,\"says \"\"hello\"\"\"\r\n\nb,5,\n");
  put("m.csv", "0,3,4\n3.5,0,1\n4,1,0\n");
  job_["problem"] = {{"depot", {{"id", "DC"}}}, {"vehicle", {{"capacity", 10}, {"max_distance_m", 30.9}}}, {"customers_csv", "c.csv"}, {"distance_matrix_csv", "m.csv"}, {"rounding", "trunc"}};
  const model::RoutingInstance in = routing_problem(read(job_));
  EXPECT_EQ(in.labels, (std::vector<std::string>{"DC", "a, the first", "b"}));
  EXPECT_EQ(in.edge_weight, model::EdgeWeight::explicit_matrix);
  EXPECT_EQ(in.matrix[3], 3.5);
  EXPECT_EQ(in.rounding, model::Rounding::trunc);
  EXPECT_EQ(in.max_route_length->value, 30);
}

TEST_F(Job, EveryMistakeIsToldAtOnce) {
  job_["budget_ms"] = -1;
  job_["solver"] = {{"sed", 3}, {"seed", 1.5}};
  job_["problem"]["vehicle"]["capacity"] = 0;
  job_["problem"]["customers"][1].erase("demand");
  const std::string text = message(job_);
  EXPECT_NE(text.find("5 mistakes"), std::string::npos) << text;
  for (const char* part : {"/budget_ms is -1; give 10 to 2592000000.", "/solver/sed is not a known key; known are hybrid, iterations, replicas, seed, seeds. Did you mean seed?",
                           "/solver/seed is a number, 1.5; give an integer.", "/problem/vehicle/capacity is 0; give 1 to 1000000000.", "/problem/customers/1/demand is missing; give an integer."})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST_F(Job, KeysInPointersAreEscaped) {
  job_["a/b~c"] = 1;
  EXPECT_NE(message(job_).find("/a~1b~0c is not a known key"), std::string::npos) << message(job_);
}

TEST_F(Job, OnlyTheDeepestCauseIsTold) {
  job_["solver"] = "fast";
  EXPECT_EQ(message(job_), (folder_ / "job.json").string() + ": /solver is a string, \"fast\"; give an object.");
}

TEST_F(Job, AFileStandsAlone) {
  job_["problem"]["file"] = "city.vrp";
  const Descriptor d = read(job_);
  ASSERT_TRUE(names_a_file(d));
  EXPECT_THROW(named_file(d), core::UserError);
  job_["problem"] = {{"file", "city.vrp"}, {"rounding", "none"}};
  EXPECT_EQ(named_file(read(job_)), folder_ / "city.vrp");
  EXPECT_EQ(asked_rounding(read(job_)), model::Rounding::none);
}

// valijson judges, our walk explains: on thousands of broken jobs the two must agree on whether something is wrong.
TEST_F(Job, VerdictAndWordsAgree) {
  const json schema = json::parse(schema_text("job"));
  const std::vector<json> odd = {nullptr, true, -1, 0, 1, 2.5, 1e300, "", "routing", "race", json::array(), json::array({1}), json::object(), {{"x", 1}}};
  std::vector<std::string> keys{"other"};
  for (const auto& [key, ignored] : schema["properties"].items()) keys.push_back(key);
  int broken = 0;
  for (const std::string& key : keys)
    for (const json& value : odd)
      for (const std::string& erased : keys) {
        json job = job_;
        job.erase(erased);
        job[key] = value;
        const bool explained = !explain(schema, job, "").empty();
        EXPECT_EQ(explained, !violations("job", job).empty()) << job.dump();
        broken += explained;
      }
  EXPECT_GT(broken, 1000);
}

TEST_F(Job, ShippedSchemasAreJsonWithATitle) {
  for (const char* name : {"job", "routing", "placement", "qubo"}) EXPECT_TRUE(json::parse(schema_text(name)).contains("title")) << name;
  EXPECT_THROW(schema_text("other"), core::LogicError);
}

TEST_F(Job, AMatrixOfAThousandLocationsIsReadInASecond) {
  const int n = 1000;
  json problem = {{"depot", {{"id", "DC"}}}, {"vehicle", {{"capacity", 10}}}, {"customers", json::array()}, {"distance_matrix_m", json::array()}};
  for (int k = 1; k < n; ++k) problem["customers"].push_back({{"id", std::to_string(k)}, {"demand", 1}});
  for (int r = 0; r < n; ++r) problem["distance_matrix_m"].push_back(std::vector<int>(static_cast<std::size_t>(n), 7));
  job_["problem"] = problem;
  const std::filesystem::path file = put("job.json", job_.dump());
  const double before = core::process_cpu_seconds();
  EXPECT_EQ(routing_problem(read_descriptor(file)).matrix.size(), static_cast<std::size_t>(n) * n);
  const double used = core::process_cpu_seconds() - before;
  EXPECT_LT(used, tests::sanitized ? 20.0 : 1.0);
}

TEST_F(Job, OtherJsonIsNoJob) {
  EXPECT_TRUE(is_job(put("a.json", "\n {\"schema_version\": 1}")));
  EXPECT_FALSE(is_job(put("a.json", "{\"type\": \"BinaryQuadraticModel\"}")));
  EXPECT_FALSE(is_job(put("a.json", "[1, 2]")));
  EXPECT_FALSE(is_job(put("a.json", "")));
}

TEST(Table, NamesTheCell) {
  tests::TemporaryFolder folder;
  const auto message = [&](const std::string& text) -> std::string {
    std::ofstream(folder / "t.csv") << text;
    try {
      const Table table = read_table(folder / "t.csv");
      number_in(table, 0, table.column("x"));
    } catch (const core::UserError& error) {
      return std::string(error.what()).substr((folder / "t.csv").string().size());
    }
    return "accepted";
  };
  EXPECT_EQ(message("id,x\na,1e3\n"), "accepted");
  EXPECT_EQ(message("id,x\n\na,1,2\n"), ":3: has 3 cells, the heading has 2.");
  EXPECT_EQ(message("id,x\na,nan\n"), ":2: x is 'nan'; give a number.");
  EXPECT_EQ(message("id,x\na,\n"), ":2: x is ''; give a number.");
  EXPECT_EQ(message("id,x\na,\"1\n"), ":2: a quote is not closed.");
  EXPECT_EQ(message("id,x\n"), ": has no rows under its heading.");
}

}  // namespace
}  // namespace tempera::descriptor
