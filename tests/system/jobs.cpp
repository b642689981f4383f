// Job files through the command line: the shipped examples, policies, and the page about a run.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "io/report/numbers.hpp"
#include "tests/support/solomon_sample.hpp"
#include "tests/support/tempera.hpp"

namespace tempera::tests {
namespace {

namespace fs = std::filesystem;
const fs::path source = TEMPERA_SOURCE_DIR;

class Jobs : public ::testing::Test {
 protected:
  nlohmann::json solved(const fs::path& job, Words more = {}, int ranks = 0) {
    Words words{"solve", job.string(), "--out", out().string(), "--output", "json"};
    words.insert(words.end(), more.begin(), more.end());
    const Finished finished = tempera(words, ranks);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    return json_of(finished);
  }
  fs::path out() const { return folder_ / "run"; }

  TemporaryFolder folder_;
};

// The words of an example's own description, which is its command.
Words command_of(const nlohmann::json& job) {
  std::istringstream text(job["description"].get<std::string>());
  return {std::istream_iterator<std::string>(text), {}};
}

TEST_F(Jobs, EveryExampleRunsByItsOwnCommand) {
  int examples = 0;
  for (const auto& entry : fs::directory_iterator(source / "jobs/examples")) {
    if (entry.path().extension() != ".json") continue;
    const nlohmann::json job = nlohmann::json::parse(content_of(entry.path()));
    ++examples;
    Words words = command_of(job);
    ASSERT_GT(words.size(), 3u) << entry.path();
    ASSERT_EQ(words[0], "tempera");
    words.erase(words.begin());
    words.back() = out().string();  // tests leave nothing in the source folder
    words.insert(words.end(), {"--output", "json"});
    const Finished finished = tempera(words, 0, {.folder = source});
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    const nlohmann::json result = json_of(finished);
    if (words[0] == "batch") {
      for (const nlohmann::json& line : result["results"]) EXPECT_EQ(line["state"], "solved") << entry.path();
      fs::remove_all(out());
      continue;
    }
    EXPECT_EQ(tempera({"submit", entry.path().string(), "--tasks-per-node", "2", "--dry-run"}).exit_code, 0) << entry.path();
    if (job["problem_type"] == "backtest") {
      EXPECT_FALSE(result["policies"].empty());
      EXPECT_EQ(tempera({"check", entry.path().string()}).exit_code, 0);
      EXPECT_EQ(json_of(tempera({"solve", entry.path().string(), "--out", (folder_ / "solved").string(), "--output", "json"}))["policies"], result["policies"]) << "solve plays it as well";
      fs::remove_all(out());
      continue;
    }
    EXPECT_EQ(result["job_id"], job["job_id"]);
    EXPECT_EQ(result["solver"]["method"], job.contains("solver") ? job["solver"].value("method", "annealing") : "annealing");
    if (result["objective"].value("sense", "minimise") == "minimise") {
      EXPECT_GE(result["baseline"]["cost"].get<double>(), result["candidate"]["cost"].get<double>());
    }
    EXPECT_EQ(tempera({"check", entry.path().string(), "--solution", (out() / "result.h5").string()}).exit_code, 0) << entry.path();
    EXPECT_EQ(tempera({"report", out().string()}).exit_code, 0);
    fs::remove_all(out());
  }
  EXPECT_GE(examples, 11);
}

TEST_F(Jobs, EveryMethodOfAQuboIsRunAndEchoed) {
  const fs::path job = source / "jobs/examples/two_shifts.json";
  const double optimum = solved(job, {"--method", "exhaustive"})["candidate"]["cost"];
  for (const std::string method : {"annealing", "tabu", "greedy", "exhaustive", "baseline", "qaoa"}) {
    nlohmann::json wanted = nlohmann::json::parse(content_of(job));
    wanted.erase("budget_ms");
    wanted["problem"]["file"] = (source / "jobs/examples/two_shifts.mc").string();
    wanted["solver"] = {{"method", method}, {"iterations", 20000}};
    if (method == "qaoa") wanted["solver"].update({{"depth", 3}, {"shots", 500}});
    std::ofstream(folder_ / "job.json") << wanted.dump();
    const nlohmann::json result = solved(folder_ / "job.json");
    EXPECT_EQ(result["solver"]["method"], method);
    EXPECT_EQ(result["candidate"]["source"].get<std::string>() == method || result["served_by"] == "annealer" || result["served_by"] == "baseline", true) << result["candidate"]["source"];
    EXPECT_LE(result["candidate"]["cost"].get<double>(), optimum) << method;
    if (method != "greedy" && method != "qaoa") {
      EXPECT_EQ(result["candidate"]["cost"], optimum) << method;
    }
    EXPECT_EQ(result["served_by"], "baseline") << "the control enumerates so few variables: nothing is better";
    EXPECT_EQ(result.contains("best_sample"), method == "qaoa");
    if (method == "qaoa") {
      EXPECT_EQ(result["solver"]["depth"], 3);
      EXPECT_EQ(result["best_sample"]["shots"], 500);
      const double estimate = result["best_sample"]["probability"]["estimate"];
      EXPECT_LE(result["best_sample"]["probability"]["interval_95"][0].get<double>(), estimate);
      EXPECT_GE(result["best_sample"]["probability"]["interval_95"][1].get<double>(), estimate);
    }
    EXPECT_EQ(tempera({"report", out().string()}).exit_code, 0);
  }
  const Finished resumed = tempera({"resume", out().string(), "--iterations", "90000"});
  EXPECT_EQ(resumed.exit_code, 2);
  EXPECT_NE(resumed.err.find("is a run of the method qaoa, which cannot go on"), std::string::npos) << resumed.err;
  EXPECT_NE(tempera({"solve", (source / "jobs/examples/one_region.json").string(), "--method", "tabu"}).err.find("--method: tabu is not one for"), std::string::npos);
}

TEST_F(Jobs, TimeWindowsFromFileToResult) {
  const std::string file = (folder_ / "s60.txt").string();
  std::ofstream(file) << solomon_sample(60, 3);
  for (const std::string objective : {"distance", "vehicles"}) {
    const nlohmann::json result = solved(file, {"--iterations", "40000", "--objective", objective});
    EXPECT_EQ(result["problem"]["rounding"], objective == "distance" ? "dimacs" : "none");
    EXPECT_EQ(result["baseline"]["method"], "insertion + local search");
    EXPECT_LE(result["objective"]["cost"].get<double>(), result["baseline"]["cost"].get<double>());
    EXPECT_GT(result["figures"]["after"]["vehicles"]["value"], 0);
    EXPECT_GT(result["figures"]["after"]["distance"]["value"], 100);
    EXPECT_LE(result["figures"]["after"]["distance"]["value"].get<double>(), result["objective"]["cost"].get<double>());
    EXPECT_EQ(tempera({"check", file, "--objective", objective, "--solution", (out() / "solution.sol").string()}).exit_code, 0);
    EXPECT_EQ(result["figures"]["after"]["late"]["value"], 0);
    EXPECT_NE(content_of(out() / "routes.csv").find("load_on_board,arrival,service_start,route_leaves,route_returns"), std::string::npos);
    EXPECT_NE(tempera({"report", out().string()}).out.find("waiting"), std::string::npos) << "kept in the run file";
    ASSERT_EQ(tempera({"report", out().string(), "--html", (folder_ / "page.html").string()}).exit_code, 0);
    EXPECT_NE(content_of(folder_ / "page.html").find("<td>waiting</td>"), std::string::npos);
    const Finished resumed = tempera({"resume", out().string(), "--iterations", "60000", "--output", "json"});
    ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
    EXPECT_LE(json_of(resumed)["objective"]["cost"].get<double>(), result["objective"]["cost"].get<double>());
  }
  EXPECT_EQ(tempera({"check", file, "--format", "solomon"}).exit_code, 0);
  const Finished wrong = tempera({"check", file, "--format", "vrplib"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_NE(wrong.err.find("looks like a Solomon problem"), std::string::npos) << wrong.err;
  std::ofstream(folder_ / "late.sol") << "Route #1: 1 2 3 4 5 6 7 8 9 10 11 12 13 14\nCost 1\n";
  EXPECT_NE(tempera({"check", file, "--solution", (folder_ / "late.sol").string()}).out.find("after its window closes at"), std::string::npos);
}

TEST_F(Jobs, ADayOfDeliveriesTellsArrivalTimes) {
  const nlohmann::json result = solved(source / "jobs/examples/delivery_windows.json");
  const std::string routes = content_of(out() / "routes.csv");
  EXPECT_EQ(routes.substr(0, routes.find('\n')), "route,stop,customer,demand,load_on_board,arrival_s,service_start_s,route_leaves_s,route_returns_s");
  EXPECT_EQ(result["figures"]["after"]["vehicles"]["value"].get<double>() * 1e6 > result["figures"]["after"]["distance"]["value"].get<double>(), true);
  std::istringstream csv(routes);
  std::string line;
  std::getline(csv, line);
  while (std::getline(csv, line)) {
    std::istringstream cells(line);
    std::vector<std::string> row;
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
    ASSERT_EQ(row.size(), 9u) << line;
    EXPECT_LT(std::stod(row[7]), std::stod(row[5])) << "leaves before it arrives: " << line;
    EXPECT_LT(std::stod(row[6]), std::stod(row[8])) << "serves before it returns: " << line;
  }
}

// A whole job of mixed vehicles, two depots, windows and prizes, and the same answer on any number of ranks.
TEST_F(Jobs, AMixedFleetFromJobToResult) {
  const fs::path job = source / "jobs/examples/mixed_fleet.json";
  const Words iterations{"--iterations", "60000"};
  const nlohmann::json result = solved(job, iterations, 2);
  EXPECT_EQ(result["complete"], true);
  EXPECT_EQ(result["objective"]["unit"], "money");
  EXPECT_GT(result["objective"]["lower_bound"], 0);
  EXPECT_LE(result["objective"]["lower_bound"], result["objective"]["cost"]);
  EXPECT_LE(result["objective"]["cost"].get<double>(), result["baseline"]["cost"].get<double>());
  double routes = 0, forgone = 0;
  for (const nlohmann::json& route : result["routes"]) {
    EXPECT_LE(route["load"], route["capacity"]);
    EXPECT_EQ(route["depot"], route["vehicle"] == "bike" || route["vehicle"] == "truck-south" ? "south" : "north");
    routes += route["cost"].get<double>();
  }
  for (const nlohmann::json& customer : result["unassigned"]) {
    EXPECT_EQ(customer["required"], false);
    EXPECT_NE(customer["limit"], "none");
    forgone += customer["prize"].get<double>();
  }
  EXPECT_NEAR(routes + forgone, result["objective"]["cost"].get<double>(), 1e-6);
  const std::string solution = content_of(out() / "solution.sol"), csv = content_of(out() / "routes.csv");
  EXPECT_NE(solution.find("Vehicle #1: "), std::string::npos);
  EXPECT_EQ(csv.substr(0, csv.find('\n')), "route,vehicle,depot,stop,customer,demand,load_on_board,arrival_s,service_start_s,route_leaves_s,route_returns_s");
  for (const char* file : {"solution.sol", "result.h5"}) {
    const nlohmann::json verdict = json_of(tempera({"check", job.string(), "--solution", (out() / file).string(), "--output", "json"}));
    EXPECT_EQ(verdict["status"], "feasible") << file;
    EXPECT_NEAR(verdict["cost"].get<double>(), result["objective"]["cost"].get<double>(), 1e-9) << file;
  }
  EXPECT_EQ(json_of(tempera({"report", out().string(), "--output", "json"}))["routes"], result["routes"]) << "kept in the run file";
  ASSERT_EQ(tempera({"report", out().string(), "--html", (folder_ / "page.html").string()}).exit_code, 0);
  EXPECT_NE(content_of(folder_ / "page.html").find("<td>truck</td>"), std::string::npos);
  for (const int ranks : {1, 3, 4}) {
    solved(job, iterations, ranks);
    EXPECT_EQ(content_of(out() / "solution.sol"), solution) << ranks << " ranks";
  }
  const Finished resumed = tempera({"resume", out().string(), "--iterations", "90000", "--output", "json"});
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_LE(json_of(resumed)["objective"]["cost"].get<double>(), result["objective"]["cost"].get<double>());
  EXPECT_EQ(tempera({"solve", job.string(), "--hybrid", "8", "--out", out().string()}).exit_code, 2);
}

// The same without prizes for the fewest vehicles: what they cost decides among as many.
TEST_F(Jobs, FewestVehiclesOfAMixedFleet) {
  nlohmann::json job = nlohmann::json::parse(content_of(source / "jobs/examples/mixed_fleet.json"));
  for (nlohmann::json& customer : job["problem"]["customers"]) customer.erase("prize");
  job["problem"]["vehicles"][0]["count"] = 12;
  job["problem"]["vehicles"][0]["fixed_cost"] = 2;
  job["problem"].erase("max_vehicles");
  const fs::path file = folder_ / "job.json";
  std::ofstream(file) << job.dump();
  const Words iterations{"--iterations", "60000"}, fewest{"--iterations", "60000", "--objective", "vehicles"};
  const nlohmann::json cheapest = solved(file, iterations), result = solved(file, fewest);
  ASSERT_EQ(result["complete"], true);
  EXPECT_LT(result["routes"].size(), cheapest["routes"].size());
  EXPECT_EQ(result["figures"]["after"]["vehicles"]["value"], result["routes"].size());
  const std::string unit = result["objective"]["unit"], opening = "money, and for every route ";
  ASSERT_EQ(unit.substr(0, opening.size()), opening);
  double money = 0;
  for (const nlohmann::json& route : result["routes"]) money += route["cost"].get<double>();
  EXPECT_NEAR(money + static_cast<double>(result["routes"].size()) * std::stod(unit.substr(opening.size())), result["objective"]["cost"].get<double>(), 1e-6);
  EXPECT_GT(money, cheapest["objective"]["cost"].get<double>());
  const std::string solution = content_of(out() / "solution.sol");
  EXPECT_NEAR(std::stod(solution.substr(solution.rfind("Cost ") + 5)), money, 1e-6) << "the price of vehicles is nobody's cost";
  EXPECT_EQ(tempera({"check", file.string(), "--objective", "vehicles", "--solution", (out() / "solution.sol").string()}).exit_code, 0);
  solved(file, fewest, 3);
  EXPECT_EQ(content_of(out() / "solution.sol"), solution);
  EXPECT_EQ(tempera({"resume", out().string(), "--iterations", "90000"}).exit_code, 0);
}

// Large enough for parts, with vehicles, depots and travel times for each of them: the same answer on any number of ranks.
TEST_F(Jobs, AFleetWithTravelTimesInPartsOnAnyRanks) {
  const int customers = 520;
  nlohmann::json problem{{"rounding", "nearest"}, {"objective", "vehicles"}, {"travel_time_matrix_csv", "times.csv"}, {"customers_csv", "customers.csv"}};
  std::vector<std::pair<int, int>> places{{20, 20}};
  problem["depots"] = nlohmann::json::array({nlohmann::json{{"id", "north"}, {"x", 20}, {"y", 20}, {"window_s", {0, 20000}}}, nlohmann::json{{"id", "south"}, {"x", 80}, {"y", 70}, {"window_s", {0, 20000}}}});
  problem["vehicles"] = nlohmann::json::array({nlohmann::json{{"id", "van"}, {"count", 60}, {"capacity", 40}, {"depot", "north"}, {"max_duration_s", 9000}},
                                               nlohmann::json{{"id", "truck"}, {"count", 30}, {"capacity", 90}, {"depot", "south"}, {"travel_time_factor", 1.5}}});
  std::ofstream table(folder_ / "customers.csv");
  table << "id,x,y,demand,window_start_s,window_end_s,service_s\n";
  for (int c = 0; c < customers; ++c) {
    places.emplace_back(c * 37 % 101, c * 53 % 97);
    table << "c" << c << "," << places.back().first << "," << places.back().second << "," << 1 + c % 9 << "," << (c % 4 == 0 ? "3000,12000" : ",") << ",60\n";
  }
  table.close();
  places.emplace_back(80, 70);
  std::ofstream times(folder_ / "times.csv");
  for (const auto& from : places)
    for (std::size_t k = 0; k < places.size(); ++k) times << 12 * (std::abs(from.first - places[k].first) + std::abs(from.second - places[k].second)) << (k + 1 < places.size() ? "," : "\n");
  times.close();
  const fs::path job = folder_ / "job.json";
  std::ofstream(job) << nlohmann::json{{"schema_version", 1}, {"problem_type", "routing"}, {"problem", problem}}.dump();
  ASSERT_GE(json_of(tempera({"check", job.string(), "--output", "json", "--ranks", "2"}))["plan"]["parts"], 2) << "one part shows nothing";
  const Words iterations{"--iterations", "150000"};
  const nlohmann::json alone = solved(job, iterations);
  EXPECT_EQ(alone["complete"], true);
  EXPECT_LT(alone["objective"]["cost"].get<double>(), alone["baseline"]["cost"].get<double>());
  const std::string solution = content_of(out() / "solution.sol");
  for (const int ranks : {2, 4}) {
    solved(job, iterations, ranks);
    EXPECT_EQ(content_of(out() / "solution.sol"), solution) << ranks << " ranks";
  }
}

// Two vans for more than they can carry: an answer all the same, and why not everybody is in it.
TEST_F(Jobs, AFleetThatLacksNamesWhoIsLeftOutAndWhy) {
  nlohmann::json job = nlohmann::json::parse(content_of(source / "jobs/examples/mixed_fleet.json"));
  job["problem"]["vehicles"] = nlohmann::json::array({nlohmann::json{{"id", "van"}, {"count", 2}, {"capacity", 30}, {"depot", "north"}, {"fixed_cost", 20}, {"cost_per_km", 0.5}, {"speed_m_per_s", 11}}});
  std::ofstream(folder_ / "job.json") << job.dump();
  const nlohmann::json result = solved(folder_ / "job.json", {"--iterations", "20000"});
  EXPECT_EQ(result["complete"], false);
  std::size_t required = 0;
  for (const nlohmann::json& customer : result["unassigned"]) {
    required += customer["required"] == true;
    EXPECT_GT(customer["by"], 0) << customer;
    EXPECT_NE(customer["limit"], "none") << customer;
    EXPECT_NE(customer["reason"].get<std::string>().find("the cheapest way in"), std::string::npos);
  }
  EXPECT_GT(required, 10u);
  EXPECT_EQ(result["figures"]["after"]["required_left_out"]["value"], required);
  EXPECT_NE(tempera({"report", out().string()}).out.find("NOT COMPLETE: "), std::string::npos);
  const Finished verdict = tempera({"check", (folder_ / "job.json").string(), "--solution", (out() / "solution.sol").string()});
  EXPECT_EQ(verdict.exit_code, 2);
  EXPECT_NE(verdict.out.find("INCOMPLETE"), std::string::npos) << verdict.out;
}

TEST_F(Jobs, ShadowServesTheControlAndRecordsTheCandidate) {
  const nlohmann::json result = solved(source / "jobs/examples/shadow.json");
  EXPECT_EQ(result["served_by"], "baseline");
  EXPECT_EQ(result["objective"]["cost"], result["baseline"]["cost"]);
  EXPECT_LT(result["candidate"]["cost"], result["baseline"]["cost"]);
  EXPECT_EQ(result["candidate"]["served"], false);
  EXPECT_EQ(result["fallback_reason"], "shadow: the candidate is only recorded");
  const nlohmann::json verdict = json_of(tempera({"check", (source / "jobs/examples/shadow.json").string(), "--solution", (out() / "solution.sol").string(), "--output", "json"}));
  EXPECT_EQ(verdict["cost"], result["baseline"]["cost"]) << "the solution file is the control's";
}

TEST_F(Jobs, APolicyThatAsksForMoreWithholdsTheCandidate) {
  nlohmann::json job = nlohmann::json::parse(content_of(source / "jobs/examples/shadow.json"));
  job["problem"]["customers_csv"] = (source / "jobs/examples/peak_day.csv").string();
  for (const double asked : {0.0001, 0.9}) {
    job["policy"] = {{"min_improvement", asked}};
    std::ofstream(folder_ / "job.json") << job.dump();
    const nlohmann::json result = solved(folder_ / "job.json");
    EXPECT_EQ(result["served_by"], asked < 0.01 ? "annealer" : "baseline");
    EXPECT_EQ(result["candidate"]["served"], asked < 0.01);
  }
}

TEST_F(Jobs, TheCommandLineStandsAboveTheJob) {
  const nlohmann::json result = solved(source / "jobs/examples/one_region.json", {"--seed", "99", "--iterations", "20000"});
  EXPECT_EQ(result["seed"], 99);
  EXPECT_EQ(result["budget"]["iterations"], 20000);
  EXPECT_EQ(solved(source / "jobs/examples/one_region.json")["seed"], 7);
}

// Also in how distances are rounded and what counts; the run remembers it.
TEST_F(Jobs, RoundingAndObjectiveOfTheCommandLineStandAboveTheJob) {
  const fs::path job = source / "jobs/examples/one_region.json", windows = source / "jobs/examples/delivery_windows.json";
  EXPECT_EQ(solved(job, {"--iterations", "2000"})["problem"]["rounding"], "nearest");
  EXPECT_EQ(solved(job, {"--iterations", "2000", "--round", "trunc"})["problem"]["rounding"], "trunc");
  EXPECT_EQ(tempera({"resume", out().string(), "--iterations", "3000"}).exit_code, 0);
  EXPECT_EQ(tempera({"check", job.string(), "--round", "trunc", "--solution", (out() / "result.h5").string()}).exit_code, 0);
  EXPECT_EQ(tempera({"check", job.string(), "--solution", (out() / "result.h5").string()}).exit_code, 2) << "another problem";
  EXPECT_NE(solved(windows, {"--iterations", "2000"})["objective"]["unit"], "distance");
  EXPECT_EQ(solved(windows, {"--iterations", "2000", "--objective", "distance"})["objective"]["unit"], "distance");
  EXPECT_EQ(tempera({"resume", out().string(), "--iterations", "3000"}).exit_code, 0);
}

TEST_F(Jobs, ARoutingResultHasALowerBound) {
  const nlohmann::json result = solved(source / "jobs/examples/one_region.json");
  EXPECT_GT(result["objective"]["lower_bound"], 0);
  EXPECT_LE(result["objective"]["lower_bound"], result["candidate"]["cost"]);
  EXPECT_GE(result["objective"]["gap"], 0);
}

TEST_F(Jobs, TheSameAnswerOnAnyNumberOfRanksAndAfterResume) {
  solved(source / "jobs/examples/shadow.json");
  const std::string alone = content_of(out() / "routes.csv");
  solved(source / "jobs/examples/shadow.json", {}, 3);
  EXPECT_EQ(content_of(out() / "routes.csv"), alone);
  const Finished resumed = tempera({"resume", out().string(), "--iterations", "200000", "--output", "json"}, 2);
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(json_of(resumed)["served_by"], "baseline") << "the policy travels with the run";
}

TEST_F(Jobs, TheAuditTrailGrowsAndShowsWhatWasTouched) {
  solved(source / "jobs/examples/shadow.json");
  const nlohmann::json first = json_of(tempera({"audit", "verify", out().string(), "--output", "json"}));
  EXPECT_EQ(first["records"], 4);
  EXPECT_EQ(nlohmann::json::parse(content_of(out() / "result.json"))["audit_head"], first["head"]);
  EXPECT_EQ(tempera({"resume", out().string(), "--iterations", "150000"}).exit_code, 0);
  EXPECT_EQ(json_of(tempera({"audit", "verify", out().string(), "--output", "json"}))["records"], 8);

  const std::string whole = content_of(out() / "audit.jsonl");
  const auto refused = [&](const std::string& text) {
    std::ofstream(out() / "audit.jsonl") << text;
    const Finished finished = tempera({"audit", "verify", out().string()});
    EXPECT_EQ(finished.exit_code, 2);
    return finished.err;
  };
  EXPECT_NE(refused(whole.substr(0, whole.rfind('\n', whole.size() - 2) + 1)).find("ends with another record than the result names"), std::string::npos);
  std::string changed = whole;
  changed.replace(changed.find("\"mode\":\"shadow\""), 15, "\"mode\":\"sunday\"");
  EXPECT_NE(refused(changed).find("record 4 was changed"), std::string::npos);
  EXPECT_EQ(tempera({"resume", out().string(), "--iterations", "200000"}).exit_code, 0) << "a broken trail does not cost the answer";
  EXPECT_TRUE(fs::exists(out() / "audit.broken.jsonl"));
  EXPECT_EQ(json_of(tempera({"audit", "verify", out().string(), "--output", "json"}))["records"], 5);
}

TEST_F(Jobs, RoutesCarryTheNamesOfTheJob) {
  solved(source / "jobs/examples/peak_day.json", {"--iterations", "20000"});
  std::istringstream csv(content_of(out() / "routes.csv"));
  std::string line;
  std::getline(csv, line);
  EXPECT_EQ(line, "route,stop,customer,demand,load_on_board");
  int stops = 0;
  for (; std::getline(csv, line); ++stops) EXPECT_NE(line.find(",stop-"), std::string::npos) << line;
  EXPECT_EQ(stops, 60);
}

TEST_F(Jobs, ThePageShowsTheNumbersOfTheResult) {
  const nlohmann::json result = solved(source / "jobs/examples/peak_day.json", {"--iterations", "50000"}, 2);
  const fs::path page = folder_ / "page.html";
  ASSERT_EQ(tempera({"report", out().string(), "--html", page.string(), "--output", "quiet"}).exit_code, 0);
  const std::string text = content_of(page);
  for (const char* key : {"baseline", "candidate"}) EXPECT_NE(text.find("<td>" + report::grouped(result[key]["cost"].get<double>(), 3) + "</td>"), std::string::npos) << key;
  EXPECT_NE(text.find("<b>" + report::grouped(result["objective"]["cost"].get<double>(), 3) + "</b>"), std::string::npos);
  EXPECT_NE(text.find("<svg class=\"map\""), std::string::npos);
  EXPECT_FALSE(fs::exists(out() / "report.html")) << "only where --html says";
  EXPECT_EQ(tempera({"report", out().string()}).exit_code, 0);
  EXPECT_TRUE(fs::exists(out() / "report.html"));
}

}  // namespace
}  // namespace tempera::tests
