// Against values from textbooks and by hand.
#include "solvers/core/statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace tempera::core {
namespace {

using Values = std::vector<double>;

// Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I, method 3.
TEST(Wilson, AgreesWithThePublishedIntervals) {
  struct Row { std::size_t successes, trials; double low, high; };
  for (const Row& row : {Row{81, 263, 0.2553, 0.3662}, Row{15, 148, 0.0624, 0.1605}, Row{0, 20, 0.0, 0.1611}, Row{1, 29, 0.0061, 0.1718}}) {
    const Interval interval = wilson_interval(row.successes, row.trials);
    EXPECT_NEAR(interval.low, row.low, 5e-5);
    EXPECT_NEAR(interval.high, row.high, 5e-5);
  }
  EXPECT_EQ(wilson_interval(5, 5).high, 1);
  EXPECT_NEAR(wilson_interval(5, 5).low, 5 / (5 + 3.841459), 1e-6) << "n / (n + z^2)";
}

// Hollander and Wolfe, Nonparametric Statistical Methods (1973), p. 29: depression scale of nine patients before and after therapy.
const Values before{1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
const Values after{0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};

TEST(Wilcoxon, AgreesWithHollanderAndWolfe) {
  const PairedTest test = wilcoxon_test(after, before);  // T+ of before - after is 40, P(T+ >= 40) = 0.0195
  EXPECT_EQ(test.pairs, 9u);
  EXPECT_EQ(test.statistic, 40);
  EXPECT_NEAR(test.p_value, 2 * 0.01953125, 1e-12);
  EXPECT_NEAR(wilcoxon_test(before, after).p_value, test.p_value, 1e-15);
}

// Critical values of the tables: n = 8, T = 3 is the last with a two-sided p below 0.05; n = 6, T = 0 has p = 2 / 64.
TEST(Wilcoxon, AgreesWithTheTables) {
  const Values zero6(6, 0.0), zero8(8, 0.0);
  EXPECT_NEAR(wilcoxon_test(zero6, Values{1, 2, 3, 4, 5, 6}).p_value, 2.0 / 64, 1e-15);
  EXPECT_NEAR(wilcoxon_test(zero8, Values{1, 2, -3, 4, 5, 6, 7, 8}).p_value, 10.0 / 256, 1e-15);
  EXPECT_NEAR(wilcoxon_test(zero8, Values{1, 2, 3, -4, 5, 6, 7, 8}).p_value, 14.0 / 256, 1e-15);
}

TEST(Wilcoxon, EqualPairsSayNothingAndEqualDifferencesShareTheirRank) {
  const PairedTest test = wilcoxon_test(Values{0, 0, 0, 0, 5}, Values{1, 1, 1, -2, 5});
  EXPECT_EQ(test.pairs, 4u);
  EXPECT_EQ(test.statistic, 6) << "three times the mean rank 2";
  EXPECT_NEAR(test.p_value, 2 * 9.0 / 16, 0.1251) << "P(T <= 4)";
  EXPECT_EQ(wilcoxon_test(Values{1, 2}, Values{1, 2}).p_value, 1);
}

// n = 60, T = 3 + 6 + ... + 60 = 630: z = (630.5 - 915) / sqrt(60 * 61 * 121 / 24). With n = 48 the p-value is exact, where the normal
// distribution would give 0.06561.
TEST(Wilcoxon, TheNormalDistributionTakesOverForManyPairs) {
  Values zero(60, 0.0), shifted;
  for (int k = 1; k <= 60; ++k) shifted.push_back(k % 3 == 0 ? -k : k);
  EXPECT_NEAR(wilcoxon_test(zero, shifted).p_value, 0.03622649, 1e-7);
  zero.resize(48);
  shifted.resize(48);
  EXPECT_NEAR(wilcoxon_test(zero, shifted).p_value, 0.065278193, 1e-8);
}

TEST(SignTest, IsTheExactBinomial) {
  const PairedTest test = sign_test(after, before);  // seven of nine went down
  EXPECT_EQ(test.statistic, 7);
  EXPECT_NEAR(test.p_value, 2 * 46.0 / 512, 1e-12);
  EXPECT_NEAR(sign_test(Values(10, 0.0), Values(10, 1.0)).p_value, 2.0 / 1024, 1e-15);
  EXPECT_EQ(sign_test(Values{1, 2, 2}, Values{2, 1, 2}).p_value, 1);
  EXPECT_EQ(sign_test(Values{}, Values{}).p_value, 1);
}

TEST(Moments, OfSmallSamples) {
  EXPECT_EQ(mean(Values{2, 4, 9}), 5);
  EXPECT_NEAR(standard_deviation(Values{2, 4, 9}), std::sqrt(13.0), 1e-15);
  EXPECT_EQ(standard_deviation(Values{7}), 0);
  EXPECT_EQ(median(Values{9, 2, 4}), 4);
  EXPECT_EQ(median(Values{9, 2, 4, 6}), 5);
}

const std::vector<std::pair<double, double>> trace{{1, 200}, {3, 125}, {7, 100}};

TEST(Traces, TimeToTarget) {
  EXPECT_EQ(time_to_target(trace, 150), 3);
  EXPECT_EQ(time_to_target(trace, 125), 3);
  EXPECT_EQ(time_to_target(trace, 99), std::nullopt);
}

TEST(Traces, PrimalIntegralByHand) {
  EXPECT_NEAR(primal_integral(trace, 100, 10), 1 * 1 + 2 * 0.5 + 4 * 0.2 + 0, 1e-12);
  EXPECT_NEAR(primal_integral(trace, 100, 2), 1 * 1 + 1 * 0.5, 1e-12);
  EXPECT_NEAR(primal_integral(trace, -100, 10), 10, 1e-12) << "of another sign: gap 1";
  EXPECT_NEAR(primal_integral({}, 100, 10), 10, 1e-12);
}

TEST(TimeToSolution, RepeatsUntilNinetyNinePercent) {
  EXPECT_NEAR(*time_to_solution_99(0.5, 10), 10 * std::log(0.01) / std::log(0.5), 1e-12);
  EXPECT_EQ(time_to_solution_99(1, 10), 10);
  EXPECT_EQ(time_to_solution_99(0, 10), std::nullopt);
}

}  // namespace
}  // namespace tempera::core
