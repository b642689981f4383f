// Bounds, vertex moves, cut, merge and campaign of safety-stock placement on general networks.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "io/instances/network_txt.hpp"
#include "io/instances/placement_file.hpp"
#include "partition/merge/placement_merge.hpp"
#include "partition/split/placement_parts.hpp"
#include "solvers/core/error.hpp"
#include "solvers/inventory/campaign.hpp"
#include "solvers/inventory/chord_prices.hpp"
#include "solvers/inventory/runner.hpp"
#include "solvers/model/placement_referee.hpp"
#include "solvers/tempering/driver.hpp"
#include "tests/support/benchmark_data.hpp"
#include "tests/support/placement_samples.hpp"
#include "tests/support/task_work.hpp"

namespace tempera::inventory {
namespace {

using model::PlacementNetwork;
using model::PlacementProblem;

static_assert(tempering::Replica<PlacementSearch>);

// Runs all rounds; `reverse` hands the outcomes of each round back in the opposite order.
model::RunRecord run_all(const PlacementNetwork& net, std::uint64_t iterations, bool reverse = false, const model::RunRecord* resume = nullptr,
                         std::uint32_t stop_at_round = ~0u) {
  PlacementPlanRequest request{.limit = {.seconds = {}, .iterations = iterations}, .seed = 3, .ranks = 1};
  if (resume) request = resumed(request, *resume);
  PlacementCampaign campaign(net, request, std::vector<double>(net.stages.size(), 0.0), "baseline");
  if (resume) campaign.restore(*resume);
  PlacementRunner runner(net);
  while (!campaign.finished(0) && campaign.progress().round < stop_at_round) {
    std::vector<model::Outcome> outcomes;
    while (auto task = campaign.next_task(0)) outcomes.push_back(tests::work(runner, *task));
    if (reverse) std::ranges::reverse(outcomes);
    for (const model::Outcome& outcome : outcomes) campaign.on_outcome(outcome, 0);
  }
  model::RunRecord record;
  campaign.describe(record);
  return record;
}

TEST(LagrangianBound, NeverExceedsTheOptimum) {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    const PlacementProblem problem = model::compile(tests::random_network(seed, 5, 4, seed % 2 == 1));
    const double best = tests::enumerated_optimum(problem);
    const ChordPrices chords = chord_prices(problem);
    if (seed % 2 == 0) { EXPECT_LE(chords.lower_bound, best * (1 + 1e-9)) << "seed " << seed; }
    baselines::TimeGrid grid(problem, 1'000'000);
    LagrangianBound bound(problem, grid, chords.arc_price, dearest_forest(problem, chords.arc_price));
    for (int step = 0; step < 200 && bound.can_improve(); ++step) EXPECT_LE(bound.step(best), best * (1 + 1e-9)) << "seed " << seed;
    EXPECT_GE(bound.best(), 0.7 * best) << "seed " << seed;
    const auto plan = model::repaired(problem, bound.outbound());
    EXPECT_GE(model::plan_cost(problem, plan), best * (1 - 1e-9));
  }
}

TEST(LagrangianBound, IsExactOnTrees) {
  for (const auto& known : tests::textbook_trees()) {
    const PlacementProblem problem = model::compile(known.network);
    const ChordPrices chords = chord_prices(problem);
    baselines::TimeGrid grid(problem, 1'000'000);
    LagrangianBound bound(problem, grid, chords.arc_price, dearest_forest(problem, chords.arc_price));
    bound.step(known.optimum);
    EXPECT_NEAR(bound.best(), known.optimum, 1e-9 * known.optimum) << known.name;
    EXPECT_FALSE(bound.can_improve()) << "nothing is priced";
  }
}

TEST(PlacementSearch, StaysFeasibleAndKnowsItsCost) {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    PlacementNetwork net = tests::random_network(seed, 30, 40, seed % 2 == 1);
    for (auto& s : net.stages) s.lead_time *= 1.01;
    const PlacementProblem problem = model::compile(net);
    PlacementSearch search(problem, {.seed = seed, .domain = core::tests});
    for (const double temperature : {100.0, 10.0, 1.0, 0.0}) {
      search.sample(temperature, 3000);
      for (const auto& [outbound, cost] : {std::pair{search.outbound(), search.energy()}, std::pair{search.best_outbound(), search.best_cost()}}) {
        const auto plan = model::repaired(problem, outbound);
        for (std::size_t i = 0; i < outbound.size(); ++i) EXPECT_NEAR(plan.outbound[i], outbound[i], 2e-6) << "nothing had to be cut";
        const auto verdict = model::judge(net, plan);
        EXPECT_TRUE(verdict.feasible) << (verdict.violations.empty() ? "" : verdict.violations.front());
        EXPECT_NEAR(verdict.cost, cost, 1e-8 * cost) << "seed " << seed;
      }
      EXPECT_LE(search.best_cost(), search.energy() * (1 + 1e-12));
    }
  }
}

