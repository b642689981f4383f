// The classical control of fleets: prices of changes, savings, local search, against the referee and exact answers.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "solvers/baselines/fleet_baseline.hpp"
#include "solvers/baselines/fleet_savings.hpp"
#include "solvers/baselines/fleet_search.hpp"
#include "solvers/baselines/fleet_tours.hpp"
#include "tests/support/fleet_samples.hpp"

namespace tempera::baselines {
namespace {

using model::RoutingInstance;
using tests::fleet_instance;

// Whatever two routes are made to hold, in whatever order: the price is the referee's, and what is allowed keeps all limits.
RC_GTEST_PROP(FleetTours, TheRefereeConfirmsEveryPrice, ()) {
  const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
  const RoutingInstance in = fleet_instance(tests::drawn_options(20, seed));
  const model::Distances distances(in);
  FleetTours tours(in, distances, fleet_repair(in, {}));
  core::RandomStream random({.seed = seed, .domain = core::tests, .part = 3});
  for (int k = 0; k < 60; ++k) {
    const std::int32_t empty = tours.empty_tour();
    const auto draw = [&] { return static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(tours.count()))); };
    FleetChange change{.a = draw(), .b = random.chance(0.2) ? empty : draw()};
    if (change.a == change.b) change.b = -1;
    const FleetTour& a = tours.tour(change.a);
    const auto c = 1 + static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(in.customers())));
    if (tours.tour_of(c) < 0) {
      change.for_a = tours.content({head_of(a, a.size()), head_of(tours.alone(c), 1)});
      if (change.b >= 0) change.for_b = tours.content({head_of(tours.tour(change.b), tours.tour(change.b).size())});
      change.leaving = -tours.leaving_out(c);
    } else if (change.b < 0) {
      change.for_a = tours.content({tail_of(a, a.size() / 2), head_of(a, a.size() / 2)});
    } else {
      const FleetTour& b = tours.tour(change.b);
      const int i = static_cast<int>(random.below(static_cast<std::uint32_t>(a.size() + 1))), j = static_cast<int>(random.below(static_cast<std::uint32_t>(b.size() + 1)));
      TourPiece tail = tail_of(b, j), head = head_of(b, j);
      tail.turned = head.turned = tours.is_turnable() && random.chance(0.5);
      change.for_a = tours.content({head_of(a, i), tail});
      change.for_b = tours.content({head, tail_of(a, i)});
    }
    const std::int64_t before = tours.cost();
    if (!tours.price(change, std::int64_t{1} << 60)) continue;
    tours.apply(change);
    const model::RoutingVerdict verdict = model::judge(in, tours.solution());
    RC_LOG() << (verdict.violations.empty() ? std::string("none") : verdict.violations.front());
    RC_ASSERT(verdict.feasible);
    RC_ASSERT(verdict.cost.value == before + change.delta);
    RC_ASSERT(verdict.cost.value == tours.cost());
  }
}

TEST(FleetNeighbours, AreCustomersOnly) {
  for (const bool asymmetric : {false, true}) {
    const RoutingInstance in = fleet_instance({.customers = 9, .depots = 4, .asymmetric = asymmetric});
    const model::Neighbours neighbours(in, 20);
    ASSERT_EQ(neighbours.per_node(), 8);
    for (int node = 0; node < in.nodes(); ++node) {
      std::vector<std::int32_t> list(neighbours.of(node).begin(), neighbours.of(node).end());
      std::ranges::sort(list);
      EXPECT_EQ(std::ranges::adjacent_find(list), list.end());
      EXPECT_GE(list.front(), 1);
      EXPECT_LE(list.back(), 9);
      EXPECT_EQ(std::ranges::find(list, node), list.end());
    }
  }
}

RC_GTEST_PROP(FleetSearch, NeverWorsensAndKeepsTheLimits, ()) {
  const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
  const RoutingInstance in = fleet_instance(tests::drawn_options(10 + static_cast<int>(seed % 30), seed));
  const model::Distances distances(in);
  const model::Neighbours neighbours(in, 8);
  model::RoutingSolution solution = seed % 2 == 0 ? model::RoutingSolution{} : fleet_repair(in, {});
  const core::Cost before = model::judge(in, solution).cost;
  int left = static_cast<int>(seed % 40);
  const auto report = fleet_search(in, distances, neighbours, solution, seed % 5 < 2 ? TakeApart::nothing : TakeApart::routes, {.stop = [&] { return seed % 3 == 0 && --left < 0; }});
  const model::RoutingVerdict verdict = model::judge(in, solution);
  RC_ASSERT(verdict.feasible);
  RC_ASSERT(verdict.cost <= before);
  RC_ASSERT(report.reached_local_optimum || seed % 3 == 0);
}

RC_GTEST_PROP(FleetSavings, EveryRoundKeepsTheLimits, ()) {
  const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
  const RoutingInstance in = fleet_instance(tests::drawn_options(10 + static_cast<int>(seed % 30), seed));
  const model::Distances distances(in);
  int rounds = 0;
  fleet_savings(in, distances, model::Neighbours(in, 10), {.opportunity = seed % 2 == 0, .rounds = 5}, [&](const model::RoutingSolution& solution) {
    RC_ASSERT(model::judge(in, solution).feasible);
    return ++rounds < 4;
  });
  RC_ASSERT(rounds >= 1);
  RC_ASSERT(rounds <= 4);
}

// Never better than the optimum, and near it: the sum over all seeds of a variant is held, since a local optimum may be anywhere.
TEST(FleetControl, IsNearTheOptimumOfTinyInstances) {
  for (const bool windows : {false, true})
    for (const bool optional : {false, true}) {
      std::int64_t sum = 0, exact_sum = 0;
      for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        SCOPED_TRACE(fmt::format("windows {}, prizes {}, seed {}", windows, optional, seed));
        const RoutingInstance in = fleet_instance({.customers = 6, .seed = seed, .types = 3, .depots = 2, .count = 2, .optional = optional, .windows = windows});
        const std::int64_t exact = tests::FleetOracle(in).cost();
        model::RoutingSolution solution;
        EXPECT_TRUE(fleet_control(in, {}, solution).reached_local_optimum);
        const model::RoutingVerdict verdict = model::judge(in, solution);
        EXPECT_TRUE(verdict.feasible);
        EXPECT_GE(verdict.cost.value, exact);
        sum += verdict.cost.value, exact_sum += exact;
      }
      EXPECT_LE(static_cast<double>(sum), 1.02 * static_cast<double>(exact_sum)) << "windows " << windows << ", prizes " << optional;
    }
}

TEST(FleetControl, ServesNobodyWithoutVehicles) {
  RoutingInstance in = fleet_instance({.customers = 5, .seed = 3, .types = 2, .depots = 1, .count = 0});
  model::RoutingSolution solution;
  fleet_control(in, {}, solution);
  EXPECT_TRUE(solution.routes.empty());
  EXPECT_EQ(solution.left_out.size(), 5u);
}

TEST(FleetControl, TheSameTwice) {
  const RoutingInstance in = fleet_instance({.customers = 60, .seed = 8, .types = 3, .depots = 2, .count = 6});
  model::RoutingSolution one, two;
  fleet_control(in, {}, one);
  fleet_control(in, {}, two);
  EXPECT_EQ(one, two);
}

}  // namespace
}  // namespace tempera::baselines
