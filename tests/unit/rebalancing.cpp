// Replenishment and rebalancing: the referee, one SKU as an exact flow, the bound, the search, the campaign, baselines and files.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>

#include "io/instances/generate.hpp"
#include "io/instances/rebalancing_file.hpp"
#include "jobs/descriptor/rebalancing_problem.hpp"
#include "solvers/baselines/rebalancing_baseline.hpp"
#include "solvers/core/atomic_file.hpp"
#include "solvers/core/error.hpp"
#include "solvers/hybrid/hybrid_step.hpp"
#include "solvers/inventory/cost_units.hpp"
#include "solvers/inventory/move_choice.hpp"
#include "solvers/inventory/rebalancing_campaign.hpp"
#include "solvers/inventory/rebalancing_search.hpp"
#include "solvers/model/digest.hpp"
#include "solvers/model/rebalancing_referee.hpp"
#include "tests/support/task_work.hpp"
#include "tests/support/temporary_folder.hpp"

namespace tempera::inventory {
namespace {

using model::RebalancingPlan;
using model::RebalancingProblem;
using model::Shipment;

// A supplier, one site, one SKU in pallets of ten.
RebalancingProblem one_site(std::int32_t days, std::vector<double> probability) {
  RebalancingProblem p;
  p.name = "one site";
  p.days = days;
  p.probability = std::move(probability);
  p.sites = {{.name = "supplier", .supplier = true}, {.name = "shop"}};
  p.skus = {{.name = "a", .unit_m3 = 0.1, .units_per_pallet = 10, .holding_cost = 1, .shortage_cost = 4, .lost_cost = 0}};
  p.lanes = {{.from = 0, .to = 1, .lead_days = 1, .pallet_cost = 5, .truck_m3 = 2, .truck_cost = 20}};
  p.on_hand = {0, 10};
  p.receipts.assign(2 * static_cast<std::size_t>(days), 0);
  p.demand.assign(p.receipts.size() * p.scenarios(), 0);
  return p;
}

RebalancingProblem generated(int skus, int dcs, int days, std::uint64_t seed = 1) { return instances::generate_rebalancing({.skus = skus, .dcs = dcs, .days = days, .seed = seed}); }

double judged(const RebalancingProblem& p, const RebalancingPlan& plan) {
  const model::RebalancingVerdict verdict = model::judge(p, plan);
  EXPECT_TRUE(verdict.feasible) << (verdict.violations.empty() ? "" : verdict.violations.front());
  return verdict.cost.total();
}

// The best plan of a tiny problem, by trying all with at most `most` pallets per lane, SKU and day.
double enumerated(const RebalancingProblem& p, std::int32_t most) {
  std::vector<Shipment> places;
  for (std::int32_t k = 0; k < static_cast<std::int32_t>(p.skus.size()); ++k)
    for (std::int32_t a = 0; a < static_cast<std::int32_t>(p.lanes.size()); ++a)
      for (std::int32_t t = 0; t + p.lanes[static_cast<std::size_t>(a)].lead_days < p.days; ++t) places.push_back({k, a, t, 0});
  double best = std::numeric_limits<double>::infinity();
  const std::function<void(std::size_t)> fill = [&](std::size_t at) {
    if (at == places.size()) {
      RebalancingPlan plan;
      std::ranges::copy_if(places, std::back_inserter(plan), [](const Shipment& s) { return s.pallets > 0; });
      if (const auto verdict = model::judge(p, plan); verdict.feasible) best = std::min(best, verdict.cost.total());
      return;
    }
    for (places[at].pallets = 0; places[at].pallets <= most; ++places[at].pallets) fill(at + 1);
    places[at].pallets = 0;
  };
  fill(0);
  return best;
}

// Two sites that can exchange, three days, two scenarios; every number from a small set.
RebalancingProblem tiny(std::uint32_t seed) {
  core::RandomStream random({.seed = seed, .domain = core::tests});
  const auto pick = [&](std::uint32_t most) { return static_cast<double>(random.below(most + 1)); };
  RebalancingProblem p;
  p.days = 3;
  p.probability = {0.4, 0.6};
  p.sites = {{.name = "supplier", .supplier = true, .pallets_out = 3}, {.name = "a", .storage_m3 = 2, .overflow_cost = 3}, {.name = "b", .pallets_in = 2}};
  p.skus = {{.name = "x", .unit_m3 = 0.1, .units_per_pallet = 10, .holding_cost = 0.3, .shortage_cost = 2 + pick(3), .lost_cost = pick(4)}};
  p.lanes = {{.from = 0, .to = 1, .lead_days = static_cast<std::int32_t>(random.below(2)), .pallet_cost = 4, .truck_m3 = 1.5, .truck_cost = 6, .trucks_per_day = 2},
             {.from = 1, .to = 2, .lead_days = 1, .pallet_cost = 2, .truck_m3 = 2, .truck_cost = 9}};
  p.on_hand = {0, 10 * pick(3), pick(9)};
  p.receipts.assign(9, 0);
  p.receipts[p.cell(0, 1, 1)] = 5 * pick(2);
  p.demand.assign(18, 0);
  for (std::size_t n = 1; n < 3; ++n)
    for (std::size_t t = 0; t < 3; ++t)
      for (std::size_t s = 0; s < 2; ++s) p.demand[p.cell(0, n, t) * 2 + s] = pick(14);
  model::validate(p, "tiny");
  return p;
}

double bound_at(const RebalancingProblem& p, const SharedPrices& prices, SharedUse* use = nullptr) {
  RebalancingRunner runner(p);
  const model::Outcome outcome = tests::work(runner, {.id = 1, .ints = {0, 1}, .wholes = {0, 1}, .reals = prices.flat()});
  if (use) *use = SharedUse::from(p, std::span<const double>(outcome.reals).subspan(1));
  return outcome.reals[0] + capacity_term(p, prices);
}

// ---------------------------------------------------------------------------------------------------- referee

TEST(RebalancingReferee, CountsWhatAHandCalculationCounts) {
  RebalancingProblem p = one_site(3, {0.5, 0.5});
  const double low[] = {4, 4, 4}, high[] = {8, 8, 8};
  for (std::size_t t = 0; t < 3; ++t) {
    p.demand[p.cell(0, 1, t) * 2] = low[t];
    p.demand[p.cell(0, 1, t) * 2 + 1] = high[t];
  }
  const auto nothing = model::judge(p, {});
  // Low: on hand 6, 2, 0 (2 short at the end). High: on hand 2, 0, 0 and 6, 14 waiting.
  EXPECT_DOUBLE_EQ(nothing.cost.holding, 0.5 * (6 + 2) + 0.5 * 2);
  EXPECT_DOUBLE_EQ(nothing.cost.shortage, 4 * (0.5 * 2 + 0.5 * (6 + 14)));
  EXPECT_DOUBLE_EQ(nothing.kpis.fill_rate(), (0.5 * 10 + 0.5 * 10) / (0.5 * 12 + 0.5 * 24));
  const auto moved = model::judge(p, RebalancingPlan{{0, 0, 0, 2}});
  EXPECT_DOUBLE_EQ(moved.cost.pallets, 10);
  EXPECT_DOUBLE_EQ(moved.cost.trucks, 20);
  EXPECT_EQ(moved.trucks, (std::vector<std::int32_t>{1, 0, 0}));
  EXPECT_DOUBLE_EQ(moved.cost.shortage, 0);
}

TEST(RebalancingReferee, KeepsBackWhatIsPromisedToADeparture) {
  RebalancingProblem p = one_site(2, {1});
  p.sites.push_back({.name = "other"});
  p.on_hand = {0, 10, 0};
  p.receipts.assign(6, 0);
  p.demand.assign(6, 0);
  p.demand[p.cell(0, 1, 0)] = 10;
  p.lanes.push_back({.from = 1, .to = 2, .lead_days = 0, .pallet_cost = 1});
  // The only pallet leaves on day 2, so nobody is served on day 1 although it lies there.
  const auto verdict = model::judge(p, RebalancingPlan{{0, 1, 1, 1}});
  ASSERT_TRUE(verdict.feasible);
  EXPECT_DOUBLE_EQ(verdict.kpis.fill_rate(), 0);
  EXPECT_DOUBLE_EQ(verdict.cost.shortage, 4 * (10 + 10));
  EXPECT_DOUBLE_EQ(verdict.cost.holding, 10 + 10);
}

TEST(RebalancingReferee, NamesEveryBrokenRow) {
  RebalancingProblem p = one_site(3, {1});
  p.lanes[0].trucks_per_day = 1;
  p.sites[0].pallets_out = 2;
  p.sites[1].pallets_in = 2;
  const auto text = [&](const RebalancingPlan& plan) {
    const auto verdict = model::judge(p, plan);
    EXPECT_FALSE(verdict.feasible);
    return verdict.violations.empty() ? "" : verdict.violations.front();
  };
  EXPECT_NE(text({{0, 0, 0, 3}}).find("need 2 trucks, there are 1"), std::string::npos);
  EXPECT_NE(text({{0, 0, 2, 1}}).find("arrives after the last day"), std::string::npos);
  EXPECT_NE(text({{0, 3, 0, 1}}).find("not all there"), std::string::npos);
  EXPECT_NE(text({{0, 0, 0, 0}}).find("at least one"), std::string::npos);
  p.lanes[0].trucks_per_day = model::no_limit;
  EXPECT_NE(text({{0, 0, 0, 3}}).find("3 pallets leave, 2 can"), std::string::npos);
  p.sites[0].pallets_out = model::no_limit;
  EXPECT_NE(text({{0, 0, 0, 3}}).find("3 pallets arrive, 2 can"), std::string::npos);
  p.sites.push_back({.name = "other"});
  p.on_hand = {0, 15, 0};
  p.receipts.assign(9, 0);
  p.demand.assign(9, 0);
  p.lanes.push_back({.from = 1, .to = 2});
  EXPECT_NE(text({{0, 1, 0, 2}}).find("5 units more leave than there are"), std::string::npos);
}

TEST(RebalancingReferee, AgreesWithTheEffectsThatTheSearchAddsUp) {
  const RebalancingProblem p = generated(12, 4, 10);
  RebalancingPlan plan = baselines::base_stock_plan(p);
  for (int cut = 0; cut < 5; ++cut) {
    double sum = 0;
    SharedUse use(p);
    for (std::size_t k = 0; k < p.skus.size(); ++k) {
      std::vector<std::int32_t> flow(p.lanes.size() * static_cast<std::size_t>(p.days));
      for (const Shipment& s : plan)
        if (s.sku == static_cast<std::int32_t>(k)) flow[static_cast<std::size_t>(s.lane) * static_cast<std::size_t>(p.days) + static_cast<std::size_t>(s.day)] += s.pallets;
      const SkuEffect effect = effect_of(p, k, flow);
      sum += effect.cost;
      use.add(effect.use);
    }
    EXPECT_NEAR(sum + shared_cost(p, use), judged(p, plan), 1e-6 * sum);
    // Departures from suppliers last: what is left stays feasible without the last fifth of the orders of the final days.
    std::erase_if(plan, [&](const Shipment& s) { return s.day >= p.days - 2 - cut; });
  }
}

// ---------------------------------------------------------------------------------------------------- flows and bounds

TEST(LotFlow, MeetsTheNewsvendorQuantile) {
  // One day to cover, pallets of one unit, free transport: stock is brought to the smallest level with P(demand <= level) >= b / (b + h).
  RebalancingProblem p = one_site(2, std::vector<double>(10, 0.1));
  p.skus[0].units_per_pallet = 1;
  p.on_hand = {0, 0};
  for (std::size_t s = 0; s < 10; ++s) p.demand[p.cell(0, 1, 1) * 10 + s] = static_cast<double>(s + 1);
  p.lanes[0] = {.from = 0, .to = 1, .lead_days = 1};
  for (const double shortage : {0.5, 2.3, 4.0, 30.0}) {
    p.skus[0].shortage_cost = shortage;
    PricedSku priced(p);
    priced.set(0, first_prices(p));
    LotFlow flow(p);
    flow.solve(0, priced.lanes(), priced.stock());
    EXPECT_EQ(flow.pallets()[0], static_cast<int>(std::ceil(10 * shortage / (shortage + 1) - 1e-9))) << shortage;
  }
}

TEST(RebalancingBound, NeverExceedsTheOptimumOfTinyProblemsAndSomeOftenMeetIt) {
  int close = 0;
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    const RebalancingProblem p = tiny(seed);
    const double best = enumerated(p, 3);
    PriceAscent ascent(p);
    for (int step = 0; step < 40; ++step) {
      SharedUse use(p);
      const double value = bound_at(p, ascent.prices(), &use);
      ASSERT_LE(value, best * (1 + 1e-9) + 1e-9) << "seed " << seed << " step " << step;
      ascent.step(value, best, use);
    }
    if (ascent.best() > 0.9 * best) ++close;
  }
  EXPECT_GE(close, 15);
}

TEST(RebalancingBound, IsExactWithoutSharedLimits) {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    RebalancingProblem p = tiny(seed);
    for (auto& site : p.sites) site = {.name = site.name, .supplier = site.supplier};
    for (auto& lane : p.lanes) lane = {.from = lane.from, .to = lane.to, .lead_days = lane.lead_days, .pallet_cost = lane.pallet_cost};
    // What leaves is passed on: with no demand at the first site nothing must be kept back, so relaxation and truth agree.
    for (std::size_t t = 0; t < 3; ++t)
      for (std::size_t s = 0; s < 2; ++s) p.demand[p.cell(0, 1, t) * 2 + s] = 0;
    EXPECT_NEAR(bound_at(p, first_prices(p)), enumerated(p, 5), 1e-6) << seed;
  }
}

