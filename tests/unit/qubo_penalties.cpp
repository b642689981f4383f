// Linear constraints of a QUBO: penalties, slack variables, the weight found by trying, the referee.
#include <gtest/gtest.h>

#include <cstdlib>

#include "solvers/core/error.hpp"
#include "solvers/core/random.hpp"
#include "solvers/model/qubo_penalties.hpp"
#include "solvers/model/qubo_referee.hpp"
#include "solvers/qubo/campaign.hpp"
#include "solvers/qubo/penalty.hpp"

namespace tempera::qubo {
namespace {

using model::ConstraintSense;
using model::LinearConstraint;
using model::QuboProblem;

QuboProblem random_base(std::uint32_t seed, std::int32_t n, model::Sense sense) {
  core::RandomStream random({.seed = seed, .domain = core::tests});
  model::QuboBuilder builder("base", n);
  for (std::int32_t i = 0; i < n; ++i)
    for (std::int32_t j = i; j < n; ++j)
      if (random.below(2) == 0) builder.add(i, j, static_cast<double>(random.below(41)) / 4 - 5);
  builder.add_offset(1.5);
  QuboProblem problem = builder.build(sense);
  problem.name = "base";
  return problem;
}

std::vector<LinearConstraint> random_constraints(std::uint32_t seed, std::int32_t n) {
  core::RandomStream random({.seed = seed, .domain = core::tests, .part = 1});
  std::vector<LinearConstraint> constraints;
  for (const ConstraintSense sense : {ConstraintSense::at_most, ConstraintSense::equal, ConstraintSense::at_least}) {
    LinearConstraint c{.name = std::to_string(constraints.size()), .sense = sense, .bound = 0, .members = {}, .coefficients = {}};
    for (std::int32_t i = 0; i < n; ++i)
      if (random.below(3) != 0) c.members.push_back(i), c.coefficients.push_back(static_cast<std::int64_t>(random.below(7)) - 2);
    // The bound is kept by some random values.
    std::vector<std::int32_t> values(static_cast<std::size_t>(n));
    core::RandomStream same({.seed = seed, .domain = core::tests, .part = 2});
    for (std::int32_t& v : values) v = static_cast<std::int32_t>(same.below(2));
    for (std::size_t k = 0; k < c.members.size(); ++k) c.bound += c.coefficients[k] * values[static_cast<std::size_t>(c.members[k])];
    constraints.push_back(std::move(c));
  }
  return constraints;
}

std::vector<std::int32_t> bits(std::uint32_t code, std::int32_t n) {
  std::vector<std::int32_t> values(static_cast<std::size_t>(n));
  for (std::int32_t i = 0; i < n; ++i) values[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(code >> i & 1);
  return values;
}

// For all values of the own variables: with the slack settled, values that keep all constraints cost what they cost in the base, and
// no setting of the slack makes others cost less than one penalty more.
TEST(QuboPenalties, CostNothingWhereKeptAndAtLeastOnePenaltyWhereNot) {
  constexpr std::int32_t n = 6;
  int kept = 0, broken = 0;
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    const auto sense = seed % 2 == 0 ? model::Sense::minimise : model::Sense::maximise;
    const QuboProblem base = random_base(seed, n, sense);
    const auto constraints = random_constraints(seed, n);
    const QuboProblem problem = model::penalised(base, constraints, 3);
    ASSERT_EQ(problem.variables(), n + problem.slack_variables);
    ASSERT_LE(problem.slack_variables, 12);
    for (std::uint32_t code = 0; code < 1u << n; ++code) {
      std::vector<std::int32_t> own = bits(code, n), all = own;
      all.resize(static_cast<std::size_t>(problem.variables()), 0);
      bool keeps = true;
      for (const LinearConstraint& c : constraints) keeps = keeps && model::violation(c, own) == 0;
      const auto settled = model::with_settled_slack(problem, all);
      const model::QuboVerdict plain = model::judge(base, own), verdict = model::judge(problem, settled);
      EXPECT_EQ(verdict.feasible, keeps) << "seed " << seed;
      EXPECT_NEAR(verdict.objective, plain.objective, 1e-9) << "without penalties, whatever is missed";
      const double paid = (sense == model::Sense::maximise ? -1 : 1) * (problem.objective(verdict.energy) - plain.objective);
      if (keeps) EXPECT_NEAR(paid, 0, 1e-9) << "seed " << seed << " code " << code;
      else EXPECT_GE(paid, 3 - 1e-9) << "seed " << seed << " code " << code;
      (keeps ? kept : broken) += 1;
      core::RandomStream random({.seed = seed, .domain = core::tests, .part = 3, .step = code});
      for (std::size_t k = static_cast<std::size_t>(n); k < all.size(); ++k) all[k] = static_cast<std::int32_t>(random.below(2));
      const model::QuboVerdict other = model::judge(problem, all);
      EXPECT_NEAR(other.objective, plain.objective, 1e-9) << "slack as it comes";
      EXPECT_GE(other.energy, verdict.energy - (keeps ? 0 : INT64_MAX / 4));
    }
  }
  EXPECT_GT(kept, 100);
  EXPECT_GT(broken, 300);
}

TEST(QuboPenalties, TheWeightFoundLeadsToTheConstrainedOptimum) {
  constexpr std::int32_t n = 10;
  int light = 0;
  for (std::uint32_t seed = 50; seed < 62; ++seed) {
    const QuboProblem base = random_base(seed, n, model::Sense::minimise);
    const auto constraints = random_constraints(seed, n);
    double best = 1e300;
    for (std::uint32_t code = 0; code < 1u << n; ++code) {
      const auto own = bits(code, n);
      bool keeps = true;
      for (const LinearConstraint& c : constraints) keeps = keeps && model::violation(c, own) == 0;
      if (keeps) best = std::min(best, model::judge(base, own).objective);
    }
    const QuboProblem problem = with_penalties(base, constraints);
    EXPECT_GE(feasible_share(problem, 1), 0.5);
    const model::QuboVerdict start = model::judge(problem, feasible_start(problem));
    EXPECT_TRUE(start.feasible);
    EXPECT_GE(start.objective, best - 1e-9);
    EXPECT_NEAR(start.objective, best, 0.25 * std::abs(best) + 2) << "seed " << seed;
    light += problem.penalty < model::largest_gain(base);
  }
  EXPECT_GE(light, 6) << "a heavy penalty is no feat";
}

// x0 alone is worth 6, x1 alone 5, and only one may be taken. A ladder finds x0 with its slack variable left on, which costs the
// penalty of 2: less than x1 by its energy, but the better answer.
TEST(QuboPenalties, IdleSlackDoesNotHideTheBetterAnswer) {
  model::QuboBuilder builder("pick", 2);
  builder.add(0, 0, -6);
  builder.add(1, 1, -5);
  const LinearConstraint one{.name = "one", .sense = ConstraintSense::at_most, .bound = 1, .members = {0, 1}, .coefficients = {1, 1}};
  const QuboProblem problem = model::penalised(builder.build(model::Sense::minimise), std::span(&one, 1), 2);
  ASSERT_EQ(problem.variables(), 3);
  model::Answer start;
  start.ints = {0, 0, 1};
  LadderCampaign campaign({.ladders = 1, .penalised = true, .sweeps = 10, .round_sweeps = 10}, [&](std::span<const std::int32_t> values) { return model::judge(problem, values); },
                          [&](std::vector<std::int32_t> values) { return model::with_settled_slack(problem, std::move(values)); }, 3, start, "baseline");
  const model::Task task = campaign.next_task(0).value();
  const std::vector<std::vector<std::int32_t>> found{{0, 1, 0}, {1, 0, 1}, {0, 0, 1}};  // the best by energy, on the coldest rung, on the hottest
  model::Outcome outcome{.task = task.id, .round = task.round, .replica = task.replica, .iterations = 10, .ints = {7}, .wholes = {1, 0}, .reals = {1, 2, 0}};
  for (const std::vector<std::int32_t>& values : found) {
    outcome.wholes.push_back(model::judge(problem, values).energy);
    outcome.ints.insert(outcome.ints.end(), values.begin(), values.end());
  }
  ASSERT_LT(outcome.wholes[2], outcome.wholes[3]);
  campaign.on_outcome(outcome, 0);
  model::RunRecord record;
  campaign.describe(record);
  EXPECT_EQ(record.incumbent.ints, (std::vector<std::int32_t>{1, 0, 0}));
  EXPECT_DOUBLE_EQ(record.incumbent.cost, -6);
}

TEST(QuboPenalties, RedundantConstraintsCostNoVariables) {
  const QuboProblem base = random_base(1, 4, model::Sense::minimise);
  const LinearConstraint c{.name = "wide", .sense = ConstraintSense::at_most, .bound = 10, .members = {0, 1, 2}, .coefficients = {1, 2, 3}};
  const QuboProblem problem = model::penalised(base, std::vector{c}, 5);
  EXPECT_EQ(problem.slack_variables, 0);
  EXPECT_EQ(problem.linear, base.linear);
}

// An objective in whole numbers stays exact beside light penalties, or is refused: never rounded away.
TEST(QuboPenalties, KeepTheObjectiveExactOrSaySo) {
  const QuboProblem base = random_base(3, 6, model::Sense::minimise);
  for (const double penalty : {0.0313, 0.9375, 7.0}) {
    const LinearConstraint c{.name = "a", .sense = ConstraintSense::at_most, .bound = 19, .members = {0, 1, 2, 3}, .coefficients = {13, 7, 17, 3}};
    const QuboProblem problem = model::penalised(base, std::vector{c}, penalty);
    EXPECT_TRUE(problem.exact) << penalty;
    EXPECT_LE(problem.unit, base.unit);
  }
  const LinearConstraint wide{.name = "cents", .sense = ConstraintSense::at_most, .bound = 900'000'000, .members = {0, 1}, .coefficients = {700'000'001, 600'000'003}};
  EXPECT_THROW(model::penalised(base, std::vector{wide}, 0.5), core::UserError);
}

std::string message_of(const LinearConstraint& c) {
  try {
    model::penalised(random_base(1, 4, model::Sense::minimise), std::vector{c}, 1);
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(QuboPenalties, NamesWhatIsWrong) {
  using enum ConstraintSense;
  EXPECT_EQ(message_of({"a", at_most, -1, {0, 1}, {1, 2}}), "base: constraint a cannot be kept: its sum is 0 at least, and -1 is asked for.");
  EXPECT_EQ(message_of({"a", at_least, 4, {0, 1}, {1, 2}}), "base: constraint a cannot be kept: its sum is 3 at most, and 4 is asked for.");
  EXPECT_EQ(message_of({"a", equal, 4, {0, 1}, {1, 2}}), "base: constraint a cannot be kept: its sum is 3 at most, and 4 is asked for.");
  EXPECT_EQ(message_of({"a", equal, 1, {0, 0}, {1, 2}}), "base: constraint a names variable 0 twice. Add its coefficients up.");
  EXPECT_EQ(message_of({"a", equal, 1, {0, 4}, {1, 2}}), "base: constraint a names variable 4, but they are numbered from 0 to 3.");
  EXPECT_EQ(message_of({"a", equal, 1, {0, 1}, {1}}), "base: constraint a has 2 variables and 1 coefficients. Give one for each.");
}

}  // namespace
}  // namespace tempera::qubo
