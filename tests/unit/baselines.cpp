#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "solvers/baselines/brute_force.hpp"
#include "solvers/baselines/routing_baseline.hpp"
#include "solvers/baselines/savings.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/routing_referee.hpp"
#include "tests/support/routing_samples.hpp"

namespace tempera::baselines {
namespace {

using model::Load;
using model::RoutingInstance;
using model::RoutingSolution;
using tests::sample_instance;

RoutingInstance instance_of(std::vector<model::Point> points, std::vector<std::int64_t> demands, std::int64_t capacity) {
  RoutingInstance in;
  in.name = "by hand";
  in.points = std::move(points);
  for (std::size_t i = 0; i < demands.size(); ++i) {
    in.demand.push_back(Load(demands[i]));
    in.node_ids.push_back(static_cast<std::int64_t>(i) + 1);
  }
  in.capacity = Load(capacity);
  model::validate(in, in.name);
  return in;
}

RoutingSolution savings_of(const RoutingInstance& in, int neighbours = 100) {
  RoutingSolution solution = savings(in, model::Distances(in), model::Neighbours(in, neighbours));
  model::normalise(solution, model::is_symmetric(in));
  return solution;
}

// 1 at (10,0), 2 at (20,0), 3 at (0,10), 4 at (0,20), 5 at (-30,-30). Savings with rounded distances: 1-2 and 3-4 20,
// 2-4 40 - 28 = 12, 1-4 and 2-3 30 - 22 = 8, 1-3 20 - 14 = 6, 5 with 2 or 4 62 - 58 = 4, 5 with 1 or 3 52 - 50 = 2.
TEST(Savings, FollowTheHandComputedExample) {
  const std::vector<model::Point> points = {{0, 0}, {10, 0}, {20, 0}, {0, 10}, {0, 20}, {-30, -30}};
  EXPECT_EQ(savings_of(instance_of(points, {0, 1, 1, 1, 1, 1}, 4)).routes, (std::vector<model::Route>{{1, 2, 4, 3}, {5}}));
  EXPECT_EQ(savings_of(instance_of(points, {0, 1, 1, 1, 1, 1}, 2)).routes, (std::vector<model::Route>{{1, 2}, {3, 4}, {5}}));
}

TEST(Savings, KeepTheRouteLength) {
  RoutingInstance in = instance_of({{0, 0}, {10, 0}, {20, 0}, {0, 10}, {0, 20}, {-30, 0}}, {0, 1, 1, 1, 1, 1}, 4);
  in.max_route_length = model::Distance(77);  // 1 2 4 3 takes 10 + 10 + 28 + 10 + 10 = 68, and 5 alone 60
  in.service = model::Distance(2);
  EXPECT_EQ(savings_of(in).routes, (std::vector<model::Route>{{1, 2, 4, 3}, {5}}));
  in.max_route_length = model::Distance(75);
  EXPECT_EQ(savings_of(in).routes, (std::vector<model::Route>{{1, 2}, {3, 4}, {5}}));
}

TEST(Savings, NameTheCustomerThatNoRouteCanReach) {
  RoutingInstance in = instance_of({{0, 0}, {10, 0}, {-30, 0}}, {0, 1, 1}, 4);
  in.max_route_length = model::Distance(59);
  try {
    savings_of(in);
    FAIL() << "accepted";
  } catch (const core::UserError& error) {
    EXPECT_NE(std::string(error.what()).find("serving node 3 alone takes a route of length 60, above the limit DISTANCE 59"), std::string::npos)
        << error.what();
  }
}

TEST(Savings, NeverTurnARouteWhereDistancesAreAsymmetric) {
  // Driving 1 -> 2 -> 3 is cheap, any other way dear: turned, the only good route would cost a hundred times as much.
  RoutingInstance in = instance_of({{0, 0}, {0, 0}, {0, 0}, {0, 0}}, {0, 1, 1, 1}, 3);
  in.edge_weight = model::EdgeWeight::explicit_matrix;
  in.points.clear();
  in.matrix = {0, 50, 50, 50, 50, 0, 1, 900, 50, 900, 0, 1, 50, 900, 900, 0};
  EXPECT_EQ(savings_of(in).routes, (std::vector<model::Route>{{1, 2, 3}}));
}

TEST(Savings, AreFeasibleAndNoWorseThanOneRoutePerCustomer) {
  EXPECT_TRUE(rc::check("feasible, and no dearer", [] {
    const RoutingInstance in = sample_instance({.customers = *rc::gen::inRange(1, 120), .seed = *rc::gen::arbitrary<std::uint32_t>(),
                                                .asymmetric = *rc::gen::arbitrary<bool>(), .length_limit = *rc::gen::arbitrary<bool>()});
    RoutingSolution single;
    for (int c = 1; c <= in.customers(); ++c) single.routes.push_back({c});
    const model::RoutingVerdict verdict = model::judge(in, savings_of(in, *rc::gen::inRange(1, 50)));
    RC_ASSERT(verdict.feasible);
    RC_ASSERT(verdict.cost <= model::judge(in, single).cost);
  }));
}

// Cheapest over all ways to cut all orders into routes: slower and simpler than the oracle itself.
std::int64_t cheapest_by_permutation(const RoutingInstance& in) {
  std::vector<std::int32_t> order(static_cast<std::size_t>(in.customers()));
  std::iota(order.begin(), order.end(), 1);
  std::int64_t best = std::numeric_limits<std::int64_t>::max();
  do {
    for (unsigned cuts = 0; cuts < 1u << (order.size() - 1); ++cuts) {
      RoutingSolution solution{{{}}};
      for (std::size_t k = 0; k < order.size(); ++k) {
        solution.routes.back().push_back(order[k]);
        if (cuts >> k & 1) solution.routes.emplace_back();
      }
      const model::RoutingVerdict verdict = model::judge(in, solution);
      if (verdict.feasible) best = std::min(best, verdict.cost.value);
    }
  } while (std::ranges::next_permutation(order).found);
  return best;
}

TEST(BruteForce, EqualsTheEnumerationOfAllOrders) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const RoutingInstance in = sample_instance({.customers = 5, .seed = seed, .asymmetric = seed % 2 == 0, .length_limit = seed % 3 == 0, .capacity = 30});
    const auto exact = brute_force(in);
    ASSERT_TRUE(exact.has_value());
    EXPECT_EQ(exact->cost.value, cheapest_by_permutation(in));
    const model::RoutingVerdict verdict = model::judge(in, exact->solution);
    EXPECT_TRUE(verdict.feasible);
    EXPECT_EQ(verdict.cost, exact->cost);
  }
}

