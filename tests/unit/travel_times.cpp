// Travel times that a job gives beside its distances: reading, referee, wire, and answers that keep them.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "jobs/descriptor/descriptor.hpp"
#include "jobs/descriptor/routing_problem.hpp"
#include "mpi/cluster/problem_wire.hpp"
#include "solvers/baselines/routing_baseline.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/digest.hpp"
#include "solvers/model/routing_referee.hpp"
#include "tests/support/fleet_samples.hpp"
#include "tests/support/temporary_folder.hpp"

namespace tempera {
namespace {

using model::RoutingInstance;
using nlohmann::json;

// Three places in a row, 1 km apart; the way back from b goes around the town.
class TravelTimes : public ::testing::Test {
 protected:
  RoutingInstance read(const json& job) {
    const std::filesystem::path file = folder_ / "job.json";
    std::ofstream(file) << job.dump();
    return descriptor::routing_problem(descriptor::read_descriptor(file));
  }
  std::string message(const json& job) {
    try {
      read(job);
    } catch (const core::UserError& error) {
      return error.what();
    }
    return "accepted";
  }
  json& problem() { return job_["problem"]; }

  json job_ = {{"schema_version", 1}, {"problem_type", "routing"},
               {"problem", {{"depot", {{"id", "depot"}, {"x", 0}, {"y", 0}, {"window_s", {100, 4000}}}}, {"vehicle", {{"capacity", 10}}},
                            {"customers", {{{"id", "a"}, {"x", 1000}, {"y", 0}, {"demand", 2}, {"service_s", 30}}, {{"id", "b"}, {"x", 2000}, {"y", 0}, {"demand", 5}, {"window_s", {0, 900}}}}},
                            {"travel_time_matrix_s", {{0, 120, 500}, {120, 0, 60.0005}, {1000, 60, 0}}}}}};
  tests::TemporaryFolder folder_;
};

TEST_F(TravelTimes, OneKindOfVehicleIsAFleetOfAsManyAsThereAreCustomers) {
  problem()["vehicle"]["max_duration_s"] = 3600;
  const RoutingInstance in = read(job_);
  ASSERT_TRUE(in.fleet);
  ASSERT_EQ(in.fleet->types.size(), 1u);
  EXPECT_EQ(in.fleet->types[0].count, 2);
  EXPECT_EQ(in.fleet->types[0].distance_price, 1) << "the cost is the distance";
  EXPECT_EQ(in.fleet->types[0].max_duration->value, 3'600'000);
  EXPECT_EQ(in.timetable->units_per_second, 1000);
  EXPECT_EQ(in.timetable->latest[2].value, 900'000);
  EXPECT_EQ(in.timetable->travel[5], 60'001) << "milliseconds, rounded up";
  EXPECT_EQ(in.timetable->normal_time(2, 0, 7), 1'000'000);
}

TEST_F(TravelTimes, TheRefereeDrivesByThem) {
  const RoutingInstance in = read(job_);
  const model::RouteTimes both = model::times_of(in, {1, 2}, 0);
  EXPECT_EQ(both.arrival[0] - both.leaves, 120'000);
  EXPECT_EQ(both.arrival[1] - both.start[0], 30'000 + 60'001);
  EXPECT_EQ(both.returns - both.start[1], 1'000'000);
  model::RoutingVerdict verdict = model::judge(in, {.routes = {{1, 2}}, .vehicles = {0}, .left_out = {}});
  EXPECT_TRUE(verdict.feasible);
  EXPECT_EQ(verdict.distance.value, 4000) << "as the crow flies, whatever the way takes";
  problem()["depot"]["window_s"] = {100, 1300};
  const RoutingInstance tight = read(job_);
  verdict = model::judge(tight, {.routes = {{1, 2}}, .vehicles = {0}, .left_out = {}});
  ASSERT_EQ(verdict.violations.size(), 1u);
  EXPECT_EQ(verdict.violations[0], "route 1 returns at 1310.001, 10.001 after the depot closes at 1300");
  EXPECT_TRUE(model::judge(tight, {.routes = {{2, 1}}, .vehicles = {0}, .left_out = {}}).feasible) << "home at 810 s";
}

TEST_F(TravelTimes, AFleetHasThemToo) {
  problem().erase("vehicle");
  problem()["vehicles"] = {{{"id", "van"}, {"count", 3}, {"capacity", 5}, {"cost_per_km", 2}}};
  std::ofstream(folder_ / "t.csv") << "0,120,500\n120,0,60\n1000,60,0\n";
  problem().erase("travel_time_matrix_s");
  problem()["travel_time_matrix_csv"] = "t.csv";
  const RoutingInstance in = read(job_);
  EXPECT_EQ(in.timetable->travel, (std::vector<std::int32_t>{0, 120'000, 500'000, 120'000, 0, 60'000, 1'000'000, 60'000, 0}));
}

TEST_F(TravelTimes, MistakesAreToldWithTheirPlace) {
  const auto with = [&](auto change) {
    json job = job_;
    change(job["problem"]);
    return message(job);
  };
  const auto says = [](const std::string& text, const char* part) { EXPECT_NE(text.find(part), std::string::npos) << text; };
  says(with([](json& p) { p["travel_time_matrix_csv"] = "t.csv"; }), "/problem/travel_time_matrix_s stands beside travel_time_matrix_csv");
  says(with([](json& p) { p["vehicle"]["speed_m_per_s"] = 8; }), "/problem/vehicle/speed_m_per_s stands beside travel times");
  says(with([](json& p) { p["travel_time_matrix_s"][1][2] = -1; }), "/problem/travel_time_matrix_s/1/2 is -1");
  says(with([](json& p) { p["travel_time_matrix_s"][1][2] = 3e6; }), "/problem/travel_time_matrix_s/1/2 is 3000000; travel times are 0 to 2,000,000 s");
  says(with([](json& p) { p["travel_time_matrix_s"][1] = {0, 1}; }), "/problem/travel_time_matrix_s/1 has 2 numbers; give 3");
  says(with([](json& p) { p["travel_time_matrix_s"].erase(2); }), "/problem/travel_time_matrix_s has 2 rows; give 3");
  says(with([](json& p) { p["travel_time_matrix_s"][0] = "near"; }), "/problem/travel_time_matrix_s/0 is \"near\"");
  says(with([](json& p) { p["depot"].erase("window_s"), p["customers"][0]["window_s"] = {100, 900}; }), "/problem/depot/window_s is missing beside the windows of customers");
  says(with([](json& p) { p["customers"][1]["demand"] = 11; }), "/problem/customers/1 ('b') has a demand of 11, but /problem/vehicle/capacity is 10");
}

TEST_F(TravelTimes, FewestVehiclesMayComeFirst) {
  EXPECT_EQ(model::objective_of(read(job_)), model::Objective::distance);
  problem()["objective"] = "vehicles";
  const RoutingInstance in = read(job_);
  EXPECT_EQ(model::objective_of(in), model::Objective::vehicles);
  const auto cost = [&](std::vector<model::Route> routes) { return model::judge(in, {.routes = routes, .vehicles = std::vector<std::int32_t>(routes.size(), 0), .left_out = {}}).cost; };
  EXPECT_GT(cost({{1}, {2}}).value, cost({{1, 2}}).value + in.route_cost.value / 2);
  EXPECT_GT(in.fleet->missing_price, cost({{1}, {2}})) << "a customer left out saves no vehicle";
}

// Nobody has a window, so that hours bind nobody.
TEST_F(TravelTimes, ADepotWithoutHoursIsOpenForAnyRoute) {
  problem()["depot"].erase("window_s");
  for (json& customer : problem()["customers"]) customer.erase("window_s");
  const RoutingInstance in = read(job_);
  EXPECT_EQ(in.timetable->earliest[0].value, 0);
  EXPECT_TRUE(model::judge(in, {.routes = {{1, 2}}, .vehicles = {0}, .left_out = {}}).feasible);
}

TEST(TravelTimesOnTheWire, ArriveAsTheyWere) {
  const RoutingInstance in = tests::fleet_instance({.customers = 12, .seed = 3, .windows = true, .travel = true});
  const RoutingInstance arrived = cluster::decode_routing(cluster::encode_problem(in));
  EXPECT_EQ(arrived.timetable, in.timetable);
  EXPECT_EQ(model::digest(arrived), model::digest(in));
  RoutingInstance other = in;
  ++other.timetable->travel[5];
  EXPECT_NE(model::digest(other), model::digest(in));
}

TEST(TravelTimesOfAnInstance, AreASquareOfAFleet) {
  RoutingInstance in = tests::fleet_instance({.customers = 5, .seed = 2, .windows = true, .travel = true});
  EXPECT_NO_THROW(model::validate(in, "sample"));
  in.timetable->travel[3] = -1;
  EXPECT_THROW(model::validate(in, "sample"), core::UserError);
  in.timetable->travel.pop_back();
  EXPECT_THROW(model::validate(in, "sample"), core::UserError);
  RoutingInstance plain = tests::sample_instance({.customers = 3, .seed = 2, .windows = true});
  plain.timetable->travel.assign(16, 1);
  EXPECT_THROW(model::validate(plain, "sample"), core::UserError);
}

// A time made longer than the day on a way that the answer takes must show.
TEST(TravelTimesOfAnAnswer, AWayThatTakesTooLongIsSeen) {
  const RoutingInstance in = tests::fleet_instance({.customers = 30, .seed = 4, .optional = false, .windows = true, .travel = true});
  const model::RoutingSolution solution = baselines::routing_baseline(in, {}).solution;
  ASSERT_TRUE(model::judge(in, solution).feasible);
  RoutingInstance slower = in;
  const auto from = static_cast<std::size_t>(in.fleet->types[static_cast<std::size_t>(solution.vehicle(0))].depot), to = static_cast<std::size_t>(solution.routes[0][0]);
  slower.timetable->travel[from * in.demand.size() + to] = 1'000'000;
  EXPECT_FALSE(model::judge(slower, solution).feasible);
}

}  // namespace
}  // namespace tempera
