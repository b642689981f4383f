// Networks, pooling, stage costs, the referee and the exact methods for safety-stock placement.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>

#include "io/instances/network_txt.hpp"
#include "solvers/baselines/cbc_placement.hpp"
#include "solvers/baselines/forest_programme.hpp"
#include "solvers/baselines/tree_placement.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/placement_network.hpp"
#include "solvers/model/placement_problem.hpp"
#include "solvers/model/placement_referee.hpp"
#include "tests/support/benchmark_data.hpp"
#include "tests/support/placement_samples.hpp"

namespace tempera {
namespace {

using model::PlacementNetwork;
using model::PlacementProblem;

TEST(NormalQuantile, AgreesWithTables) {
  EXPECT_NEAR(model::normal_quantile(0.95), 1.6448536269514722, 1e-14);
  EXPECT_NEAR(model::normal_quantile(0.98), 2.0537489106318225, 1e-14);
  EXPECT_NEAR(model::normal_quantile(0.5), 0.0, 1e-15);
  EXPECT_NEAR(model::normal_quantile(0.025), -1.959963984540054, 1e-14);
  EXPECT_NEAR(model::normal_quantile(0.999999), 4.753424308822899, 1e-9);
}

TEST(StageCost, WithCapacityIsTheLargestOverWholePeriods) {
  const double bound = 9, mean = 10, capacity = 12.5;
  const model::StageCost cost(3, bound, mean, capacity);
  for (double t = 0; t < 12; t += 0.37) {
    double best = 0;
    for (int n = 0; n < 1000; ++n) best = std::max(best, mean * (t + n) + bound * std::sqrt(t + n) - n * capacity - mean * t);
    EXPECT_NEAR(cost(t), 3 * best, 1e-9) << t;
  }
  EXPECT_GT(cost(0), 0) << "stock is needed even at once: the capacity cannot follow the demand bound";
}

TEST(PoolDemand, AddsSquaresAlongPathsAndTakesTheHighestServiceLevel) {
  PlacementNetwork net;
  net.stages.resize(3);
  net.stages[1].demand_mean = 4, net.stages[1].demand_deviation = 3, net.stages[1].service_level = 0.9, net.stages[1].service_limit = 0;
  net.stages[2].demand_mean = 5, net.stages[2].demand_deviation = 2, net.stages[2].service_level = 0.98, net.stages[2].service_limit = 0;
  net.arcs = {{0, 1, 1}, {0, 2, 2}};
  const model::PooledDemand pooled = model::pool_demand(net);
  EXPECT_DOUBLE_EQ(pooled.mean[0], 14);
  EXPECT_NEAR(pooled.bound[0], model::normal_quantile(0.98) * 5, 1e-12);
  net.pooling_exponent = 1;
  EXPECT_NEAR(model::pool_demand(net).bound[0], model::normal_quantile(0.98) * 7, 1e-12);
}

// ------------------------------------------------------------------------------------------------------- exact methods

TEST(TreePlacement, MeetsTheTextbookOptima) {
  for (const auto& k : tests::textbook_trees()) {
    model::validate(k.network, k.name);
    const PlacementProblem problem = model::compile(k.network);
    const auto result = baselines::tree_placement(problem);
    ASSERT_TRUE(result) << k.name;
    EXPECT_NEAR(result->cost, k.optimum, 1e-9 * k.optimum) << k.name;
    EXPECT_NEAR(result->lower_bound, k.optimum, 1e-9 * k.optimum) << k.name;
    const auto verdict = model::judge(k.network, result->plan);
    EXPECT_TRUE(verdict.feasible) << k.name;
    EXPECT_NEAR(verdict.cost, k.optimum, 1e-9 * k.optimum) << k.name;
  }
}

TEST(TreePlacement, MeetsBulldozerAndBattery) {
  TEMPERA_NEEDS_BENCHMARK("inventory/graves_willems/bulldozer.txt");
  const auto optimum = [](const char* file) {
    const auto network = instances::read_network_csv(tests::benchmark_file(file));
    const auto result = baselines::tree_placement(model::compile(network));
    return result ? result->cost : -1.0;
  };
  EXPECT_NEAR(optimum("inventory/graves_willems/bulldozer.txt"), 2109250.108838, 2.2);
  EXPECT_NEAR(0.30 * optimum("inventory/graves_willems/bulldozer.txt"), 632775.03, 0.01);
  EXPECT_NEAR(0.25 * optimum("inventory/graves_willems/battery.txt"), 853077.33, 0.01);
  EXPECT_NEAR(optimum("inventory/graves_willems/digital_camera.txt"), 297815.667931, 1e-4);
}

TEST(TreePlacement, RefusesNetworksThatAreNoTree) {
  const auto net = tests::network_of({{1, 1}, {1, 1}, {1, 1}, {1, 1, 0, 0}}, {{0, 1}, {0, 2}, {1, 3}, {2, 3}}, {1, 1, 1, 1});
  EXPECT_FALSE(baselines::tree_placement(model::compile(net)));
}

TEST(TreePlacement, EqualsEnumerationOnRandomTrees) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    const PlacementNetwork net = tests::random_network(seed, 5, 0, seed % 2 == 1);
    model::validate(net, "random");
    const PlacementProblem problem = model::compile(net);
    const auto result = baselines::tree_placement(problem);
    ASSERT_TRUE(result);
    const double best = tests::enumerated_optimum(problem);
    EXPECT_NEAR(result->cost, best, 1e-9 * (1 + best)) << "seed " << seed;
    EXPECT_NEAR(result->lower_bound, best, 1e-9 * (1 + best)) << "seed " << seed;
    const auto verdict = model::judge(net, result->plan);
    EXPECT_TRUE(verdict.feasible) << (verdict.violations.empty() ? "" : verdict.violations.front());
    EXPECT_NEAR(verdict.cost, best, 1e-9 * (1 + best)) << "seed " << seed;
  }
}

