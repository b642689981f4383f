// Fleets: referee, pricing, the annealing chain against exact answers, parts, the campaign around them, reasons.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>

#include "partition/merge/route_merge.hpp"
#include "partition/split/fleet_shares.hpp"
#include "solvers/baselines/fleet_baseline.hpp"
#include "solvers/baselines/left_out.hpp"
#include "solvers/baselines/routing_baseline.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/digest.hpp"
#include "solvers/routing/campaign.hpp"
#include "solvers/routing/runner.hpp"
#include "solvers/routing/sisr.hpp"
#include "tests/support/fleet_samples.hpp"
#include "tests/support/kernel_checks.hpp"
#include "tests/support/task_work.hpp"

namespace tempera::routing {
namespace {

using model::RoutingInstance;
using tests::all_customers;
using tests::expect_confirmed;
using tests::fleet_instance;

// Everybody waits.
SisrKernel waiting(const RoutingInstance& in) {
  SisrKernel kernel(in, all_customers(in), sisr_settings_for(in));
  std::vector<std::int32_t> flat = all_customers(in);
  flat.push_back(model::left_out_mark);
  kernel.load(flat);
  return kernel;
}

// Sums of deltas equal the referee's price after any number of moves, mixed fleets, depots, prizes, windows and limits alike.
RC_GTEST_PROP(FleetChain, TheRefereeConfirmsEveryCost, ()) {
  const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
  const RoutingInstance in = fleet_instance(tests::drawn_options(10 + static_cast<int>(seed % 50), seed));
  SisrKernel kernel = waiting(in);
  core::RandomStream random({.seed = seed, .domain = core::tests});
  for (const double temperature : {60'000.0, 20'000.0, 5'000.0, 100.0}) {
    if (temperature == 20'000.0) kernel.save_vehicles(300, temperature, random);
    else kernel.run(150, temperature, random);
    for (const auto& [flat, cost] : {std::pair{kernel.current(), kernel.current_cost()}, std::pair{kernel.best(), kernel.best_cost()}}) {
      const auto verdict = model::judge(in, model::unflatten(flat));
      RC_LOG() << (verdict.violations.empty() ? std::string("none") : verdict.violations.front());
      RC_ASSERT(verdict.feasible);
      RC_ASSERT(verdict.cost == cost);
    }
  }
}

// The control of the test above: a price that is wrong by one unit anywhere must show.
TEST(FleetChain, AWrongPriceIsSeen) {
  const RoutingInstance in = fleet_instance({.customers = 30, .seed = 4});
  SisrKernel kernel = waiting(in);
  core::RandomStream random({.seed = 4, .domain = core::tests});
  kernel.run(500, 1000, random);
  const model::RoutingSolution solution = model::unflatten(kernel.current());
  ASSERT_EQ(model::judge(in, solution).cost, kernel.current_cost());
  const auto used = static_cast<std::size_t>(solution.vehicle(0));
  for (int planted = 0; planted < 3; ++planted) {
    RoutingInstance wrong = in;
    if (planted == 0) wrong.fleet->types[used].fixed_cost += core::Cost(1);
    if (planted == 1) wrong.fleet->types[used].distance_price += 1;
    if (planted == 2) wrong.points[static_cast<std::size_t>(solution.routes[0][0])].x += 400;
    EXPECT_NE(model::judge(wrong, solution).cost, kernel.current_cost()) << planted;
  }
}

struct Variant {
  const char* name;
  tests::FleetOptions options;
};
const Variant variants[] = {
    {"vehicles of one kind, too few", {.types = 1, .depots = 1, .count = 2, .optional = false}},
    {"several types", {.types = 3, .depots = 1, .count = 3, .optional = false}},
    {"several depots", {.types = 3, .depots = 3, .count = 2, .optional = false}},
    {"prizes", {.types = 2, .depots = 1, .count = 2}},
    {"a limit of all vehicles", {.types = 3, .depots = 2, .count = 2, .most_vehicles = 2}},
    {"windows, speeds, durations", {.types = 3, .depots = 2, .count = 2, .windows = true}},
    {"windows, no prizes", {.types = 2, .depots = 2, .count = 3, .optional = false, .windows = true}},
    {"given travel times", {.types = 3, .depots = 2, .count = 2, .windows = true, .travel = true}},
    {"asymmetric", {.types = 3, .depots = 2, .count = 2, .asymmetric = true}},
    {"vehicles first", {.types = 3, .depots = 2, .count = 2, .optional = false, .vehicles_first = true}},
    {"vehicles first, windows", {.types = 2, .depots = 2, .count = 3, .optional = false, .windows = true, .vehicles_first = true}},
};

TEST(FleetChain, ReachesTheOptimumOfTinyInstances) {
  for (const Variant& variant : variants)
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      SCOPED_TRACE(fmt::format("{}, seed {}", variant.name, seed));
      tests::FleetOptions options = variant.options;
      options.seed = seed;
      options.customers = options.windows ? 7 : 6;
      const RoutingInstance in = fleet_instance(options);
      const std::int64_t exact = tests::FleetOracle(in).cost();
      SisrKernel kernel = waiting(in);
      core::RandomStream random({.seed = seed, .domain = core::tests});
      for (const double temperature : {200'000.0, 50'000.0, 10'000.0, 1'000.0, 50'000.0, 100.0}) kernel.run(1500, temperature, random);
      EXPECT_EQ(kernel.best_cost().value, exact);
      expect_confirmed(in, kernel);
      const auto baseline = baselines::routing_baseline(in, {});
      EXPECT_GE(baseline.cost.value, exact) << "below the optimum";
    }
}

// The same iterations with and without a search for fewer vehicles: it finds fewer in all.
TEST(FleetChain, FewestVehiclesComeFirst) {
  for (const bool windows : {false, true}) {
    std::int64_t searched = 0, annealed = 0;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      SCOPED_TRACE(fmt::format("windows {}, seed {}", windows, seed));
      tests::FleetOptions options{.customers = 60, .seed = seed, .types = 3, .depots = 2, .count = 60, .optional = false, .windows = windows};
      const model::RoutingSolution start = baselines::fleet_repair(fleet_instance(options), {});  // for the cost
      options.vehicles_first = true;
      const RoutingInstance in = fleet_instance(options);
      ASSERT_EQ(model::objective_of(in), model::Objective::vehicles);
      const auto vehicles_after = [&](bool saving) {
        SisrKernel kernel(in, all_customers(in), sisr_settings_for(in));
        kernel.load(model::flatten(start));
        core::RandomStream random({.seed = seed, .domain = core::tests});
        if (saving) kernel.save_vehicles(4000, 100, random);
        else kernel.run(4000, 100, random);
        kernel.run(500, 100, random);
        expect_confirmed(in, kernel);
        EXPECT_LE(model::judge(in, model::unflatten(kernel.best())).missing.size(), model::judge(in, start).missing.size());
        return model::routes_in(kernel.best());
      };
      searched += vehicles_after(true);
      annealed += vehicles_after(false);
    }
    EXPECT_LT(searched, annealed) << "windows " << windows;
  }
}

// While vehicles are saved, the best solution stands for the one that lacks customers, and it never gets dearer.
TEST(FleetChain, SavingVehiclesInSlicesShowsTheBestSolution) {
  const RoutingInstance in = fleet_instance({.customers = 60, .seed = 3, .types = 2, .depots = 2, .count = 60, .optional = false, .windows = true, .vehicles_first = true});
  SisrKernel kernel(in, all_customers(in), sisr_settings_for(in));
  kernel.load(model::flatten(baselines::fleet_repair(in, {})));
  core::RandomStream random({.seed = 3, .domain = core::tests});
  core::Cost least = kernel.best_cost();
  for (int slice = 0; slice < 200; ++slice) {
    if (slice % 5 == 4) kernel.run(10, 200'000, random);
    else kernel.save_vehicles(10, 20'000, random);
    expect_confirmed(in, kernel);
    EXPECT_LE(kernel.best_cost(), least);
    least = kernel.best_cost();
  }
}

// Somebody whom no vehicle can reach does not keep the others from sharing vehicles.
TEST(FleetChain, SavesVehiclesBesideACustomerOutOfReach) {
  RoutingInstance in = fleet_instance({.customers = 12, .seed = 2, .types = 1, .depots = 1, .count = 12, .optional = false, .vehicles_first = true});
  in.fleet->types[0].max_distance.reset();
  for (std::size_t c = 1; c < in.demand.size(); ++c) in.demand[c] = core::Load(c == 5 ? 1000 : 1);
  SisrKernel kernel(in, all_customers(in), sisr_settings_for(in));
  std::vector<std::int32_t> alone;
  for (const std::int32_t c : all_customers(in))
    if (c != 5) alone.insert(alone.end(), {c, 0});
  alone.insert(alone.end(), {5, model::left_out_mark});
  kernel.load(alone);
  core::RandomStream random({.seed = 1, .domain = core::tests});
  kernel.save_vehicles(3000, 100, random);
  expect_confirmed(in, kernel);
  EXPECT_EQ(model::judge(in, model::unflatten(kernel.best())).missing, std::vector<std::int32_t>{5});
  EXPECT_EQ(model::routes_in(kernel.best()), 1);
}

TEST(FleetChain, LongDistancesUseWideArithmetic) {
  RoutingInstance in = fleet_instance({.customers = 30, .seed = 3, .optional = false});
  in.rounding = model::Rounding::none;
  for (model::Point& p : in.points) p.x *= 100, p.y *= 100;
  for (model::VehicleType& type : in.fleet->types) type.max_distance.reset(), type.distance_price = 3;
  model::price_missing_customers(in, "sample");
  SisrKernel kernel = waiting(in);
  core::RandomStream random({.seed = 3, .domain = core::tests});
  kernel.run(1000, 1e9, random);
  expect_confirmed(in, kernel);
}

TEST(FleetChain, RefusesWhatTheFleetCannotDrive) {
  const RoutingInstance in = fleet_instance({.customers = 4, .seed = 1, .types = 2, .depots = 1, .count = 1, .optional = false});
  SisrKernel kernel(in, all_customers(in), {});
  const std::vector<std::int32_t> twice{1, 0, 2, 0, 3, 4, model::left_out_mark}, strange{1, -7, 2, 3, 4, model::left_out_mark}, short_of_one{1, 0, 2, 3, model::left_out_mark};
  EXPECT_THROW(kernel.load(twice), core::LogicError);
  EXPECT_THROW(kernel.load(strange), core::LogicError);
  EXPECT_THROW(kernel.load(short_of_one), core::LogicError);
  EXPECT_NO_THROW(kernel.load(std::vector<std::int32_t>{1, 0, 2, -1, 3, 4, model::left_out_mark}));
  EXPECT_THROW(kernel.load(std::vector<std::int32_t>{1, 0, 2, -1, 3, 4, model::left_out_mark}, std::vector<std::int64_t>{1, 0, 2}), core::LogicError);
}

TEST(FleetReferee, CountsVehiclesPricesAndMissingCustomers) {
  const RoutingInstance in = fleet_instance({.customers = 6, .seed = 2, .types = 2, .depots = 1, .count = 1, .optional = false});
  const auto verdict = model::judge(in, {.routes = {{1}, {2}}, .vehicles = {0, 1}, .left_out = {}});
  EXPECT_TRUE(verdict.feasible);
  EXPECT_FALSE(verdict.complete);
  EXPECT_EQ(verdict.missing, (std::vector<std::int32_t>{3, 4, 5, 6}));
  EXPECT_EQ(verdict.fixed, in.fleet->types[0].fixed_cost + in.fleet->types[1].fixed_cost);
  EXPECT_EQ(verdict.cost.value, verdict.fixed.value + verdict.driving.value + 4 * in.fleet->missing_price.value);
  EXPECT_FALSE(model::judge(in, {.routes = {{1}, {2}}, .vehicles = {0, 0}, .left_out = {}}).feasible) << "two of one";
  EXPECT_FALSE(model::judge(in, {.routes = {{1}}, .vehicles = {2}, .left_out = {}}).feasible) << "no such type";
  RoutingInstance fewer = in;
  fewer.fleet->most_vehicles = 1;
  EXPECT_FALSE(model::judge(fewer, {.routes = {{1}, {2}}, .vehicles = {0, 1}, .left_out = {}}).feasible);
}

// The solvers' pricing of one route says what the referee says.
RC_GTEST_PROP(FleetPricing, AgreesWithTheReferee, ()) {
  const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
  const RoutingInstance in = fleet_instance(tests::drawn_options(10 + static_cast<int>(seed % 50), seed));
  const model::Distances d(in);
  const model::FleetPricing pricing(in, d);
  core::RandomStream random({.seed = seed, .domain = core::tests, .part = 2});
  std::vector<std::int32_t> order = all_customers(in);
  for (int k = 0; k < 20; ++k) {
    std::ranges::shuffle(order, random);
    const model::Route route(order.begin(), order.begin() + 1 + random.below(4));
    const auto vehicle = static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(in.fleet->types.size())));
    const auto measured = pricing.measure(vehicle, route);
    const auto verdict = model::judge(in, {.routes = {route}, .vehicles = {vehicle}, .left_out = {}});
    RC_ASSERT(verdict.fixed.value + verdict.driving.value == pricing.cost(vehicle, measured));
    RC_ASSERT(verdict.feasible == pricing.keeps_limits(vehicle, measured));
  }
}

TEST(FleetBaseline, KeepsTheLimitsAndRepairsAnything) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const RoutingInstance in = fleet_instance(tests::drawn_options(10 + static_cast<int>(seed % 50), seed));
    const auto baseline = baselines::routing_baseline(in, {});
    EXPECT_TRUE(model::judge(in, baseline.solution).feasible);
    EXPECT_LE(baseline.cost, model::judge(in, {}).cost) << "worse than staying at home";
    model::RoutingSolution broken = baseline.solution;
    broken.routes.push_back(all_customers(in));
    broken.vehicles.resize(broken.routes.size(), 77);
    std::ranges::reverse(broken.routes);
    EXPECT_TRUE(model::judge(in, baselines::fleet_repair(in, broken)).feasible);
  }
}

TEST(FleetShares, NeverMoreThanTheFleet) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const RoutingInstance in = fleet_instance(tests::drawn_options(10 + static_cast<int>(seed % 50), seed));
    const model::RoutingSolution solution = baselines::routing_baseline(in, {}).solution;
    core::RandomStream random({.seed = seed, .domain = core::tests});
    const auto clusters = split::cluster_routes(in, solution, 3, random);
    const auto shares = split::share_fleet(in, solution, clusters, random);
    std::vector<std::int64_t> sum(in.fleet->types.size() + 1, 0);
    std::size_t left_out = 0;
    for (std::size_t p = 0; p < shares.size(); ++p) {
      std::vector<std::int64_t> own(sum.size(), 0);
      for (const std::int32_t r : clusters[p].routes) ++own[static_cast<std::size_t>(solution.vehicle(static_cast<std::size_t>(r)))], ++own.back();
      for (std::size_t k = 0; k < sum.size(); ++k) {
        EXPECT_GE(shares[p].vehicles[k], own[k]) << "a part may keep what it has";
        sum[k] += shares[p].vehicles[k];
      }
      left_out += shares[p].left_out.size();
    }
    EXPECT_EQ(left_out, solution.left_out.size());
    for (std::size_t t = 0; t < in.fleet->types.size(); ++t) EXPECT_EQ(sum[t], in.fleet->types[t].count);
    EXPECT_EQ(sum.back(), in.fleet->most_vehicles);
  }
}

