// The few statistics that comparisons and confidence need. Shares and probabilities lie in [0, 1].
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>

namespace tempera::core {

struct Interval {
  double low = 0;
  double high = 0;
};

/// Of a share seen as `successes` of `trials` >= 1. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
/// @param confidence  two-sided, in (0, 1)
Interval wilson_interval(std::size_t successes, std::size_t trials, double confidence = 0.95);

/// A two-sided test of paired values. Pairs that are equal say nothing and are left out.
struct PairedTest {
  std::size_t pairs = 0;    ///< unequal ones
  double statistic = 0;     ///< sign test: pairs with a < b; Wilcoxon: sum of the ranks of those pairs
  double p_value = 1;
};

/// Exact, by the binomial distribution. `a` and `b` are equally long.
PairedTest sign_test(std::span<const double> a, std::span<const double> b);

/// Signed ranks, equal differences with their mean rank. Exact up to 50 unequal pairs, beyond by the normal distribution with corrections for
/// ties and continuity. Wilcoxon, "Individual comparisons by ranking methods", Biometrics 1 (1945).
PairedTest wilcoxon_test(std::span<const double> a, std::span<const double> b);

double mean(std::span<const double> values);                 ///< of at least one
double standard_deviation(std::span<const double> values);   ///< of the sample (n - 1); 0 for one value
double median(std::span<const double> values);               ///< of at least one

/// Cost over time as a staircase: (seconds, cost), seconds ascending, each cost holds until the next point.
using Staircase = std::span<const std::pair<double, double>>;

/// Seconds until the cost is at most `target`; nothing when it never is.
std::optional<double> time_to_target(Staircase trace, double target);

/// Integral over [0, horizon] of the primal gap |cost - best| / max(|cost|, |best|), which is 1 before the first point and wherever the two
/// have different signs; seconds. Berthold, "Measuring the impact of primal heuristics", Operations Research Letters 41 (2013).
double primal_integral(Staircase trace, double best, double horizon);

/// Seconds after which repeated runs of `run_seconds` each, of which a share succeeds, have succeeded at least once with probability 0.99;
/// nothing when none succeeded. Never less than one run. Roennow et al., "Defining and detecting quantum speedup", Science 345 (2014).
std::optional<double> time_to_solution_99(double success_share, double run_seconds);

}  // namespace tempera::core