TEST(RebalancingBound, RandomPricesAreValidToo) {
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    const RebalancingProblem p = tiny(seed);
    const double best = enumerated(p, 3);
    core::RandomStream random({.seed = seed, .domain = core::tests, .part = 1});
    for (int draw = 0; draw < 10; ++draw) {
      SharedPrices prices = first_prices(p);
      for (std::size_t t = 0; t < 3; ++t) {
        prices.lane_m3[t] *= 1 + random.uniform();   // only the first lane's trucks are limited
        prices.out[t] = 3 * random.uniform();        // of the supplier
        prices.in[2 * 3 + t] = 3 * random.uniform(); // of b
        for (std::size_t s = 0; s < 2; ++s) prices.stored[(3 + t) * 2 + s] = random.uniform() * p.probability[s] * 3;
      }
      EXPECT_LE(bound_at(p, prices), best * (1 + 1e-9) + 1e-9) << seed;
    }
  }
}

// ---------------------------------------------------------------------------------------------------- baselines

TEST(RebalancingBaseline, CbcFindsTheEnumeratedOptimum) {
  for (std::uint32_t seed = 0; seed < 8; ++seed) {
    const RebalancingProblem p = tiny(seed);
    const auto found = baselines::cbc_rebalancing(p, 20);
    ASSERT_TRUE(found) << seed;
    EXPECT_NEAR(judged(p, found->plan), enumerated(p, 3), 1e-5) << seed;
    EXPECT_NEAR(found->lower_bound, judged(p, found->plan), 1e-4) << seed;
  }
}

