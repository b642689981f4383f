// QUBO problems that stand in a job, the control that a job names, and what tells a job from a list of jobs.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "jobs/descriptor/descriptor.hpp"
#include "jobs/descriptor/json_text.hpp"
#include "jobs/descriptor/qubo_constraints.hpp"
#include "jobs/descriptor/qubo_problem.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/qubo_referee.hpp"
#include "tests/support/temporary_folder.hpp"

namespace tempera::descriptor {
namespace {

using nlohmann::json;

class QuboJob : public ::testing::Test {
 protected:
  Descriptor read(const std::string& text) {
    std::ofstream(folder_ / "job.json") << text;
    return read_descriptor(folder_ / "job.json");
  }
  model::QuboProblem problem() {
    const Descriptor job = read(job_.dump());
    EXPECT_TRUE(is_inline_qubo(job));
    return qubo_problem(job);
  }
  double value(std::initializer_list<std::int32_t> values) {
    const std::vector<std::int32_t> all(values);
    return model::judge(problem(), all).objective;
  }
  std::string message(const std::string& text) {
    try {
      const Descriptor job = read(text);
      if (job.problem_type == "qubo" && is_inline_qubo(job)) qubo_constraints(job, qubo_problem(job));
    } catch (const core::UserError& error) {
      return std::string(error.what()).substr((folder_ / "job.json").string().size());
    }
    return "accepted";
  }
  std::string message() { return message(job_.dump()); }

