// The bound never lies above the optimum, and is not idle.
#include "solvers/baselines/routing_bound.hpp"

#include <gtest/gtest.h>

#include "solvers/baselines/brute_force.hpp"
#include "tests/support/routing_samples.hpp"

namespace tempera::baselines {
namespace {

TEST(RoutingBound, NeverLiesAboveTheOptimum) {
  double share = 0;
  int solved = 0;
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    const tests::SampleOptions options{.customers = 3 + static_cast<int>(seed % 6), .seed = seed, .asymmetric = seed % 3 == 0, .length_limit = seed % 4 == 0, .capacity = seed % 2 ? 25 : 60};
    const model::RoutingInstance in = tests::sample_instance(options);
    const auto optimum = brute_force(in);
    if (!optimum) continue;
    const RoutingBound bound = routing_bound(in);
    ASSERT_LE(bound.cost, optimum->cost.value) << "seed " << seed << ", " << bound.method;
    ASSERT_GT(bound.cost, 0);
    share += static_cast<double>(bound.cost) / static_cast<double>(optimum->cost.value);
    ++solved;
  }
  ASSERT_GT(solved, 90);
  EXPECT_GT(share / solved, 0.75) << "of the optimum, on average";
}

// One customer far away, demand of a whole vehicle: the bound is the tour itself.
TEST(RoutingBound, IsExactForFullVehicles) {
  model::RoutingInstance in;
  in.capacity = model::Load(5);
  in.points = {{0, 0}, {30, 40}, {-60, 80}};
  in.demand = {model::Load(0), model::Load(5), model::Load(5)};
  in.node_ids = {1, 2, 3};
  EXPECT_EQ(routing_bound(in).cost, 2 * 50 + 2 * 100);
}

// The way round over a third node is shorter than the direct leg: a bound from direct legs would be too high.
TEST(RoutingBound, HoldsWithoutTheTriangleInequality) {
  model::RoutingInstance in;
  in.capacity = model::Load(10);
  in.edge_weight = model::EdgeWeight::explicit_matrix;
  in.demand = {model::Load(0), model::Load(1), model::Load(9)};
  in.node_ids = {1, 2, 3};
  in.matrix = {0, 1, 100, 1, 0, 1, 100, 1, 0};
  const auto optimum = brute_force(in);
  ASSERT_TRUE(optimum);
  EXPECT_LE(routing_bound(in).cost, optimum->cost.value);
}

// Windows and waiting make routes more, never fewer; where routes cost, the bound says so without passing the optimum.
TEST(RoutingBound, HoldsWithWindowsUnderBothObjectives) {
  int solved = 0;
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    for (const model::Objective objective : {model::Objective::distance, model::Objective::vehicles}) {
      model::RoutingInstance in = tests::sample_instance({.customers = 3 + static_cast<int>(seed % 4), .seed = seed, .asymmetric = seed % 3 == 0, .capacity = 40, .windows = true});
      model::set_objective(in, objective);
      const auto optimum = brute_force(in);
      if (!optimum) continue;
      const RoutingBound bound = routing_bound(in);
      ASSERT_LE(bound.cost, optimum->cost.value) << "seed " << seed << ", " << bound.method;
      ASSERT_GT(bound.cost, in.route_cost.value);
      ++solved;
    }
  }
  EXPECT_GT(solved, 40);
}

TEST(RoutingBound, StopsWhenAskedAndLeavesLargeProblemsAlone) {
  const model::RoutingInstance in = tests::sample_instance({.customers = 60, .seed = 3});
  int asked = 0;
  const RoutingBound early = routing_bound(in, [&] { return ++asked > 3; });
  EXPECT_EQ(asked, 4);
  EXPECT_LE(early.cost, routing_bound(in).cost);
  EXPECT_EQ(routing_bound(tests::sample_instance({.customers = bounded_customers + 1})).cost, 0);
}

}  // namespace
}  // namespace tempera::baselines
