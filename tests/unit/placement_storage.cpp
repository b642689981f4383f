// Safety-stock placement where sites limit what their stages store: model, bound, search, control, campaign.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "io/instances/supply_json.hpp"
#include "solvers/baselines/cbc_placement.hpp"
#include "solvers/core/error.hpp"
#include "solvers/inventory/campaign.hpp"
#include "solvers/inventory/chord_prices.hpp"
#include "solvers/inventory/placement_control.hpp"
#include "solvers/model/digest.hpp"
#include "solvers/model/placement_referee.hpp"
#include "tests/support/placement_samples.hpp"
#include "tests/support/task_work.hpp"

namespace tempera::inventory {
namespace {

using model::PlacementNetwork;
using model::PlacementProblem;

// The plan of the unlimited optimum needs more than there is.
PlacementNetwork crowded(std::uint32_t seed, int stages, int extra_arcs, double share) {
  PlacementNetwork net = tests::random_network(seed, stages, extra_arcs, seed % 2 == 1);
  const PlacementControl free = placement_control(model::compile(net), seed, 0);
  tests::add_sites(net, seed, free.plan, share);
  return net;
}

TEST(SharedStorage, RefereeAndSolversCountAlike) {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    const PlacementNetwork net = crowded(seed, 12, 10, 0.8);
    const PlacementProblem problem = model::compile(net);
    core::RandomStream random({.seed = seed, .domain = core::tests, .part = 3});
    std::vector<double> outbound(problem.size());
    for (double& s : outbound) s = 12 * random.uniform();
    const auto plan = model::repaired(problem, outbound);
    const auto verdict = model::judge(net, plan);
    const std::vector<double> stored = model::stored(problem, plan);
    for (std::size_t k = 0; k < stored.size(); ++k) EXPECT_NEAR(verdict.stored[k], stored[k], 1e-9 * (1 + stored[k])) << "seed " << seed;
    EXPECT_EQ(verdict.feasible, model::storage_penalty(problem, plan, std::vector<double>{1, 1}) == 0) << "seed " << seed;
  }
}

TEST(SharedStorage, RefereeNamesTheSiteThatIsTooSmall) {
  PlacementNetwork net = tests::network_of({{4, 1, 0, 0}}, {}, {3});
  net.stages[0].demand_mean = 10;
  net.stages[0].site = 0;
  net.stages[0].volume = 0.5;
  net.sites = {{"attic", 20}};
  const auto verdict = model::judge(net, {{0}, {0}});
  ASSERT_EQ(verdict.violations.size(), 1u);
  EXPECT_EQ(verdict.violations[0], "site 0 (attic): 23 is stored, above its storage 20") << "half of 10 * 4 + 3 * 2";
  net.sites[0].storage = 23;
  EXPECT_TRUE(model::judge(net, {{0}, {0}}).feasible);
}

TEST(SharedStorage, PricedCostAddsThePriceOfTheBaseStock) {
  for (const auto& capacity : {std::optional<double>(), std::optional<double>(12.5)}) {
    const model::StageCost cost(3, 5, 10, capacity);
    for (const double t : {0.0, 0.3, 1.0, 7.0, 40.0}) EXPECT_NEAR(cost.priced(0.7)(t), cost(t) + 0.7 * cost.base_stock(t), 1e-9 * (1 + cost(t)));
  }
}

TEST(SharedStorage, CbcEqualsEnumeration) {
  int binding = 0;
  for (std::uint32_t seed = 300; seed < 308; ++seed) {
    const PlacementNetwork net = crowded(seed, 5, 3, 0.85);
    const PlacementProblem problem = model::compile(net);
    const double best = tests::enumerated_optimum(problem);
    const auto result = baselines::cbc_placement(problem, {.seconds = 20});
    ASSERT_EQ(result.has_value(), best < 1e300) << "seed " << seed;
    if (!result) continue;
    EXPECT_NEAR(result->cost, best, 1e-6 * (1 + best)) << "seed " << seed;
    PlacementNetwork free = net;
    free.sites = {{"north", 1e9}, {"south", 1e9}};
    binding += best > tests::enumerated_optimum(model::compile(free)) * (1 + 1e-9);
  }
  EXPECT_GE(binding, 3) << "otherwise the limits test nothing";
}

TEST(SharedStorage, BoundNeverExceedsTheOptimumAndPricesRoom) {
  int priced = 0;
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    const PlacementNetwork net = crowded(seed, 5, 4, 0.85);
    const PlacementProblem problem = model::compile(net);
    const double best = tests::enumerated_optimum(problem);
    if (best >= 1e300) continue;
    const ChordPrices chords = chord_prices(problem);
    std::vector<double> price = chords.arc_price;
    price.resize(price.size() + problem.sites.size(), 0.0);
    baselines::TimeGrid grid(problem, 1'000'000);
    LagrangianBound bound(problem, grid, price, dearest_forest(problem, chords.arc_price));
    for (int step = 0; step < 200 && bound.can_improve(); ++step) EXPECT_LE(bound.step(best), best * (1 + 1e-9)) << "seed " << seed;
    EXPECT_GE(bound.best(), 0.3 * best) << "seed " << seed;
    priced += bound.best_price()[problem.arcs.size()] > 0 || bound.best_price()[problem.arcs.size() + 1] > 0;
  }
  EXPECT_GE(priced, 15);
}