TEST(FleetMerge, RefusesMoreVehiclesThanThePartMayUse) {
  const RoutingInstance in = fleet_instance({.customers = 4, .seed = 1, .types = 2, .depots = 1, .count = 2, .optional = false});
  const std::vector<std::int32_t> given{1, 0, 2, -1, 3, 4, model::left_out_mark}, moved{2, 0, 1, -1, 4, 3, model::left_out_mark}, more{1, 0, 2, 0, 3, 4, model::left_out_mark};
  const std::vector<std::int64_t> vehicles{1, 1, 2};
  EXPECT_EQ(merge::why_not_mergeable(in, given, moved, vehicles), "");
  EXPECT_NE(merge::why_not_mergeable(in, given, more, vehicles), "");
  EXPECT_NE(merge::why_not_mergeable(in, given, std::vector<std::int32_t>{1, 0, 2, -1, 3, model::left_out_mark}, vehicles), "") << "a customer is lost";
  const auto joined = merge::join(std::vector<std::vector<std::int32_t>>{{1, -1, 2, model::left_out_mark}, {3, 0, 4, model::left_out_mark}});
  EXPECT_EQ(joined, (model::RoutingSolution{.routes = {{1}, {3}}, .vehicles = {1, 0}, .left_out = {2, 4}}));
  EXPECT_EQ(model::unflatten(model::flatten(joined)), joined);
  EXPECT_EQ(model::routes_in(model::flatten(joined)), 2);
}