TEST(BruteForce, SaysWhenNothingIsFeasible) {
  RoutingInstance in = instance_of({{0, 0}, {10, 0}}, {0, 1}, 1);
  in.max_route_length = model::Distance(19);
  EXPECT_FALSE(brute_force(in).has_value());
  in.max_route_length = model::Distance(20);
  EXPECT_TRUE(brute_force(in).has_value());
}

TEST(RoutingBaseline, IsNearTheOptimumOfSmallInstancesAndNeverBelow) {
  double ratio_sum = 0;
  constexpr int instances = 60;
  for (std::uint64_t seed = 1; seed <= instances; ++seed) {
    const RoutingInstance in = sample_instance({.customers = 10, .seed = seed, .asymmetric = seed % 2 == 0, .length_limit = seed % 3 == 0});
    const auto exact = brute_force(in);
    const BaselineResult result = routing_baseline(in, {});
    ASSERT_TRUE(exact.has_value());
    ASSERT_GE(result.cost, exact->cost);
    EXPECT_TRUE(result.reached_local_optimum);
    ratio_sum += static_cast<double>(result.cost.value) / static_cast<double>(exact->cost.value);
  }
  EXPECT_LT(ratio_sum / instances, 1.03);
}

TEST(RoutingBaseline, ServesDegenerateInstances) {
  const auto cost = [](const RoutingInstance& in) { return routing_baseline(in, {}).cost.value; };
  EXPECT_EQ(cost(instance_of({{0, 0}, {3, 4}}, {0, 1}, 1)), 10);
  EXPECT_EQ(cost(instance_of({{0, 0}, {3, 4}, {3, 4}}, {0, 1, 1}, 2)), 10);
  EXPECT_EQ(cost(instance_of(std::vector<model::Point>(301, {7, 7}), [] { std::vector<std::int64_t> d(301, 3); d[0] = 0; return d; }(), 10)), 0);
  EXPECT_EQ(cost(instance_of({{0, 0}, {3, 4}, {6, 8}, {9, 12}}, {0, 5, 5, 5}, 5)), 60);  // every demand fills a vehicle
  EXPECT_EQ(cost(instance_of({{0, 0}, {3, 4}, {6, 8}, {9, 12}}, {0, 0, 0, 0}, 1)), 30);  // nobody wants anything
  RoutingInstance matrix = instance_of({{0, 0}, {1, 1}}, {0, 1}, 1);
  matrix.edge_weight = model::EdgeWeight::explicit_matrix;
  matrix.matrix = {99, 3, 4, 99};  // the diagonal is never driven
  matrix.points.clear();
  EXPECT_EQ(cost(matrix), 7);
}

TEST(RoutingBaseline, IsServedEvenWhenTheLimitIsAlreadyOver) {
  const RoutingInstance in = sample_instance({.customers = 2000, .capacity = 200});
  const BaselineResult result = routing_baseline(in, {[] { return true; }});
  EXPECT_TRUE(model::judge(in, result.solution).feasible);
  EXPECT_EQ(model::judge(in, result.solution).cost, result.cost);
  EXPECT_FALSE(result.reached_local_optimum);
  EXPECT_LT(routing_baseline(in, {}).cost, result.cost);
}

}  // namespace
}  // namespace tempera::baselines