TEST(RebalancingBaseline, BaseStockIsFeasibleAndBetterThanNothing) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const RebalancingProblem p = generated(30, 4, 14, seed);
    EXPECT_LT(judged(p, baselines::base_stock_plan(p)), 0.5 * judged(p, {}));
  }
}

// ---------------------------------------------------------------------------------------------------- campaign

model::RunRecord run_all(const RebalancingProblem& p, std::uint64_t iterations, bool reverse = false, const model::RunRecord* resume = nullptr, std::uint32_t stop_at_round = ~0u) {
  RebalancingCampaign campaign(p, {.limit = {.seconds = {}, .iterations = iterations}, .seed = 3, .ranks = 1}, baselines::base_stock_plan(p), "baseline");
  if (resume) campaign.restore(*resume);
  RebalancingRunner runner(p);
  double cost = campaign.incumbent_cost(), bound = campaign.lower_bound();
  while (!campaign.finished(0) && campaign.progress().round < stop_at_round) {
    std::vector<model::Outcome> outcomes;
    while (auto task = campaign.next_task(0)) outcomes.push_back(tests::work(runner, *task));
    if (reverse) std::ranges::reverse(outcomes);
    for (const model::Outcome& outcome : outcomes) campaign.on_outcome(outcome, 0);
    EXPECT_LE(campaign.incumbent_cost(), cost);
    EXPECT_GE(campaign.lower_bound(), bound);
    cost = campaign.incumbent_cost();
    bound = campaign.lower_bound();
  }
  model::RunRecord record;
  campaign.describe(record);
  return record;
}

