#include "solvers/core/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>
#include <vector>

#include "solvers/core/error.hpp"

namespace tempera::core {

namespace {
constexpr std::size_t most_exact_pairs = 50;

std::vector<double> unequal_differences(std::span<const double> a, std::span<const double> b) {
  TEMPERA_ASSERT(a.size() == b.size(), "paired values of different number");
  std::vector<double> differences;
  for (std::size_t k = 0; k < a.size(); ++k)
    if (a[k] != b[k]) differences.push_back(a[k] - b[k]);
  return differences;
}

// Twice the rank of each |difference|, so that the mean rank of equal ones is whole.
std::vector<std::size_t> doubled_ranks(std::span<const double> differences) {
  std::vector<std::size_t> order(differences.size()), rank(differences.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto size = [&](std::size_t k) { return std::abs(differences[k]); };
  std::ranges::sort(order, {}, size);
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first;
    while (end < order.size() && size(order[end]) == size(order[first])) ++end;
    for (std::size_t k = first; k < end; ++k) rank[order[k]] = first + 1 + end;
    first = end;
  }
  return rank;
}

// Share of the 2^n sign patterns whose doubled rank sum is at most `sum`.
double exact_tail(std::span<const std::size_t> ranks, std::size_t sum) {
  std::vector<double> share(std::accumulate(ranks.begin(), ranks.end(), std::size_t{0}) + 1, 0.0);
  share[0] = 1;
  for (const std::size_t rank : ranks)
    for (std::size_t s = share.size(); s-- > 0;) share[s] = 0.5 * share[s] + (s >= rank ? 0.5 * share[s - rank] : 0);
  return std::accumulate(share.begin(), share.begin() + static_cast<std::ptrdiff_t>(sum) + 1, 0.0);
}

double normal_tail(std::span<const std::size_t> ranks, double sum) {
  double mean = 0, variance = 0;  // of the sum of ranks whose signs are drawn; with mean ranks this is the correction for ties
  for (const std::size_t doubled : ranks) {
    const double rank = 0.5 * static_cast<double>(doubled);
    mean += rank / 2;
    variance += rank * rank / 4;
  }
  return boost::math::cdf(boost::math::normal(), std::min(0.0, (sum + 0.5 - mean) / std::sqrt(variance)));
}
}  // namespace

Interval wilson_interval(std::size_t successes, std::size_t trials, double confidence) {
  TEMPERA_ASSERT(trials > 0 && successes <= trials, "a share needs a trial");
  const double z = boost::math::quantile(boost::math::normal(), 0.5 + confidence / 2), n = static_cast<double>(trials), p = static_cast<double>(successes) / n;
  const double middle = (p + z * z / (2 * n)) / (1 + z * z / n), half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {successes == 0 ? 0.0 : std::max(0.0, middle - half), successes == trials ? 1.0 : std::min(1.0, middle + half)};
}

PairedTest sign_test(std::span<const double> a, std::span<const double> b) {
  const std::vector<double> differences = unequal_differences(a, b);
  if (differences.empty()) return {};
  const auto lower = static_cast<std::size_t>(std::ranges::count_if(differences, [](double d) { return d < 0; }));
  const boost::math::binomial signs(static_cast<double>(differences.size()), 0.5);
  const double tail = boost::math::cdf(signs, static_cast<double>(std::min(lower, differences.size() - lower)));
  return {differences.size(), static_cast<double>(lower), std::min(1.0, 2 * tail)};
}

PairedTest wilcoxon_test(std::span<const double> a, std::span<const double> b) {
  const std::vector<double> differences = unequal_differences(a, b);
  if (differences.empty()) return {};
  const std::vector<std::size_t> ranks = doubled_ranks(differences);
  std::size_t lower = 0, all = 0;
  for (std::size_t k = 0; k < ranks.size(); ++k) {
    all += ranks[k];
    if (differences[k] < 0) lower += ranks[k];
  }
  const std::size_t least = std::min(lower, all - lower);
  const double tail = differences.size() <= most_exact_pairs ? exact_tail(ranks, least) : normal_tail(ranks, 0.5 * static_cast<double>(least));
  return {differences.size(), 0.5 * static_cast<double>(lower), std::min(1.0, 2 * tail)};
}

double mean(std::span<const double> values) { return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size()); }

double standard_deviation(std::span<const double> values) {
  if (values.size() < 2) return 0;
  const double middle = mean(values);
  double sum = 0;
  for (const double v : values) sum += (v - middle) * (v - middle);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

double median(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 ? sorted[half] : 0.5 * (sorted[half - 1] + sorted[half]);
}

std::optional<double> time_to_target(Staircase trace, double target) {
  const auto reached = std::ranges::find_if(trace, [&](const auto& point) { return point.second <= target; });
  return reached == trace.end() ? std::nullopt : std::optional(reached->first);
}

double primal_integral(Staircase trace, double best, double horizon) {
  double integral = 0, from = 0, gap = 1;
  for (const auto& [seconds, cost] : trace) {
    const double until = std::clamp(seconds, from, std::max(from, horizon));
    integral += gap * (until - from);
    from = until;
    const double scale = std::max(std::abs(cost), std::abs(best));
    gap = scale == 0 ? 0 : cost * best < 0 ? 1 : std::abs(cost - best) / scale;
  }
  return integral + gap * std::max(0.0, horizon - from);
}

std::optional<double> time_to_solution_99(double success_share, double run_seconds) {
  if (success_share <= 0) return std::nullopt;
  if (success_share >= 0.99) return run_seconds;
  return run_seconds * std::max(1.0, std::log(0.01) / std::log1p(-success_share));
}

}  // namespace tempera::core
