// The backtest simulator against exact oracles, by its invariants, and its speed.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>

#include "solvers/baselines/clark_scarf.hpp"
#include "solvers/core/error.hpp"
#include "solvers/core/random.hpp"
#include "solvers/inventory/backtest.hpp"
#include "solvers/inventory/policies.hpp"
#include "solvers/inventory/simulator.hpp"

namespace tempera::inventory {
namespace {

using model::BacktestJob;
using model::DemandKind;
using model::PolicyKind;

// Node 0 faces the customers, the last node orders outside.
BacktestJob serial(const std::vector<double>& local_holding, const std::vector<std::int32_t>& lead_time, double shortage, const model::DemandModel& demand) {
  BacktestJob job;
  for (std::size_t i = 0; i < local_holding.size(); ++i) {
    job.system.nodes.push_back({.name = "n" + std::to_string(i), .holding_cost = local_holding[i], .expedite_cost = {}, .storage = {}, .demand = {}});
    const auto self = static_cast<std::int32_t>(i);
    job.system.lanes.push_back({.from = i + 1 < local_holding.size() ? self + 1 : model::outside, .to = self, .lead_time = lead_time[i]});
  }
  job.system.nodes[0].shortage_cost = shortage;
  job.system.nodes[0].demand = demand;
  for (auto& n : job.system.nodes) n.on_hand = 1;
  return job;
}

TEST(ClarkScarf, MeetsTheTextbookOptimum) {
  const std::vector<baselines::SerialStage> stages{{2, 1}, {2, 1}, {1, 1}, {1, 1}, {1, 1}};
  const auto result = baselines::clark_scarf_poisson(stages, 32, 24);
  EXPECT_NEAR(result.cost, 453.6915586955, 1e-8);
  EXPECT_NEAR(result.cost, 453.685598, 0.01) << "published, with the demand cut at about five standard deviations";
  EXPECT_EQ(result.levels, (std::vector<std::int64_t>{41, 74, 109, 142, 174}));
}

TEST(Backtest, ReproducesTheClarkScarfCostOfAPoissonSystem) {
  BacktestJob job = serial({7, 5, 3, 2, 1}, {1, 1, 1, 1, 1}, 24, {.kind = DemandKind::poisson, .mean = 32, .listed = {}});
  job.policies = {{"echelon base stock", PolicyKind::echelon_base_stock, {41, 74, 109, 142, 174}, {}}};
  job.periods = 4000, job.warm_up = 100, job.scenarios = 40;
  const Estimate cost = estimate(backtest(job)[0].scenario_cost);
  EXPECT_NEAR(cost.mean, 453.69156, 1.5 * cost.half_width);
  EXPECT_LT(cost.half_width, 0.003 * cost.mean);
}

TEST(Backtest, ReproducesTheClarkScarfCostOfANormalSystem) {
  BacktestJob job = serial({7, 4, 2}, {1, 1, 2}, 37.12, {.kind = DemandKind::normal, .mean = 5, .deviation = 1, .listed = {}});
  job.policies = {{"echelon base stock", PolicyKind::echelon_base_stock, {6.49, 12.02, 22.71}, {}}};
  job.periods = 4000, job.warm_up = 100, job.scenarios = 60;
  const Estimate cost = estimate(backtest(job)[0].scenario_cost);
  EXPECT_NEAR(cost.mean, 47.65, 0.001 * 47.65 + 1.5 * cost.half_width);
  EXPECT_LT(cost.half_width, 0.003 * cost.mean);
}

TEST(Backtest, LocalAndEchelonBaseStockAgreeInSeries) {
  BacktestJob job = serial({7, 4, 2}, {1, 1, 2}, 37.12, {.kind = DemandKind::normal, .mean = 5, .deviation = 1, .listed = {}});
  job.system.nodes[0].on_hand = 6, job.system.nodes[1].on_hand = 6, job.system.nodes[2].on_hand = 10;
  job.policies = {{"echelon", PolicyKind::echelon_base_stock, {6.5, 12, 22.5}, {}}, {"local", PolicyKind::base_stock, {6.5, 5.5, 10.5}, {}}};
  job.periods = 500, job.warm_up = 50, job.scenarios = 3;
  const auto records = backtest(job);
  EXPECT_NEAR(records[0].total.cost(), records[1].total.cost(), 1e-6 * records[0].total.cost());
}

// One site that is filled up every night: expected cost (h + b) sigma phi(z) at the fractile b / (b + h).
TEST(Backtest, MeetsTheNewsvendorIdentity) {
  const double h = 2, b = 18, mean = 100, sigma = 15;
  BacktestJob job = serial({h}, {1}, b, {.kind = DemandKind::normal, .mean = mean, .deviation = sigma, .listed = {}});
  const double z = model::normal_quantile(b / (b + h)), level = mean + z * sigma;
  job.policies = {{"newsvendor", PolicyKind::newsvendor, {}, {}}, {"level", PolicyKind::base_stock, {level}, {}}, {"less", PolicyKind::base_stock, {level - 10}, {}},
                  {"more", PolicyKind::base_stock, {level + 10}, {}}};
  job.periods = 3000, job.warm_up = 10, job.scenarios = 40;
  const auto records = backtest(job);
  const double expected = (h + b) * sigma * std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
  const Estimate cost = estimate(records[0].scenario_cost);
  EXPECT_NEAR(cost.mean, expected, 1.5 * cost.half_width);
  EXPECT_LT(cost.half_width, 0.01 * expected);
  EXPECT_EQ(records[0].scenario_cost, records[1].scenario_cost);
  for (const std::size_t other : {2u, 3u}) {
    const Estimate worse = paired_difference(records[other], records[0]);
    EXPECT_GT(worse.mean - worse.half_width, 0) << "either side of the fractile costs more, surely";
  }
  const double rate = static_cast<double>(records[0].total.stockout_days) / records[0].total.demand_days;
  EXPECT_NEAR(rate, h / (b + h), 0.005);
}

TEST(Backtest, PlaysASmallCaseByHand) {
  // Demand 3, 5, 2; lead time 2; stock 4; base stock 6.
  BacktestJob job = serial({1}, {2}, 10, {.kind = DemandKind::listed, .listed = {3, 5, 2}});
  job.system.nodes[0].on_hand = 4;
  job.system.lanes[0].unit_cost = 0.5, job.system.lanes[0].order_cost = 2;
  job.policies = {{"six", PolicyKind::base_stock, {6}, {}}};
  job.periods = 3, job.warm_up = 0, job.scenarios = 1;
  const Kpis k = backtest(job)[0].total;
  // t0: serve 3, on hand 1, order 5.  t1: serve 1 of 5, backorder 4, position -4 + 5 = 1, order 5.  t2: 5 arrive, 4 go to the
  // backorder, 1 of 2 served, backorder 1, position 0 - 1 + 5 = 4, order 2.
  EXPECT_EQ(k.demand, 10);
  EXPECT_EQ(k.served, 5);
  EXPECT_EQ(k.stockout_days, 2);
  EXPECT_EQ(k.backorder_periods, 5);
  EXPECT_EQ(k.holding, 1);
  EXPECT_EQ(k.shortage, 50);
  EXPECT_EQ(k.transport, 6);
  EXPECT_EQ(k.ordering, 6);
}

TEST(Backtest, LostSalesExpeditingAndStorageAreCounted) {
  BacktestJob job = serial({1}, {1}, 10, {.kind = DemandKind::listed, .listed = {3, 5, 2}});
  job.system.nodes[0].on_hand = 4;
  job.system.nodes[0].storage = 0.5;
  job.policies = {{"nothing", PolicyKind::do_nothing, {}, {}}};
  job.periods = 3, job.warm_up = 0, job.scenarios = 1;
  job.system.nodes[0].unmet = model::UnmetDemand::lost;
  Kpis k = backtest(job)[0].total;
  EXPECT_EQ(k.lost, 6);
  EXPECT_EQ(k.shortage, 60);
  EXPECT_EQ(k.backorder_periods, 0);
  EXPECT_EQ(k.overfull_days, 1);
  job.system.nodes[0].expedite_cost = 4;
  k = backtest(job)[0].total;
  EXPECT_EQ(k.lost, 0);
  EXPECT_EQ(k.expedited, 6);
  EXPECT_EQ(k.expediting, 24);
  EXPECT_EQ(k.stockout_days, 2);
}

TEST(Backtest, SplitsOrdersOverSuppliersAndNeverOrdersTwice) {
  BacktestJob job = serial({1}, {1}, 10, {.kind = DemandKind::listed, .listed = {4}});
  job.system.lanes = {{.from = model::outside, .to = 0, .lead_time = 1, .share = 0.75, .unit_cost = 1}, {.from = model::outside, .to = 0, .lead_time = 3, .share = 0.25, .unit_cost = 2}};
  job.system.nodes[0].on_hand = 20;
  job.policies = {{"base", PolicyKind::base_stock, {20}, {}}};
  job.periods = 50, job.warm_up = 10, job.scenarios = 1;
  const Kpis k = backtest(job)[0].total;
  EXPECT_NEAR(k.transport, 50 * (3 * 1 + 1 * 2), 1e-9) << "4 units a day, 3 from the first, 1 from the second";
  EXPECT_EQ(k.fill_rate(), 1);
}

TEST(Backtest, ZeroLeadTimesPassStockOnWithinThePeriod) {
  BacktestJob job = serial({1, 1, 1}, {0, 0, 0}, 10, {.kind = DemandKind::listed, .listed = {4}});
  job.policies = {{"base", PolicyKind::base_stock, {4, 0, 0}, {}}};
  job.periods = 20, job.warm_up = 1, job.scenarios = 1;
  const Kpis k = backtest(job)[0].total;
  EXPECT_EQ(k.fill_rate(), 1) << "what is ordered at night is there in the morning, through two sites that hold nothing";
  EXPECT_EQ(k.stock_periods, 20 * 4);
}

BacktestJob distribution(std::uint32_t seed) {
  core::RandomStream random({.seed = seed, .domain = core::tests});
  BacktestJob job;
  job.seed = seed;
  job.system.correlation = 0.3;
  const std::int32_t shops = 6;
  job.system.nodes.push_back({.name = "plant", .holding_cost = 0.5, .expedite_cost = {}, .on_hand = 300, .storage = {}, .demand = {}});
  job.system.nodes.push_back({.name = "hub", .holding_cost = 1, .expedite_cost = {}, .on_hand = 200, .storage = 300, .demand = {}});
  job.system.lanes.push_back({.from = model::outside, .to = 0, .lead_time = 3});
  job.system.lanes.push_back({.from = 0, .to = 1, .lead_time = 2, .unit_cost = 0.1, .unit_volume = 0.01});
  for (std::int32_t k = 0; k < shops; ++k) {
    const std::int32_t self = 2 + k;
    job.system.nodes.push_back({.name = "shop", .holding_cost = 2, .shortage_cost = 20, .expedite_cost = {}, .unmet = k % 2 ? model::UnmetDemand::lost : model::UnmetDemand::backordered,
                                .on_hand = 40, .storage = {},
                                .demand = {.kind = k % 3 == 2 ? DemandKind::poisson : DemandKind::normal, .mean = 10.0 + random.below(10), .deviation = 4, .listed = {}}});
    const std::int32_t lead = static_cast<std::int32_t>(random.below(3));
    job.system.lanes.push_back({.from = 1, .to = self, .lead_time = lead, .share = 0.6, .unit_cost = 0.3, .unit_volume = 0.01});
    job.system.lanes.push_back({.from = 0, .to = self, .lead_time = 2, .share = 0.4, .unit_cost = 0.4, .unit_volume = 0.01});
  }
  const std::vector<double> levels = newsvendor_levels(job.system);
  std::vector<double> reorder = levels;
  for (double& s : reorder) s *= 0.8;
  job.policies = {{"nothing", PolicyKind::do_nothing, {}, {}}, {"newsvendor", PolicyKind::newsvendor, {}, {}}, {"base", PolicyKind::base_stock, levels, {}},
                  {"(s,S)", PolicyKind::reorder_point, levels, reorder}, {"echelon", PolicyKind::echelon_base_stock, std::vector<double>(levels.size(), 200.0), {}},
                  {"foresight", PolicyKind::perfect_foresight, {}, {}}};
  job.periods = 200, job.warm_up = 20, job.scenarios = 5;
  return job;
}

TEST(Backtest, KeepsItsInvariantsOnADistributionNetwork) {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    const BacktestJob job = distribution(seed);
    model::validate(job, "job");
    const auto records = backtest(job);  // conservation is asserted inside, every period
    for (const PolicyRecord& r : records) {
      EXPECT_EQ(r.total.periods, 1000);
      EXPECT_EQ(r.total.demand, records[0].total.demand) << "all see the same demand";
      EXPECT_LE(r.total.served, r.total.demand);
      EXPECT_GE(r.total.cost(), records.back().total.cost() - 1e-9) << r.name << ": perfect foresight is the floor, seed " << seed;
    }
    EXPECT_GT(records[1].total.fill_rate(), 0.7);
    EXPECT_EQ(records.back().total.stockout_rate(), 0) << "who knows the demand is never short";
    EXPECT_LT(records[0].total.fill_rate(), 0.3);
  }
}

TEST(Backtest, IsTheSameAgainAndDoesNotDependOnHowScenariosAreShared) {
  const BacktestJob job = distribution(7);
  const auto whole = backtest(job);
  const Simulator simulator(job.system);
  std::vector<std::vector<Kpis>> kpis(static_cast<std::size_t>(job.scenarios));
  for (std::int32_t s = job.scenarios - 1; s >= 0; --s) kpis[static_cast<std::size_t>(s)] = play_scenario(job, simulator, s);
  const auto shared = collect(job, kpis);
  for (std::size_t p = 0; p < whole.size(); ++p) {
    EXPECT_EQ(whole[p].total.cost(), shared[p].total.cost());
    EXPECT_EQ(whole[p].scenario_cost, shared[p].scenario_cost);
  }
}

TEST(RollingPlan, OnOneNodeComesCloseToTheNewsvendorWhoIsOptimalThere) {
  BacktestJob job = serial({1}, {2}, 9, {.kind = DemandKind::normal, .mean = 100, .deviation = 20, .listed = {}});
  job.policies = {{"newsvendor", PolicyKind::newsvendor, {}, {}}, {"plan", PolicyKind::rolling_plan, {}, {}, {.horizon = 4, .forecasts = 60, .lot = 4}}};
  job.periods = 300, job.warm_up = 20, job.scenarios = 4;
  const auto records = backtest(job);
  const double best = estimate(records[0].scenario_cost).mean, plan = estimate(records[1].scenario_cost).mean;
  EXPECT_LT(plan, 1.06 * best);
  EXPECT_GT(plan, 0.97 * best);
}

TEST(RollingPlan, WithoutUncertaintyPaysOnlyForWhatIsOnTheWay) {
  BacktestJob job = serial({3, 2, 1}, {2, 1, 3}, 20, {.kind = DemandKind::listed, .listed = {10}});
  job.policies = {{"plan", PolicyKind::rolling_plan, {}, {}, {.horizon = 0, .forecasts = 1, .lot = 1}}};
  job.periods = 60, job.warm_up = 20, job.scenarios = 1;
  const auto records = backtest(job);
  EXPECT_EQ(records[0].total.stockout_rate(), 0);
  EXPECT_NEAR(records[0].total.cost(), 60 * (10 * 1 * 1 + 10 * 2 * 2), 1e-9) << "ten units a period, one period from node 2 at 1, two from node 1 at 2";
}

TEST(RollingPlan, OnAChainStaysBetweenTheOptimumAndLocalLevels) {
  BacktestJob job = serial({7, 4, 1}, {1, 1, 2}, 37.12, {.kind = DemandKind::normal, .mean = 5, .deviation = 1, .listed = {}});
  job.policies = {{"plan", PolicyKind::rolling_plan, {}, {}, {.horizon = 7, .forecasts = 30, .lot = 0.25}},
                  {"echelon", PolicyKind::echelon_base_stock, {6.49, 12.02, 22.71}, {}}, {"newsvendor", PolicyKind::newsvendor, {}, {}}};
  job.periods = 120, job.warm_up = 20, job.scenarios = 3;
  const auto records = backtest(job);
  const double plan = records[0].total.cost();
  EXPECT_GT(plan, 0.97 * records[1].total.cost()) << "nothing beats the optimum but by luck";
  EXPECT_LT(plan, 1.15 * records[1].total.cost());
  EXPECT_LT(plan, records[2].total.cost());
}

TEST(RollingPlan, KeepsAccountOfWhatIsOnTheWayInADistributionNetwork) {
  BacktestJob job = distribution(3);
  job.policies = {{"plan", PolicyKind::rolling_plan, {}, {}, {.horizon = 9, .forecasts = 8, .lot = 10}}, {"newsvendor", PolicyKind::newsvendor, {}, {}},
                  {"foresight", PolicyKind::perfect_foresight, {}, {}}};
  job.periods = 60, job.scenarios = 2;
  const auto records = backtest(job);
  EXPECT_GE(records[0].total.cost(), records[2].total.cost());
  EXPECT_LT(records[0].total.cost(), 1.5 * records[1].total.cost());
  EXPECT_GT(records[0].total.fill_rate(), 0.85);
}

TEST(Estimate, GivesStudentsInterval) {
  const Estimate e = estimate({1, 2, 3, 4, 5});
  EXPECT_DOUBLE_EQ(e.mean, 3);
  EXPECT_NEAR(e.half_width, 2.776 * std::sqrt(2.5 / 5), 0.01);
  EXPECT_EQ(estimate({4}).half_width, 0);
}

TEST(ValidateBacktest, NamesTableRowAndField) {
  const auto said = [](const std::function<void(BacktestJob&)>& spoil) {
    BacktestJob job = serial({1, 1}, {1, 1}, 10, {.kind = DemandKind::poisson, .mean = 4, .listed = {}});
    job.policies = {{"base", PolicyKind::base_stock, {5, 5}, {}}};
    spoil(job);
    try {
      model::validate(job, "job.json");
    } catch (const core::UserError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_EQ(said([](auto&) {}), "accepted");
  EXPECT_EQ(said([](auto& j) { j.system.lanes[0].lead_time = -1; }), "job.json: lanes[0].lead_time is -1, but must be 0 to 100000 periods.");
  EXPECT_EQ(said([](auto& j) { j.system.lanes[0].to = 7; }), "job.json: lanes[0].to is 7, but nodes are 0 to 1.");
  EXPECT_EQ(said([](auto& j) { j.system.lanes[1].from = 0; }), "job.json: lanes: they form a cycle. Stock could be sent around for ever; remove one of its lanes.");
  EXPECT_EQ(said([](auto& j) { j.system.lanes[0].share = 0.5; }),
            "job.json: lanes: the shares into nodes[0] (n0) add up to 0.5, but must to 1: an order is split, never placed twice.");
  EXPECT_EQ(said([](auto& j) { j.system.nodes[1].holding_cost = -1; }), "job.json: nodes[1].holding_cost is -1, but must be a number from 0 up.");
  EXPECT_EQ(said([](auto& j) { j.policies[0].levels = {1}; }), "job.json: policies[0].levels has 1 numbers for 2 nodes.");
  EXPECT_EQ(said([](auto& j) { j.policies.clear(); }), "job.json: policies: the list is empty. Give at least one.");
}

}  // namespace
}  // namespace tempera::inventory
