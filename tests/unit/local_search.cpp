#include "solvers/baselines/local_search.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

#include "solvers/baselines/exchange.hpp"
#include "solvers/baselines/or_opt.hpp"
#include "solvers/baselines/swap_star.hpp"
#include "solvers/baselines/two_opt.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/model/routing_referee.hpp"
#include "tests/support/route_neighbourhoods.hpp"
#include "tests/support/routing_samples.hpp"
#include "tests/support/sanitized.hpp"

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
  return {.customers = *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(1, most_customers + 1)),
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

TEST(SwapStarPair, FindsTheBestExchangeOfTwoRoutes) {
  EXPECT_TRUE(rc::check("as good as trying all places, and priced exactly", [] {
    const SampleOptions options = any_options(40);
    const RoutingInstance in = sample_instance(options);
    core::RandomStream random({.seed = options.seed, .domain = core::tests, .part = 3});
    const RoutingSolution start = random_solution(in, random);
    const model::Distances distances(in);
    const LinkedRoutes routes(in, distances, start);
    const tests::NeighbourhoodScan scan(in, start);
    SwapStar swap_star;
    MoveScratch scratch;
    for (std::size_t a = 0; a < start.routes.size(); ++a)
      for (std::size_t b = a + 1; b < start.routes.size(); ++b) {
        const auto move = swap_star.best(routes, static_cast<std::int32_t>(a), static_cast<std::int32_t>(b));
        RC_ASSERT((move ? move->delta : 0) == scan.best_swap_star(start.routes[a], start.routes[b]));
        if (!move) continue;
        LinkedRoutes changed = routes;
        apply_swap_star(changed, *move, scratch);
        const model::RoutingVerdict verdict = model::judge(in, changed.solution());
        RC_ASSERT(verdict.feasible);
        RC_ASSERT(verdict.cost.value == routes.cost() + move->delta);
        RC_ASSERT(verdict.cost.value == changed.cost());
      }
  }));
}

// A random start improved with complete neighbour lists.
struct Improved {
  RoutingSolution solution;
  LocalSearchReport report;
};

Improved improve(const RoutingInstance& in, std::uint64_t seed) {
  core::RandomStream random({.seed = seed, .domain = core::tests, .part = 2});
  Improved result{random_solution(in, random), {}};
  result.report = local_search(in, model::Distances(in), model::Neighbours(in, in.customers()), result.solution, {});
  return result;
}

TEST(LocalSearch, LeavesNoImprovingMoveOfAnyNeighbourhood) {
  EXPECT_TRUE(rc::check("the optimum is local for all neighbourhoods, spelt out one by one", [] {
    const SampleOptions options = any_options(24);
    const RoutingInstance in = sample_instance(options);
    const Improved end = improve(in, options.seed);
    RC_ASSERT(end.report.reached_local_optimum);
    RC_ASSERT(model::judge(in, end.solution).feasible);
    tests::NeighbourhoodScan scan(in, end.solution);
    RC_ASSERT(scan.improving() == std::vector<std::string>());
    if (in.customers() > 10) return;  // SWAP* looks at near routes only: the ten nearest neighbours of each customer
    for (const model::Route& a : end.solution.routes)
      for (const model::Route& b : end.solution.routes) RC_ASSERT(a == b || scan.best_swap_star(a, b) == 0);
  }));
}

TEST(LocalSearch, TheScanFindsMovesInARandomSolution) {
  const RoutingInstance in = sample_instance({});
  core::RandomStream random({.seed = 1, .domain = core::tests});
  std::string kinds;
  for (const std::string& move : tests::NeighbourhoodScan(in, random_solution(in, random)).improving()) kinds += move + "\n";
  for (const char* kind : {"2-opt -", "or-opt within -", "exchange within -", "2-opt* -", "2-opt* reversed -", "or-opt -", "exchange -"})
    EXPECT_NE(kinds.find(kind), std::string::npos) << kind;
}

