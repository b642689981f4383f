// The classical comparison with time windows: insertion, local search, repair, and the exact oracle.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>

#include "solvers/baselines/brute_force.hpp"
#include "solvers/baselines/repair.hpp"
#include "solvers/baselines/routing_baseline.hpp"
#include "solvers/baselines/timed_insertion.hpp"
#include "solvers/baselines/timed_search.hpp"
#include "solvers/model/routing_referee.hpp"
#include "tests/support/routing_samples.hpp"

namespace tempera::baselines {
namespace {

using model::RoutingInstance;
using model::RoutingSolution;

RoutingInstance sample(int customers, std::uint64_t seed) { return tests::drawn_timed_instance(customers, seed); }

// Random feasible routes: customers in random order, each into the first of some random routes that can take it at its end.
RoutingSolution random_routes(const RoutingInstance& in, core::RandomStream& random) {
  std::vector<std::int32_t> order(static_cast<std::size_t>(in.customers()));
  std::iota(order.begin(), order.end(), 1);
  for (std::size_t k = order.size(); k > 1; --k) std::swap(order[k - 1], order[random.below(static_cast<std::uint32_t>(k))]);
  RoutingSolution solution;
  const model::Distances d(in);
  while (!order.empty()) {
    std::vector<std::int32_t> missing;
    const auto cut = static_cast<std::ptrdiff_t>(1 + random.below(static_cast<std::uint32_t>(std::min<std::size_t>(order.size(), 12))));
    solution.routes.push_back(kept_in_time(in, d, model::Route(order.begin(), order.begin() + cut), missing));
    order.erase(order.begin(), order.begin() + cut);
    order.insert(order.end(), missing.begin(), missing.end());
  }
  return solution;
}

// The claim of every move: its price is the referee's difference, and it says it is feasible exactly when the referee does.
int check_all_moves(const RoutingInstance& in, const RoutingSolution& start, std::int64_t wrong_by = 0) {
  const model::Distances d(in);
  const TimedSolution state(in, d, start);
  const std::int64_t before = model::judge(in, start).cost.value;
  int mistakes = 0, seen = 0;
  for (std::int32_t u = 1; u <= in.customers(); ++u)
    for (std::int32_t v = 1; v <= in.customers(); ++v)
      if (u != v)
        state.visit_moves(u, v, [&](const TimedMove& move) {
          TimedSolution changed = state;
          changed.apply(move);
          const auto verdict = model::judge(in, changed.solution());
          ++seen;
          mistakes += verdict.cost.value - before != move.delta + (move.a != move.b ? wrong_by : 0) || verdict.feasible != state.is_feasible(move);
        });
  EXPECT_GT(seen, 0);
  return mistakes;
}

RC_GTEST_PROP(TimedMoves, EveryDeltaEqualsTheRefereesDifference, ()) {
  const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
  const RoutingInstance in = sample(9, seed);
  core::RandomStream random({.seed = seed, .domain = core::tests, .part = 2});
  const RoutingSolution start = random_routes(in, random);
  RC_ASSERT(model::judge(in, start).feasible);
  RC_ASSERT(check_all_moves(in, start) == 0);
}

TEST(TimedMoves, APlantedWrongDeltaIsCaught) {
  const RoutingInstance in = sample(12, 8);
  core::RandomStream random({.seed = 8, .domain = core::tests});
  EXPECT_GT(check_all_moves(in, random_routes(in, random), 1), 100);
}

TEST(TimedBaseline, IsFeasibleAndNeverWorseThanInsertion) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    const RoutingInstance in = sample(10 + 4 * static_cast<int>(seed), seed);
    const model::Distances d(in);
    const auto inserted = model::judge(in, timed_insertion(in, d, model::Neighbours(in, 100)));
    EXPECT_TRUE(inserted.feasible);
    const BaselineResult result = routing_baseline(in, {});
    EXPECT_TRUE(result.reached_local_optimum);
    EXPECT_EQ(result.method, "insertion + local search");
    EXPECT_LE(result.cost, inserted.cost);
    int stops = 0;
    EXPECT_TRUE(model::judge(in, routing_baseline(in, {.stop = [&] { return ++stops > 3; }}).solution).feasible) << "stopped early";
  }
}

TEST(TimedBruteForce, IsNeverBeatenAndOftenReached) {
  int reached = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const RoutingInstance in = sample(7, seed);
    const auto exact = brute_force(in);
    ASSERT_TRUE(exact);
    const auto verdict = model::judge(in, exact->solution);
    EXPECT_TRUE(verdict.feasible);
    EXPECT_EQ(verdict.cost, exact->cost);
    const BaselineResult result = routing_baseline(in, {});
    EXPECT_GE(result.cost, exact->cost) << seed;
    reached += result.cost == exact->cost;
  }
  EXPECT_GE(reached, 2);
}

TEST(TimedRepair, KeepsWhatIsInTimeAndInsertsTheRest) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const RoutingInstance in = sample(30, seed);
    core::RandomStream random({.seed = seed, .domain = core::tests, .part = 3});
    RoutingSolution given = random_routes(in, random);
    EXPECT_EQ(repair(in, given).kept, 30) << "feasible routes stay";
    given.routes[0].insert(given.routes[0].begin(), given.routes.back().begin(), given.routes.back().end());  // twice, and late
    given.routes.pop_back();
    given.routes[0].push_back(77);
    const RepairReport report = repair(in, given);
    EXPECT_TRUE(model::judge(in, report.solution).feasible) << report.summary;
    EXPECT_EQ(report.unknown, 1);
  }
}

}  // namespace
}  // namespace tempera::baselines