TEST(PlacementSearch, MovesStartOnlyWhereItIsFocused) {
  // Two separate chains: nothing downstream of the focus reaches the other one.
  PlacementNetwork net = tests::network_of({{3, 1}, {2, 5}, {1, 9, 0, 0}, {3, 1}, {2, 5}, {1, 9, 0, 0}}, {{0, 1}, {1, 2}, {3, 4}, {4, 5}}, {1, 1, 1, 1, 1, 1});
  const PlacementProblem problem = model::compile(net);
  PlacementSearch search(problem, {.seed = 1, .domain = core::tests});
  const std::vector<std::int32_t> part{3, 4, 5};
  search.focus(part);
  search.sample(5.0, 2000);
  const auto s = search.outbound();
  EXPECT_EQ(s[0], 0);
  EXPECT_EQ(s[1], 0);
  EXPECT_LT(search.best_cost(), model::plan_cost(problem, model::repaired(problem, std::vector<double>(6, 0.0))));
}

TEST(PlacementSearch, TempersToTheOptimumOfSmallNetworks) {
  for (std::uint32_t seed = 50; seed < 62; ++seed) {
    const PlacementProblem problem = model::compile(tests::random_network(seed, 6, 5, seed % 2 == 1));
    const double best = tests::enumerated_optimum(problem);
    std::vector<PlacementSearch> replicas;
    for (std::uint32_t r = 0; r < 3; ++r) replicas.emplace_back(problem, core::StreamKey{.seed = seed, .domain = core::tests, .replica = r});
    tempering::Ladder ladder(replicas.size(), 3);
    const double typical = std::max(1e-6, replicas[0].typical_move(500));
    tempering::temper(std::span(replicas), ladder, {.cooling = {0.3 * typical, 0.003 * typical}, .rounds = 30, .steps_per_round = 300}, seed,
                      [](std::uint32_t) { return true; });
    double found = replicas[0].best_cost();
    for (const PlacementSearch& r : replicas) found = std::min(found, r.best_cost());
    EXPECT_NEAR(found, best, 1e-9 * (1 + best)) << "seed " << seed;
  }
}

TEST(CutAtCheapArcs, MakesDisjointPartsOfAboutEqualSize) {
  const PlacementProblem problem = model::compile(tests::random_network(7, 60, 40));
  std::vector<double> price(problem.arcs.size());
  for (std::size_t a = 0; a < price.size(); ++a) price[a] = static_cast<double>((a * 7919) % 101);
  for (const std::size_t wanted : {1u, 2u, 3u, 7u, 100u}) {
    const auto parts = split::cut_at_cheap_arcs(problem, price, wanted);
    EXPECT_LE(parts.size(), wanted);
    std::vector<int> held(problem.size(), 0);
    for (const auto& part : parts) {
      EXPECT_TRUE(std::ranges::is_sorted(part));
      EXPECT_LE(part.size(), 2 * ((problem.size() + wanted - 1) / wanted));
      for (const std::int32_t i : part) ++held[static_cast<std::size_t>(i)];
    }
    EXPECT_EQ(std::ranges::count(held, 1), static_cast<std::ptrdiff_t>(problem.size()));
  }
}

TEST(CutAtCheapArcs, KeepsDearArcsWhole) {
  const auto net = tests::network_of({{1, 1}, {1, 1}, {1, 1}, {1, 1, 0, 0}}, {{0, 1}, {1, 2}, {2, 3}}, {1, 1, 1, 1});
  const auto parts = split::cut_at_cheap_arcs(model::compile(net), std::vector<double>{5, 1, 4}, 2);
  EXPECT_EQ(parts, (std::vector<std::vector<std::int32_t>>{{0, 1}, {2, 3}}));
}