TEST(ForestProgramme, EqualsEnumerationWithPrices) {
  for (std::uint32_t seed = 100; seed < 140; ++seed) {
    const PlacementProblem problem = model::compile(tests::random_network(seed, 4, 0, seed % 2 == 1));
    core::RandomStream random({.seed = seed, .domain = core::tests, .part = 1});
    std::vector<double> out(problem.size()), in(problem.size()), s(problem.size()), si(problem.size());
    for (double& p : out) p = 10 * random.uniform();
    for (double& p : in) p = 10 * random.uniform();
    const baselines::TimeGrid grid(problem, 1'000'000);
    ASSERT_TRUE(grid.is_exact());
    baselines::ForestProgramme programme(problem, grid);
    ASSERT_TRUE(programme.choose(std::vector<char>(problem.arcs.size(), 1)));
    const double value = programme.minimise(out, in, s, si);
    EXPECT_NEAR(value, tests::enumerated_optimum(problem, out, in), 1e-9 * (1 + std::abs(value))) << "seed " << seed;
    double again = 0;
    for (std::size_t i = 0; i < problem.size(); ++i) again += problem.cost[i](si[i] + problem.lead_time[i] - s[i]) + out[i] * s[i] - in[i] * si[i];
    EXPECT_NEAR(value, again, 1e-9 * (1 + std::abs(value))) << "the solution has the value";
  }
}

