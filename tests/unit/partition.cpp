#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "partition/merge/route_merge.hpp"
#include "partition/split/route_clusters.hpp"

namespace tempera {
namespace {

struct Case {
  model::RoutingInstance instance;
  model::RoutingSolution solution;
};

Case random_case(int customers, int route_size, bool matrix = false) {
  core::RandomStream random({.seed = 4, .domain = core::tests});
  Case c;
  for (int i = 0; i <= customers; ++i) {
    c.instance.points.push_back({random.uniform() * 1000, random.uniform() * 1000});
    c.instance.demand.push_back(core::Load(i == 0 ? 0 : 1));
    c.instance.node_ids.push_back(i + 1);
  }
  c.instance.capacity = core::Load(route_size);
  for (int i = 1; i <= customers; ++i) {
    if ((i - 1) % route_size == 0) c.solution.routes.emplace_back();
    c.solution.routes.back().push_back(i);
  }
  if (matrix) {
    c.instance.edge_weight = model::EdgeWeight::explicit_matrix;
    for (const model::Point& a : c.instance.points)
      for (const model::Point& b : c.instance.points) c.instance.matrix.push_back(std::hypot(a.x - b.x, a.y - b.y));
    c.instance.points.clear();
  }
  return c;
}

TEST(RouteClusters, EveryRouteIsInExactlyOneCluster) {
  for (const bool matrix : {false, true})
    for (const std::size_t parts : {1u, 2u, 3u, 7u, 40u, 1000u}) {
      const Case c = random_case(600, 10, matrix);
      core::RandomStream random({.seed = parts, .domain = core::split_routes});
      std::vector<std::int32_t> seen;
      const auto clusters = split::cluster_routes(c.instance, c.solution, parts, random);
      EXPECT_EQ(clusters.size(), std::min<std::size_t>(parts, 60));
      for (const split::RouteCluster& cluster : clusters) {
        EXPECT_FALSE(cluster.routes.empty());
        EXPECT_EQ(cluster.customers, static_cast<std::int64_t>(cluster.routes.size()) * 10);
        seen.insert(seen.end(), cluster.routes.begin(), cluster.routes.end());
      }
      std::ranges::sort(seen);
      std::vector<std::int32_t> all(60);
      std::iota(all.begin(), all.end(), 0);
      EXPECT_EQ(seen, all);
    }
}

TEST(RouteClusters, SizesAreNearlyEqualAndCutsMove) {
  const Case c = random_case(3000, 8);
  std::vector<std::vector<std::int32_t>> first_clusters;
  for (std::uint32_t round = 0; round < 4; ++round) {
    core::RandomStream random({.seed = 1, .domain = core::split_routes, .step = round});
    const auto clusters = split::cluster_routes(c.instance, c.solution, 10, random);
    for (const split::RouteCluster& cluster : clusters) EXPECT_NEAR(static_cast<double>(cluster.customers), 300.0, 24.0);
    first_clusters.push_back(clusters.front().routes);
  }
  EXPECT_NE(first_clusters[0], first_clusters[1]);
  EXPECT_NE(first_clusters[1], first_clusters[2]);
}

constexpr split::RouteCut all_cuts[] = {split::RouteCut::barycentres, split::RouteCut::sectors};

std::vector<std::vector<std::int32_t>> cut(const Case& c, std::size_t parts, std::uint64_t seed, std::uint32_t round, split::RouteCut way) {
  core::RandomStream random({.seed = seed, .domain = core::split_routes, .step = round});
  std::vector<std::vector<std::int32_t>> routes;
  for (split::RouteCluster& cluster : split::cluster_routes(c.instance, c.solution, parts, random, way)) routes.push_back(std::move(cluster.routes));
  return routes;
}

TEST(RouteCuts, EveryWayTakesEveryCustomerOnceInPartsOfNearlyEqualSize) {
  for (const bool matrix : {false, true})
    for (const split::RouteCut way : all_cuts)
      for (const std::size_t parts : {1u, 2u, 9u, 40u, 1000u}) {
        const Case c = random_case(600, 10, matrix);
        core::RandomStream random({.seed = parts, .domain = core::split_routes});
        const auto clusters = split::cluster_routes(c.instance, c.solution, parts, random, way);
        EXPECT_EQ(clusters.size(), std::min<std::size_t>(parts, 60));
        std::vector<int> times(601, 0);
        for (const split::RouteCluster& cluster : clusters) {
          std::int64_t customers = 0;
          for (const std::int32_t r : cluster.routes)
            for (const std::int32_t customer : c.solution.routes[static_cast<std::size_t>(r)]) ++times[static_cast<std::size_t>(customer)], ++customers;
          EXPECT_EQ(cluster.customers, customers);
          EXPECT_NEAR(static_cast<double>(customers), 600.0 / static_cast<double>(std::min<std::size_t>(parts, 60)), 15);
        }
        EXPECT_EQ(std::count(times.begin() + 1, times.end(), 1), 600);
      }
}

TEST(RouteCuts, FollowTheSeedAndShiftEveryRound) {
  const Case c = random_case(3000, 8);
  for (const split::RouteCut way : all_cuts) {
    EXPECT_EQ(cut(c, 10, 1, 3, way), cut(c, 10, 1, 3, way));
    EXPECT_NE(cut(c, 10, 1, 3, way), cut(c, 10, 2, 3, way));
    for (std::uint32_t round = 0; round < 4; ++round) {
      auto one = cut(c, 10, 1, round, way), next = cut(c, 10, 1, round + 1, way);
      std::ranges::sort(one), std::ranges::sort(next);
      EXPECT_NE(one, next) << "way " << static_cast<int>(way) << " round " << round;
    }
  }
}

TEST(Merge, JoinsPartsInTheirOrderWhateverCameFirst) {
  const std::vector<std::vector<std::int32_t>> parts{{3, 1, 0}, {2, 0, 4, 0}};
  EXPECT_EQ(merge::join(parts).routes, (std::vector<model::Route>{{3, 1}, {2}, {4}}));
}

TEST(Merge, RefusesAnswersThatDoNotFit) {
  const Case c = random_case(6, 3);
  const std::vector<std::int32_t> given{1, 2, 3, 0};
  const auto refused = [&](std::vector<std::int32_t> answer) { return merge::why_not_mergeable(c.instance, given, answer); };
  EXPECT_EQ(refused({3, 0, 2, 1, 0}), "");
  EXPECT_NE(refused({3, 0, 2, 0}).find("first difference is at customer 1"), std::string::npos);
  EXPECT_NE(refused({3, 2, 1, 0, 4, 0}).find("customer 4"), std::string::npos);
  EXPECT_NE(refused({3, 2, 1, 1, 0}), "");
  model::RoutingInstance tight = c.instance;
  tight.capacity = core::Load(2);
  EXPECT_NE(merge::why_not_mergeable(tight, given, given).find("carries 3"), std::string::npos);
  model::RoutingInstance short_routes = c.instance;
  short_routes.max_route_length = core::Distance(1);
  EXPECT_NE(merge::why_not_mergeable(short_routes, given, given).find("the limit is 1"), std::string::npos);
}

}  // namespace
}  // namespace tempera