TEST(RebalancingCampaign, ImprovesAndBoundsWhatTheRefereeConfirms) {
  const RebalancingProblem p = generated(60, 3, 7);  // two blocks
  const model::RunRecord record = run_all(p, 4000);
  const double cost = judged(p, model::shipments_of(record.incumbent.ints));
  EXPECT_NEAR(cost, record.incumbent.cost, 1e-6 * cost);
  EXPECT_LT(cost, 0.95 * judged(p, baselines::base_stock_plan(p)));
  ASSERT_TRUE(record.lower_bound);
  EXPECT_LE(*record.lower_bound, cost);
  EXPECT_GT(*record.lower_bound, 0.65 * cost);
}

TEST(RebalancingCampaign, NeedsNoOrderOfOutcomes) {
  const RebalancingProblem p = generated(60, 3, 7);
  EXPECT_EQ(run_all(p, 1500).incumbent.ints, run_all(p, 1500, true).incumbent.ints);
}

TEST(RebalancingCampaign, GoesOnAsIfNeverStopped) {
  const RebalancingProblem p = generated(60, 3, 7);
  const model::RunRecord whole = run_all(p, 2500), half = run_all(p, 2500, false, nullptr, 2), rest = run_all(p, 2500, false, &half);
  EXPECT_EQ(rest.incumbent.ints, whole.incumbent.ints);
  EXPECT_EQ(rest.lower_bound, whole.lower_bound);
  EXPECT_EQ(rest.iterations, whole.iterations);
}