TEST(ForestProgramme, OnARelaxedGridStaysBelow) {
  for (std::uint32_t seed = 200; seed < 230; ++seed) {
    PlacementNetwork net = tests::random_network(seed, 8, 0);
    core::RandomStream random({.seed = seed, .domain = core::tests, .part = 2});
    for (auto& s : net.stages) s.lead_time = 0.001 * random.below(4000);
    const PlacementProblem problem = model::compile(net);
    const auto exact = baselines::tree_placement(problem, 10'000'000);
    const auto rough = baselines::tree_placement(problem, 2'000);
    EXPECT_NEAR(exact->lower_bound, exact->cost, 1e-6 * exact->cost) << "seed " << seed;
    EXPECT_LT(rough->lower_bound, exact->cost * (1 + 1e-9)) << "seed " << seed;
    EXPECT_GE(rough->cost, exact->cost * (1 - 1e-9)) << "seed " << seed;
    EXPECT_GT(rough->lower_bound, 0.5 * exact->cost) << "seed " << seed;
  }
}

TEST(CbcPlacement, EqualsEnumerationOnGeneralNetworks) {
  for (std::uint32_t seed = 300; seed < 306; ++seed) {
    const PlacementNetwork net = tests::random_network(seed, 5, 3, seed % 2 == 1);
    const PlacementProblem problem = model::compile(net);
    const auto result = baselines::cbc_placement(problem, {.seconds = 20});
    ASSERT_TRUE(result);
    const double best = tests::enumerated_optimum(problem);
    EXPECT_NEAR(result->cost, best, 1e-7 * (1 + best)) << "seed " << seed;
    EXPECT_NEAR(result->lower_bound, best, 1e-6 * (1 + best)) << "seed " << seed;
  }
}

TEST(CbcPlacement, SolvesWillemsChain02) {
  TEMPERA_NEEDS_BENCHMARK("inventory/willems/02.txt");
  const auto problem = model::compile(instances::read_network_txt(tests::benchmark_file("inventory/willems/02.txt")));
  const auto result = baselines::cbc_placement(problem, {.seconds = 30});
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->cost, 5405937.6392, 5.4);
}

// ------------------------------------------------------------------------------------------------------- referee

TEST(PlacementReferee, AgreesWithTheSolversOnRandomPlans) {
  for (std::uint32_t seed = 400; seed < 500; ++seed) {
    PlacementNetwork net = tests::random_network(seed, 12, 10, seed % 3 == 0);
    for (auto& s : net.stages) s.lead_time_deviation = 0.25 * s.lead_time;
    net.lead_time_factor = 1.5;
    const PlacementProblem problem = model::compile(net);
    core::RandomStream random({.seed = seed, .domain = core::tests, .part = 3});
    std::vector<double> outbound(problem.size());
    for (double& s : outbound) s = 12 * random.uniform();
    const auto plan = model::repaired(problem, outbound);
    const auto verdict = model::judge(net, plan);
    EXPECT_TRUE(verdict.feasible) << (verdict.violations.empty() ? "" : verdict.violations.front());
    EXPECT_NEAR(verdict.cost, model::plan_cost(problem, plan), 1e-9 * (1 + verdict.cost)) << "seed " << seed;
  }
}

TEST(PlacementReferee, NamesEachViolation) {
  const auto net = tests::network_of({{2, 1, 1}, {3, 2, 0, 1}}, {{0, 1}}, {1, 1});
  const auto first = [&](model::PlacementPlan plan) {
    const auto verdict = model::judge(net, plan);
    return verdict.violations.empty() ? std::string("feasible") : verdict.violations.front();
  };
  EXPECT_EQ(first({{0, 1}, {1, 0}}), "feasible");
  EXPECT_EQ(first({{1, 1}, {1, 0}}), "stage 1: inbound service time 0 is shorter than the 1 that stage 0 promises");
  EXPECT_EQ(first({{4, 1}, {1, 4}}), "stage 0: net replenishment time -1 is below 0");
  EXPECT_EQ(first({{0, 2}, {1, 0}}), "stage 1: outbound service time 2 is above its limit 1");
  EXPECT_EQ(first({{0, 1}, {0, 0}}), "stage 0: inbound service time 0 is shorter than its supplier's 1");
  EXPECT_EQ(first({{0}, {1}}), "the plan has 1 outbound and 1 inbound service times for 2 stages");
}

// ------------------------------------------------------------------------------------------------------- files and bad input

