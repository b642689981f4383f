#include <gtest/gtest.h>

#include <algorithm>

#include "solvers/core/budget.hpp"
#include "solvers/core/error.hpp"
#include "solvers/core/random.hpp"
#include "solvers/model/digest.hpp"
#include "solvers/model/distances.hpp"
#include "solvers/model/neighbours.hpp"
#include "solvers/model/routing_referee.hpp"

namespace tempera::model {
namespace {

RoutingInstance random_instance(int customers, std::uint64_t seed, Rounding rounding = Rounding::nearest) {
  core::RandomStream random({.seed = seed, .domain = core::tests});
  RoutingInstance in;
  in.name = "random";
  in.rounding = rounding;
  in.capacity = Load(50);
  for (int i = 0; i <= customers; ++i) {
    in.points.push_back({random.uniform() * 1000, random.uniform() * 1000});
    in.demand.push_back(Load(i == 0 ? 0 : 1 + random.below(20)));
    in.node_ids.push_back(i + 1);
  }
  return in;
}

TEST(Distances, AgreeWithTheRefereeInEveryRounding) {
  for (const Rounding rounding : {Rounding::nearest, Rounding::trunc, Rounding::dimacs, Rounding::exact, Rounding::none}) {
    const RoutingInstance in = random_instance(30, 5, rounding);
    const Distances table(in), computed(in, 0);
    for (int i = 1; i <= 30; ++i) {
      const RoutingVerdict verdict = judge(in, {{{i}}});
      EXPECT_EQ(verdict.cost.value, table(0, i) + table(i, 0));
      EXPECT_EQ(table(0, i), computed(0, i));
    }
  }
}

TEST(Referee, NamesEveryKindOfViolation) {
  RoutingInstance in = random_instance(3, 1);
  in.demand = {Load(0), Load(30), Load(30), Load(1)};
  const RoutingVerdict verdict = judge(in, {{{1, 2}, {1, 9}}});
  EXPECT_FALSE(verdict.feasible);
  const auto said = [&](const char* text) {
    return std::ranges::any_of(verdict.violations, [&](const std::string& v) { return v.find(text) != std::string::npos; });
  };
  EXPECT_TRUE(said("route 1 carries 60, but the capacity is 50"));
  EXPECT_TRUE(said("route 2 visits 9"));
  EXPECT_TRUE(said("customer 1 is visited 2 times"));
  EXPECT_TRUE(said("customer 3 is visited 0 times"));
}

TEST(Referee, ChecksTheRouteLengthWithService) {
  RoutingInstance in;
  in.points = {{0, 0}, {3, 4}};
  in.demand = {Load(0), Load(1)};
  in.node_ids = {1, 2};
  in.capacity = Load(1);
  in.service = Distance(5);
  in.max_route_length = Distance(15);
  EXPECT_TRUE(judge(in, {{{1}}}).feasible);
  in.max_route_length = Distance(14);
  EXPECT_FALSE(judge(in, {{{1}}}).feasible);
  EXPECT_EQ(judge(in, {{{1}}}).cost, Cost(10));
}

void expect_nearest_by_number(const RoutingInstance& in, int wanted) {
  const Neighbours lists(in, wanted);
  const auto distance2 = [&](int a, int b) {
    const double dx = in.points[a].x - in.points[b].x, dy = in.points[a].y - in.points[b].y;
    return dx * dx + dy * dy;
  };
  for (int node = 0; node <= in.customers(); ++node) {
    std::vector<int> all;
    for (int c = 1; c <= in.customers(); ++c) if (c != node) all.push_back(c);
    std::ranges::sort(all, [&](int a, int b) { return std::pair(distance2(node, a), a) < std::pair(distance2(node, b), b); });
    const auto list = lists.of(node);
    ASSERT_EQ(list.size(), static_cast<std::size_t>(wanted));
    for (int k = 0; k < wanted; ++k) ASSERT_EQ(list[k], all[k]) << "node " << node;
  }
}

TEST(Neighbours, MatchBruteForceAndAreOrdered) {
  expect_nearest_by_number(random_instance(300, 3), 12);
}

TEST(Neighbours, BreakTiesByNumberHoweverManyThereAre) {
  RoutingInstance in = random_instance(300, 3);
  for (const double step : {50.0, 200.0, 500.0, 5000.0}) {  // from a coarse lattice down to a single place
    for (Point& p : in.points) p = {std::floor(p.x / step) * step, std::floor(p.y / step) * step};
    expect_nearest_by_number(in, 12);
  }
}

TEST(Neighbours, AreFastForManyCustomersSpreadOrAtOnePlace) {
  RoutingInstance in = random_instance(200'000, 1);
  for (const bool one_place : {false, true}) {
    if (one_place) in.points.assign(in.points.size(), Point{4, 4});
    const double start = core::process_cpu_seconds();
    const Neighbours lists(in, 40);
    EXPECT_LT(core::process_cpu_seconds() - start, 10) << "a few tenths of a second, optimised";
    EXPECT_EQ(lists.of(7).size(), 40u);
  }
}

TEST(Neighbours, ListEveryOtherCustomerWhenFewerThanWanted) {
  const RoutingInstance in = random_instance(4, 3);
  const Neighbours lists(in, 40);
  EXPECT_EQ(lists.per_node(), 3);
  EXPECT_EQ(lists.of(0).size(), 3u);
}

TEST(Validate, NamesFieldNodeAndValue) {
  const auto message = [](RoutingInstance in) {
    try { validate(in, "a.vrp"); } catch (const core::UserError& error) { return std::string(error.what()); }
    return std::string();
  };
  EXPECT_EQ(message(random_instance(5, 1)), "");
  RoutingInstance in = random_instance(5, 1);
  in.capacity = Load(0);
  EXPECT_EQ(message(in), "a.vrp: CAPACITY is 0. Give the load of one vehicle, 1 or more.");
  in = random_instance(5, 1);
  in.demand[2] = Load(51);
  EXPECT_EQ(message(in), "a.vrp: DEMAND of node 3 is 51, above CAPACITY 50. Split the customer or give larger vehicles.");
  in = random_instance(5, 1);
  in.points[4].x = std::nan("");
  EXPECT_NE(message(in).find("coordinate of node 5"), std::string::npos);
}

TEST(Solution, FlattenAndBack) {
  const RoutingSolution solution{{{3, 1}, {}, {2}}};
  EXPECT_EQ(flatten(solution), (std::vector<std::int32_t>{3, 1, 0, 2, 0}));
  RoutingSolution back = unflatten(flatten(solution));
  EXPECT_EQ(back.routes, (std::vector<Route>{{3, 1}, {2}}));
  normalise(back, true);
  EXPECT_EQ(back.routes, (std::vector<Route>{{1, 3}, {2}}));
}

TEST(Digest, ChangesWithEveryFieldThatChangesAnAnswer) {
  const RoutingInstance base = random_instance(5, 1);
  RoutingInstance other = base;
  other.name = "other name";
  EXPECT_EQ(digest(base), digest(other));
  other.demand[1] += Load(1);
  EXPECT_NE(digest(base), digest(other));
  other = base;
  other.points[3].y += 1;
  EXPECT_NE(digest(base), digest(other));
  other = base;
  other.rounding = Rounding::dimacs;
  EXPECT_NE(digest(base), digest(other));
}

}  // namespace
}  // namespace tempera::model
