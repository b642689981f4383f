#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "solvers/routing/schedule.hpp"

namespace tempera::routing {
namespace {

RoutingPlan by_rounds(std::uint32_t rounds) {
  RoutingPlan plan;
  plan.iterations = 1003;
  plan.rounds = rounds;
  plan.parts = 4;
  plan.task_seconds = 0.5;  // that nobody asks for
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
  plan.fleet_parts = 2;
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
    EXPECT_TRUE(std::isinf(schedule.annealing_seconds_left(elapsed)));
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
    EXPECT_EQ(plan.parts, round < 4 ? 2u : 4u);
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
  const RoundPlan first = schedule.next_round(2);
  EXPECT_TRUE(first.saves_vehicles);
  EXPECT_EQ(first.task_seconds, 0.25);
  EXPECT_EQ(first.parts, 2u);
  EXPECT_NEAR(first.cooling.start, 50, 1e-9);
  EXPECT_NEAR(first.cooling.end, 50 * std::pow(0.2, 0.25), 1e-9) << "half a second of two";
  EXPECT_TRUE(schedule.next_round(3.8).saves_vehicles) << "the first always does";
  schedule.end_round();
  EXPECT_TRUE(schedule.next_round(3.7).saves_vehicles) << "4.2, where it ends, is nearer to 4 than 3.7 is";
  const RoundPlan behind = schedule.next_round(3.8);
  EXPECT_FALSE(behind.saves_vehicles) << "3.8 is nearer to 4 than 4.3 is";
  EXPECT_EQ(behind.task_seconds, 0.5);
  EXPECT_NEAR(behind.cooling.start, 100, 1e-9);
  EXPECT_NEAR(behind.cooling.end, 100 * std::pow(0.01, 0.1), 1e-9) << "at 4.8, a tenth of what is left behind the fifth";
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
  plan.rounds = 10;
  EXPECT_EQ(restarts(6).size(), 7u) << "of few rounds, every one from the fourth on";

  plan = by_clock();
  plan.replicas = 6;
  Schedule timed(plan);
  timed.begin(2);
  for (int k = 0; k < 4; ++k) timed.end_round();
  EXPECT_TRUE(timed.restarts_worst(5)) << "the fifth round, at three tenths of the time";
  EXPECT_FALSE(timed.restarts_worst(4)) << "before the first quarter";
  timed.end_round();
  EXPECT_FALSE(timed.restarts_worst(5));
}

TEST(RoutingSchedule, ResumesWithTheCoolingOfTheFirstStart) {
  Schedule schedule(by_clock());
  schedule.restore(17, 1, {80, 5});
  schedule.begin(6);
  EXPECT_EQ(schedule.round(), 17u);
  EXPECT_EQ(schedule.started(), 1);
  EXPECT_DOUBLE_EQ(schedule.spent_share(6.5), 0.5);
  EXPECT_NEAR(schedule.next_round(6.5).cooling.start, 20, 1e-9);
  EXPECT_EQ(schedule.plan().cooling.start, 80) << "so the next checkpoint has it, too";
}

}  // namespace
}  // namespace tempera::routing
