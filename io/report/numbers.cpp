#include "io/report/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tempera::report {

std::string grouped(std::int64_t value) {
  std::string digits = fmt::format("{}", value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value));
  for (std::ptrdiff_t at = std::ssize(digits) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return value < 0 ? fmt::format("-{}", digits) : digits;
}

std::string grouped(double value, int decimals) {
  const double factor = std::pow(10.0, decimals);
  const double rounded = std::round(std::fabs(value) * factor) / factor;
  std::string fraction = fmt::format("{:.{}f}", rounded - std::floor(rounded), decimals).substr(1);
  while (!fraction.empty() && (fraction.back() == '0' || fraction.back() == '.')) fraction.pop_back();
  return fmt::format("{}{}{}", value < 0 && rounded > 0 ? "-" : "", grouped(static_cast<std::int64_t>(std::floor(rounded))), fraction);
}

std::string percent(double share, int decimals) { return fmt::format("{:.{}f} %", 100 * share, decimals); }
std::string signed_percent(double share, int decimals) { return fmt::format("{:+.{}f} %", 100 * share, decimals); }

std::string duration(double seconds) {
  if (!std::isfinite(seconds)) return "no limit";
  seconds = std::max(0.0, seconds);
  if (seconds < 1) return fmt::format("{:.2f} s", seconds);
  if (seconds < 99.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string rate(double per_second) {
  if (per_second >= 1e6) return fmt::format("{:.2f} M/s", per_second / 1e6);
  if (per_second >= 1e3) return fmt::format("{:.0f} k/s", per_second / 1e3);
  return fmt::format("{:.0f} /s", per_second);
}

double relative_gap(double cost, double reference) {
  if (cost == reference) return 0;
  return (cost - reference) / std::fabs(reference);
}

double relative_gap(double cost, double reference, model::Sense sense) {
  const double gap = relative_gap(cost, reference);
  return sense == model::Sense::maximise ? 0 - gap : gap;
}

}  // namespace tempera::report
