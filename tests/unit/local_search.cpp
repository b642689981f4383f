#include "solvers/baselines/local_search.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <functional>

#include "solvers/baselines/exchange.hpp"
#include "solvers/baselines/or_opt.hpp"
#include "solvers/baselines/two_opt.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/model/routing_referee.hpp"
#include "tests/support/routing_samples.hpp"

namespace tempera::baselines {
namespace {

using model::RoutingInstance;
using model::RoutingSolution;
using tests::random_solution;
using tests::sample_instance;
using tests::SampleOptions;

// Every move of every neighbourhood, depots and an empty route included.
std::vector<Move> all_moves(const LinkedRoutes& routes) {
  std::vector<Move> moves;
  const auto collect = [&](const Move& move) { moves.push_back(move); };
  const std::int32_t nodes = routes.depot_of(routes.routes() - 1);
  for (std::int32_t a = 1; a <= nodes; ++a)
    for (std::int32_t b = 1; b <= nodes; ++b)
      for (const Cut i : {Cut{a, before}, Cut{a, after}})
        for (const Cut j : {Cut{b, before}, Cut{b, after}}) {
          if (a == b) continue;
          visit_two_opt(routes, i, j, collect);
          visit_or_opt(routes, i, j, collect);
          visit_exchange(routes, i, j, ExchangeFilter::all, collect);
        }
  return moves;
}

bool is_complete(const RoutingInstance& in, const RoutingSolution& solution) {
  std::vector<int> visits(static_cast<std::size_t>(in.nodes()), 0);
  for (const model::Route& route : solution.routes)
    for (const std::int32_t c : route) ++visits[static_cast<std::size_t>(c)];
  return std::all_of(visits.begin() + 1, visits.end(), [](int v) { return v == 1; });
}

// Makes up to `count` random moves of one state and returns how many had a wrong delta or verdict.
int wrong_moves(const RoutingInstance& in, std::uint64_t seed, int count, std::int64_t planted_error) {
  core::RandomStream random({.seed = seed, .domain = core::tests, .part = 1});
  const model::Distances distances(in);
  const RoutingSolution start = random_solution(in, random);
  const LinkedRoutes routes(in, distances, start);
  const std::int64_t cost = model::judge(in, start).cost.value;
  if (routes.cost() != cost) return count;
  const std::vector<Move> moves = all_moves(routes);
  MoveScratch scratch;
  int wrong = 0;
  for (int k = 0; k < count && !moves.empty(); ++k) {
    const Move& move = moves[random.below(static_cast<std::uint32_t>(moves.size()))];
    const bool feasible = is_feasible(routes, move);
    LinkedRoutes changed = routes;
    apply(changed, move, scratch);
    const RoutingSolution after_move = changed.solution();
    const model::RoutingVerdict verdict = model::judge(in, after_move);
    const bool right = is_complete(in, after_move) && verdict.cost.value == changed.cost() && verdict.feasible == feasible &&
                       verdict.cost.value == cost + move.delta + planted_error;
    wrong += right ? 0 : 1;
  }
  return wrong;
}

SampleOptions any_options(int most_customers) {
  return {.customers = *rc::gen::inRange(1, most_customers + 1),
          .seed = *rc::gen::arbitrary<std::uint32_t>(),
          .asymmetric = *rc::gen::arbitrary<bool>(),
          .length_limit = *rc::gen::arbitrary<bool>()};
}

TEST(Moves, DeltaAndFeasibilityEqualTheRefereesVerdict) {
  EXPECT_TRUE(rc::check("every delta is exact", [] {
    const SampleOptions options = any_options(25);
    RC_ASSERT(wrong_moves(sample_instance(options), options.seed, 400, 0) == 0);
  }));
}

TEST(Moves, AWrongDeltaIsCaught) {
  EXPECT_EQ(wrong_moves(sample_instance({}), 1, 50, 1), 50);
}

}  // namespace
}  // namespace tempera::baselines