TEST(RebalancingCampaign, KeepsThePlanWhenTasksAreLost) {
  const RebalancingProblem p = generated(60, 3, 7);
  RebalancingCampaign campaign(p, {.limit = {.seconds = 100, .iterations = {}}, .seed = 3, .ranks = 1}, {}, "baseline");
  const double before = campaign.incumbent_cost();
  for (int k = 0; k < 6; ++k) campaign.on_lost(*campaign.next_task(0), 0);
  EXPECT_EQ(campaign.incumbent_cost(), before);
  EXPECT_EQ(campaign.lower_bound(), 0) << "half a bound is none";
  EXPECT_TRUE(campaign.finished(100));
}

TEST(RebalancingSearch, EnergyFollowsTheReferee) {
  const RebalancingProblem p = generated(10, 3, 8);
  std::vector<std::int32_t> skus(10);
  for (std::int32_t k = 0; k < 10; ++k) skus[static_cast<std::size_t>(k)] = k;
  SharedUse none(p);
  const std::vector<std::int32_t> still(p.lanes.size() * 8);
  for (std::size_t k = 0; k < 10; ++k) none.add(effect_of(p, k, still).use);
  RebalancingSearch search(p, skus, {}, none, hard_limits(p), first_prices(p), {.seed = 1, .domain = core::tests});
  EXPECT_NEAR(search.energy(), judged(p, {}), 1e-6);
  for (int k = 0; k < 300; ++k) search.move(20);
  EXPECT_NEAR(search.best_energy(), judged(p, search.best_plan()), 1e-6 * search.best_energy());
}

// ---------------------------------------------------------------------------------------------------- moves

