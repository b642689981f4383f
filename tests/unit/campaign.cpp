#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "solvers/core/error.hpp"
#include "solvers/model/routing_referee.hpp"
#include "solvers/routing/campaign.hpp"
#include "solvers/routing/runner.hpp"
#include "solvers/routing/task_content.hpp"
#include "tests/support/routing_samples.hpp"
#include "tests/support/task_work.hpp"

namespace tempera::routing {
namespace {

using tests::one_each;

model::RoutingInstance random_instance(int customers, std::int64_t capacity) {
  return tests::sample_instance({.customers = customers, .seed = 21, .capacity = capacity});
}

RoutingPlan plan_of(const model::RoutingInstance& in, std::uint64_t iterations, std::uint32_t replicas = 1) {
  return make_plan(in, {.limit = {.seconds = {}, .iterations = iterations}, .seed = 3, .ranks = 1, .replicas = replicas, .mean_arc = 200});
}

// Runs all rounds; `reverse` hands the outcomes of each round back in the opposite order.
model::RunRecord run_all(const model::RoutingInstance& in, const RoutingPlan& plan, bool reverse, const model::RunRecord* resume = nullptr,
                         std::uint32_t stop_at_round = ~0u) {
  RoutingCampaign campaign(in, plan, one_each(in), "baseline");
  if (resume) campaign.restore(*resume);
  RoutingRunner runner(in);
  model::RunRecord record;
  while (!campaign.finished(0) && campaign.progress().round < stop_at_round) {
    std::vector<model::Outcome> outcomes;
    while (auto task = campaign.next_task(0)) outcomes.push_back(tests::work(runner, *task));
    if (reverse) std::ranges::reverse(outcomes);
    for (const model::Outcome& outcome : outcomes) campaign.on_outcome(outcome, 0);
  }
  campaign.describe(record);
  return record;
}

std::vector<std::pair<std::uint64_t, double>> curve(const model::RunRecord& record) {
  std::vector<std::pair<std::uint64_t, double>> points;
  for (const model::TracePoint& p : record.trace) points.emplace_back(p.iterations, p.cost);
  return points;
}

std::vector<std::pair<std::vector<std::int32_t>, std::int64_t>> pool_of(const model::RunRecord& record) {
  std::vector<std::pair<std::vector<std::int32_t>, std::int64_t>> routes;
  for (const model::PooledRoute& route : record.campaign.pool) routes.emplace_back(route.customers, route.cost);
  return routes;
}

TEST(RoutingCampaign, AnnealsToAFeasibleAndMuchBetterSolution) {
  const model::RoutingInstance in = random_instance(600, 60);
  const model::RunRecord record = run_all(in, plan_of(in, 300'000), false);
  const model::RoutingVerdict verdict = model::judge(in, model::unflatten(record.incumbent.ints));
  EXPECT_TRUE(verdict.feasible);
  EXPECT_EQ(verdict.cost.value, record.incumbent.cost_units);
  EXPECT_LT(record.incumbent.cost_units, model::judge(in, one_each(in)).cost.value / 2);
  EXPECT_EQ(record.iterations, 300'000u);
  EXPECT_EQ(record.served_by, "annealer");
  EXPECT_TRUE(std::ranges::is_sorted(record.trace, std::greater<>{}, &model::TracePoint::cost)) << "the incumbent never gets worse";
}

TEST(RoutingCampaign, IterationsAreSharedOutToTheLastOne) {
  const model::RoutingInstance in = random_instance(600, 60);
  for (const std::uint64_t n : {1u, 7u, 40'001u, 123'457u}) EXPECT_EQ(run_all(in, plan_of(in, n), false).iterations, n);
}

TEST(RoutingCampaign, DoesNotDependOnTheOrderOfOutcomes) {
  const model::RoutingInstance in = random_instance(600, 60);
  const RoutingPlan plan = plan_of(in, 250'000, 2);
  ASSERT_GT(plan.parts, 1u);
  const model::RunRecord forth = run_all(in, plan, false), back = run_all(in, plan, true);
  EXPECT_EQ(forth.incumbent.ints, back.incumbent.ints);
  EXPECT_EQ(curve(forth), curve(back));
  EXPECT_EQ(pool_of(forth), pool_of(back));
  EXPECT_GT(forth.campaign.pool.size(), 2 * static_cast<std::size_t>(std::ranges::count(forth.incumbent.ints, 0))) << "more than one solution's routes";
  EXPECT_EQ(forth.swaps.accepted, back.swaps.accepted);
}

TEST(RoutingCampaign, ResumedEqualsUninterrupted) {
  model::RoutingInstance vehicles_first = tests::sample_instance({.customers = 100, .seed = 12, .windows = true});
  model::set_objective(vehicles_first, model::Objective::vehicles);
  for (const model::RoutingInstance& in : {random_instance(600, 60), vehicles_first}) {
    const RoutingPlan plan = plan_of(in, 400'000, 2);
    ASSERT_GT(plan.rounds, 3u);
    const std::uint32_t stop = in.timetable ? 1 : 2;  // the first two of ten rounds save vehicles
    const model::RunRecord whole = run_all(in, plan, false), half = run_all(in, plan, false, nullptr, stop);
    RoutingPlan replanned = plan;  // from the better solution that a resumed run starts with
    replanned.cooling = {plan.cooling.start / 2, plan.cooling.end / 2};
    const model::RunRecord resumed = run_all(in, replanned, false, &half);
    EXPECT_EQ(whole.incumbent.ints, resumed.incumbent.ints);
    EXPECT_EQ(curve(whole), curve(resumed));
    EXPECT_EQ(whole.swaps.accepted, resumed.swaps.accepted);
    EXPECT_EQ(whole.campaign.ladder_ratio, resumed.campaign.ladder_ratio);
    EXPECT_EQ(pool_of(whole), pool_of(resumed));
  }
}

// Of six replicas the worst goes on from the best's solution now and then, of five none does.
TEST(RoutingCampaign, TheWorstOfManyReplicasGoesOnFromTheBest) {
  const model::RoutingInstance in = random_instance(120, 60);
  const auto costs_of_first_half = [&](std::uint32_t replicas) {  // later all may have found the same
    RoutingPlan plan = plan_of(in, 200'000, replicas);
    plan.rounds = 40;
    std::vector<std::vector<std::int64_t>> costs;
    std::optional<model::RunRecord> last;
    for (std::uint32_t round = 1; round <= plan.rounds / 2; ++round) {
      last = run_all(in, plan, false, last ? &*last : nullptr, round);
      costs.emplace_back();
      for (const auto& replica : last->campaign.replicas) costs.back().push_back(replica.answer.cost_units);
      std::ranges::sort(costs.back());
    }
    return costs;
  };
  const auto equal_bests = [](const std::vector<std::vector<std::int64_t>>& rounds) {
    std::vector<std::size_t> at;
    for (std::size_t k = 0; k < rounds.size(); ++k)
      if (rounds[k][0] == rounds[k][1]) at.push_back(k + 1);
    return at;
  };
  EXPECT_EQ(equal_bests(costs_of_first_half(6)), (std::vector<std::size_t>{12, 14, 16, 18, 20}));
  EXPECT_TRUE(equal_bests(costs_of_first_half(5)).empty());
}

TEST(RoutingCampaign, ALostPartKeepsItsSolution) {
  const model::RoutingInstance in = random_instance(600, 60);
  RoutingCampaign campaign(in, plan_of(in, 100'000), one_each(in), "baseline");
  std::vector<model::Task> tasks;
  while (auto task = campaign.next_task(0)) tasks.push_back(*task);
  ASSERT_GE(tasks.size(), 2u);
  for (const model::Task& task : tasks) campaign.on_lost(task, 0);
  model::RunRecord record;
  campaign.describe(record);
  EXPECT_EQ(record.served_by, "baseline");
  EXPECT_EQ(record.campaign.next_round, 1u);
  EXPECT_EQ(record.incumbent.cost_units, model::judge(in, one_each(in)).cost.value);
}

TEST(RoutingCampaign, RefusesAnswersThatLie) {
  const model::RoutingInstance in = random_instance(600, 60);
  RoutingCampaign campaign(in, plan_of(in, 100'000), one_each(in), "baseline");
  RoutingRunner runner(in);
  const model::Task task = *campaign.next_task(0);
  const model::Outcome honest = tests::work(runner, task);
  model::Outcome cheaper = honest;
  cheaper.wholes[1] -= 1;
  EXPECT_THROW(campaign.on_outcome(cheaper, 0), core::LogicError) << "a cost the referee does not confirm";
  model::Outcome forgets = honest;
  forgets.ints[0] = 0;
  EXPECT_THROW(campaign.on_outcome(forgets, 0), core::LogicError) << "a customer left out";
  model::Outcome foreign = honest;
  foreign.round += 1;
  EXPECT_THROW(campaign.on_outcome(foreign, 0), core::LogicError);
  EXPECT_NO_THROW(campaign.on_outcome(honest, 0)) << "the part still waits for an honest answer";
}

// What a lie said of its part is gone, also when no honest answer follows.
TEST(RoutingCampaign, ALieThatIsThenLostSpoilsNobodyElsesAnswer) {
  const model::RoutingInstance in = random_instance(600, 60);
  RoutingCampaign campaign(in, plan_of(in, 100'000), one_each(in), "baseline");
  RoutingRunner runner(in);
  std::vector<model::Task> tasks;
  while (auto task = campaign.next_task(0)) tasks.push_back(*task);
  ASSERT_GE(tasks.size(), 2u);
  model::Outcome lie = tests::work(runner, tasks[0]);
  lie.wholes[1] -= 1;
  EXPECT_THROW(campaign.on_outcome(lie, 0), core::LogicError);
  campaign.on_lost(tasks[0], 0);
  for (std::size_t k = 1; k < tasks.size(); ++k) EXPECT_NO_THROW(campaign.on_outcome(tests::work(runner, tasks[k]), 0));
  EXPECT_EQ(campaign.progress().round, 1u) << "the round is closed";
  model::RunRecord record;
  campaign.describe(record);
  EXPECT_EQ(record.incumbent.cost_units, model::judge(in, model::unflatten(record.incumbent.ints)).cost.value);
}

TEST(RoutingCampaign, TimedEndsByItsDeadline) {
  const model::RoutingInstance in = random_instance(100, 60);
  const RoutingPlan plan = make_plan(in, {.limit = {.seconds = 10.0, .iterations = {}}, .seed = 3, .ranks = 1, .now = 1.0});
  RoutingCampaign campaign(in, plan, one_each(in), "baseline");
  EXPECT_LT(plan.annealing_ends, 10.0);
  const model::Task task = *campaign.next_task(1.0);
  EXPECT_GT(task.seconds, 0.0);
  EXPECT_FALSE(campaign.finished(1.0));
  campaign.on_lost(task, 9.0);
  EXPECT_FALSE(campaign.finished(9.0));
  const model::Task last = *campaign.next_task(plan.annealing_ends - 0.03);
  EXPECT_LE(last.seconds, 0.0301);
  EXPECT_FALSE(campaign.finished(plan.annealing_ends)) << "a task is still out";
  campaign.on_lost(last, plan.annealing_ends);
  EXPECT_TRUE(campaign.finished(plan.annealing_ends));
  EXPECT_FALSE(campaign.next_task(plan.annealing_ends).has_value());
}

TEST(RoutingCampaign, TheLastRoundRecombinesThePool) {
  const model::RoutingInstance in = random_instance(100, 60);
  RoutingPlan plan = plan_of(in, 300'000);
  ASSERT_FALSE(plan.recombines) << "not in iterations";
  plan.recombines = true;
  RoutingCampaign campaign(in, plan, one_each(in), "baseline");
  RoutingRunner runner(in);
  model::Task last;
  while (auto task = campaign.next_task(0)) {
    last = *task;
    if (is_pool_task(last)) break;
    campaign.on_outcome(tests::work(runner, last), 0);
  }
  ASSERT_TRUE(is_pool_task(last));
  EXPECT_FALSE(campaign.finished(0));
  model::Outcome outcome = tests::work(runner, last);
  model::Outcome infeasible = outcome;
  infeasible.ints = {1, 0};
  EXPECT_THROW(campaign.on_outcome(infeasible, 0), core::LogicError) << "the referee looks at it first";
  const double before = campaign.progress().incumbent_cost;
  campaign.on_outcome(outcome, 0);
  EXPECT_TRUE(campaign.finished(0));
  EXPECT_LE(campaign.progress().incumbent_cost, before);
}

TEST(RoutingCampaign, TimedKeepsTimeBackToRecombine) {
  const model::RoutingInstance in = random_instance(600, 60);
  const RoutingPlan plan = make_plan(in, {.limit = {.seconds = 20.0, .iterations = {}}, .seed = 3, .ranks = 2});
  ASSERT_TRUE(plan.recombines);
  ASSERT_EQ(plan.parts, 2u);
  RoutingCampaign campaign(in, plan, one_each(in), "baseline");
  const model::Task first = *campaign.next_task(1.0);
  const double over = plan.annealing_ends - plan.recombining_seconds;
  EXPECT_FALSE(campaign.next_task(over).has_value()) << "a part is still out";
  EXPECT_NEAR(campaign.longest_task_seconds(over - 1), 1, 1e-9) << "a part that failed may not eat what is kept back";
  campaign.on_lost(first, over);
  const std::optional<model::Task> recombine = campaign.next_task(over);  // although nobody took the other part
  ASSERT_TRUE(recombine.has_value());
  EXPECT_TRUE(is_pool_task(*recombine));
  EXPECT_GT(recombine->seconds, 0.1);
  EXPECT_NEAR(campaign.longest_task_seconds(over), plan.recombining_seconds, 1e-9);
  EXPECT_FALSE(campaign.finished(over));
  campaign.on_lost(*recombine, over);
  EXPECT_TRUE(campaign.finished(over));
}

TEST(RoutingPlan, TheLadderIsAsLongAsTheTimeFeedsAndRanksThatAreLeftShareItsReplicas) {
  const auto plan = [](int customers, int ranks, double seconds = 10) {
    return make_plan(random_instance(customers, 60), {.limit = {.seconds = seconds, .iterations = {}}, .seed = 1, .ranks = ranks});
  };
  EXPECT_EQ(plan(200, 1, 5).replicas, 1u);
  EXPECT_EQ(plan(200, 1, 60).replicas, 6u);
  EXPECT_EQ(plan(200, 4, 60).replicas, 8u);
  EXPECT_EQ(plan(200, 4, 60).parts, 1u);
  EXPECT_EQ(plan(1000, 1).parts, 1u);
  EXPECT_EQ(plan(1000, 2).parts, 2u);
  EXPECT_EQ(plan(1000, 2).replicas, 1u);
  EXPECT_EQ(plan(1000, 2, 240).parts, 1u) << "time for a ladder of whole solutions";
  EXPECT_EQ(plan(1000, 2, 240).replicas, 8u);
  EXPECT_EQ(plan(1000, 16, 5).parts * plan(1000, 16, 5).replicas, 16u);
  EXPECT_EQ(plan(1000, 16, 60).parts, 2u);
  EXPECT_EQ(plan(1000, 16, 60).replicas, 8u);
  EXPECT_EQ(plan(1000, 3).parts, 3u);
  EXPECT_EQ(plan(700, 3).parts, 1u) << "two parts would leave one rank idle";
  EXPECT_EQ(plan(700, 3).replicas, 3u);
  EXPECT_EQ(plan(1000, 6).parts * plan(1000, 6).replicas, 6u);
  EXPECT_EQ(plan(6000, 2, 300).parts % 2, 0u);
  EXPECT_EQ(plan(6000, 2, 300).replicas, 1u);
  EXPECT_GE(plan(6000, 1).parts, 15u);
}

TEST(RoutingPlan, AScarceBudgetStartsColder) {
  EXPECT_DOUBLE_EQ(cooling_for(100, 10, 5000).start, 60);
  EXPECT_DOUBLE_EQ(cooling_for(100, 10, 250).start, 7.5);
  EXPECT_DOUBLE_EQ(cooling_for(100, 10, 250).end, 0.075);
  EXPECT_GT(cooling_for(0, 10, 0).start, 0) << "all customers at one place";
}

TEST(RoutingPlan, LongRoutesStartHotterInLargerParts) {
  EXPECT_DOUBLE_EQ(cooling_for(100, 39, 5000).start, 60);
  EXPECT_DOUBLE_EQ(cooling_for(100, 119, 5000).start, 300);
  EXPECT_DOUBLE_EQ(cooling_for(100, 119, 5000).end, cooling_for(100, 10, 5000).end);
  const model::RoutingInstance in = random_instance(4000, 60);
  const auto plan = [&](double route_customers, int ranks) {
    return make_plan(in, {.limit = {.seconds = 60.0, .iterations = {}}, .seed = 1, .ranks = ranks, .route_customers = route_customers});
  };
  EXPECT_EQ(plan(15, 2).parts, 14u);
  EXPECT_EQ(plan(50, 2).parts, 6u) << "eighteen routes each, in multiples of the ranks";
  EXPECT_EQ(plan(100, 16).parts, 2u) << "not smaller on more ranks";
  EXPECT_EQ(plan(100, 16).replicas, 8u);
  EXPECT_EQ(plan(4000, 2).parts, 1u) << "one route cannot be cut";
  const model::RoutingInstance large_vans = random_instance(4000, 600);
  EXPECT_EQ(make_plan(large_vans, {.limit = {.seconds = 60.0, .iterations = {}}, .seed = 1, .ranks = 16}).parts, 4u) << "full vans, before there is a solution";
}

TEST(RoutingPlan, InIterationsDoesNotDependOnRanks) {
  const model::RoutingInstance in = random_instance(1000, 60);
  const auto plan = [&](int ranks) { return make_plan(in, {.limit = {.seconds = {}, .iterations = 1'000'000}, .seed = 1, .ranks = ranks}); };
  for (const int ranks : {2, 3, 4, 64}) {
    EXPECT_EQ(plan(ranks).parts, plan(1).parts);
    EXPECT_EQ(plan(ranks).replicas, plan(1).replicas);
    EXPECT_EQ(plan(ranks).rounds, plan(1).rounds);
  }
}

}  // namespace
}  // namespace tempera::routing