std::string message_of(std::string_view text) {
  try {
    instances::parse_network_txt(text, "net.txt");
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(NetworkTxt, ReadsStagesAndArcs) {
  const auto net = instances::parse_network_txt("# a comment\n2 1\n2.5 10 -1\n\n0 3e1 4\n0 1\n", "dir/net.txt");
  EXPECT_EQ(net.name, "net");
  ASSERT_EQ(net.size(), 2);
  EXPECT_EQ(net.stages[0].lead_time, 2.5);
  EXPECT_EQ(net.stages[1].holding_cost, 30);
  EXPECT_FALSE(net.stages[0].service_limit);
  EXPECT_EQ(net.stages[1].service_limit, 4);
  EXPECT_EQ(net.arcs[0].to, 1);
}

TEST(NetworkTxt, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(message_of("2 1\n-1 1 -1\n1 1 0\n0 1\n"), "net.txt:2: the lead time of stage 0 is -1, but must not be negative.");
  EXPECT_EQ(message_of("2 1\n1 1 -1\n1 x 0\n0 1\n"), "net.txt:3: the weight of stage 1 is 'x', which is not a number.");
  EXPECT_EQ(message_of("2 1\n1 1 -1\n1 1 -2\n0 1\n"), "net.txt:3: the cap of stage 1 is -2, but must be -1 (none) or a service time from 0 days up.");
  EXPECT_EQ(message_of("2 1\n1 1 -1\n1 1 0\n0 2\n"), "net.txt:4: arc 1 names stage '2', but stages are 0 to 1.");
  EXPECT_EQ(message_of("2 1\n1 1 -1\n1 1 0\n1 1\n"), "net.txt:4: arc 1 leads from stage 1 to itself. Remove it.");
  EXPECT_EQ(message_of("2 2\n1 1 -1\n1 1 0\n0 1\n0 1\n"), "net.txt:5: the arc 0 1 stands twice. Remove one.");
  EXPECT_EQ(message_of("2 1\n1 1 -1\n1 1 -1\n0 1\n"),
            "net.txt: stage 1: is a sink (it supplies no other stage) without a service limit, so no demand is promised anything. Give the longest "
            "service time in days, 0 for delivery from stock.");
  EXPECT_EQ(message_of("3 3\n1 1 -1\n1 1 -1\n1 1 0\n0 1\n1 0\n1 2\n"),
            "net.txt: the arcs form a cycle: stage 0 -> stage 1 -> stage 0. Remove one of its arcs.");
  EXPECT_EQ(message_of("2 2\n1 1 -1\n1 1 0\n0 1\n"),
            "net.txt:4: the file ends where arc 2 should stand (\"FROM TO\"). The heading says 2 stages and 2 arcs.");
  EXPECT_EQ(message_of("2 1\n1 1 -1\n1 1 0\n0 1\n1 0\n"), "net.txt:5: more lines than the heading says (2 stages, 1 arcs). Correct line 1 or remove this line.");
}

TEST(ValidatePlacement, NamesServiceLevelDemandAndCapacity) {
  const auto said = [](const std::function<void(PlacementNetwork&)>& spoil) {
    PlacementNetwork net;
    net.stages.resize(2);
    net.stages[0].name = "plant";
    net.stages[1] = {.name = "shop", .lead_time = 1, .demand_mean = 10, .demand_deviation = 2, .service_level = 0.95, .service_limit = 0.0, .capacity = {}, .bound = {}};
    net.arcs = {{0, 1, 1}};
    spoil(net);
    try {
      model::validate(net, "job.json");
    } catch (const core::UserError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_EQ(said([](auto&) {}), "accepted");
  EXPECT_EQ(said([](auto& n) { n.stages[1].service_level = 1; }),
            "job.json: stage 1 (shop): the service level is 1, but must be above 0 and below 1 (1 would need infinite stock; .99 is usual).");
  EXPECT_EQ(said([](auto& n) { n.stages[1].demand_mean = n.stages[1].demand_deviation = 0; }),
            "job.json: stage 1 (shop): is a sink (it supplies no other stage) without demand. Give it demand or remove it.");
  EXPECT_EQ(said([](auto& n) { n.stages[0].capacity = 10; }), "job.json: stage 0 (plant): the capacity is 10 a day, but mean demand there is 10. Give more than that.");
  EXPECT_EQ(said([](auto& n) { n.stages[0].lead_time = -2; }), "job.json: stage 0 (plant): the lead time is -2, but must be a number from 0 up.");
  EXPECT_EQ(said([](auto& n) { n.stages[0].lead_time = std::nan(""); }), "job.json: stage 0 (plant): the lead time is nan, but must be a number from 0 up.");
}

}  // namespace
}  // namespace tempera
