// The annealing chain with time windows, and the campaign around it.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "solvers/baselines/brute_force.hpp"
#include "solvers/baselines/routing_baseline.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/routing_referee.hpp"
#include "solvers/routing/campaign.hpp"
#include "solvers/routing/runner.hpp"
#include "solvers/routing/sisr.hpp"
#include "solvers/routing/task_content.hpp"
#include "solvers/routing/timed_routes.hpp"
#include "tests/support/kernel_checks.hpp"
#include "tests/support/routing_samples.hpp"
#include "tests/support/task_work.hpp"

namespace tempera::routing {
namespace {

using model::RoutingInstance;
using tests::all_customers;
using tests::expect_confirmed;
using tests::one_each;

RoutingInstance sample(int customers, std::uint64_t seed) { return tests::drawn_timed_instance(customers, seed); }

SisrKernel loaded(const RoutingInstance& in) {
  SisrKernel kernel(in, all_customers(in), sisr_settings_for(in));
  std::vector<std::int32_t> flat;
  for (const std::int32_t c : all_customers(in)) flat.insert(flat.end(), {c, 0});
  kernel.load(flat);
  return kernel;
}

TEST(TimedChain, TheRefereeConfirmsEveryCost) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    const RoutingInstance in = sample(6 + 4 * static_cast<int>(seed), seed);
    SisrKernel kernel = loaded(in);
    core::RandomStream random({.seed = seed, .domain = core::tests});
    for (const double temperature : {300.0, 60.0, 3.0}) {
      kernel.run(300, temperature, random);
      expect_confirmed(in, kernel);
      kernel.save_vehicles(300, temperature, random);
      expect_confirmed(in, kernel);
    }
  }
}

// Detours that are shorter than the direct way: a route may come late when a stop leaves it.
TEST(TimedChain, IsNeverLateWithoutTheTriangleInequality) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    RoutingInstance in = tests::sample_instance({.customers = 10, .seed = seed, .asymmetric = true, .windows = true});
    core::RandomStream random({.seed = seed, .domain = core::tests, .part = 1});
    for (std::size_t i = 1; i <= 10; ++i)
      for (std::size_t j = 1; j <= 10; ++j)
        if (random.below(3) == 0) in.matrix[i * 11 + j] *= 6;
    model::Timetable& times = *in.timetable;  // who comes early waits, and leaves too late for the long way
    for (std::size_t c = 1; c <= 10; ++c) {
      const model::Distance back = times.latest[0] - times.service[c] - model::Distance(static_cast<std::int64_t>(in.matrix[c * 11]) + 1);
      times.earliest[c] = std::max(times.earliest[c], std::min(times.latest[c] - model::Distance(100), back));
    }
    SisrKernel kernel = loaded(in);
    for (int k = 0; k < 40; ++k) {
      kernel.run(25, 300, random);
      expect_confirmed(in, kernel);
    }
  }
}

TEST(TimedChain, LongTimesUseWideArithmetic) {
  RoutingInstance in = tests::sample_instance({.customers = 40, .seed = 3, .windows = true});
  for (auto* list : {&in.timetable->earliest, &in.timetable->latest, &in.timetable->service})
    for (model::Distance& t : *list) t = model::Distance(t.value * 1'000'000);
  in.rounding = model::Rounding::none;
  SisrKernel kernel = loaded(in);
  core::RandomStream random({.seed = 3, .domain = core::tests});
  kernel.run(1000, 1e8, random);
  expect_confirmed(in, kernel);
}

TEST(TimedChain, ReachesTheOptimumOfTinyInstances) {
  int reached = 0;
  for (std::uint64_t seed = 1; seed <= 14; ++seed) {
    const RoutingInstance in = sample(8, seed);
    const auto exact = baselines::brute_force(in);
    ASSERT_TRUE(exact);
    SisrKernel kernel = loaded(in);
    core::RandomStream random({.seed = seed, .domain = core::tests});
    kernel.save_vehicles(2000, 100, random);
    for (const double temperature : {200.0, 50.0, 10.0, 1.0}) kernel.run(2000, temperature, random);
    EXPECT_GE(kernel.best_cost(), exact->cost) << "below the optimum, seed " << seed;
    reached += kernel.best_cost() == exact->cost;
  }
  EXPECT_EQ(reached, 14);
}