TEST(MoveChoice, IsExactForOneMoveAndForTwo) {
  const RebalancingProblem p = generated(6, 3, 8);
  const RebalancingPlan plan = baselines::base_stock_plan(p);
  const auto choice = move_choice(p, plan, 12);
  ASSERT_TRUE(choice);
  const model::BinaryProgram& program = choice->program();
  ASSERT_EQ(program.variables(), 12);
  EXPECT_GT(choice->candidates(), 100u);
  EXPECT_NEAR(program.offset, judged(p, plan), 1e-6 * program.offset);
  EXPECT_LT(*std::ranges::min_element(program.linear), 0) << "base stock can be improved by a single move";
  for (std::size_t i = 0; i < 12; ++i)
    for (std::size_t j = i; j < 12; ++j) {
      std::vector<std::int32_t> taken(12);
      taken[i] = taken[j] = 1;
      if (!model::rows_hold(program, taken)) continue;
      const auto answer = choice->decode(taken);
      ASSERT_TRUE(answer);
      EXPECT_NEAR(answer->cost, model::objective_of(program, taken), 1e-6 * program.offset) << i << " and " << j;
    }
}

TEST(MoveChoice, IsWorkedByEverySolverAndPricedByTheReferee) {
  const RebalancingProblem p = generated(6, 3, 8);
  const RebalancingPlan plan = baselines::base_stock_plan(p);
  const auto choice = move_choice(p, plan, 10);
  ASSERT_TRUE(choice);
  const double cost = judged(p, plan);
  const auto [step, improved] = hybrid::hybrid_step(*choice, {.cost = cost, .cost_units = cost_units(cost), .ints = model::flatten(plan), .reals = {}},
                                                    {.seed = 1, .depth = 2, .shots = 200, .evaluations = 10, .threads = 1, .tempering_shots = 20, .sweeps = 20, .decoded = 16, .exact_seconds = 5, .stop = {}});
  ASSERT_EQ(step.runs.size(), 5u);
  EXPECT_EQ(step.subject, "moves");
  EXPECT_NEAR(step.before, cost, 1e-6 * cost);
  ASSERT_TRUE(improved);
  EXPECT_LT(improved->cost, cost);
  EXPECT_NEAR(judged(p, model::shipments_of(improved->ints)), improved->cost, 1e-9 * cost);
  for (const model::HybridRun& run : step.runs) EXPECT_GE(run.cost, improved->cost * (1 - 1e-9)) << run.solver;
  EXPECT_NEAR(step.runs[0].model_cost, step.optimum, 1e-6 * cost) << "branch and bound against looking at all states";
}

TEST(MoveChoice, DecodesEveryStateToAFeasiblePlan) {
  const RebalancingProblem p = generated(6, 3, 8);
  const auto choice = move_choice(p, baselines::base_stock_plan(p), 16);
  ASSERT_TRUE(choice);
  core::RandomStream random({.seed = 1, .domain = core::tests});
  for (int draw = 0; draw < 100; ++draw) {
    std::vector<std::int32_t> taken(16);
    for (std::int32_t& bit : taken) bit = static_cast<std::int32_t>(random.below(2));
    const auto answer = choice->decode(taken);
    ASSERT_TRUE(answer);
    EXPECT_NEAR(judged(p, model::shipments_of(answer->ints)), answer->cost, 1e-9 * answer->cost);
  }
}

// ---------------------------------------------------------------------------------------------------- files

TEST(RebalancingFile, ReadsBackTheJobItWrote) {
  const tests::TemporaryFolder folder;
  const RebalancingProblem p = generated(7, 3, 6, 5);
  instances::write_rebalancing_job(p, folder / "peak.json");
  const RebalancingProblem again = descriptor::rebalancing_problem(descriptor::read_descriptor(folder / "peak.json"));
  EXPECT_EQ(model::digest(again), model::digest(p));
  EXPECT_EQ(again.skus[3].name, p.skus[3].name);
  RebalancingPlan plan = baselines::base_stock_plan(p);
  core::write_text_atomically(folder / "plan.csv", instances::shipment_table(p, plan, instances::ShipmentKind::all));
  RebalancingPlan read = instances::read_rebalancing_plan(folder / "plan.csv", p);
  std::ranges::sort(plan);
  std::ranges::sort(read);
  EXPECT_EQ(read, plan);
}

