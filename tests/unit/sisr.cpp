#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numeric>

#include "solvers/baselines/brute_force.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/routing_referee.hpp"
#include "solvers/routing/insertion_scan.hpp"
#include "solvers/routing/local_problem.hpp"
#include "solvers/routing/sisr.hpp"
#include "tests/support/routing_samples.hpp"

namespace tempera::routing {
namespace {

using tests::SampleOptions;

std::vector<std::int32_t> all_customers(const model::RoutingInstance& in) {
  std::vector<std::int32_t> customers(static_cast<std::size_t>(in.customers()));
  std::iota(customers.begin(), customers.end(), 1);
  return customers;
}

std::vector<std::int32_t> one_each(const model::RoutingInstance& in) {
  std::vector<std::int32_t> flat;
  for (const std::int32_t c : all_customers(in)) flat.insert(flat.end(), {c, 0});
  return flat;
}

struct Annealed {
  std::int64_t current = 0, best = 0;
  model::RoutingVerdict current_verdict, best_verdict;
  std::vector<std::int32_t> best_routes;
};

Annealed anneal(const model::RoutingInstance& in, std::uint64_t iterations, double temperature, std::uint64_t seed = 1) {
  SisrKernel kernel(in, all_customers(in), {});
  kernel.load(one_each(in));
  core::RandomStream random({.seed = seed, .domain = core::tests});
  for (const double share : {1.0, 0.3, 0.1, 0.01}) kernel.run(iterations / 4, temperature * share, random);
  return {kernel.current_cost().value, kernel.best_cost().value, model::judge(in, model::unflatten(kernel.current())),
          model::judge(in, model::unflatten(kernel.best())), kernel.best()};
}

void expect_confirmed(const Annealed& a) {
  EXPECT_TRUE(a.current_verdict.feasible) << (a.current_verdict.violations.empty() ? "" : a.current_verdict.violations.front());
  EXPECT_TRUE(a.best_verdict.feasible);
  EXPECT_EQ(a.current_verdict.cost.value, a.current);
  EXPECT_EQ(a.best_verdict.cost.value, a.best);
  EXPECT_LE(a.best, a.current);
}

TEST(Sisr, TheRefereeConfirmsEveryCost) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed)
    for (const bool asymmetric : {false, true})
      for (const bool limited : {false, true}) {
        SCOPED_TRACE(testing::Message() << "seed " << seed << (asymmetric ? " asymmetric" : "") << (limited ? " limited" : ""));
        const auto in = tests::sample_instance({.customers = 10 + static_cast<int>(seed) * 9, .seed = seed, .asymmetric = asymmetric, .length_limit = limited,
                                                .capacity = seed % 3 == 0 ? 20 : 90});
        expect_confirmed(anneal(in, 4000, 100, seed));
      }
}

TEST(Sisr, LongDistancesUseWideArithmetic) {
  auto in = tests::sample_instance({.customers = 60, .seed = 4});
  in.rounding = model::Rounding::none;  // a million units per distance: beyond 32 bits for a route
  for (model::Point& p : in.points) p = {p.x * 100, p.y * 100};
  expect_confirmed(anneal(in, 4000, 1e10));
}

TEST(Sisr, TinyAndDegenerateInstances) {
  for (const int customers : {1, 2, 3}) expect_confirmed(anneal(tests::sample_instance({.customers = customers, .seed = 9}), 400, 50));
  auto in = tests::sample_instance({.customers = 25, .seed = 9});
  for (model::Point& p : in.points) p = {5, 5};
  expect_confirmed(anneal(in, 2000, 1));
  EXPECT_EQ(anneal(in, 2000, 1).best, 0);
}

TEST(Sisr, ReachesTheOptimumOfTinyInstances) {
  int reached = 0;
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    const auto in = tests::sample_instance({.customers = 7, .seed = seed, .length_limit = seed % 2 == 0});
    const auto exact = baselines::brute_force(in);
    ASSERT_TRUE(exact.has_value());
    const Annealed a = anneal(in, 8000, 100, seed);
    EXPECT_GE(a.best, exact->cost.value) << "below the optimum, seed " << seed;
    reached += a.best == exact->cost.value;
  }
  EXPECT_EQ(reached, 15);
}

