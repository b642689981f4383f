#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

#include "solvers/core/error.hpp"
#include "solvers/routing/schedule.hpp"
#include "solvers/routing/task_content.hpp"

namespace tempera::routing {
namespace {

RoutingPlan by_rounds(std::uint32_t rounds) {
  RoutingPlan plan;
  plan.iterations = 1003;
  plan.rounds = rounds;
  plan.parts = 4;
  plan.cooling = {100, 1};
  return plan;
}

// Begins at 2 s, anneals until 12 s, must be back at 13 s; rounds of one second.
RoutingPlan by_clock() {
  RoutingPlan plan;
  plan.annealing_ends = 13;
  plan.recombines = true;
  plan.recombining_seconds = 1;
  plan.round_seconds = 1;
  plan.task_seconds = 0.5;
  plan.parts = 4;
  plan.cooling = {100, 1};
  return plan;
}

RoutingPlan saving_vehicles(RoutingPlan plan) {
  plan.fleet_share = 0.2;
  plan.fleet_parts = 1;
  plan.fleet_round_seconds = 0.5;
  plan.fleet_task_seconds = 0.25;
  plan.saving = {0.5, 0.1};
  return plan;
}

TEST(RoutingSchedule, GivesEveryIterationOutOnce) {
  Schedule schedule(by_rounds(10));
  std::uint64_t given = 0;
  for (; !schedule.annealing_over(0); schedule.end_round())
    for (std::size_t task = 0; task < 3; ++task) given += schedule.iterations_of(task, 3);
  EXPECT_EQ(given, 1003u);
  EXPECT_EQ(schedule.round(), 10u);
}

TEST(RoutingSchedule, CountedInRoundsNothingDependsOnTheClock) {
  Schedule schedule(by_rounds(10));
  schedule.begin(3);
  schedule.end_round();
  for (const double elapsed : {3.0, 1e9}) {
    EXPECT_DOUBLE_EQ(schedule.spent_share(elapsed), 0.1);
    EXPECT_FALSE(schedule.deadline_passed(elapsed));
    EXPECT_FALSE(schedule.annealing_over(elapsed));
    const RoundPlan round = schedule.next_round(elapsed);
    EXPECT_EQ(round.task_seconds, 0);
    EXPECT_NEAR(round.cooling.start, 100 * std::pow(0.01, 0.1), 1e-9);
    EXPECT_NEAR(round.cooling.end, 100 * std::pow(0.01, 0.2), 1e-9);
  }
}

TEST(RoutingSchedule, ByTheClockCoolingEndsWhereSetPartitioningBegins) {
  Schedule schedule(by_clock());
  schedule.begin(2);
  schedule.begin(7);  // a later call changes nothing
  EXPECT_EQ(schedule.started(), 2);
  EXPECT_DOUBLE_EQ(schedule.spent_share(7), 0.5);
  EXPECT_NEAR(schedule.next_round(7).cooling.start, 10, 1e-9);
  EXPECT_NEAR(schedule.next_round(11).cooling.end, 1, 1e-9);
  EXPECT_EQ(schedule.next_round(7).task_seconds, 0.5);
  EXPECT_FALSE(schedule.annealing_over(11.98));
  EXPECT_TRUE(schedule.annealing_over(11.995)) << "shorter than any task";
  EXPECT_DOUBLE_EQ(schedule.annealing_seconds_left(11), 1);
  EXPECT_DOUBLE_EQ(schedule.seconds_left(11), 2);
  EXPECT_FALSE(schedule.deadline_passed(12));
  EXPECT_TRUE(schedule.deadline_passed(12.995));
}

TEST(RoutingSchedule, SavesVehiclesInAFifthOfTheRoundsThenCools) {
  Schedule schedule(saving_vehicles(by_rounds(20)));
  for (std::uint32_t round = 0; round < 20; ++round, schedule.end_round()) {
    const RoundPlan plan = schedule.next_round(0);
    EXPECT_EQ(plan.saves_vehicles, round < 4) << round;
    EXPECT_EQ(plan.parts, round < 4 ? 1u : 4u);
    if (round == 0) {
      EXPECT_NEAR(plan.cooling.start, 50, 1e-9);
    }
    if (round == 3) {
      EXPECT_NEAR(plan.cooling.end, 10, 1e-9);
    }
    if (round == 4) {
      EXPECT_NEAR(plan.cooling.start, 100, 1e-9) << "of the whole cooling, not of what is left";
    }
    if (round == 19) {
      EXPECT_NEAR(plan.cooling.end, 1, 1e-9);
    }
  }
}

TEST(RoutingSchedule, ByTheClockTheSavingEndsNearestToItsShare) {
  Schedule schedule(saving_vehicles(by_clock()));  // two of ten seconds, rounds of half a second
  schedule.begin(2);
  EXPECT_TRUE(schedule.next_round(3.8).saves_vehicles) << "the first always does";
  schedule.end_round();
  EXPECT_TRUE(schedule.next_round(3.7).saves_vehicles) << "4.2, where it ends, is nearer to 4 than 3.7 is";
  EXPECT_FALSE(schedule.next_round(3.8).saves_vehicles) << "3.8 is nearer to 4 than 4.3 is";
}

TEST(RoutingSchedule, OnlyLongLaddersRestartTheirWorstBehindTheFirstQuarter) {
  RoutingPlan plan = by_rounds(40);
  const auto restarts = [&](std::uint32_t replicas) {
    plan.replicas = replicas;
    std::vector<std::uint32_t> rounds;
    for (Schedule schedule(plan); !schedule.annealing_over(0); schedule.end_round())
      if (schedule.restarts_worst(0)) rounds.push_back(schedule.round());
    return rounds;
  };
  EXPECT_TRUE(restarts(5).empty());
  const std::vector<std::uint32_t> rounds = restarts(6);
  ASSERT_EQ(rounds.size(), 15u) << "every other round of the last thirty";
  EXPECT_EQ(rounds.front(), 11u);
}

TEST(RoutingSchedule, ResumesWithTheCoolingOfTheFirstStart) {
  Schedule schedule(by_clock());
  schedule.restore(17, 1, {50, 2});
  schedule.begin(6);
  EXPECT_EQ(schedule.round(), 17u);
  EXPECT_EQ(schedule.started(), 1);
  EXPECT_DOUBLE_EQ(schedule.spent_share(6.5), 0.5);
  EXPECT_NEAR(schedule.next_round(6.5).cooling.start, 10, 1e-9);
}

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
  const PartAnswer given{.start_cost = 9, .current_cost = 8, .best_cost = 7, .current = {1, 2, 0}, .best = {2, 1, 0}, .visited = {1, 0}};
  write(given, outcome);
  const PartAnswer back = read_part_answer(outcome);
  EXPECT_EQ(std::tie(back.start_cost, back.current_cost, back.best_cost), std::tie(given.start_cost, given.current_cost, given.best_cost));
  EXPECT_EQ(std::tie(back.current, back.best, back.visited), std::tie(given.current, given.best, given.visited));
  for (const auto& [at, value] : {std::pair{3, -1}, {3, 9}, {4, -1}, {4, 6}}) {
    model::Outcome wrong = outcome;
    wrong.wholes[static_cast<std::size_t>(at)] = value;
    EXPECT_THROW(read_part_answer(wrong), core::LogicError) << at << " " << value;
  }
  outcome.wholes.pop_back();
  EXPECT_THROW(read_part_answer(outcome), core::LogicError);
}

}  // namespace
}  // namespace tempera::routing
