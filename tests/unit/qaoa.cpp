// Angles, gradients, tails and samples of QAOA against slow references and finite differences.
#include "solvers/quantum/qaoa.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "solvers/core/error.hpp"
#include "solvers/quantum/angle_table.hpp"
#include "tests/support/memory_ranks.hpp"
#include "tests/support/quantum_reference.hpp"

namespace {
using namespace tempera;
using namespace tempera::quantum;
using tests::Weights;

const Angles some_angles{.gamma = {.21, -.4, 1.3}, .beta = {.5, 1.2, -2.1}};  // quarter turns included

template <class Real>
void expect_gradient(core::RankGroup& ranks, int qubits, double allowed) {
  QaoaEngine<Real> engine(tests::random_cost(qubits, 7, Weights::whole), ranks, {.threads = 2});
  QaoaEngine<double> precise(tests::random_cost(qubits, 7, Weights::whole), ranks, {});
  auto psi = engine.make_state(), lambda = engine.make_state();
  auto state = precise.make_state();
  const Gradient gradient = evaluate_with_gradient(engine, psi, lambda, some_angles);
  EXPECT_NEAR(gradient.value, evaluate(precise, state, some_angles), allowed);
  const double step = 1e-5;
  for (std::size_t l = 0; l < 3; ++l)
    for (const bool gamma : {true, false}) {
      Angles up = some_angles, down = some_angles;
      (gamma ? up.gamma : up.beta)[l] += step;
      (gamma ? down.gamma : down.beta)[l] -= step;
      const double difference = (evaluate(precise, state, up) - evaluate(precise, state, down)) / (2 * step);
      EXPECT_NEAR((gamma ? gradient.gamma : gradient.beta)[l], difference, allowed) << qubits << " qubits, layer " << l << (gamma ? " gamma" : " beta");
    }
}

TEST(Qaoa, GradientEqualsFiniteDifferences) {
  core::SingleRank alone;
  for (const int n : {3, 5, 6, 9, 12, 16}) expect_gradient<double>(alone, n, 2e-7);
  for (const int n : {4, 8, 13}) expect_gradient<float>(alone, n, 2e-3);
}

TEST(Qaoa, GradientEqualsFiniteDifferencesOnRanks) {
  for (const int ranks : {2, 4}) tests::on_ranks(ranks, [](core::RankGroup& group) { expect_gradient<double>(group, 13, 2e-7); });
}

TEST(Qaoa, TailMeanEqualsTheSortedDistribution) {
  core::SingleRank alone;
  const CostPolynomial cost = tests::random_cost(10, 3, Weights::whole);
  QaoaEngine<double> engine(cost, alone, {});
  auto state = engine.make_state();
  evaluate(engine, state, some_angles);
  std::vector<std::pair<double, double>> by_cost;  // cost, probability
  for (std::uint64_t i = 0; i < 1024; ++i) by_cost.emplace_back(cost.value(engine.index_of(state, i)), engine.probability(state, i));
  std::ranges::sort(by_cost);
  for (const double share : {.01, .3, 1.0}) {
    double mass = 0, sum = 0;
    for (const auto& [value, p] : by_cost) {
      const double taken = std::min(p, share - mass);
      mass += taken, sum += taken * value;
    }
    EXPECT_NEAR(tail_mean(engine, state, share), sum / share, 1e-9);
  }
  EXPECT_NEAR(tail_mean(engine, state, 1), engine.expectation(state), 1e-9);
  EXPECT_THROW(tail_mean(engine, state, 0), core::UserError);
  double best = 0;
  for (const auto& [value, p] : by_cost) best += value == by_cost.front().first ? p : 0;
  EXPECT_NEAR(optimum_probability(engine, state, .5), best, 1e-12);
}

TEST(Qaoa, SamplesFollowTheProbabilitiesAndAreTheSameOnAnyRanks) {
  const CostPolynomial cost = tests::random_cost(10, 3, Weights::real);
  constexpr std::uint64_t shots = 20000;
  std::vector<Sample> alone_samples;
  for (const int ranks : {1, 2, 4})
    tests::on_ranks(ranks, [&](core::RankGroup& group) {
      QaoaEngine<double> engine(cost, group, {});
      auto state = engine.make_state();
      evaluate(engine, state, some_angles);
      const auto samples = draw_samples(engine, state, shots, 5);
      std::uint64_t total = 0;
      for (const Sample& s : samples) {
        EXPECT_EQ(s.cost, cost.value(s.index));
        total += s.count;
      }
      EXPECT_EQ(total, shots);
      EXPECT_TRUE(std::ranges::is_sorted(samples, {}, &Sample::cost));
      if (ranks == 1) {
        alone_samples = samples;
        double chi = 0;
        for (const Sample& s : samples) {
          const double expected = shots * engine.probability(state, (s.index ^ (state.flipped ? 1023 : 0)));
          if (expected > 20) chi = std::max(chi, std::abs(static_cast<double>(s.count) - expected) / std::sqrt(expected));
        }
        EXPECT_LT(chi, 4.5);
      } else if (group.rank() == 0) {
        ASSERT_EQ(samples.size(), alone_samples.size());
        for (std::size_t k = 0; k < samples.size(); ++k) EXPECT_TRUE(samples[k].index == alone_samples[k].index && samples[k].count == alone_samples[k].count);
      }
    });
}

TEST(Qaoa, SearchesImproveOnTheRamp) {
  core::SingleRank alone;
  QaoaEngine<double> engine(tests::random_cost(10, 11, Weights::real), alone, {.diagonal = DiagonalKind::real32});
  const auto value = [&](AngleSearch search, int terms, double share) {
    const SearchResult result = find_angles(engine, {.search = search, .depth = 3, .tail_share = share, .fourier_terms = terms, .most_evaluations = 150});
    auto state = engine.make_state();
    const double again = evaluate(engine, state, result.angles);
    EXPECT_NEAR(share < 1 ? tail_mean(engine, state, share) : again, result.value, 1e-9);
    EXPECT_LE(result.evaluations, 151);
    return result.value;
  };
  const double ramp = value(AngleSearch::ramp_only, 0, 1), bobyqa = value(AngleSearch::bobyqa, 0, 1), lbfgs = value(AngleSearch::lbfgs, 0, 1);
  const double mean = (engine.scale().least + engine.scale().most) / 2;
  EXPECT_LT(ramp, mean);
  EXPECT_LT(bobyqa, ramp);
  EXPECT_LT(lbfgs, ramp);
  EXPECT_NEAR(lbfgs, bobyqa, 0.1 * (mean - lbfgs));
  EXPECT_LE(value(AngleSearch::bobyqa, 2, 1), ramp);
  EXPECT_LT(value(AngleSearch::bobyqa, 0, .2), bobyqa);
  EXPECT_THROW(find_angles(engine, {.search = AngleSearch::lbfgs, .tail_share = .5}), core::UserError);
  EXPECT_THROW(find_angles(engine, {.depth = 0}), core::UserError);
}

TEST(Qaoa, RampFindsTheOptimumOfACutAsItDeepens) {
  core::SingleRank alone;
  CostPolynomial cost = tests::moebius_ladder(12);
  for (double& a : cost.linear) a = -a;  // the largest cut is the least cost
  for (Coupling& c : cost.couplings) c.weight = -c.weight;
  QaoaEngine<double> engine(cost, alone, {});
  auto state = engine.make_state();
  double before = 0;
  for (const int depth : {2, 10, 50}) {
    evaluate(engine, state, linear_ramp(depth, .6, ising_scale(cost)));
    const double p = optimum_probability(engine, state, .5);
    EXPECT_GT(p, before);
    before = p;
  }
  EXPECT_GT(before, .9);
}

// A complete Ising model with couplings +-unit.
CostPolynomial spin_glass(int n, unsigned seed, double unit) {
  std::mt19937 random(seed);
  std::vector<Coupling> couplings;
  for (int i = 0; i < n; ++i)
    for (int j = i + 1; j < n; ++j) couplings.push_back({i, j, random() % 2 ? unit : -unit});
  return from_ising(n, 0, std::vector<double>(static_cast<std::size_t>(n)), couplings);
}

TEST(Qaoa, TabledAnglesStartBelowEveryRampOnDenseProblemsOfAnyUnit) {
  core::SingleRank alone;
  for (const int depth : {1, 2, 4, 8, 10}) {
    double tabled = 0, ramps = 0;
    for (unsigned seed = 101; seed < 107; ++seed) {
      QaoaEngine<double> engine(spin_glass(9, seed, 1), alone, {}), large(spin_glass(9, seed, 7), alone, {});
      auto state = engine.make_state();
      const double value = evaluate(engine, state, tabled_angles(depth, engine.cost()));
      EXPECT_NEAR(evaluate(large, state, tabled_angles(depth, large.cost())), 7 * value, 1e-9);
      tabled += value;
      ramps += find_angles(engine, {.search = AngleSearch::ramp_only, .depth = depth}).value;
    }
    EXPECT_LT(tabled, ramps) << "depth " << depth;
  }
}

TEST(Qaoa, StretchedKeepsTheEndsAndTheCurve) {
  const Angles ramp = linear_ramp(4, .5, 1), longer = stretched(ramp, 8);
  EXPECT_EQ(longer.depth(), 8);
  EXPECT_DOUBLE_EQ(longer.gamma.front(), ramp.gamma.front());
  EXPECT_DOUBLE_EQ(longer.beta.back(), ramp.beta.back());
  EXPECT_TRUE(std::ranges::is_sorted(longer.gamma));
}

}  // namespace
