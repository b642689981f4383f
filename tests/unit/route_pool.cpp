#include "solvers/routing/route_pool.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <limits>
#include <numeric>

#include "solvers/model/routing_referee.hpp"
#include "solvers/routing/route_sampler.hpp"
#include "solvers/routing/set_partition.hpp"
#include "tests/support/routing_samples.hpp"

namespace tempera::routing {
namespace {

using Flat = std::vector<std::int32_t>;

class RoutePoolOf30 : public testing::Test {
 protected:
  std::int64_t length(const Flat& route) const {
    const model::Distances d(instance_);
    std::int64_t sum = d(0, route.front()) + d(route.back(), 0);
    for (std::size_t k = 1; k < route.size(); ++k) sum += d(route[k - 1], route[k]);
    return sum;
  }
  model::RoutingInstance instance_ = tests::sample_instance({.customers = 30, .seed = 4, .capacity = 60});
};

TEST_F(RoutePoolOf30, KeepsTheCheapestOrderOfASet) {
  const Flat one{3, 7, 5}, other{7, 3, 5};
  for (const bool swapped : {false, true}) {
    RoutePool pool(instance_, 1000);
    for (const Flat* route : swapped ? std::array{&other, &one} : std::array{&one, &other}) {
      Flat flat = *route;
      flat.insert(flat.end(), {0, 9, 0});
      pool.add(flat, swapped ? 2 : 1);
    }
    ASSERT_EQ(pool.size(), 2u);
    EXPECT_EQ(pool.stops(), 4u);
    for (const model::PooledRoute& route : pool.routes())
      EXPECT_EQ(route.cost, route.customers.size() == 1 ? length({9}) : std::min(length(one), length(other)));
  }
}

TEST_F(RoutePoolOf30, PassesOverWhatIsNoRoute) {
  RoutePool pool(instance_, 1000);
  Flat all(30);
  std::iota(all.begin(), all.end(), 1);
  pool.add(all, 0);  // far above the capacity
  pool.add(Flat{31, 0, -4, 0, 0, 0}, 0);
  EXPECT_EQ(pool.size(), 0u);
  EXPECT_EQ(pool.stops(), 0u);
}

TEST_F(RoutePoolOf30, DropsWhatWasNotSeenForLongest) {
  RoutePool pool(instance_, 12);
  for (std::int32_t c = 1; c <= 12; ++c) pool.add(Flat{c, 0}, static_cast<std::uint32_t>(c));
  pool.add(Flat{1, 0}, 13);  // seen again
  pool.add(Flat{20, 0}, 14);
  EXPECT_LE(pool.stops(), 12u);
  const std::vector<model::PooledRoute> kept = pool.routes();
  ASSERT_EQ(kept.size(), 9u);
  EXPECT_EQ(kept[0].customers, Flat{20});
  EXPECT_EQ(kept[1].customers, Flat{1});
  EXPECT_EQ(kept.back().customers, Flat{6});
}

TEST_F(RoutePoolOf30, ComesBackFromItsRoutes) {
  RoutePool pool(instance_, 100), again(instance_, 100);
  for (std::int32_t c = 1; c < 30; ++c) pool.add(Flat{c, c + 1, 0}, static_cast<std::uint32_t>(c % 5));
  again.restore(pool.routes());
  EXPECT_EQ(again.stops(), pool.stops());
  const auto a = pool.routes(), b = again.routes();
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t k = 0; k < a.size(); ++k) {
    EXPECT_EQ(a[k].customers, b[k].customers);
    EXPECT_EQ(a[k].cost, b[k].cost);
    EXPECT_EQ(a[k].round, b[k].round);
  }
}

// All ways to cover the customers by columns, first uncovered customer first.
std::int64_t by_enumeration(const std::vector<model::PooledRoute>& pool, std::uint64_t covered, std::uint64_t all) {
  if (covered == all) return 0;
  const int next = std::countr_one(covered);
  std::int64_t best = std::numeric_limits<std::int64_t>::max() / 2;
  for (const model::PooledRoute& route : pool) {
    std::uint64_t set = 0;
    for (const std::int32_t c : route.customers) set |= std::uint64_t{1} << (c - 1);
    if ((set >> next & 1) != 0 && (set & covered) == 0) best = std::min(best, route.cost + by_enumeration(pool, covered | set, all));
  }
  return best;
}

TEST(SetPartition, EqualsEnumeration) {
  int improved = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const model::RoutingInstance in = tests::sample_instance({.customers = 14, .seed = seed, .capacity = 50});
    core::RandomStream random({.seed = seed, .domain = core::tests});
    RoutePool pool(in, 10'000);
    std::vector<std::int32_t> incumbent;
    for (int k = 0; k < 25; ++k) {
      incumbent = model::flatten(tests::random_solution(in, random));
      pool.add(incumbent, static_cast<std::uint32_t>(k));
    }
    const std::int64_t cost = model::judge(in, model::unflatten(incumbent)).cost.value;
    const PartitionResult result =
        cheapest_partition(pool.routes(), incumbent, cost, {.seconds = std::numeric_limits<double>::infinity(), .nodes = 10'000, .columns = 5000, .widest_gap = 1});
    const std::int64_t best = by_enumeration(pool.routes(), 0, (std::uint64_t{1} << 14) - 1);
    EXPECT_LE(result.bound, static_cast<double>(best) + 1e-6);
    ASSERT_EQ(result.solution.has_value(), best < cost) << "seed " << seed;
    if (!result.solution) continue;
    ++improved;
    const model::RoutingVerdict verdict = model::judge(in, *result.solution);
    EXPECT_TRUE(verdict.feasible);
    EXPECT_EQ(verdict.cost.value, best);
  }
  EXPECT_GT(improved, 3);
}

TEST(SetPartition, SaysNothingWithoutACoverOrBelowTheBound) {
  const model::RoutingInstance in = tests::sample_instance({.customers = 6, .seed = 2, .capacity = 100});
  RoutePool pool(in, 100);
  const Flat incumbent{1, 2, 3, 0, 4, 5, 6, 0};
  EXPECT_FALSE(cheapest_partition({}, incumbent, 100, {}).solution);
  pool.add(Flat{1, 2, 0}, 0);
  EXPECT_FALSE(cheapest_partition(pool.routes(), incumbent, 100'000, {}).solution) << "customer 3 is in no column";
  pool.add(incumbent, 0);
  const std::int64_t cost = model::judge(in, model::unflatten(incumbent)).cost.value;
  EXPECT_FALSE(cheapest_partition(pool.routes(), incumbent, cost, {}).solution);
}

TEST(RouteSampler, KeepsTheCheapestSolutionOfEachStretch) {
  RouteSampler sampler;
  sampler.begin();
  ASSERT_TRUE(sampler.wants(0.01, 50));
  sampler.take({1, 2, 0, 3, 0});
  EXPECT_FALSE(sampler.wants(0.02, 60));
  ASSERT_TRUE(sampler.wants(0.03, 40));
  sampler.take({1, 3, 0, 2, 0});
  ASSERT_TRUE(sampler.wants(0.5, 90)) << "another stretch begins anew";
  sampler.take({2, 0, 3, 1, 0});
  EXPECT_EQ(sampler.routes(), (Flat{1, 3, 0, 2, 0})) << "equal sets of customers once";
  sampler.begin();
  EXPECT_TRUE(sampler.routes().empty());
}

}  // namespace
}  // namespace tempera::routing