TEST(SharedStorage, SearchPricesItsPlanAndKeepsTheBestThatFits) {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    const PlacementNetwork net = crowded(seed, 30, 40, 0.9);
    const PlacementProblem problem = model::compile(net);
    const std::vector<double> price = money_per_volume(problem);
    PlacementSearch search(problem, {.seed = seed, .domain = core::tests}, price);
    for (const double temperature : {100.0, 10.0, 1.0, 0.0}) {
      search.sample(temperature, 3000);
      const auto now = model::repaired(problem, search.outbound());
      EXPECT_NEAR(search.energy(), model::plan_cost(problem, now) + model::storage_penalty(problem, now, price), 1e-7 * search.energy()) << "seed " << seed;
      EXPECT_EQ(search.fits(), model::judge(net, now).feasible);
      if (!std::isfinite(search.best_cost())) continue;
      const auto verdict = model::judge(net, model::repaired(problem, search.best_outbound()));
      EXPECT_TRUE(verdict.feasible) << (verdict.violations.empty() ? "" : verdict.violations.front());
      EXPECT_NEAR(verdict.cost, search.best_cost(), 1e-8 * verdict.cost) << "seed " << seed;
    }
  }
}

TEST(SharedStorage, ControlFitsWhereAPlanExists) {
  int feasible = 0, found = 0;
  for (std::uint32_t seed = 100; seed < 160; ++seed) {
    const PlacementNetwork net = crowded(seed, 5, seed % 2 == 0 ? 3 : 0, 0.85);
    const PlacementProblem problem = model::compile(net);
    const double best = tests::enumerated_optimum(problem);
    const PlacementControl control = placement_control(problem, seed, 0);
    EXPECT_EQ(control.fits, model::judge(net, control.plan).feasible) << "seed " << seed;
    if (best >= 1e300) continue;
    ++feasible;
    found += control.fits;
  }
  EXPECT_GE(feasible, 25);
  EXPECT_EQ(found, feasible);
}

TEST(SharedStorage, ControlSaysSoWhereNothingFits) {
  PlacementNetwork net = tests::random_network(5, 6, 4);
  tests::add_sites(net, 5, model::repaired(model::compile(net), std::vector<double>(6, 0.0)), 0.0);
  EXPECT_FALSE(placement_control(model::compile(net), 1, 0).fits);
}

TEST(SharedStorage, CampaignFindsAndBoundsTheOptimum) {
  for (std::uint32_t seed = 100; seed < 130; ++seed) {
    const PlacementNetwork net = crowded(seed, 5, 3, 0.85);
    const PlacementProblem problem = model::compile(net);
    const double best = tests::enumerated_optimum(problem);
    const PlacementControl control = placement_control(problem, seed, 0);
    if (!control.fits) continue;
    PlacementCampaign campaign(net, {.limit = {.seconds = {}, .iterations = 400'000}, .seed = 3, .ranks = 1}, control.plan.outbound, "baseline");
    PlacementRunner runner(net);
    while (!campaign.finished(0))
      if (auto task = campaign.next_task(0)) campaign.on_outcome(tests::work(runner, *task), 0);
    model::RunRecord record;
    campaign.describe(record);
    const auto verdict = model::judge(net, model::repaired(problem, record.incumbent.reals));
    EXPECT_TRUE(verdict.feasible) << "seed " << seed;
    EXPECT_LE(verdict.cost, best * (1 + 1e-6)) << "seed " << seed << ": times between whole days are allowed as well";
    EXPECT_LE(campaign.lower_bound(), verdict.cost * (1 + 1e-9)) << "seed " << seed;
    PlacementCampaign again(net, resumed({.limit = {.seconds = {}, .iterations = 400'000}, .seed = 3, .ranks = 1}, record), control.plan.outbound, "baseline");
    again.restore(record);
    EXPECT_NEAR(again.incumbent_cost(), verdict.cost, 1e-9 * verdict.cost);
  }
}

constexpr std::string_view job = R"({"type": "placement", "sites": [{"name": "hall", "storage": 100}],
  "stages": [{"name": "a", "lead_time": 2, "holding_cost": 1, "site": "hall", "volume": 0.25},
             {"name": "b", "lead_time": 1, "holding_cost": 3, "site": "hall", "demand_mean": 4, "demand_deviation": 1, "service_level": 0.9, "service_limit": 0}],
  "arcs": [{"from": "a", "to": "b"}]})";

std::string message_of(std::string text, std::string_view from, std::string_view to) {
  text.replace(text.find(from), from.size(), to);
  try {
    instances::parse_placement_json(text, "net.json");
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(SharedStorage, JsonNamesSites) {
  const PlacementNetwork net = instances::parse_placement_json(job, "net.json");
  ASSERT_EQ(net.sites.size(), 1u);
  EXPECT_EQ(net.sites[0].storage, 100);
  EXPECT_EQ(net.stages[0].site, 0);
  EXPECT_EQ(net.stages[0].volume, 0.25);
  EXPECT_EQ(net.stages[1].volume, 1) << "of a stage at a site, unless told";
  PlacementNetwork other = net;
  other.sites[0].storage = 99;
  EXPECT_NE(model::digest(net), model::digest(other));
  EXPECT_EQ(message_of(std::string(job), "\"site\": \"hall\", \"volume\"", "\"site\": \"hell\", \"volume\""),
            "net.json /stages/0/site is \"hell\", but there is no such site. Did you mean \"hall\"?");
  EXPECT_EQ(message_of(std::string(job), "100", "-1"), "net.json: site hall: the storage is -1, but must be a number from 0 up.");
}

}  // namespace
}  // namespace tempera::inventory
