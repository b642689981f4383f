// Independent campaigns side by side, and what they say of one another.
#include "solvers/registry/independent_seeds.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "solvers/baselines/routing_baseline.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/confidence.hpp"
#include "solvers/model/qubo_referee.hpp"
#include "solvers/model/routing_referee.hpp"
#include "solvers/model/routing_solution.hpp"
#include "tests/support/qubo_samples.hpp"
#include "tests/support/routing_samples.hpp"
#include "tests/support/task_work.hpp"

namespace tempera::registry {
namespace {

const Problem problem = tests::sample_instance({.customers = 40, .seed = 5});

CampaignRequest request_of(std::uint64_t seed, std::uint32_t seeds, std::uint64_t iterations) {
  const auto& instance = std::get<model::RoutingInstance>(problem);
  const baselines::BaselineResult start = baselines::routing_baseline(instance, {});
  return {.limit = {.seconds = {}, .iterations = iterations}, .seed = seed, .start = {.cost = static_cast<double>(start.cost.value), .cost_units = start.cost.value, .ints = model::flatten(start.solution), .reals = {}},
          .seeds = seeds};
}

// Works tasks one by one, the latest given out first where `backwards`, until the campaign is finished.
model::RunRecord worked(const CampaignRequest& request, bool backwards = false) {
  const auto campaign = make_campaign(problem, request);
  const auto runner = make_runner(problem);
  while (!campaign->finished(0)) {
    std::vector<model::Task> tasks;
    while (auto task = campaign->next_task(0)) tasks.push_back(std::move(*task));
    if (backwards) std::ranges::reverse(tasks);
    for (const model::Task& task : tasks) campaign->on_outcome(tests::work(*runner, task), 0);
  }
  model::RunRecord record;
  campaign->describe(record);
  return record;
}

TEST(RoutingCampaigns, ArePartedByTheBaselineWhateverTheyStartFrom) {
  const Problem large = tests::sample_instance({.customers = 2000, .seed = 5, .capacity = 100'000});
  const auto answer_of = [&large](std::size_t customers_of_route) {
    model::RoutingSolution solution;
    for (std::int32_t c = 1; c <= 2000; ++c) {
      if (solution.routes.empty() || solution.routes.back().size() == customers_of_route) solution.routes.emplace_back();
      solution.routes.back().push_back(c);
    }
    const model::RoutingVerdict verdict = model::judge(std::get<model::RoutingInstance>(large), solution);
    return model::Answer{.cost = static_cast<double>(verdict.cost.value), .cost_units = verdict.cost.value, .ints = model::flatten(solution), .reals = {}};
  };
  const model::Answer short_routes = answer_of(10), long_routes = answer_of(50);
  const auto parts = [&](const model::Answer& start, const model::Answer* baseline) {
    return make_campaign(large, {.limit = {.seconds = {}, .iterations = 1'000'000}, .start = start, .baseline = baseline})->progress().parts;
  };
  EXPECT_EQ(parts(short_routes, nullptr), 8u);
  EXPECT_EQ(parts(long_routes, nullptr), 2u);
  EXPECT_EQ(parts(long_routes, &short_routes), 8u);
  EXPECT_EQ(parts(short_routes, &long_routes), 2u);
}

TEST(IndependentSeeds, EachEndsWhereItWouldAlone) {
  const model::RunRecord together = worked(request_of(7, 3, 60'000));
  ASSERT_EQ(together.seeds.size(), 3u);
  double best = together.seeds.front().cost;
  for (const model::SeedOutcome& seed : together.seeds) {
    const model::RunRecord alone = worked(request_of(seed.seed, 1, 20'000));
    EXPECT_EQ(alone.incumbent.cost, seed.cost) << "seed " << seed.seed;
    EXPECT_TRUE(alone.seeds.empty());
    best = std::min(best, seed.cost);
  }
  EXPECT_EQ(together.incumbent.cost, best);
  EXPECT_EQ(together.iterations, 60'000u);
  EXPECT_EQ(together.candidates.size(), 3u);
}

TEST(IndependentSeeds, TheOrderOfOutcomesDoesNotMatter) {
  const model::RunRecord forwards = worked(request_of(7, 3, 60'000)), backwards = worked(request_of(7, 3, 60'000), true);
  EXPECT_EQ(forwards.incumbent.ints, backwards.incumbent.ints);
  for (std::size_t k = 0; k < 3; ++k) EXPECT_EQ(forwards.seeds[k].cost, backwards.seeds[k].cost);
}

TEST(IndependentSeeds, TooFewIterationsAreRefused) { EXPECT_THROW(make_campaign(problem, request_of(1, 5, 4)), core::UserError); }

// One coin's worth of improvement is found at once; the other seeds are not waited for.
TEST(IndependentSeeds, EndWhenOneOfThemReachesTheTarget) {
  const Problem cut = tests::sample_qubo({.variables = 40, .seed = 3});
  model::Answer start{.cost = 0, .cost_units = 0, .ints = std::vector<std::int32_t>(40, 0), .reals = {}};
  const auto& qubo = std::get<model::QuboProblem>(cut);
  start.cost_units = model::judge(qubo, start.ints).energy;
  start.cost = model::judge(qubo, start.ints).objective;
  CampaignRequest request{.limit = {.seconds = {}, .iterations = 40'000'000}, .seed = 1, .start = start, .seeds = 3};
  for (const bool easy : {true, false}) {
    request.target = easy ? start.cost - 1 : -1e12;
    const auto campaign = make_campaign(cut, request);
    const auto runner = make_runner(cut);
    std::uint64_t worked_tasks = 0;
    while (!campaign->finished(0) && worked_tasks < 4) {
      auto task = campaign->next_task(0);
      ASSERT_TRUE(task);
      campaign->on_outcome(tests::work(*runner, *task), 0);
      ++worked_tasks;
    }
    EXPECT_EQ(campaign->finished(0), easy);
    model::RunRecord record;
    campaign->describe(record);
    EXPECT_EQ(record.seeds.empty(), easy) << "seeds that were cut short say nothing";
    EXPECT_EQ(record.warnings.size(), easy ? 1u : 0u);
  }
}

TEST(Confidence, CountsSeedsWithinTheShare) {
  model::RunRecord record;
  EXPECT_FALSE(model::confidence_of(record)) << "nothing is known from one seed";
  record.policy.within = 0.01;
  record.seeds = {{1, 1000}, {2, 1010}, {3, 1011}, {4, 1000}};
  const auto confidence = model::confidence_of(record);
  ASSERT_TRUE(confidence);
  EXPECT_EQ(confidence->agreeing, 3u);
  EXPECT_NEAR(confidence->interval.low, core::wilson_interval(3, 4).low, 1e-15);
  record.sense = model::Sense::maximise;  // now 1011 is the best, and 1000 lies 1.1 % below
  EXPECT_EQ(model::confidence_of(record)->agreeing, 2u);
}

}  // namespace
}  // namespace tempera::registry
