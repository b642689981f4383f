// The bound never lies above the optimum, and is not idle.
#include "solvers/baselines/routing_bound.hpp"

#include <gtest/gtest.h>

#include "solvers/baselines/brute_force.hpp"
#include "tests/support/fleet_samples.hpp"

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

// Types, depots, fixed costs, prizes, few vehicles, windows, lopsided distances: exact answers are never undercut by less than nothing.
TEST(FleetBound, NeverLiesAboveTheOptimum) {
  double share = 0;
  int counted = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const tests::FleetOptions options{.customers = 3 + static_cast<int>(seed % 3), .seed = seed, .types = 1 + static_cast<int>(seed % 3), .depots = 1 + static_cast<int>(seed / 2 % 3),
                                      .count = 1 + static_cast<std::int64_t>(seed % 4), .optional = seed % 2 == 0, .windows = seed % 5 == 0, .asymmetric = seed % 3 == 0,
                                      .most_vehicles = seed % 7 == 0 ? 1 : 1000};
    const model::RoutingInstance in = tests::fleet_instance(options);
    const std::int64_t optimum = tests::FleetOracle(in).cost();
    const RoutingBound bound = routing_bound(in);
    ASSERT_LE(bound.cost, optimum) << "seed " << seed << ", " << bound.method;
    if (optimum >= in.fleet->missing_price.value) continue;  // somebody required is left out: that alone is most of the cost
    share += static_cast<double>(bound.cost) / static_cast<double>(std::max<std::int64_t>(1, optimum));
    ++counted;
  }
  ASSERT_GT(counted, 150);
  EXPECT_GT(share / counted, 0.5) << "of the optimum, on average";
}

// The control of the test above: the same with one thing dearer than it is lies above some optimum.
TEST(FleetBound, DearerVehiclesWouldShow) {
  int above = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const model::RoutingInstance in = tests::fleet_instance({.customers = 4, .seed = seed, .types = 1, .depots = 1, .count = 4, .optional = false});
    model::RoutingInstance dearer = in;
    for (model::VehicleType& type : dearer.fleet->types) type.fixed_cost += type.fixed_cost, type.distance_price += type.distance_price;
    above += routing_bound(dearer).cost > tests::FleetOracle(in).cost() ? 1 : 0;
  }
  EXPECT_GT(above, 10);
}

// One customer, one vehicle: the bound is the route.
TEST(FleetBound, IsExactForFullVehiclesAndCountsThem) {
  model::RoutingInstance in = tests::fleet_instance({.customers = 2, .types = 1, .depots = 1, .count = 2, .optional = false});
  model::VehicleType& type = in.fleet->types[0];
  type.max_distance.reset();
  type.capacity = in.demand[1] = in.demand[2] = model::Load(10);
  EXPECT_EQ(routing_bound(in).cost, model::judge(in, {.routes = {{1}, {2}}}).cost.value);
  type.count = 1;
  EXPECT_GT(routing_bound(in).cost, in.fleet->missing_price.value / 2) << "only one of them can be served";
  EXPECT_LE(routing_bound(in).cost, tests::FleetOracle(in).cost());
  type.count = 0;
  EXPECT_EQ(routing_bound(in).cost, 2 * in.fleet->missing_price.value);
}

}  // namespace
}  // namespace tempera::baselines