TEST(Sisr, TheSameStreamGivesTheSameRoutes) {
  const auto in = tests::sample_instance({.customers = 120, .seed = 2});
  EXPECT_EQ(anneal(in, 4000, 100, 5).best_routes, anneal(in, 4000, 100, 5).best_routes);
  EXPECT_NE(anneal(in, 4000, 100, 5).best_routes, anneal(in, 4000, 100, 6).best_routes);
}

TEST(Sisr, RefusesStartsThatAreNotSolutions) {
  const auto in = tests::sample_instance({.customers = 6, .seed = 2, .capacity = 25});
  SisrKernel kernel(in, std::vector<std::int32_t>{1, 2, 3}, {});
  const auto load = [&](std::vector<std::int32_t> flat) { kernel.load(flat); };
  EXPECT_NO_THROW(load({1, 0, 2, 0, 3, 0}));
  EXPECT_THROW(load({1, 0, 2, 0}), core::LogicError) << "one is missing";
  EXPECT_THROW(load({1, 0, 2, 0, 3, 0, 1, 0}), core::LogicError) << "twice";
  EXPECT_THROW(load({1, 0, 2, 0, 4, 0}), core::LogicError) << "of another part";
  auto tight = in;
  tight.capacity = core::Load(20);
  tight.demand[1] = tight.demand[2] = core::Load(15);
  SisrKernel small(tight, std::vector<std::int32_t>{1, 2}, {});
  EXPECT_THROW(small.load(std::vector<std::int32_t>{1, 2, 0}), core::LogicError) << "overloaded";
}

// Single precision rounds every whole square below the limit as double precision does; farther out it does not always.
TEST(LocalProblem, RootsOfWholeSquaresRoundExactly) {
  const auto rounds_alike = [](std::int64_t square) {
    return static_cast<std::int32_t>(std::sqrt(static_cast<float>(square)) + 0.5F) == static_cast<std::int32_t>(std::sqrt(static_cast<double>(square)) + 0.5);
  };
  for (std::int64_t square = 0; square < 4'194'304; ++square) ASSERT_TRUE(rounds_alike(square)) << square;
  EXPECT_FALSE(rounds_alike(3000LL * 3000 + 3000)) << "the limit is there for a reason";
}

TEST(LocalProblem, DistancesFromPlacesEqualTheTable) {
  auto in = tests::sample_instance({.customers = 150, .seed = 9});
  const auto exact = [&] { return LocalProblem<std::int32_t>(in, all_customers(in)).places_exact; };
  for (model::Point& point : in.points) point = {std::floor(1.4 * point.x) + 1e6, std::floor(1.4 * point.y) - 3e5};
  const LocalProblem<std::int32_t> local(in, all_customers(in));
  ASSERT_TRUE(local.places_exact);
  for (std::int32_t i = 0; i <= local.customers; ++i)
    for (std::int32_t j = 0; j <= local.customers; ++j) ASSERT_EQ(local.distance(i, j), local.from(i)[j]) << i << " to " << j;
  in.rounding = model::Rounding::trunc;
  EXPECT_FALSE(exact());
  in.rounding = model::Rounding::nearest;
  in.points[7].x += 0.5;
  EXPECT_FALSE(exact()) << "a coordinate with a fraction";
  in.points[7].x += 2048.5;
  EXPECT_FALSE(exact()) << "too wide";
  in.edge_weight = model::EdgeWeight::euclidean_ceil;
  EXPECT_FALSE(exact());
}

