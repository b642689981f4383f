#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "io/report/html_report.hpp"
#include "io/report/hybrid_text.hpp"
#include "io/report/numbers.hpp"
#include "io/report/progress_line.hpp"
#include "io/report/result_json.hpp"
#include "io/report/summary.hpp"
#include "io/report/warning_fold.hpp"

namespace tempera::report {
namespace {

model::RunRecord example() {
  model::RunRecord r;
  r.problem_name = "X-n1001-k43";
  r.problem_size = 1000;
  r.seed = 1;
  r.ranks = 2;
  r.limit.seconds = 30.0;
  r.wall_seconds = 29.5;
  r.cpu_seconds = 58.1;
  r.baseline = {"savings + local search", {.cost = 75321, .cost_units = 75321, .ints = {1, 2, 0}, .reals = {}}, 0.21, 0.2};
  r.incumbent = {.cost = 72700.5, .cost_units = 727005, .ints = {1, 0, 2, 0}, .reals = {}};
  r.best_known = 72355;
  r.best_known_source = "BKS.csv";
  r.served_by = "annealer";
  r.iterations = 18'000'000;
  r.timings = {{0, "node1", 28.0, 0.5, 0.25, 0.25, 9'000'000, 100}, {1, "node2", 29.0, 0.5, 0, 0, 9'000'000, 100}};
  r.swaps = {{10, 0}, {4, 0}, 3};
  return r;
}

TEST(Numbers, ReadWell) {
  EXPECT_EQ(grouped(std::int64_t{0}), "0");
  EXPECT_EQ(grouped(std::int64_t{-1234567}), "-1,234,567");
  EXPECT_EQ(grouped(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
  EXPECT_EQ(grouped(1234.5, 3), "1,234.5");
  EXPECT_EQ(grouped(999.9996, 3), "1,000");
  EXPECT_EQ(grouped(-0.0001, 3), "0");
  EXPECT_EQ(duration(0.25), "0.25 s");
  EXPECT_EQ(duration(99.96), "1:40");
  EXPECT_EQ(duration(12000), "3:20:00");
  EXPECT_EQ(rate(310'000), "310 k/s");
  EXPECT_DOUBLE_EQ(relative_gap(101, 100), 0.01);
  EXPECT_DOUBLE_EQ(relative_gap(0, 0), 0);
}

TEST(ResultJson, HasEveryFieldThatTheSchemaRequires) {
  std::ifstream file(TEMPERA_SOURCE_DIR "/io/report/result.schema.json");
  const auto schema = nlohmann::json::parse(file);
  const auto json = nlohmann::json::parse(result_json(example(), core::ExitCode::solved));
  const auto require = [&](const nlohmann::json& rule, const nlohmann::json& object) {
    for (const auto& key : rule.value("required", nlohmann::json::array())) EXPECT_TRUE(object.contains(key.get<std::string>())) << key;
  };
  require(schema, json);
  require(schema["then"], json);
  for (const auto& [name, rule] : schema["properties"].items()) {
    if (json.contains(name) && json[name].is_object()) require(rule, json[name]);
  }
  for (const auto& [name, value] : json.items()) EXPECT_TRUE(schema["properties"].contains(name)) << name << " is not in the schema";
  for (const auto& rank : json["timing_per_rank"]) require(schema["properties"]["timing_per_rank"]["items"], rank);
}

TEST(ResultJson, KeepsNumbersExact) {
  const auto json = nlohmann::json::parse(result_json(example(), core::ExitCode::solved));
  EXPECT_EQ(json["status"], "solved");
  EXPECT_TRUE(json["baseline"]["cost"].is_number_integer());
  EXPECT_EQ(json["objective"]["cost"], 72700.5);
  EXPECT_TRUE(json["objective"]["gap"].is_null());
  EXPECT_NEAR(json["best_known"]["gap"].get<double>(), 0.004775, 1e-6);
  EXPECT_EQ(json["budget"]["limit_seconds"], 30);
}

TEST(ResultJson, AFailureSaysWhy) {
  const auto json = nlohmann::json::parse(failure_json(core::ExitCode::bad_input, "a.vrp:3: \"CAPACITY\" is 0", "tempera solve a.vrp"));
  EXPECT_EQ(json["exit_code"], 2);
  EXPECT_EQ(json["status"], "bad_input");
  EXPECT_EQ(json["error"]["message"], "a.vrp:3: \"CAPACITY\" is 0");
  EXPECT_TRUE(nlohmann::json::accept(failure_json(core::ExitCode::our_fault, "not UTF-8: \xff", "tempera")));
}

TEST(Summary, FitsEightyColumnsAndShowsBothCosts) {
  const std::string text = summary_text(example(), "runs/x1001");
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 84u) << line;
  for (const char* part : {"72,700.5", "75,321", "-3.48 % against the baseline", "gap +0.478 %", "served by annealer", "acceptance per pair", "40 %", "runs/x1001"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
}

TEST(Figures, StandInTextPageAndJson) {
  model::RunRecord record = example();
  EXPECT_TRUE(figure_rows(record).empty());
  EXPECT_EQ(html_report(record, std::nullopt).find("Beside the cost"), std::string::npos);
  record.figures = {{"control", "vehicles", "routes", 5}, {"control", "kept", "share", 0.5}, {"after", "vehicles", "routes", 4}, {"after", "kept", "share", 0.75}};
  const std::vector<std::vector<std::string>> expected{{"", "control", "after", "unit"}, {"vehicles", "5", "4", "routes"}, {"kept", "50.00 %", "75.00 %", ""}};
  EXPECT_EQ(figure_rows(record), expected);
  EXPECT_NE(html_report(record, std::nullopt).find("<tr><td>vehicles</td><td>5</td><td>4</td><td>routes</td></tr>"), std::string::npos);
  EXPECT_NE(summary_text(record, "").find("  vehicles                              5                  4  routes"), std::string::npos) << summary_text(record, "");
  EXPECT_EQ(nlohmann::json::parse(result_json(record, core::ExitCode::solved)).at("figures").at("after").at("kept").at("value"), 0.75);
}

// Nobody pays the price that puts vehicles first, or that of a customer left out.
TEST(VehiclesFirst, CostsAreToldWithoutTheirPrice) {
  model::RunRecord record = example();
  EXPECT_EQ(vehicles_first_text(record), "");
  record.vehicle_price = 10'000;
  record.missing_price = 1'000'000;
  record.baseline.answer = {.cost = 1'030'900.5, .cost_units = 0, .ints = {1, 0, 2, 0, 3, 0}, .reals = {}};
  record.incumbent = {.cost = 20'950, .cost_units = 0, .ints = {1, 2, 0, 3, 0}, .reals = {}};
  EXPECT_EQ(vehicles_first_text(record), "every route counts 10,000; without that 950 (baseline 900.5 and 1 left out)");
  EXPECT_NE(summary_text(record, "").find("  every route counts 10,000; without that 950"), std::string::npos);
  EXPECT_NE(html_report(record, std::nullopt).find("Fewest vehicles come first: every route counts 10,000"), std::string::npos);
}

model::HybridStep hybrid_example() {
  model::HybridStep step{.subject = "routes", .choices = 20, .candidates = 1'200, .before = 90'250, .after = 90'200, .optimum = 90'200, .penalty_factor = 1, .states = 1 << 20,
                         .feasible_states = 12, .optimal_states = 1, .runs = {}};
  for (const char* solver : {"exact (CBC)", "greedy", "tempering", "QAOA", "uniform random"}) {
    model::HybridRun run;
    run.solver = solver;
    run.cost = run.model_cost = 90'200;
    run.shots = run.decoded = 1;
    step.runs.push_back(run);
  }
  step.runs[0].accepted = 1;
  step.runs[3].optimum_probability = 0.02;
  step.runs[3].qubits = 20;
  return step;
}

TEST(HybridText, ClaimsNoAdvantageOfQaoaWhereAnotherSolverIsAsGood) {
  model::HybridStep step = hybrid_example();
  EXPECT_NE(hybrid_finding(step).find("Accepted: exact (CBC), 50 below the incumbent."), std::string::npos) << hybrid_finding(step);
  EXPECT_NE(hybrid_finding(step).find("No advantage of QAOA is shown."), std::string::npos);
  EXPECT_NE(hybrid_finding(step).find("0.020 per shot against 9.5e-07 for a uniform pick"), std::string::npos);
  for (model::HybridRun& run : step.runs)
    if (run.solver != "QAOA" && run.solver != "tempering") run.cost = 90'300;
  EXPECT_NE(hybrid_finding(step).find("No advantage of QAOA is shown."), std::string::npos) << "tempering is as good";
  step.runs[2].cost = 90'300;
  EXPECT_EQ(hybrid_finding(step).find("No advantage"), std::string::npos);
  EXPECT_NE(hybrid_finding(step).find("Its answer costs less than every other solver's here."), std::string::npos);
}

TEST(HybridText, TableFitsAndStandsInAllReports) {
  model::RunRecord record = example();
  record.hybrid = {hybrid_example()};
  std::istringstream lines(summary_text(record, "runs/x1001"));
  bool seen = false;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 84u) << line;
    seen |= line.find("QAOA") != std::string::npos;
  }
  EXPECT_TRUE(seen);
  const auto json = nlohmann::json::parse(result_json(record, core::ExitCode::solved));
  EXPECT_EQ(json.at("hybrid").at(0).at("solvers").size(), 5u);
  EXPECT_TRUE(json.at("hybrid").at(0).at("solvers").at(0).at("accepted").get<bool>());
  EXPECT_DOUBLE_EQ(json.at("hybrid").at(0).at("uniform").at("feasible_share"), 12.0 / (1 << 20));
}

TEST(ProgressLine, DropsFieldsThatDoNotFit) {
  const Progress p{.elapsed_seconds = 1, .remaining_seconds = 29.2, .cost = 72700, .best_known = 72355, .iterations = 5, .iterations_per_second = 610'000,
                   .replicas = 2, .parts = 1, .utilisation = 0.987, .ranks = 2};
  EXPECT_EQ(progress_line(p, 200), "29.2 s left  cost 72,700  gap 0.48 %  610 k/s  99 % busy of 2 ranks  2 replicas x 1 part");
  EXPECT_EQ(progress_line(p, 30), "29.2 s left  cost 72,700");
  EXPECT_EQ(progress_line(p, 5).size(), 5u);
  Progress unlimited = p;
  unlimited.remaining_seconds = std::numeric_limits<double>::infinity();
  EXPECT_EQ(progress_line(unlimited, 30).substr(0, 13), "1.0 s elapsed");
}

TEST(WarningFold, EqualWarningsOfManyRanksBecomeOneLine) {
  std::vector<std::string> warnings;
  for (const int rank : {4, 5, 6, 9}) {
    warnings.push_back("rank " + std::to_string(rank) + " on n3 is lost: silent for 30." + std::to_string(rank) + " s; the run goes on without it");
    warnings.push_back("task " + std::to_string(100 + rank) + " failed on rank " + std::to_string(rank) + ", attempt 1 of 3: the rank is lost");
  }
  warnings.push_back("rank 12 on n4 is lost: silent for 30.1 s; the run goes on without it");
  EXPECT_EQ(folded(warnings), (std::vector<std::string>{"ranks 4-6, 9 on n3 is lost: silent for 30.4 s; the run goes on without it (4 times)",
                                                        "task 104 failed on ranks 4-6, 9, attempt 1 of 3: the rank is lost (4 times)",
                                                        "rank 12 on n4 is lost: silent for 30.1 s; the run goes on without it"}));
}

TEST(WarningFold, WhatDiffersInWordsOrNamesStaysApart) {
  const std::vector<std::string> different = {"node1 is slow", "node2 is slow", "checkpoint not written: /a/1: full", "checkpoint not written: /a/2: full", "v1.5 x", "v1.6 x"};
  EXPECT_EQ(folded(different), different);
  EXPECT_EQ(folded({"checkpoint not written", "checkpoint not written"}), std::vector<std::string>{"checkpoint not written (2 times)"});
  EXPECT_TRUE(folded({}).empty());
}

TEST(WarningFold, HoldsBackForAMomentOnly) {
  WarningFold fold(0.5);
  fold.add("rank 1 is lost", 10);
  fold.add("rank 2 is lost", 10.4);
  EXPECT_TRUE(fold.due(10.49).empty());
  EXPECT_EQ(fold.due(10.5), std::vector<std::string>{"ranks 1-2 is lost (2 times)"});
  EXPECT_TRUE(fold.due(20).empty());
  fold.add("rank 3 is lost", 30);
  EXPECT_EQ(fold.rest(), std::vector<std::string>{"rank 3 is lost"});
}

}  // namespace
}  // namespace tempera::report
