// Which half of the pair is served, and what the record says of both.
#include "jobs/app/serving.hpp"

#include <gtest/gtest.h>

#include "solvers/core/error.hpp"
#include "solvers/model/confidence.hpp"

namespace tempera::app {
namespace {

// A control of 1000 and a candidate of 900.
model::RunRecord pair_of(model::ServingMode mode) {
  model::RunRecord record;
  record.baseline.answer.cost = record.baseline.answer.cost_units = 1000;
  record.incumbent.cost = record.incumbent.cost_units = 900;
  record.served_by = "annealer";
  record.policy.mode = mode;
  return record;
}

registry::Verdict feasible(std::int64_t cost) { return {true, cost, ""}; }
const registry::Verdict refused{false, 0, "customer 7 is visited twice"};

TEST(Serving, RaceServesTheBetterOne) {
  model::RunRecord record = pair_of(model::ServingMode::race);
  decide(feasible(1000), feasible(900), record);
  EXPECT_EQ(model::served_source(record), "annealer");
  EXPECT_TRUE(record.baseline.judgement.feasible && record.judgement.feasible);
  EXPECT_TRUE(record.warnings.empty());
}

TEST(Serving, ARefusedCandidateIsWithheldAndSaid) {
  for (const model::ServingMode mode : {model::ServingMode::race, model::ServingMode::shadow, model::ServingMode::candidate}) {
    model::RunRecord record = pair_of(mode);
    decide(feasible(1000), refused, record);
    EXPECT_EQ(model::served_source(record), "baseline");
    EXPECT_EQ(record.withheld, "infeasible: the referee refuses the candidate: customer 7 is visited twice");
    EXPECT_FALSE(record.judgement.feasible);
    EXPECT_TRUE(record.baseline.judgement.feasible);
    EXPECT_EQ(record.warnings.size(), 1u);
  }
}

TEST(Serving, ACostThatTheRefereeDoesNotAddUpIsRefused) {
  model::RunRecord record = pair_of(model::ServingMode::race);
  decide(feasible(1000), feasible(901), record);
  EXPECT_FALSE(record.judgement.feasible);
  EXPECT_NE(record.judgement.violation.find("its cost is 900, the referee adds up 901"), std::string::npos);
  EXPECT_EQ(model::served_source(record), "baseline");
}

TEST(Serving, ARefusedControlIsNeverServedEvenInShadow) {
  for (const model::ServingMode mode : {model::ServingMode::race, model::ServingMode::shadow}) {
    model::RunRecord record = pair_of(mode);
    record.policy.min_improvement = 0.5;
    decide(refused, feasible(900), record);
    EXPECT_EQ(model::served_source(record), "annealer");
    EXPECT_FALSE(record.baseline.judgement.feasible);
    EXPECT_EQ(record.warnings.size(), 1u);
  }
}

TEST(Serving, NothingRefusedIsServed) {
  model::RunRecord both = pair_of(model::ServingMode::race);
  EXPECT_THROW(decide(refused, refused, both), core::LogicError);
  model::RunRecord alone = pair_of(model::ServingMode::race);  // annealing found nothing: the incumbent is the control
  alone.served_by = "baseline";
  alone.incumbent = alone.baseline.answer;
  EXPECT_THROW(decide(refused, refused, alone), core::LogicError);
}

TEST(Serving, AskedForMoreConfidenceThanTheSeedsShow) {
  for (const double asked : {0.2, 0.4}) {
    model::RunRecord record = pair_of(model::ServingMode::candidate);
    record.policy.min_confidence = asked;
    record.seeds = {{1, 900}, {2, 905}, {3, 905}, {4, 950}, {5, 990}};  // three of five within 1 %: at least 23.1 %
    decide(feasible(1000), feasible(900), record);
    EXPECT_EQ(model::served_source(record), asked < 0.3 ? "annealer" : "baseline");
    EXPECT_EQ(record.withheld, asked < 0.3 ? "" : "low_confidence: 3 of 5 seeds end within 1 % of the best, so 23.1 % would at least (95 % interval); the policy asks for 40.0 %");
  }
  model::RunRecord unknown = pair_of(model::ServingMode::race);
  unknown.policy.min_confidence = 0.1;
  decide(feasible(1000), feasible(900), unknown);
  EXPECT_EQ(unknown.withheld, "low_confidence: there were no independent seeds, the policy asks for 10.0 %");
}

TEST(Serving, WhatIsNoBetterThanTheControlIsNotServed) {
  for (const std::int64_t cost : {1000, 1100}) {
    model::RunRecord record = pair_of(model::ServingMode::candidate);
    record.served_by = "greedy";
    record.incumbent.cost_units = cost;
    record.incumbent.cost = static_cast<double>(cost);
    decide(feasible(1000), feasible(cost), record);
    EXPECT_EQ(model::served_source(record), "baseline");
    EXPECT_EQ(record.withheld, "worse_than_control: the candidate is no better than the control");
  }
}

// 12 vehicles and 900 of distance, at a price of 10,000 a vehicle.
TEST(Serving, SharesAreOfVehiclesOrOfTheDistanceOfAsMany) {
  model::RunRecord record = pair_of(model::ServingMode::race);
  record.vehicle_price = 10'000;
  EXPECT_NEAR(model::saved_share(record, 120'810, 120'900), 0.1, 1e-12) << "as many vehicles: a tenth of the distance";
  EXPECT_NEAR(model::saved_share(record, 110'950, 120'900), 1.0 / 12, 1e-12) << "one of twelve vehicles, whatever the distance";
  EXPECT_NEAR(model::saved_share(record, 130'100, 120'900), -1.0 / 12, 1e-12);
  record.missing_price = 1'000'000;
  EXPECT_NEAR(model::saved_share(record, 2'110'950, 2'120'900), 1.0 / 12, 1e-12) << "two customers out of reach are no vehicles";
  EXPECT_NEAR(model::saved_share(record, 1'120'900, 2'110'950), 0.5, 1e-12) << "who is served comes first";
  EXPECT_NEAR(model::saved_share(record, 120'810, 120'900), 0.1, 1e-12);
  record.missing_price = 0;
  record.baseline.answer.cost = record.baseline.answer.cost_units = 120'900;
  record.incumbent.cost = record.incumbent.cost_units = 120'810;
  for (const double asked : {0.05, 0.2}) {
    record.policy.min_improvement = asked;
    decide(feasible(120'900), feasible(120'810), record);
    EXPECT_EQ(record.withheld, asked < 0.1 ? "" : "worse_than_control: the candidate saves 10.000 % (of vehicles, or of the distance of as many), the policy asks for 20.000 %");
  }
  record.policy.within = 0.05;
  record.seeds = {{1, 120'810}, {2, 120'840}, {3, 120'880}, {4, 130'100}};  // 3.7 % and 8.6 % more distance, and a vehicle more
  EXPECT_EQ(model::confidence_of(record)->agreeing, 2u);
}

TEST(Serving, ShotsOfACircuitTellHowSureItIs) {
  for (const std::uint64_t count : {20u, 400u}) {
    model::RunRecord record = pair_of(model::ServingMode::race);
    record.policy.min_confidence = 0.3;
    record.best_sample = {count, 1000};
    decide(feasible(1000), feasible(900), record);
    EXPECT_EQ(record.withheld.starts_with("low_confidence: 20 of 1000 shots give the best sample"), count == 20) << record.withheld;
  }
}

TEST(Serving, PoliciesWithholdWhatTheyPromise) {
  model::RunRecord shadow = pair_of(model::ServingMode::shadow);
  decide(feasible(1000), feasible(900), shadow);
  EXPECT_EQ(shadow.withheld, "shadow: the candidate is only recorded");
  for (const double asked : {0.05, 0.2}) {
    model::RunRecord race = pair_of(model::ServingMode::race);
    race.policy.min_improvement = asked;
    decide(feasible(1000), feasible(900), race);
    EXPECT_EQ(race.withheld.starts_with("worse_than_control:"), asked > 0.1);
  }
  model::RunRecord candidate = pair_of(model::ServingMode::candidate);
  candidate.policy.min_improvement = 0.5;
  decide(feasible(1000), feasible(900), candidate);
  EXPECT_EQ(model::served_source(candidate), "annealer");
}

}  // namespace
}  // namespace tempera::app