// Twelve customers in a row, one vehicle's day: twelve routes must become one.
TEST(TimedChain, SavesVehicles) {
  RoutingInstance in = tests::sample_instance({.customers = 12, .seed = 1, .capacity = 1000});
  for (std::size_t i = 0; i < in.points.size(); ++i) in.points[i] = {10.0 * static_cast<double>(i), 0};
  model::set_objective(in, model::Objective::vehicles);
  SisrKernel kernel = loaded(in);
  core::RandomStream random({.seed = 1, .domain = core::tests});
  kernel.save_vehicles(3000, 10, random);
  EXPECT_EQ(model::unflatten(kernel.current()).routes.size(), 1u);
  expect_confirmed(in, kernel);
}

// A search that ends at the fewest vehicles that loads allow hands the chain back: annealing goes on from where it stands, not from the best.
TEST(TimedChain, AnnealsOnBehindTheFewestVehicles) {
  RoutingInstance in = tests::sample_instance({.customers = 20, .seed = 1, .windows = true});
  for (std::size_t c = 1; c < in.demand.size(); ++c) in.demand[c] = core::Load(5), in.timetable->earliest[c] = in.timetable->earliest[0], in.timetable->latest[c] = in.timetable->latest[0];
  in.timetable->latest.assign(in.timetable->latest.size(), core::Distance(1'000'000));
  in.timetable->max_duration.reset();
  in.capacity = core::Load(50);
  model::set_objective(in, model::Objective::vehicles);
  SisrKernel kernel = loaded(in);
  core::RandomStream random({.seed = 1, .domain = core::tests});
  for (int slice = 0; slice < 500 && model::routes_in(kernel.best()) > 2; ++slice) kernel.save_vehicles(20, 100, random);
  ASSERT_EQ(model::routes_in(kernel.best()), 2);
  kernel.save_vehicles(200, 2000, random);
  EXPECT_NE(kernel.current_cost(), kernel.best_cost());
  expect_confirmed(in, kernel);
}

TEST(TimedChain, RefusesRoutesThatAreLate) {
  RoutingInstance in = tests::sample_instance({.customers = 2, .seed = 1});
  in.points = {{0, 0}, {100, 0}, {-100, 0}};
  in.timetable = model::Timetable{.earliest = std::vector<model::Distance>(3), .latest = {model::Distance(500), model::Distance(150), model::Distance(150)},
                                  .service = std::vector<model::Distance>(3), .max_duration = {}, .units_per_second = 0};
  SisrKernel kernel(in, std::vector<std::int32_t>{1, 2}, {});
  EXPECT_NO_THROW(kernel.load(std::vector<std::int32_t>{1, 0, 2, 0}));
  EXPECT_THROW(kernel.load(std::vector<std::int32_t>{1, 2, 0}), core::LogicError);
}

// What insert and erase keep up to date equals what a fresh look along the route gives.
struct Rows {
  std::vector<std::int32_t> depart, latest;
  bool operator==(const Rows&) const = default;
};
Rows fresh(const TimedRoute<std::int32_t>& route, const LocalTimes<std::int32_t>& times, const model::Distances& d, std::int64_t wrong_by = 0) {
  const auto n = static_cast<std::size_t>(route.size) + 2;
  Rows rows{std::vector<std::int32_t>(n), std::vector<std::int32_t>(n)};
  const auto node = [&](std::size_t k) { return route.stops[k].node; };
  rows.depart[0] = times.earliest[0];
  for (std::size_t k = 1; k + 1 < n; ++k) {
    const auto c = static_cast<std::size_t>(node(k));
    rows.depart[k] = std::max(static_cast<std::int32_t>(rows.depart[k - 1] + d(node(k - 1), node(k)) + wrong_by), times.earliest[c]) + times.service[c];
  }
  rows.latest[n - 1] = times.latest[0];
  for (std::size_t k = n - 2; k >= 1; --k) {
    const auto c = static_cast<std::size_t>(node(k));
    rows.latest[k] = std::min(static_cast<std::int32_t>(rows.latest[k + 1] - d(node(k), node(k + 1)) - times.service[c]), times.latest[c]);
  }
  return rows;
}

