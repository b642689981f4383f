// What travels between campaign and runner, and the parts that a round cuts.
#include <gtest/gtest.h>

#include <tuple>
#include <utility>

#include "solvers/core/error.hpp"
#include "solvers/model/routing_referee.hpp"
#include "solvers/routing/round_parts.hpp"
#include "solvers/routing/task_content.hpp"
#include "tests/support/fleet_samples.hpp"

namespace tempera::routing {
namespace {

TEST(RoutingTasks, SayTheSameOnTheOtherSide) {
  model::Task task;
  write(PartTask{.seed = ~0ull, .saves_vehicles = true, .cooling = {3, 2}, .routes = {1, 2, 0, 3, 0}, .vehicles = {1, 1, 2}}, task);
  EXPECT_FALSE(is_pool_task(task));
  const PartTask part = read_part_task(task, 2);
  EXPECT_EQ(part.seed, ~0ull);
  EXPECT_TRUE(part.saves_vehicles);
  EXPECT_EQ(part.cooling.start, 3);
  EXPECT_EQ(part.cooling.end, 2);
  EXPECT_EQ(part.routes, (std::vector<std::int32_t>{1, 2, 0, 3, 0}));
  EXPECT_EQ(part.vehicles, (std::vector<std::int64_t>{1, 1, 2}));
  EXPECT_THROW(read_part_task(task, 0), core::LogicError) << "vehicles where there is no fleet";

  write(PoolTask{.incumbent = {1, 0}, .incumbent_cost = 9, .pool = {2, 0, 1, 2, 0}}, task);
  EXPECT_TRUE(is_pool_task(task));
  const PoolTask pool = read_pool_task(task);
  EXPECT_EQ(pool.incumbent, (std::vector<std::int32_t>{1, 0}));
  EXPECT_EQ(pool.incumbent_cost, 9);
  EXPECT_EQ(pool.pool, (std::vector<std::int32_t>{2, 0, 1, 2, 0}));
  task.wholes[0] = 8;
  EXPECT_THROW(read_pool_task(task), core::LogicError) << "an incumbent longer than all";
}

TEST(RoutingTasks, AnswersWithWrongLengthsAreRefused) {
  model::Outcome outcome;
  const PartAnswer given{.start_cost = 9, .best_cost = 7, .current = {1, 2, 0}, .best = {2, 1, 0}, .visited = {1, 0}};
  write(given, outcome);
  const PartAnswer back = read_part_answer(outcome);
  EXPECT_EQ(std::tie(back.start_cost, back.best_cost), std::tie(given.start_cost, given.best_cost));
  EXPECT_EQ(std::tie(back.current, back.best, back.visited), std::tie(given.current, given.best, given.visited));
  for (const auto& [at, value] : {std::pair{2, -1}, {2, 9}, {3, -1}, {3, 6}}) {
    model::Outcome wrong = outcome;
    wrong.wholes[static_cast<std::size_t>(at)] = value;
    EXPECT_THROW(read_part_answer(wrong), core::LogicError) << at << " " << value;
  }
  outcome.wholes.pop_back();
  EXPECT_THROW(read_part_answer(outcome), core::LogicError);
}

TEST(RoutingTasks, ThePoolsAnswerIsASolutionOrNothing) {
  model::Outcome outcome;
  write(std::optional<model::RoutingSolution>{}, outcome);
  EXPECT_FALSE(read_pool_answer(outcome));
  model::RoutingSolution solution;
  solution.routes = {{1, 2}, {3}};
  write(std::optional(solution), outcome);
  EXPECT_EQ(read_pool_answer(outcome)->routes, solution.routes);
}

// Two routes of one sample in two parts.
struct TwoParts {
  model::RoutingInstance in = tests::sample_instance({.customers = 6, .seed = 3, .capacity = 1000});
  model::RoutingSolution solution{.routes = {{1, 2, 3}, {4, 5, 6}}};
  core::RandomStream random{{.seed = 3, .domain = core::tests}};
  std::vector<Part> parts = cut_into_parts(in, solution, 2, random);
};

TEST(RoundParts, JoinToTheSolutionTheyWereCutFrom) {
  TwoParts two;
  ASSERT_EQ(two.parts.size(), 2u);
  EXPECT_EQ(model::judge(two.in, join_best(two.parts)).cost, model::judge(two.in, two.solution).cost);
  std::vector<std::int32_t> turned = two.parts[0].start;
  std::swap(turned[0], turned[1]);
  two.parts[0].take(two.in, {.start_cost = 10, .best_cost = 4, .current = two.parts[0].start, .best = turned, .visited = {}});
  two.parts[1].answer.current = two.parts[1].start;
  EXPECT_EQ(two.parts[0].best_gain(), -6);
  EXPECT_EQ(two.parts[1].best_gain(), 0);
  EXPECT_EQ(model::flatten(join_best(two.parts))[0] == turned[0] || model::flatten(join_best(two.parts))[4] == turned[0], true);
  EXPECT_EQ(model::judge(two.in, join_current(two.parts)).cost, model::judge(two.in, two.solution).cost);
}

TEST(RoundParts, KeepWhatTheyHadWhenAnAnswerCannotBe) {
  TwoParts two;
  Part& part = two.parts[0];
  const PartAnswer honest{.start_cost = 10, .best_cost = 4, .current = part.start, .best = part.start, .visited = {}};
  for (int lie = 0; lie < 3; ++lie) {
    PartAnswer answer = honest;
    if (lie == 0) answer.current = two.parts[1].start;
    if (lie == 1) answer.best.erase(answer.best.begin());
    if (lie == 2) answer.best_cost = 10;
    EXPECT_THROW(part.take(two.in, answer), core::LogicError) << lie;
    EXPECT_TRUE(part.answer.current.empty()) << lie;
  }
  EXPECT_NO_THROW(part.take(two.in, honest));
}

TEST(RoundParts, AFleetThatServesNobodyIsOnePartWithAllItsVehicles) {
  const model::RoutingInstance in = tests::fleet_instance({.customers = 5, .seed = 2, .types = 2, .depots = 1, .count = 3, .optional = false});
  model::RoutingSolution nobody;
  nobody.left_out = {1, 2, 3, 4, 5};
  core::RandomStream random({.seed = 2, .domain = core::tests});
  const std::vector<Part> parts = cut_into_parts(in, nobody, 4, random);
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_EQ(parts[0].vehicles, (std::vector<std::int64_t>{3, 3, in.fleet->most_vehicles}));
  EXPECT_EQ(model::unflatten(parts[0].start).left_out.size(), 5u);
}

}  // namespace
}  // namespace tempera::routing