TEST(MergePlacements, RepairsAndPricesAgain) {
  const PlacementNetwork net = tests::network_of({{4, 1}, {3, 2}, {1, 9, 0, 0}}, {{0, 1}, {1, 2}}, {1, 1, 1});
  const PlacementProblem problem = model::compile(net);
  // Stage 1 promises 7 because its part saw stage 0 promise 4; the other part has stage 0 promise 0, so 3 is left.
  const std::vector<std::vector<std::int32_t>> parts{{0}, {1, 2}};
  const std::vector<std::vector<double>> answers{{0, 0, 0}, {4, 7, 0}};
  const auto merged = merge::merge_placements(problem, parts, answers);
  EXPECT_EQ(merged.plan.outbound, (std::vector<double>{0, 3, 0}));
  const auto verdict = model::judge(net, merged.plan);
  EXPECT_TRUE(verdict.feasible);
  EXPECT_NEAR(verdict.cost, merged.cost, 1e-12);
  EXPECT_EQ(merge::why_not_outbound(problem, std::vector<double>{0, 1}), "2 outbound service times for 3 stages");
  EXPECT_EQ(merge::why_not_outbound(problem, std::vector<double>{0, 1, -1}), "the outbound service time of stage 2 is -1");
}

TEST(PlacementCampaign, FindsAndBoundsTheOptimumOfSmallNetworks) {
  for (std::uint32_t seed = 70; seed < 82; ++seed) {  // every other one with capacities, all with spread lead times
    PlacementNetwork net = tests::random_network(seed, 6, 5, seed % 2 == 1);
    net.lead_time_factor = 2;
    for (auto& s : net.stages) s.lead_time_deviation = s.lead_time > 2 ? 0.5 : 0;
    const double best = tests::enumerated_optimum(model::compile(net));
    const model::RunRecord record = run_all(net, 200'000);
    EXPECT_NEAR(record.incumbent.cost, best, 1e-9 * (1 + best)) << "seed " << seed;
    ASSERT_TRUE(record.lower_bound);
    EXPECT_LE(*record.lower_bound, best * (1 + 1e-9)) << "seed " << seed;
    EXPECT_GE(*record.lower_bound, 0.9 * best) << "seed " << seed;
  }
}

TEST(PlacementCampaign, DoesNotDependOnTheOrderOfOutcomes) {
  const PlacementNetwork net = tests::random_network(9, 40, 60);
  const model::RunRecord a = run_all(net, 300'000), b = run_all(net, 300'000, true);
  EXPECT_EQ(a.incumbent.reals, b.incumbent.reals);
  EXPECT_EQ(a.lower_bound, b.lower_bound);
  EXPECT_EQ(a.swaps.accepted, b.swaps.accepted);
  EXPECT_EQ(a.trace.size(), b.trace.size());
}

TEST(PlacementCampaign, ResumedEqualsUninterrupted) {
  const PlacementNetwork net = tests::random_network(11, 150, 300);
  const model::RunRecord whole = run_all(net, 1'500'000);
  const model::RunRecord half = run_all(net, 1'500'000, false, nullptr, 1);
  ASSERT_LT(half.campaign.next_round, whole.campaign.next_round) << "the network is not solved in one round";
  const model::RunRecord resumed_run = run_all(net, 1'500'000, false, &half);
  EXPECT_EQ(resumed_run.incumbent.reals, whole.incumbent.reals);
  EXPECT_EQ(resumed_run.lower_bound, whole.lower_bound);
  EXPECT_EQ(resumed_run.iterations, whole.iterations);
  EXPECT_EQ(resumed_run.swaps.accepted, whole.swaps.accepted);
}

TEST(PlacementCampaign, RefusesOutcomesThatDoNotFit) {
  const PlacementNetwork net = tests::random_network(13, 20, 20);
  PlacementCampaign campaign(net, {.limit = {.seconds = {}, .iterations = 10'000}, .seed = 1}, std::vector<double>(20, 0.0), "baseline");
  PlacementRunner runner(net);
  const auto task = campaign.next_task(0);
  ASSERT_TRUE(task);
  const model::Outcome good = tests::work(runner, *task);
  for (const auto& spoil : std::vector<std::function<void(model::Outcome&)>>{
           [](auto& o) { o.task += 100; }, [](auto& o) { o.reals.pop_back(); }, [](auto& o) { o.ints = {}; }, [](auto& o) { o.ints = {7}; },
           [](auto& o) { o.reals[0] = 1e30; }, [](auto& o) { o.reals[3] = -1; }, [](auto& o) { o.reals[4] = std::nan(""); }}) {
    model::Outcome bad = good;
    spoil(bad);
    EXPECT_THROW(campaign.on_outcome(bad, 0), core::LogicError);
  }
  EXPECT_NO_THROW(campaign.on_outcome(good, 0));
  EXPECT_THROW(campaign.on_outcome(good, 0), core::LogicError) << "the same one twice";
}

TEST(PlacementCampaign, SurvivesLostTasks) {
  const PlacementNetwork net = tests::random_network(17, 40, 60);
  PlacementCampaign campaign(net, {.limit = {.seconds = {}, .iterations = 400'000}, .seed = 1}, std::vector<double>(40, 0.0), "baseline");
  PlacementRunner runner(net);
  int count = 0;
  while (!campaign.finished(0))
    while (auto task = campaign.next_task(0)) {
      if (++count % 3 == 0) campaign.on_lost(*task, 0);
      else campaign.on_outcome(tests::work(runner, *task), 0);
    }
  EXPECT_LT(campaign.incumbent_cost(), model::plan_cost(model::compile(net), model::repaired(model::compile(net), std::vector<double>(40, 0.0))));
}

TEST(PlacementCampaign, ProvesWillemsChains) {
  TEMPERA_NEEDS_BENCHMARK("inventory/willems/01.txt");
  for (const auto& [chain, optimum] : {std::pair{"01", 3965.4645}, {"04", 27978.6887}, {"05", 711867.4761}, {"06", 258.3947}, {"13", 3480677.6170}, {"15", 558120.8563}}) {
    const auto net = instances::read_network_txt(tests::benchmark_file(std::string("inventory/willems/") + chain + ".txt"));
    const model::RunRecord record = run_all(net, 400'000);
    EXPECT_NEAR(record.incumbent.cost, optimum, 1e-6 * optimum) << chain;
    EXPECT_NEAR(*record.lower_bound, optimum, 1e-5 * optimum) << chain;
    EXPECT_LE(*record.lower_bound, optimum * (1 + 1e-7)) << chain;
  }
}

TEST(PlacementFile, GivesBackWhatWasWritten) {
  PlacementNetwork net = tests::random_network(19, 12, 10);
  net.stages[3].name = "plant, \"north\"";
  const PlacementProblem problem = model::compile(net);
  PlacementSearch search(problem, {.seed = 1, .domain = core::tests});
  search.sample(10, 1000);
  const auto plan = model::repaired(problem, search.outbound());
  const auto again = instances::parse_placement_plan(instances::placement_plan_text(net, plan), "plan.csv", net);
  EXPECT_EQ(again.outbound, plan.outbound);
  EXPECT_EQ(again.inbound, plan.inbound);
}

TEST(PlacementFile, SaysWhatIsWrongAndWhere) {
  const auto net = tests::network_of({{2, 1, 1}, {3, 2, 0, 1}}, {{0, 1}}, {1, 1});
  const auto said = [&](std::string_view text) {
    try {
      instances::parse_placement_plan(text, "plan.csv", net);
    } catch (const core::UserError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_EQ(said("stage,outbound_days\n0,1\n1,0\n"), "accepted");
  EXPECT_EQ(said("stage,outbound_days\n0,1\n2,0\n"), "plan.csv:3: column stage is '2', but stages are 0 to 1.");
  EXPECT_EQ(said("stage,outbound_days\n0,1\n0,0\n"), "plan.csv:3: stage 0 stands twice.");
  EXPECT_EQ(said("stage,outbound_days\n0,1\n"), "plan.csv:2: stage 1 is missing: the network has stages 0 to 1.");
  EXPECT_EQ(said("stage,outbound_days\n0,x\n"), "plan.csv:2: column outbound_days is 'x', which is not a number.");
  EXPECT_EQ(said("stage,days\n0,1\n"), "plan.csv:1: the heading has no column outbound_days. A plan opens with \"stage,name,outbound_days,...\".");
}

}  // namespace
}  // namespace tempera::inventory