Rows kept(const TimedRoute<std::int32_t>& route) {
  Rows rows;
  for (const auto& stop : route.stops) rows.depart.push_back(stop.depart), rows.latest.push_back(stop.latest);
  rows.depart.back() = rows.latest.front() = 0;
  return rows;
}

RC_GTEST_PROP(TimedRoutes, InsertAndEraseKeepTheTimes, ()) {
  const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
  const RoutingInstance in = sample(20, seed);
  const model::Distances d(in);
  LocalTimes<std::int32_t> times;
  for (std::size_t i = 0; i < in.demand.size(); ++i) {
    times.earliest.push_back(static_cast<std::int32_t>(in.timetable->earliest[i].value));
    times.latest.push_back(static_cast<std::int32_t>(std::min(in.timetable->latest[i].value, std::int64_t{1} << 28)));
    times.service.push_back(static_cast<std::int32_t>(in.timetable->service[i].value));
  }
  TimedRoute<std::int32_t> route;
  route.clear(times);
  core::RandomStream random({.seed = seed, .domain = core::tests, .part = 4});
  std::vector<std::int32_t> outside = all_customers(in);
  const auto dist = [&](std::int32_t a, std::int32_t b) { return static_cast<std::int32_t>(d(a, b)); };
  for (int step = 0; step < 60; ++step) {
    if (!outside.empty() && (route.size == 0 || random.below(3) > 0)) {
      const std::int32_t c = outside.back();
      outside.pop_back();
      const auto at = static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(route.size + 1)));
      const auto k = static_cast<std::size_t>(at);
      route.insert(at, c, dist(route.stops[k].node, c), dist(c, route.stops[k + 1].node), times);
    } else {
      const auto first = static_cast<std::int32_t>(1 + random.below(static_cast<std::uint32_t>(route.size)));
      const auto count = static_cast<std::int32_t>(1 + random.below(static_cast<std::uint32_t>(route.size - first + 1)));
      for (std::int32_t k = first; k < first + count; ++k) outside.push_back(route.stops[static_cast<std::size_t>(k)].node);
      route.erase(first, count, dist(route.stops[static_cast<std::size_t>(first - 1)].node, route.stops[static_cast<std::size_t>(first + count)].node), times);
    }
    RC_ASSERT(kept(route) == fresh(route, times, d));
    std::int64_t length = 0;
    for (std::size_t k = 0; k + 1 < route.stops.size() && route.size > 0; ++k) length += d(route.stops[k].node, route.stops[k + 1].node);
    RC_ASSERT(route.length == length);
  }
  RC_ASSERT(route.size == 0 || kept(route).depart != fresh(route, times, d, 6000).depart);  // the oracle is awake
}

TEST(TimedPlan, PartsBeginAtFewerCustomers) {
  const auto parts = [](int customers, bool windows, int ranks) {
    const RoutingInstance in = tests::sample_instance({.customers = customers, .seed = 5, .windows = windows});
    return make_plan(in, {.limit = {.seconds = 60.0, .iterations = {}}, .seed = 1, .ranks = ranks}).parts;
  };
  EXPECT_EQ(parts(1000, true, 1), 4u);
  EXPECT_EQ(parts(1000, true, 2), 4u);
  EXPECT_EQ(parts(400, true, 1), 1u);
  EXPECT_EQ(parts(1000, false, 1), 1u);
  const auto fleet_parts = [](int ranks) {
    return make_plan(tests::sample_instance({.customers = 1000, .seed = 5, .windows = true}), {.limit = {.seconds = 60.0, .iterations = {}}, .seed = 1, .ranks = ranks}).fleet_parts;
  };
  EXPECT_EQ(fleet_parts(1), 1u);
  EXPECT_EQ(fleet_parts(2), 2u);
}