TEST(RebalancingFile, TellsEveryMistakeWithItsRowAndColumn) {
  const tests::TemporaryFolder folder;
  instances::write_rebalancing_job(generated(2, 2, 3), folder / "peak.json");
  core::write_text_atomically(folder / "peak_sites.csv", "site,kind,storage_m3,overflow_cost\nsupplier,supplier,,\ncentral,sight,5,\ndc-01,site,-2,1\n");
  core::write_text_atomically(folder / "peak_skus.csv", "sku,unit_m3,units_per_pallet,holding_cost,shortage_cost,fill_target\nsku-1,x,10,1,2,\nsku-1,1,0,1,,1\n");
  core::write_text_atomically(folder / "peak_lanes.csv", "from,to,lead_days\nsupplier,centrall,1\ncentral,supplier,-1\n");
  try {
    descriptor::rebalancing_problem(descriptor::read_descriptor(folder / "peak.json"));
    FAIL() << "the tables are wrong";
  } catch (const core::UserError& error) {
    const std::string text = error.what();
    for (const char* wanted : {"sites.csv:3 kind is 'sight'; give supplier or site", "sites.csv:3 overflow_cost is empty beside storage_m3", "sites.csv:4 storage_m3 is '-2'",
                               "skus.csv:2 unit_m3 is 'x'", "skus.csv:3 sku is 'sku-1', which stands there already", "skus.csv:3 units_per_pallet is 0",
                               "skus.csv:3 fill_target is '1'; give a share above 0 and below 1", "lanes.csv:2 to is 'centrall', but there is no such site; did you mean 'central'?",
                               "lanes.csv:3 to is 'supplier', a supplier", "lanes.csv:3 lead_days is '-1'"})
      EXPECT_NE(text.find(wanted), std::string::npos) << wanted << "\n in \n" << text;
  }
}

TEST(RebalancingGenerator, IsTheSameForASeedAndAnotherForAnother) {
  EXPECT_EQ(model::digest(generated(5, 2, 7, 1)), model::digest(generated(5, 2, 7, 1)));
  EXPECT_NE(model::digest(generated(5, 2, 7, 1)), model::digest(generated(5, 2, 7, 2)));
  EXPECT_THROW(generated(0, 2, 7), core::UserError);
}

TEST(RebalancingGenerator, PeaksAndCorrelatesDemand) {
  const RebalancingProblem p = generated(200, 4, 28);
  std::vector<double> day(28), scenario(3);
  for (std::size_t k = 0; k < p.skus.size(); ++k)
    for (std::size_t n = 0; n < p.sites.size(); ++n)
      for (std::size_t t = 0; t < 28; ++t)
        for (std::size_t s = 0; s < 3; ++s) {
          const double units = p.demand_at(k, n, t)[s] * p.skus[k].unit_m3;
          day[t] += units;
          scenario[s] += units;
        }
  EXPECT_GT(day[18], 1.6 * day[2]) << "the peak stands at two thirds";
  EXPECT_GT(scenario[2], 1.2 * scenario[1]) << "luck of the SKUs cancels out, the market does not";
  EXPECT_LT(scenario[0], 0.9 * scenario[1]);
}

TEST(RebalancingProblem, RefusesWhatCannotBe) {
  const auto refused = [](const std::function<void(RebalancingProblem&)>& spoil) {
    RebalancingProblem p = one_site(3, {0.5, 0.5});
    spoil(p);
    try {
      model::validate(p, "x");
    } catch (const core::UserError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(refused([](RebalancingProblem&) {}), "");
  EXPECT_NE(refused([](RebalancingProblem& p) { p.probability = {0.5, 0.4}; }).find("add up to 0.9"), std::string::npos);
  EXPECT_NE(refused([](RebalancingProblem& p) { p.lanes[0].to = 0; }).find("to itself"), std::string::npos);
  EXPECT_NE(refused([](RebalancingProblem& p) { p.on_hand[0] = 3; }).find("Suppliers only send"), std::string::npos);
  EXPECT_NE(refused([](RebalancingProblem& p) { p.skus[0].units_per_pallet = 0; }).find("units_per_pallet is 0"), std::string::npos);
  EXPECT_NE(refused([](RebalancingProblem& p) { p.demand.pop_back(); }).find("not 2, 6 and 12"), std::string::npos);
}

}  // namespace
}  // namespace tempera::inventory
