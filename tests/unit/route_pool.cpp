#include "solvers/routing/route_pool.hpp"

#include <gtest/gtest.h>

#include <array>
#include <numeric>

#include "solvers/routing/route_sampler.hpp"
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