// Runs a campaign to its end; outcomes come in the order that `order` says: 1 as they go out, 2 in pairs reversed.
model::RunRecord run_campaign(const RoutingInstance& in, std::uint64_t iterations, std::uint64_t seed, int order) {
  const auto start = baselines::fleet_repair(in, {});
  const RoutingPlan plan = make_plan(in, {.limit = {.seconds = {}, .iterations = iterations}, .seed = seed, .mean_arc = 20'000});
  RoutingCampaign campaign(in, plan, start, "baseline");
  RoutingRunner runner(in);
  std::vector<model::Outcome> waiting;
  while (!campaign.finished(0)) {
    if (auto task = campaign.next_task(0)) {
      waiting.push_back(tests::work(runner, *task));
      if (static_cast<int>(waiting.size()) < order) continue;
    }
    std::ranges::reverse(waiting);
    for (const model::Outcome& outcome : waiting) campaign.on_outcome(outcome, 0);
    waiting.clear();
  }
  model::RunRecord record;
  campaign.describe(record);
  return record;
}

TEST(FleetCampaign, PartsOverRanksGiveOneAnswer) {
  for (const bool windows : {false, true}) {
    const RoutingInstance in = fleet_instance({.customers = 600, .seed = 5, .types = 3, .depots = 2, .count = 60, .windows = windows, .travel = windows});
    ASSERT_GE(make_plan(in, {.limit = {.seconds = {}, .iterations = 1000}}).parts, 2u);
    const model::RunRecord one = run_campaign(in, 60'000, 1, 1), two = run_campaign(in, 60'000, 1, 2);
    EXPECT_EQ(one.incumbent.ints, two.incumbent.ints);
    const auto verdict = model::judge(in, model::unflatten(one.incumbent.ints));
    EXPECT_TRUE(verdict.feasible);
    EXPECT_EQ(verdict.cost.value, one.incumbent.cost_units);
    EXPECT_LT(one.incumbent.cost_units, model::judge(in, baselines::fleet_repair(in, {})).cost.value);
  }
}

TEST(FleetCampaign, BeginsWithNobodyServed) {
  RoutingInstance in = fleet_instance({.customers = 20, .seed = 6, .types = 1, .depots = 1, .count = 0, .optional = false});
  const model::RunRecord record = run_campaign(in, 2000, 1, 1);
  EXPECT_EQ(model::routes_in(record.incumbent.ints), 0);
  EXPECT_EQ(record.incumbent.cost_units, 20 * in.fleet->missing_price.value);
}

// A line of three customers; what stands against the last of them is known by hand.
RoutingInstance line() {
  RoutingInstance in;
  in.points = {{0, 0}, {10, 0}, {20, 0}, {30, 0}};
  in.demand = {model::Load(0), model::Load(4), model::Load(4), model::Load(5)};
  in.node_ids = {0, 1, 2, 3};
  in.capacity = model::Load(10);
  model::Fleet& fleet = in.fleet.emplace();
  fleet.most_vehicles = 1;
  fleet.prize.assign(4, core::Cost(0));
  fleet.optional.assign(4, 0);
  fleet.types.push_back({.id = "van", .count = 1, .capacity = model::Load(10), .fixed_cost = core::Cost(100), .max_distance = {}, .max_duration = {}});
  model::price_missing_customers(in, "line");
  return in;
}

TEST(LeftOut, NamesTheLimitAndByHowMuch) {
  const model::RoutingSolution solution{.routes = {{1, 2}}, .vehicles = {}, .left_out = {}};
  RoutingInstance in = line();
  const auto reason = [&] {
    const auto reasons = baselines::explain_left_out(in, solution);
    EXPECT_EQ(reasons.size(), 1u);
    EXPECT_EQ(reasons[0].customer, 3);
    return reasons[0];
  };
  EXPECT_EQ(reason().limit, model::FleetLimit::capacity);
  EXPECT_EQ(reason().by, 3);
  EXPECT_EQ(reason().cost, 20);
  EXPECT_EQ(reason().route, 0);
  in.demand[3] = model::Load(2);
  in.fleet->types[0].max_distance = model::Distance(55);
  EXPECT_EQ(reason().limit, model::FleetLimit::max_distance);
  EXPECT_EQ(reason().by, 5);
  in.fleet->types[0].max_distance.reset();
  EXPECT_EQ(reason().limit, model::FleetLimit::none) << "it was only not found";
  in.fleet->optional[3] = 1;
  in.fleet->prize[3] = core::Cost(7);
  EXPECT_EQ(reason().limit, model::FleetLimit::prize);
  EXPECT_EQ(reason().by, 13);
  const core::Distance end(1000);
  in.timetable = model::Timetable{.earliest = std::vector<core::Distance>(4), .latest = {end, end, end, core::Distance(25)}, .service = std::vector<core::Distance>(4), .max_duration = {}, .units_per_second = 0};
  EXPECT_EQ(reason().limit, model::FleetLimit::time_window);
  EXPECT_EQ(reason().by, 5);
  in.timetable->latest[3] = end;
  in.fleet->types[0].max_duration = core::Distance(52);
  EXPECT_EQ(reason().limit, model::FleetLimit::max_duration);
  EXPECT_EQ(reason().by, 8);
}

TEST(Fleet, IsPartOfTheDigestAndChecked) {
  const RoutingInstance in = line();
  RoutingInstance other = in;
  other.fleet->types[0].count = 2;
  EXPECT_NE(model::digest(in), model::digest(other));
  other.fleet.reset();
  EXPECT_NE(model::digest(in), model::digest(other));
  for (int fault = 0; fault < 5; ++fault) {
    RoutingInstance wrong = in;
    model::VehicleType& type = wrong.fleet->types[0];
    if (fault == 0) type.count = -1;
    if (fault == 1) type.depot = 2;
    if (fault == 2) type.max_duration = core::Distance(5);
    if (fault == 3) wrong.fleet->prize[1] = core::Cost(-1);
    if (fault == 4) wrong.fleet->missing_price = core::Cost(std::int64_t{1} << 61);
    EXPECT_THROW(model::validate(wrong, "line"), core::UserError) << fault;
  }
}

}  // namespace
}  // namespace tempera::routing
