#include "jobs/descriptor/descriptor.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "jobs/descriptor/backtest_problem.hpp"
#include "jobs/descriptor/csv.hpp"
#include "jobs/descriptor/explain.hpp"
#include "jobs/descriptor/job_list.hpp"
#include "jobs/descriptor/placement_problem.hpp"
#include "jobs/descriptor/routing_problem.hpp"
#include "jobs/descriptor/schema.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/routing_referee.hpp"
#include "solvers/model/time_windows.hpp"
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
  for (const char* part : {"/budget_ms is -1; give 10 to 2592000000.", "/solver/sed is not a known key; known are depth, hybrid, iterations, ladder, method, replicas, seed, seeds, shots. Did you mean seed?",
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
  for (const char* name : {"job", "routing", "inventory_placement", "inventory_rebalancing", "qubo", "backtest"}) EXPECT_TRUE(json::parse(schema_text(name)).contains("title")) << name;
  EXPECT_EQ(methods_of("routing").front(), "annealing");
  EXPECT_TRUE(methods_of("backtest").empty());
  const json job = json::parse(schema_text("job"));
  for (const auto& type : job["properties"]["problem_type"]["enum"]) EXPECT_FALSE(json::parse(schema_text(type.get<std::string>()))["x-solver-keys"].empty()) << type;
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

class SupplyJob : public Job {
 protected:
  SupplyJob() {
    placement_ = {{"schema_version", 1}, {"problem_type", "inventory_placement"},
                  {"problem", {{"stages", {{{"name", "mill"}, {"lead_time", 10}, {"holding_cost", 1}}, {{"name", "shop"}, {"lead_time", 1}, {"holding_cost", 4}, {"demand_mean", 10}, {"demand_deviation", 3}, {"service_level", 0.95}, {"service_limit", 0}}}},
                               {"arcs", {{{"from", "mill"}, {"to", "shop"}}}}}}};
    backtest_ = {{"schema_version", 1}, {"problem_type", "backtest"}, {"solver", {{"seed", 7}}},
                 {"problem", {{"nodes", {{{"name", "hub"}, {"holding_cost", 1}, {"on_hand", 50}}, {{"name", "shop"}, {"holding_cost", 2}, {"demand", {{"kind", "poisson"}, {"mean", 5}}}}}},
                              {"lanes", {{{"from", "outside"}, {"to", "hub"}}, {{"from", "hub"}, {"to", "shop"}, {"lead_time", 2}}}}, {"policies", {{{"kind", "base_stock"}, {"levels", {{"hub", 40}, {"shop", 12}}}}}}}}};
  }
  std::string told(const json& job) {
    try {
      const Descriptor d = read(job);
      d.problem_type == "backtest" ? static_cast<void>(backtest_problem(d)) : static_cast<void>(placement_problem(d));
    } catch (const core::UserError& error) {
      return error.what();
    }
    return "accepted";
  }
  json placement_, backtest_;
};

TEST_F(SupplyJob, HoldsANetwork) {
  placement_["problem"]["lead_time_factor"] = 1.5;
  const model::PlacementNetwork network = placement_problem(read(placement_));
  ASSERT_EQ(network.size(), 2);
  EXPECT_EQ(network.stages[1].service_level, 0.95);
  EXPECT_EQ(network.stages[0].service_limit, std::nullopt);
  EXPECT_EQ(network.lead_time_factor, 1.5);
  EXPECT_EQ(network.arcs[0].to, 1);
}

TEST_F(SupplyJob, ATableSaysTheSameAsTheJob) {
  put("stages.csv", "name,lead_time,holding_cost,demand_mean,demand_deviation,service_level,service_limit\nmill,10,1,,,,\nshop,1,4,10,3,0.95,0\n");
  put("arcs.csv", "from,to,quantity\nmill,shop,2\n");
  placement_["problem"] = {{"stages_csv", "stages.csv"}, {"arcs_csv", "arcs.csv"}};
  const model::PlacementNetwork network = placement_problem(read(placement_));
  EXPECT_EQ(network.stages[1].demand_deviation, 3);
  EXPECT_EQ(network.stages[0].demand_mean, 0);
  EXPECT_EQ(network.arcs[0].quantity, 2);
  put("stages.csv", "name,lead_time,holding_cst\nmill,-10,1\n");
  const std::string text = told(placement_);
  for (const char* part : {"stages.csv:2 lead_time is -10.0; give 0 or more.", "stages.csv:2 holding_cost is missing; give a number.", "stages.csv:2 holding_cst is not a known key;"}) EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST_F(SupplyJob, EveryMistakeOfANetworkIsToldAtOnce) {
  placement_["problem"]["stages"].push_back({{"name", "mill"}, {"lead_time", 1}, {"holding_cost", 1}});
  placement_["problem"]["arcs"].push_back({{"from", "shp"}, {"to", "mill"}});
  const std::string text = told(placement_);
  for (const char* part : {"2 mistakes", "/problem/stages/2 has the name 'mill', which another stage has as well", "/problem/arcs/1/from is 'shp', but there is no such stage; did you mean 'shop'?"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  placement_["problem"]["arcs"].erase(1);
  placement_["problem"]["stages"][2]["name"] = "spare";
  EXPECT_NE(told(placement_).find("/problem/stages/2 ('spare') supplies no other stage and has no demand"), std::string::npos) << told(placement_);
  placement_["problem"] = json::object();
  EXPECT_NE(told(placement_).find("/problem/arcs is missing"), std::string::npos);
}

TEST_F(SupplyJob, HoldsABacktest) {
  const model::BacktestJob job = backtest_problem(read(backtest_));
  EXPECT_EQ(job.seed, 7u);
  EXPECT_EQ(job.system.lanes[0].from, model::outside);
  EXPECT_EQ(job.policies[0].levels, (std::vector<double>{40, 12}));
  EXPECT_EQ(job.policies[0].name, "base_stock");
}

TEST_F(SupplyJob, EveryMistakeOfABacktestIsToldAtOnce) {
  backtest_["budget_ms"] = 1000;
  backtest_["top_k"] = 3;
  backtest_["solver"]["iterations"] = 5;
  backtest_["problem"]["policies"][0]["levels"]["shop"] = "many";
  const std::string text = told(backtest_);
  for (const char* part : {"5 mistakes", "/solver/iterations stands beside /budget_ms", "/budget_ms means nothing for a backtest", "/top_k means nothing", "/solver/iterations means nothing for backtest; known are seed", "/problem/policies/0/levels/shop is a string, \"many\"; give a number."})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  backtest_.erase("budget_ms"), backtest_.erase("top_k"), backtest_["solver"].erase("iterations");
  backtest_["problem"]["policies"][0]["levels"] = {{"hub", 40}, {"shp", 3}};
  backtest_["problem"]["lanes"][1]["to"] = "hub";
  const std::string names = told(backtest_);
  for (const char* part : {"3 mistakes", "/problem/lanes/1 leads from a node to itself", "/problem/policies/0/levels names 'shp', but there is no such node; did you mean 'shop'?", "/problem/policies/0/levels has no number for 'shop'"})
    EXPECT_NE(names.find(part), std::string::npos) << part << "\n" << names;
}

TEST_F(Job, AMethodBelongsToItsProblemType) {
  job_["solver"] = {{"method", "tabu"}};
  EXPECT_NE(message(job_).find("/solver/method is \"tabu\"; give one of annealing, baseline"), std::string::npos) << message(job_);
  json cut = {{"schema_version", 1}, {"problem_type", "qubo"}, {"problem", {{"file", "x.mc"}}}, {"solver", {{"method", "qaoa"}, {"depth", 3}, {"shots", 50}}}};
  const Descriptor d = read(cut);
  EXPECT_EQ(d.method, "qaoa");
  EXPECT_EQ(d.depth, 3);
  EXPECT_EQ(d.shots, 50u);
  cut["solver"] = {{"method", "greedy"}, {"shots", 5}, {"replicas", 2}};
  EXPECT_NE(message(cut).find("2 mistakes"), std::string::npos) << message(cut);
  cut["solver"] = {{"method", "qaoa"}};
  cut["policy"] = {{"min_confidence", 0.2}};
  EXPECT_EQ(message(cut), "accepted") << "the shots tell how sure it is";
}

// Every schema by valijson and by our walk, the value at each place exchanged for odd ones.
TEST_F(SupplyJob, VerdictAndWordsAgreeForEveryType) {
  const std::vector<json> odd = {nullptr, true, -1, 0, 1, 2.5, "", "lost", json::array(), json::object(), {{"x", 1}}};
  int broken = 0;
  for (const json& job : {placement_, backtest_}) {
    const std::string type = job["problem_type"];
    const json schema = json::parse(schema_text(type));
    const json flat = job["problem"].flatten();
    for (const auto& [pointer, ignored] : flat.items())
      for (json::json_pointer at(pointer); !at.empty(); at.pop_back())
        for (const json& value : odd) {
          json spoilt = job["problem"];
          spoilt[at] = value;
          const bool explained = !explain(schema, spoilt, "").empty();
          EXPECT_EQ(explained, !violations(type, spoilt).empty()) << spoilt.dump();
          broken += explained;
        }
  }
  EXPECT_GT(broken, 300);
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

json with_fleet(json job) {
  json& problem = job["problem"];
  problem.erase("vehicle");
  problem.erase("depot");
  problem["depots"] = {{{"id", "north"}, {"x", 0}, {"y", 0}, {"window_s", {0, 9000}}}, {{"id", "south"}, {"x", 9}, {"y", 0}, {"window_s", {100, 8000}}}};
  problem["vehicles"] = {{{"id", "van"}, {"count", 2}, {"capacity", 10}, {"depot", "south"}, {"fixed_cost", 12.5}, {"cost_per_km", 0.85}, {"speed_m_per_s", 10}, {"max_distance_m", 2500.5}},
                         {{"id", "truck"}, {"count", 1}, {"capacity", 20}, {"depot", "north"}, {"cost_per_m", 0.002}, {"speed_m_per_s", 8}, {"max_duration_s", 3600}}};
  problem["customers"][1]["prize"] = 7;
  problem["max_vehicles"] = 2;
  return job;
}

TEST_F(Job, AFleetInMoneyThatIsWhole) {
  const model::RoutingInstance in = routing_problem(read(with_fleet(job_)));
  const model::Fleet& fleet = in.fleet.value();
  EXPECT_EQ(fleet.depots, 2);
  EXPECT_EQ(in.customers(), 2);
  EXPECT_EQ(in.labels, (std::vector<std::string>{"north", "a", "b", "south"})) << "further depots stand behind the customers";
  EXPECT_EQ(fleet.money_scale, 100'000) << "0.85 a kilometre is 85 hundred-thousandths a metre";
  ASSERT_EQ(fleet.types.size(), 2u);
  EXPECT_EQ(fleet.types[0].distance_price, 85);
  EXPECT_EQ(fleet.types[1].distance_price, 200);
  EXPECT_EQ(fleet.types[0].fixed_cost.value, 1'250'000);
  EXPECT_EQ(fleet.types[0].depot, 3);
  EXPECT_EQ(fleet.types[1].depot, 0);
  EXPECT_EQ(fleet.types[0].max_distance->value, 2500);
  EXPECT_EQ(fleet.types[1].max_duration->value, 36'000) << "in what the first vehicle drives";
  EXPECT_EQ(fleet.types[1].slowness, 1'250'000);
  EXPECT_EQ(fleet.prize[2].value, 700'000);
  EXPECT_EQ(fleet.optional, (std::vector<std::uint8_t>{0, 0, 1, 0}));
  EXPECT_EQ(fleet.most_vehicles, 2);
  EXPECT_EQ(in.timetable->latest[1].value, 90'000) << "a customer without a window has the opening hours of all depots";
  EXPECT_EQ(in.timetable->earliest[3].value, 1'000);
  json plain = with_fleet(job_);
  for (json& vehicle : plain["problem"]["vehicles"])
    for (const char* key : {"fixed_cost", "cost_per_km", "cost_per_m"}) vehicle.erase(key);
  plain["problem"]["customers"][1].erase("prize");
  const model::RoutingInstance metres = routing_problem(read(plain));
  EXPECT_EQ(metres.fleet->money_scale, 1);
  EXPECT_EQ(metres.fleet->types[1].distance_price, 1) << "distance, where nobody speaks of money";
}

TEST_F(Job, ADepotWithoutHoursIsOpenForAnyRoute) {
  json job = with_fleet(job_);
  for (json& depot : job["problem"]["depots"]) depot.erase("window_s");
  for (json& customer : job["problem"]["customers"]) customer.erase("window_s");
  const model::RoutingInstance in = routing_problem(read(job));
  const model::RouteTimes slow = model::times_of(in, {1, 2}, 1);
  EXPECT_LT(slow.returns, in.timetable->latest[0].value);
  EXPECT_EQ(in.timetable->latest[0], in.timetable->latest[3]);
  job["problem"]["customers"][0]["window_s"] = {100, 900};
  EXPECT_NE(message(job).find("/problem/depots/0/window_s is missing beside the windows of customers"), std::string::npos) << message(job);
  json alone = job_;
  alone["problem"]["depot"].erase("window_s");
  for (json& customer : alone["problem"]["customers"]) customer.erase("window_s");
  alone["problem"]["vehicle"]["speed_m_per_s"] = 10;
  alone["problem"]["vehicle"]["max_duration_s"] = 3600;
  EXPECT_EQ(routing_problem(read(alone)).timetable->max_duration->value, 36'000);
  alone["problem"]["vehicle"]["max_duration_s"] = 1;
  alone["problem"]["customers"][0]["x"] = 500;
  EXPECT_NE(message(alone).find("'a' alone takes"), std::string::npos) << "not of hours that nobody gave: " << message(alone);
}

// Hours that nobody gave never make a job too large for the unit of time.
TEST_F(Job, ADepotWithoutHoursFitsTheUnitOfTime) {
  json job = job_;
  job["problem"]["rounding"] = "none";
  job["problem"]["depot"].erase("window_s");
  job["problem"]["vehicle"]["speed_m_per_s"] = 10;
  job["problem"]["vehicle"]["max_duration_s"] = 28'800;
  json& customers = job["problem"]["customers"];
  customers = json::array();
  for (int k = 0; k < 1000; ++k) customers.push_back({{"id", std::to_string(k)}, {"x", 20.0 * k}, {"y", 10'000}, {"demand", 1}});
  EXPECT_EQ(routing_problem(read(job)).timetable->latest[0].value, 288'000'000'000) << "as long as a vehicle may be out";
  job["problem"]["vehicle"].erase("max_duration_s");
  customers[0]["service_s"] = 60;
  EXPECT_LE(routing_problem(read(job)).timetable->latest[0].value, model::latest_time(1001));
  job["problem"]["vehicle"]["speed_m_per_s"] = 20;
  EXPECT_NE(message(job).find("/problem/depot ('depot') has no opening hours, and with rounding none time can be counted up to 199800 s"), std::string::npos) << message(job);
}

TEST_F(Job, SlowVehiclesBesideTravelTimes) {
  json job = with_fleet(job_);
  for (json& vehicle : job["problem"]["vehicles"]) vehicle.erase("speed_m_per_s");
  job["problem"]["vehicles"][1]["travel_time_factor"] = 1.5;
  EXPECT_NE(message(job).find("/problem/vehicles/1/travel_time_factor needs travel times"), std::string::npos);
  job["problem"]["travel_time_matrix_s"] = {{0, 10, 20, 30}, {10, 0, 10, 20}, {20, 10, 0, 10}, {30, 20, 10, 0}};
  const model::RoutingInstance in = routing_problem(read(job));
  EXPECT_EQ(in.fleet->types[0].travel_time(in.timetable->travel[1]), 10'000);
  EXPECT_EQ(in.fleet->types[1].travel_time(in.timetable->travel[1]), 15'000);
}

TEST_F(Job, AllMistakesOfAFleetAtOnce) {
  json job = with_fleet(job_);
  json& problem = job["problem"];
  problem["vehicles"][0]["depot"] = "nowhere";
  problem["vehicles"][1].erase("cost_per_m");
  problem["vehicles"][1].erase("speed_m_per_s");
  problem["customers"][1]["required"] = true;
  const std::string text = message(job);
  for (const char* expected : {"/problem/vehicles/0/depot is 'nowhere'", "/problem/vehicles/1 ('truck') has no cost_per_km", "/problem/vehicles/1/speed_m_per_s is missing", "/problem/customers/1/prize stands beside required"})
    EXPECT_NE(text.find(expected), std::string::npos) << text;
  json zero = with_fleet(job_);
  zero["problem"]["vehicles"][0]["count"] = -1;
  EXPECT_NE(message(zero).find("/problem/vehicles/0/count"), std::string::npos);
  json large = with_fleet(job_);
  large["problem"]["customers"][0]["demand"] = 500;
  EXPECT_EQ(message(large), "accepted") << "nobody can serve it: it stays unassigned, for a reason";
}

TEST_F(Job, ATableOfCustomersHasTheKeysOfACustomer) {
  const auto with = [&](const std::string& table) {
    put("stops.csv", table);
    json job = with_fleet(job_);
    job["problem"].erase("customers");
    job["problem"]["customers_csv"] = "stops.csv";
    return job;
  };
  const model::RoutingInstance in = routing_problem(read(with("id,window_end_s,required,x,y,demand,window_start_s,service_s,note\na,,false,3,4,2,,,ring twice\nb,500,true,6,8,5,400,30,\n")));
  EXPECT_EQ(in.fleet->optional, (std::vector<std::uint8_t>{0, 1, 0, 0}));
  EXPECT_EQ(in.timetable->earliest[1].value, 0) << "an empty cell is a key left out";
  EXPECT_EQ(in.timetable->earliest[2].value, 4000) << "at ten metres a second";
  EXPECT_EQ(in.timetable->latest[2].value, 5000);
  EXPECT_EQ(in.timetable->service[2].value, 300);
  const auto says = [&](const std::string& table, const char* expected) { EXPECT_NE(message(with(table)).find(expected), std::string::npos) << message(with(table)); };
  says("id,x,y,demand,service\na,3,4,2,60\n", "stops.csv:1 has a column 'service'; did you mean 'service_s'? Rename it, or leave it out.");
  EXPECT_EQ(message(with("id,x,y,z,demand,email\na,3,4,5,2,a@b\n")), "accepted") << "like x and demand, but those are there";
  says("id,x,y\na,3,4\n", "stops.csv:1 has no column 'demand'");
  says("id,x,y,demand,window_start_s\na,3,4,2,60\n", "stops.csv:1 has no column 'window_end_s'");
  says("id,x,y,demand,x\na,3,4,2,3\n", "stops.csv:1 has the column 'x' 2 times");
  says("id,x,y,demand,required\na,3,4,2,no\n", "stops.csv:2 required is 'no'; give true or false");
  const std::string both = message(with("id,x,y,demand,window_start_s,window_end_s\na,3,4,2.5,-1,9\nb,3,4,2,7,\n"));
  for (const char* expected : {"stops.csv:2 demand is a number, 2.5", "stops.csv:2 window_start_s is -1", "stops.csv:3 gives one end of a window"}) EXPECT_NE(both.find(expected), std::string::npos) << both;
}

TEST_F(Job, PrizesFromATable) {
  put("stops.csv", "id,x,y,demand,prize\na,3,4,2,\nb,6,8,5,12.5\n");
  json job = with_fleet(job_);
  job["problem"].erase("customers");
  job["problem"]["customers_csv"] = "stops.csv";
  const model::RoutingInstance in = routing_problem(read(job));
  EXPECT_EQ(in.fleet->optional, (std::vector<std::uint8_t>{0, 0, 1, 0}));
  EXPECT_EQ(in.fleet->prize[2].value, 1'250'000);
}

}  // namespace
}  // namespace tempera::descriptor