// Prices from places preselect, or are exact: the same position with the same random draws as by the table alone.
TEST(InsertionScan, EqualsThePortableScan) {
  int exact = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    auto in = tests::sample_instance({.customers = 90, .seed = seed, .asymmetric = seed % 4 == 0});
    in.rounding = std::array{model::Rounding::nearest, model::Rounding::trunc, model::Rounding::exact}[seed % 3];
    const LocalProblem<std::int32_t> local(in, all_customers(in));
    RouteTable<std::int32_t> routes(local.customers, local.place[0]);
    core::RandomStream random({.seed = seed, .domain = core::tests});
    routes.begin();
    for (std::int32_t c = 2; c <= local.customers; ++c) {
      const std::int32_t r = routes.count() > 0 && random.below(8) > 0 ? static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(routes.count()))) : routes.open();
      auto& route = routes.touch(r);
      const auto at = static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(route.size + 1)));
      route.insert(at, c, local.place[static_cast<std::size_t>(c)], local.distance(route.stops[static_cast<std::size_t>(at)], c), local.distance(c, route.stops[static_cast<std::size_t>(at) + 1]));
    }
    const InsertionQuery<std::int32_t> query{.to = local.to(1), .from = local.from(1), .room_needed = 1, .capacity = 1000,
                                             .longest = seed % 3 == 0 ? 6000 : 1'000'000'000, .service = 3, .blink = 0.2,
                                             .place = local.place[1], .depot_distance = local.plane_distance(0, 1),
                                             .plane_error = local.plane_error, .places_exact = local.places_exact, .table_error = local.table_error};
    exact += local.places_exact;
    core::RandomStream one({.seed = seed, .domain = core::tests, .part = 1}), two({.seed = seed, .domain = core::tests, .part = 1});
    InsertionScan<std::int32_t> fast, portable(Instructions::portable);
    const auto a = fast.cheapest(routes, query, 10'000'000, one);
    const auto b = portable.cheapest(routes, query, 10'000'000, two);
    EXPECT_EQ(a.route, b.route);
    EXPECT_EQ(a.at, b.at);
    EXPECT_EQ(a.delta, b.delta);
    EXPECT_EQ(one(), two()) << "both drew as often";
  }
  EXPECT_GT(exact, 5) << "with exact places, too";
  EXPECT_LT(exact, 35);
}

// Control: a wrong arc in a route array, as a wrong delta would leave it, shows against the referee's sum.
TEST(RouteArray, APlantedWrongArcIsCaught) {
  const auto in = tests::sample_instance({.customers = 3, .seed = 3});
  const LocalProblem<std::int32_t> local(in, all_customers(in));
  RouteArray<std::int32_t> route;
  route.clear(local.place[0]);
  const auto insert = [&](std::int32_t at, std::int32_t c, std::int32_t error) {
    route.insert(at, c, {}, local.distance(route.stops[static_cast<std::size_t>(at)], c) + error, local.distance(c, route.stops[static_cast<std::size_t>(at) + 1]));
  };
  const auto referee = [&] {
    model::RoutingSolution solution{{{}}};
    for (const std::int32_t c : route.customers()) solution.routes[0].push_back(local.node[static_cast<std::size_t>(c)]);
    return model::judge(in, solution).cost.value;
  };
  insert(0, 2, 0);
  insert(1, 1, 0);
  EXPECT_EQ(route.length, referee());
  route.erase(1, 1, local.distance(0, 1));
  EXPECT_EQ(route.length, referee());
  insert(0, 3, 1);
  EXPECT_NE(route.length, referee());
}

TEST(RouteTable, UndoRestoresEveryRoute) {
  const auto in = tests::sample_instance({.customers = 40, .seed = 6});
  const LocalProblem<std::int32_t> local(in, all_customers(in));
  RouteTable<std::int32_t> routes(40, {});
  routes.begin();
  for (std::int32_t r = 0; r < 8; ++r) {
    routes.open();
    for (std::int32_t k = 0; k < 5; ++k) routes.touch(r).insert(k, 5 * r + k + 1, {}, 1, 1);
  }
  routes.commit();
  std::vector<std::vector<std::int32_t>> before;
  for (std::int32_t r = 0; r < routes.count(); ++r) before.emplace_back(routes[r].customers().begin(), routes[r].customers().end());
  routes.begin();
  routes.touch(2).erase(1, 5, 0);
  routes.touch(5).insert(0, 9, {}, 1, 1);
  routes.touch(routes.open()).insert(0, 8, {}, 1, 1);
  routes.undo();
  ASSERT_EQ(routes.count(), 8);
  for (std::int32_t r = 0; r < 8; ++r) EXPECT_TRUE(std::ranges::equal(routes[r].customers(), before[static_cast<std::size_t>(r)]));
}

}  // namespace
}  // namespace tempera::routing
