// Numbers for people: thousands separators, durations, gaps.
#pragma once

#include <cstdint>
#include <string>

#include "solvers/model/run_record.hpp"

namespace tempera::report {

std::string grouped(std::int64_t value);          ///< 1234567 -> "1,234,567"
std::string grouped(double value, int decimals);  ///< trailing zeros cut: 1234.50 -> "1,234.5", 7.0 -> "7"
std::string percent(double share, int decimals);  ///< 0.0123 -> "1.23 %"
std::string signed_percent(double share, int decimals);
std::string duration(double seconds);             ///< "0.25 s", "59.9 s", "12:05", "3:20:00"
std::string rate(double per_second);              ///< "310 k/s", "1.2 M/s"

/// (cost - reference) / |reference|; 0 when both are 0.
double relative_gap(double cost, double reference);
/// The same for a cost that is maximised where `sense` says so: above 0 means worse than the reference either way.
double relative_gap(double cost, double reference, model::Sense sense);

}  // namespace tempera::report