  json job_ = {{"schema_version", 1}, {"problem_type", "qubo"}, {"job_id", "pick"},
               {"problem", {{"variables", {"a", "b", 7}}, {"linear", {{"a", 1.5}, {"7", -2}}}, {"quadratic", {{"a", "b", 3}, {7, "b", -0.25}}}, {"offset", 10}}}};
  tests::TemporaryFolder folder_;
};

TEST_F(QuboJob, SaysWhatItIsWorth) {
  EXPECT_EQ(problem().labels, (std::vector<std::string>{"a", "b", "7"}));
  EXPECT_EQ(problem().name, "pick");
  EXPECT_TRUE(problem().exact);
  EXPECT_EQ(value({0, 0, 0}), 10);
  EXPECT_EQ(value({1, 1, 0}), 14.5);
  EXPECT_EQ(value({1, 1, 1}), 12.25);
  EXPECT_EQ(value({0, 1, 1}), 7.75);
}

TEST_F(QuboJob, SpinsAndMaximisation) {
  job_["problem"]["vartype"] = "SPIN";
  EXPECT_EQ(value({0, 0, 0}), 10 - 1.5 + 2 + 3 - 0.25);
  EXPECT_EQ(value({1, 0, 1}), 10 + 1.5 - 2 - 3 + 0.25);
  job_["problem"]["sense"] = "maximise";
  EXPECT_EQ(value({1, 0, 1}), 10 + 1.5 - 2 - 3 + 0.25);
  EXPECT_EQ(problem().sense, model::Sense::maximise);
}

TEST_F(QuboJob, IndicesInPlaceOfIds) {
  job_["problem"] = {{"variables", 3}, {"linear", {{"0", 1.5}, {"2", -2}}}, {"quadratic", {{0, 1, 3}, {"2", 1, -0.25}}}, {"offset", 10}};
  EXPECT_TRUE(problem().labels.empty());
  EXPECT_EQ(value({1, 1, 1}), 12.25);
  job_["problem"]["quadratic"].push_back({0, 3, 1});
  EXPECT_EQ(message(), ": /problem/quadratic/2/1 is 3, but the variables are numbered from 0 to 2.");
}

TEST_F(QuboJob, EveryMistakeIsToldAtOnce) {
  job_["problem"]["variables"] = {"alpha", "beta", "alpha", 2.5, ""};
  job_["problem"]["linear"] = {{"alhpa", 1}};
  job_["problem"]["quadratic"] = {{"alpha", "alpha", 1}, {"alpha", "beta", "x"}, {"beta", "alpha", 2}, {nullptr, "gamma", 1}};
  const std::string text = message();
  for (const char* part : {"9 mistakes", "/problem/variables/2 is 'alpha', which stands here already", "/problem/variables/3 is 2.5; give an id", "/problem/variables/4 is \"\"; give an id",
                           "/problem/linear/alhpa is 'alhpa', but there is no such variable; did you mean 'alpha'?", "/problem/quadratic/0 couples \"alpha\" with itself", "/problem/quadratic/1/2 is \"x\"; give a number",
                           "/problem/quadratic/2 couples \"beta\" and \"alpha\", as /problem/quadratic/1 does", "/problem/quadratic/3/0 is null", "/problem/quadratic/3/1 is 'gamma'"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST_F(QuboJob, OneSourceAlone) {
  job_["problem"]["file"] = "x.coo";
  EXPECT_NE(message().find("/problem/variables stands beside file"), std::string::npos) << message();
  job_["problem"] = json::object();
  EXPECT_EQ(message(), ": /problem/file is missing; name one, or give variables, linear and quadratic here.");
  job_["problem"] = {{"variables", {"a"}}};
  EXPECT_NE(message().find("/problem/linear is missing, and so is quadratic"), std::string::npos) << message();
  job_["problem"] = {{"variables", "a"}, {"linear", {{"a", 1}}}};
  EXPECT_NE(message().find("/problem/variables is \"a\"; give a list of ids"), std::string::npos) << message();
}

TEST_F(QuboJob, ConstraintsSpeakOfIds) {
  job_["problem"]["constraints"] = {{{"variables", {"b", 7}}, {"sense", "<="}, {"bound", 1}}};
  const auto constraints = qubo_constraints(read(job_.dump()), problem());
  EXPECT_EQ(constraints[0].members, (std::vector<std::int32_t>{1, 2}));
  job_["problem"]["constraints"][0]["variables"] = {"c", 0, true};
  const std::string text = message();
  for (const char* part : {"3 mistakes", "/problem/constraints/0/variables/0 is 'c'", "/problem/constraints/0/variables/1 is '0', but there is no such variable", "/problem/constraints/0/variables/2 is true"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST_F(QuboJob, AKeyMayStandOnce) {
  EXPECT_EQ(message(R"({"schema_version": 1, "schema_version": 1})"), ": /schema_version stands here a second time; leave one of them out.");
  EXPECT_EQ(message(R"({"a": [1, {"b": 1}, {"b": 2, "x/y": 1, "x/y": 2}]})"), ": /a/2/x~1y stands here a second time; leave one of them out.");
  EXPECT_EQ(message("{\"schema_version\": 1,\n\"budget_ms\": -1e999}"), ":2: the number -1e999 is too large; give one below 1e308.");
}

TEST_F(QuboJob, TheControlIsOneThatThereIs) {
  job_["baseline"] = {{"method", "descent"}, {"time_share", 0.3}};
  const Descriptor d = read(job_.dump());
  EXPECT_EQ(d.baseline, "descent");
  EXPECT_EQ(d.baseline_share, 0.3);
  EXPECT_FALSE(read(R"({"schema_version": 1, "problem_type": "qubo", "problem": {"file": "x.coo"}})").baseline);
  job_["baseline"]["method"] = "gredy";
  EXPECT_EQ(message(), ": /baseline/method is \"gredy\"; give one of tabu, greedy, descent, exhaustive. Did you mean greedy?");
  job_["baseline"]["method"] = "greedy";
  EXPECT_NE(message().find("/baseline/time_share means nothing for greedy"), std::string::npos) << message();
  job_["baseline"] = {{"time_share", 0.95}, {"methd", "tabu"}};
  for (const char* part : {"/baseline/time_share is 0.95; give more than 0, 0.9 at most", "/baseline/methd is not a known key; known are method, time_share. Did you mean method?"})
    EXPECT_NE(message().find(part), std::string::npos) << message();
  job_["baseline"] = {{"time_share", 0.5}};
  job_["solver"] = {{"iterations", 100}};
  EXPECT_NE(message().find("/baseline/time_share is a share of a time budget"), std::string::npos) << message();
  json stock = {{"schema_version", 1}, {"problem_type", "inventory_rebalancing"}, {"problem", json::object()}, {"baseline", {{"method", "cbc"}}}, {"solver", {{"iterations", 5}}}};
  EXPECT_NE(message(stock.dump()).find("/baseline/method is \"cbc\", which needs a time limit"), std::string::npos) << message(stock.dump());
  json played = {{"schema_version", 1}, {"problem_type", "backtest"}, {"problem", json::object()}, {"baseline", {{"method", "cbc"}}}};
  EXPECT_NE(message(played.dump()).find("/baseline means nothing for a backtest"), std::string::npos) << message(played.dump());
}

TEST_F(QuboJob, EveryTypeHasItsControls) {
  for (const char* type : {"routing", "inventory_placement", "inventory_rebalancing", "qubo"}) EXPECT_GE(baselines_of(type).size(), 3u) << type;
  EXPECT_TRUE(baselines_of("backtest").empty());
}

TEST_F(QuboJob, AListIsNoJob) {
  const auto role = [&](const std::string& text) {
    std::ofstream(folder_ / "some.json") << text;
    return role_of(folder_ / "some.json");
  };
  const std::string job = R"({"schema_version": 1, "problem_type": "routing", "problem": {"jobs": 1}})", far = R"({"problem": {"x": ")" + std::string(100'000, 'x') + R"("}, "problem_type": "qubo"})";
  EXPECT_EQ(role(job), FileRole::job);
  EXPECT_EQ(role(far), FileRole::job) << "however late it says so";
  EXPECT_EQ(role(job.substr(0, 60)), FileRole::job) << "cut off: a broken job";
  EXPECT_EQ(role("[" + job + "]"), FileRole::list);
  EXPECT_EQ(role(R"({"description": "\"problem_type\": 1", "jobs": [)" + job + "]}"), FileRole::list);
  EXPECT_EQ(role(R"({"matrix": [{"problem_type": 1}]})"), FileRole::other);
  EXPECT_EQ(role(R"([[{"problem_type": 1}]])"), FileRole::other);
  EXPECT_EQ(role("[1, 2]"), FileRole::other);
  EXPECT_EQ(role(""), FileRole::other);
}

}  // namespace
}  // namespace tempera::descriptor