TEST(LocalSearch, NeverWorsensAndIsRepeatable) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const RoutingInstance in = sample_instance({.customers = 200, .seed = seed, .length_limit = seed % 2 == 0});
    core::RandomStream random({.seed = seed, .domain = core::tests});
    const RoutingSolution start = random_solution(in, random);
    const model::Distances distances(in);
    const model::Neighbours neighbours(in, 20);
    RoutingSolution once = start, twice = start;
    local_search(in, distances, neighbours, once, {});
    local_search(in, distances, neighbours, twice, {});
    EXPECT_EQ(once, twice);
    EXPECT_TRUE(model::judge(in, once).feasible);
    EXPECT_LT(model::judge(in, once).cost, model::judge(in, start).cost);
    const RoutingSolution optimum = once;
    EXPECT_EQ(local_search(in, distances, neighbours, once, {}).moves, 0u);
    EXPECT_EQ(once, optimum);
  }
}

constexpr double prompt_seconds = tests::sanitized ? 0.200 : 0.020;

// CPU seconds between one question to the limit and the next, the last between the first yes and the end; checks the result.
std::vector<double> seconds_between_questions(const RoutingInstance& in, const model::Neighbours& neighbours, RoutingSolution solution,
                                              int patience) {
  const core::Cost before = model::judge(in, solution).cost;
  std::vector<double> asked_at;
  const LocalSearchLimit limit{[&] {
    asked_at.push_back(core::process_cpu_seconds());
    return asked_at.size() > static_cast<std::size_t>(patience);
  }};
  const LocalSearchReport report = local_search(in, model::Distances(in, 0), neighbours, solution, limit);
  asked_at.push_back(core::process_cpu_seconds());
  EXPECT_GT(asked_at.size(), static_cast<std::size_t>(patience) + 1);
  EXPECT_FALSE(report.reached_local_optimum);
  EXPECT_TRUE(model::judge(in, solution).feasible);
  EXPECT_LE(model::judge(in, solution).cost, before);
  std::adjacent_difference(asked_at.begin(), asked_at.end(), asked_at.begin());
  asked_at.erase(asked_at.begin());
  return asked_at;
}

// Asked at most 20 ms apart, and ended within 20 ms of the first yes. The search repeats itself step by step, so that the least
// time of three runs counts for each step: what a step needs comes every time, what the machine takes meanwhile does not.
void expect_prompt(const RoutingInstance& in, const model::Neighbours& neighbours, const RoutingSolution& solution, int patience) {
  std::vector<double> least = seconds_between_questions(in, neighbours, solution, patience);
  for (int again = 0; again < 2; ++again) {
    const std::vector<double> seconds = seconds_between_questions(in, neighbours, solution, patience);
    ASSERT_EQ(seconds.size(), least.size());
    std::transform(seconds.begin(), seconds.end(), least.begin(), least.begin(), [](double a, double b) { return std::min(a, b); });
  }
  EXPECT_LT(*std::max_element(least.begin(), least.end()), prompt_seconds);
}

TEST(LocalSearch, HonoursTheLimitWithinMilliseconds) {
  const RoutingInstance many_routes = sample_instance({.customers = 20000, .seed = 1, .capacity = 200});
  const RoutingInstance one_route = sample_instance({.customers = 5000, .seed = 1, .capacity = 1'000'000});
  core::RandomStream random({.seed = 1, .domain = core::tests});
  for (const int patience : {0, 20, 400})  // 0: as soon as it is asked
    expect_prompt(many_routes, model::Neighbours(many_routes, 40), random_solution(many_routes, random), patience);
  model::RoutingSolution tour{{model::Route(5000)}};
  std::iota(tour.routes[0].begin(), tour.routes[0].end(), 1);
  expect_prompt(one_route, model::Neighbours(one_route, 40), tour, 20);
}

}  // namespace
}  // namespace tempera::baselines
