// Which half of the pair is served, and what the record says of both.
#include "jobs/app/serving.hpp"

#include <gtest/gtest.h>

#include "solvers/core/error.hpp"

namespace tempera::app {
namespace {

// A control of 1000 and a candidate of 900.
model::RunRecord pair_of(model::ServingMode mode) {
  model::RunRecord record;
  record.baseline.answer.cost_units = 1000;
  record.incumbent.cost_units = 900;
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
