#include "solvers/baselines/repair.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "io/instances/generate.hpp"
#include "solvers/baselines/savings.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/routing_referee.hpp"
#include "tests/support/routing_samples.hpp"

namespace tempera::baselines {
namespace {

using model::Distance;
using model::Load;
using model::RoutingInstance;
using model::RoutingSolution;

// Depot at 0, customers 1..5 in a line at 10, 20, ..., 50, each with demand 2; capacity 6.
RoutingInstance line() {
  RoutingInstance in;
  in.name = "line";
  in.capacity = Load(6);
  for (int i = 0; i <= 5; ++i) {
    in.points.push_back({10.0 * i, 0});
    in.demand.push_back(Load(i == 0 ? 0 : 2));
    in.node_ids.push_back(i + 1);
  }
  return in;
}

TEST(Repair, KeepsAFeasibleSolutionAsItIs) {
  const RoutingSolution given{{{1, 2}, {3, 4, 5}}};
  const RepairReport report = repair(line(), given);
  EXPECT_EQ(report.solution, given);
  EXPECT_EQ(report.summary, "kept 5 of 5 customers; now 2 routes");
}

TEST(Repair, SaysWhatItDropsSplitsAndInserts) {
  const RepairReport report = repair(line(), {{{1, 99, 2, 1, 3, 4}, {}, {-7}}});
  EXPECT_EQ(report.solution, (RoutingSolution{{{1, 2, 3}, {5, 4}}}));
  EXPECT_EQ(report.kept, 4);
  EXPECT_EQ(report.repeated, 1);
  EXPECT_EQ(report.unknown, 2);
  EXPECT_EQ(report.split, 1);
  EXPECT_EQ(report.inserted, 1);
  EXPECT_EQ(report.summary,
            "kept 4 of 5 customers, dropped 1 repeated visit, dropped 2 unknown numbers, split 1 route over capacity or length, "
            "inserted 1 missing customer; now 2 routes");
}

TEST(Repair, InsertsWhereItCostsLeast) {
  EXPECT_EQ(repair(line(), {{{1, 3}, {4, 5}}}).solution, (RoutingSolution{{{1, 2, 3}, {4, 5}}}));
  EXPECT_EQ(repair(line(), {{{1, 2}, {5, 3}}}).solution, (RoutingSolution{{{1, 2}, {5, 4, 3}}}));
}

TEST(Repair, BuildsFromNothing) {
  const RoutingInstance in = line();
  const RepairReport report = repair(in, {});
  EXPECT_TRUE(model::judge(in, report.solution).feasible);
  EXPECT_EQ(report.solution.routes.size(), 2u);
  EXPECT_EQ(report.summary, "kept 0 of 5 customers, inserted 5 missing customers; now 2 routes");
}

TEST(Repair, SplitsRoutesAboveTheLengthLimit) {
  RoutingInstance in = line();
  in.service = Distance(1);
  in.max_route_length = Distance(101);
  const RepairReport report = repair(in, {{{1, 5, 2}, {3, 4}}});
  EXPECT_EQ(report.split, 1);
  EXPECT_TRUE(model::judge(in, report.solution).feasible);
}

TEST(Repair, NamesACustomerNobodyCanServe) {
  RoutingInstance in = line();
  in.max_route_length = Distance(90);
  try {
    repair(in, {{{1, 2}}});
    FAIL() << "accepted";
  } catch (const core::UserError& error) {
    EXPECT_STREQ(error.what(), "line: serving node 6 alone takes a route of length 100, above the limit DISTANCE 90. Give a longer limit or remove the customer.");
  }
}

TEST(Repair, OneCustomer) {
  RoutingInstance in = line();
  in.points.resize(2);
  in.demand.resize(2);
  in.node_ids.resize(2);
  EXPECT_EQ(repair(in, {}).solution, (RoutingSolution{{{1}}}));
}

// Whatever is brought, the referee accepts what comes out, and the report adds up.
RC_GTEST_PROP(Repair, MakesAnyRoutesFeasible, ()) {
  tests::SampleOptions options;
  options.customers = *rc::gen::inRange(1, 60);
  options.seed = *rc::gen::arbitrary<std::uint64_t>();
  options.asymmetric = *rc::gen::arbitrary<bool>();
  options.length_limit = *rc::gen::arbitrary<bool>();
  const RoutingInstance in = tests::sample_instance(options);
  RoutingSolution given;
  for (int r = *rc::gen::inRange(0, 8); r > 0; --r)
    given.routes.push_back(*rc::gen::container<model::Route>(rc::gen::inRange(-1, options.customers + 3)));
  const RepairReport report = repair(in, given);
  const model::RoutingVerdict verdict = model::judge(in, report.solution);
  RC_ASSERT(verdict.violations == std::vector<std::string>{});
  RC_ASSERT(report.kept + report.inserted == in.customers());
  int visits = 0;
  for (const model::Route& route : given.routes) visits += static_cast<int>(route.size());
  RC_ASSERT(report.kept + report.repeated + report.unknown <= visits);
  RC_ASSERT(repair(in, given).solution == report.solution);
}

RC_GTEST_PROP(Repair, ChangesNoFeasibleSolution, ()) {
  const RoutingInstance in = tests::sample_instance({.customers = 40, .seed = *rc::gen::arbitrary<std::uint64_t>(), .length_limit = true});
  core::RandomStream random({.seed = *rc::gen::arbitrary<std::uint64_t>(), .domain = core::tests});
  const RoutingSolution given = tests::random_solution(in, random);
  RC_PRE(model::judge(in, given).feasible);
  RC_ASSERT(repair(in, given).solution == given);
}

// From nothing, and with every tenth customer missing; also how far that is from the savings heuristic.
TEST(Repair, TwentyThousandCustomersInUnderASecond) {
  const RoutingInstance in = instances::generate_uchoa(
      {.customers = 20'000, .positions = instances::CustomerPosition::random_clustered, .route_size = 25, .seed = 1});
  double before = core::process_cpu_seconds();
  const RepairReport fresh = repair(in, {});
  const double fresh_seconds = core::process_cpu_seconds() - before;
  EXPECT_TRUE(model::judge(in, fresh.solution).feasible);

  const model::Distances distances(in);
  const model::RoutingSolution full = savings(in, distances, model::Neighbours(in, 40));
  model::RoutingSolution partial = full;
  for (model::Route& route : partial.routes) std::erase_if(route, [](std::int32_t c) { return c % 10 == 0; });
  before = core::process_cpu_seconds();
  const RepairReport mended = repair(in, partial);
  const double mended_seconds = core::process_cpu_seconds() - before;
  EXPECT_TRUE(model::judge(in, mended.solution).feasible);
  EXPECT_EQ(mended.inserted, 2000);

  EXPECT_LT(fresh_seconds, 1.0);
  EXPECT_LT(mended_seconds, 1.0);
  const auto cost = [&](const RoutingSolution& solution) { return static_cast<double>(model::judge(in, solution).cost.value); };
  EXPECT_LT(cost(mended.solution), cost(full) * 1.15);
  EXPECT_LT(cost(fresh.solution), cost(full) * 1.15);
  RecordProperty("fresh_cpu_seconds", std::to_string(fresh_seconds));
  RecordProperty("mended_cpu_seconds", std::to_string(mended_seconds));
  RecordProperty("fresh_cost_over_savings", std::to_string(cost(fresh.solution) / cost(full)));
  RecordProperty("mended_cost_over_savings", std::to_string(cost(mended.solution) / cost(full)));
}

}  // namespace
}  // namespace tempera::baselines