// Rounds of tasks, worked here in order, as the scheduler would hand them out.
TEST(TimedCampaign, MergesPartsAndSavesVehiclesFirst) {
  for (const bool vehicles : {false, true}) {
    RoutingInstance in = tests::sample_instance({.customers = 600, .seed = 11, .windows = true});
    if (vehicles) model::set_objective(in, model::Objective::vehicles);
    RoutingPlan plan = make_plan(in, {.limit = {.seconds = {}, .iterations = 120'000}, .seed = 1, .mean_arc = 100});
    plan.rounds = 20;
    EXPECT_GT(plan.parts, 1u);
    EXPECT_EQ(plan.fleet_share > 0, vehicles);
    RoutingCampaign campaign(in, plan, one_each(in), "test");
    RoutingRunner runner(in);
    std::uint32_t saving = 0;
    while (auto task = campaign.next_task(0)) {
      saving += read_part_task(*task, 0).saves_vehicles;
      campaign.on_outcome(tests::work(runner, *task), 0);
    }
    EXPECT_TRUE(campaign.finished(0));
    model::RunRecord record;
    campaign.describe(record);
    const auto verdict = model::judge(in, model::unflatten(record.incumbent.ints));
    EXPECT_TRUE(verdict.feasible);
    EXPECT_EQ(verdict.cost.value, record.incumbent.cost_units);
    EXPECT_LT(verdict.routes, 300);
    EXPECT_EQ(saving, vehicles ? 4 * plan.fleet_parts : 0) << "a fifth of the rounds";
  }
}

model::RoutingInstance vehicles_first(int customers, std::uint64_t seed) {
  RoutingInstance in = tests::sample_instance({.customers = customers, .seed = seed, .windows = true});
  model::set_objective(in, model::Objective::vehicles);
  return in;
}

std::set<std::int64_t> fleets(const RoutingCampaign& campaign) {
  model::RunRecord record;
  campaign.describe(record);
  std::set<std::int64_t> counts;
  for (const auto& replica : record.campaign.replicas) counts.insert(model::routes_in(replica.answer.ints));
  return counts;
}

// Every replica of a ladder saves vehicles by itself; who has more than the best then goes on from it.
TEST(TimedCampaign, NoReplicaKeepsMoreThanTheFewestVehicles) {
  const RoutingInstance in = vehicles_first(80, 12);
  RoutingPlan plan = make_plan(in, {.limit = {.seconds = {}, .iterations = 400'000}, .seed = 1, .replicas = 4, .mean_arc = 100});
  plan.rounds = 20;
  RoutingCampaign campaign(in, plan, one_each(in), "test");
  RoutingRunner runner(in);
  std::uint32_t saved = 0;  // rounds
  tempering::Cooling heat{plan.cooling.start / 2, plan.cooling.start / 2};
  while (auto task = campaign.next_task(0)) {
    const PartTask content = read_part_task(*task, 0);
    if (!content.saves_vehicles) {
      EXPECT_DOUBLE_EQ(content.cooling.start, plan.cooling.start);
      break;
    }
    saved = task->round + 1;
    if (task->replica == 0) {
      EXPECT_DOUBLE_EQ(content.cooling.start, heat.end) << "goes on where the last round ended";
      EXPECT_LT(content.cooling.end, content.cooling.start);
      heat = content.cooling;
    }
    EXPECT_EQ(content.cooling.start, heat.start) << "no replica searches hotter than another";
    EXPECT_EQ(content.cooling.end, heat.end);
    if (task->replica == 3) campaign.on_lost(*task, 0);  // one of them never answers
    else campaign.on_outcome(tests::work(runner, *task), 0);
    if (campaign.progress().round < saved) continue;  // the round is still open
    model::RunRecord record;
    campaign.describe(record);
    std::set<std::int64_t> costs;
    for (const auto& replica : record.campaign.replicas) costs.insert(replica.answer.cost_units);
    EXPECT_EQ(fleets(campaign), std::set<std::int64_t>{model::routes_in(record.incumbent.ints)});
    EXPECT_LT(model::routes_in(record.incumbent.ints), 40);
    EXPECT_GT(costs.size(), 1u) << "each goes on from its own routes";
    for (const std::uint64_t tried : record.swaps.attempted) EXPECT_EQ(tried, 0u) << "temperatures are swapped behind that";
  }
  EXPECT_EQ(saved, 4u);
  EXPECT_NEAR(heat.end, plan.cooling.start / 10, 1e-6);
}

// A checkpoint inside a round of saving holds the incumbent, and replicas as they were before it.
TEST(TimedCampaign, AResumedRunKeepsTheVehiclesThatItsIncumbentSaved) {
  const RoutingInstance in = vehicles_first(80, 12);
  const RoutingPlan counted = make_plan(in, {.limit = {.seconds = {}, .iterations = 100'000}, .seed = 1, .replicas = 2, .mean_arc = 100});
  RoutingCampaign before(in, counted, one_each(in), "test");
  RoutingRunner runner(in);
  before.on_outcome(tests::work(runner, *before.next_task(0)), 0);  // the other replica has not answered yet
  model::RunRecord record;
  before.describe(record);
  ASSERT_EQ(fleets(before), std::set<std::int64_t>{80});
  ASSERT_LT(model::routes_in(record.incumbent.ints), 40);
  const RoutingPlan timed = make_plan(in, {.limit = {.seconds = 30.0, .iterations = {}}, .seed = 1, .ranks = 1, .replicas = 2, .mean_arc = 100});
  RoutingCampaign after(in, timed, one_each(in), "test");
  after.restore(record);
  EXPECT_EQ(fleets(after), std::set<std::int64_t>{model::routes_in(record.incumbent.ints)});
}

TEST(TimedPlan, SavingVehiclesTakesAFifthOfTheTime) {
  for (const int customers : {100, 200, 1000})
    for (const int ranks : {1, 2, 8})
      for (const int campaigns : {1, 5})
        for (const double seconds : {10.0, 60.0, 110.0, 210.0, 410.0}) {
          const RoutingPlan plan = make_plan(vehicles_first(customers, 5), {.limit = {.seconds = seconds, .iterations = {}}, .seed = 1, .ranks = ranks, .campaigns_per_rank = campaigns, .route_customers = 10});
          const double phase = 0.2 * (plan.annealing_ends - plan.recombining_seconds), rounds = std::round(phase / plan.fleet_round_seconds);
          EXPECT_LE(plan.fleet_task_seconds, 10 + 1e-9);
          EXPECT_GE(rounds, 1);
          EXPECT_NEAR(rounds * plan.fleet_round_seconds, phase, 0.01 * phase) << customers << " customers, " << ranks << " ranks, " << campaigns << " campaigns, " << seconds << " s";
        }
}

TEST(TimedPlan, VehiclesFirstHaveALadderAHotStartAndLargerParts) {
  const auto plan = [](bool vehicles, int customers, double route_customers) {
    RoutingInstance in = vehicles_first(customers, 5);
    if (!vehicles) model::set_objective(in, model::Objective::distance);
    return make_plan(in, {.limit = {.seconds = 30.0, .iterations = {}}, .seed = 1, .ranks = 1, .route_customers = route_customers});
  };
  EXPECT_EQ(plan(true, 100, 10).replicas, 6u);
  EXPECT_DOUBLE_EQ(plan(true, 100, 10).cooling.start, 5 * plan(false, 100, 10).cooling.start);
  EXPECT_DOUBLE_EQ(plan(true, 100, 10).cooling.end, plan(false, 100, 10).cooling.end);
  RoutingInstance open = tests::sample_instance({.customers = 100, .seed = 5});
  model::set_objective(open, model::Objective::vehicles);
  EXPECT_DOUBLE_EQ(make_plan(open, {.limit = {.seconds = 30.0, .iterations = {}}, .seed = 1, .ranks = 1, .route_customers = 10}).cooling.start, plan(false, 100, 10).cooling.start)
      << "without windows routes are not trapped";
  EXPECT_EQ(plan(true, 1000, 50).parts, 2u);
  EXPECT_EQ(plan(false, 1000, 50).parts, 4u);
}

}  // namespace
}  // namespace tempera::routing
