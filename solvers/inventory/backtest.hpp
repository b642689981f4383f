// All policies of a job on all its scenarios, and what may be said of their differences.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "solvers/inventory/simulator.hpp"
#include "solvers/model/supply_system.hpp"

namespace tempera::inventory {

struct PolicyRecord {
  std::string name;
  Kpis total;                          ///< over all scenarios, added up in their order
  std::vector<double> scenario_cost;   ///< money per period
};

/// One policy through one future.
Kpis play(const model::BacktestJob& job, Simulator& simulator, const DemandPath& demand, std::size_t policy);

/// Every policy on scenario `scenario`, in the order of the job: the same demand for all.
std::vector<Kpis> play_scenario(const model::BacktestJob& job, const Simulator& simulator, std::int32_t scenario);

/// Puts results of all scenarios together. @param kpis  [scenario][policy]
std::vector<PolicyRecord> collect(const model::BacktestJob& job, const std::vector<std::vector<Kpis>>& kpis);

/// Plays all scenarios one after another.
std::vector<PolicyRecord> backtest(const model::BacktestJob& job);

/// A mean over scenarios with its 95 % confidence interval (Student's t).
struct Estimate {
  double mean = 0;
  double half_width = 0;  ///< 0 for a single scenario: nothing is known of the spread
};
Estimate estimate(const std::vector<double>& values);
/// Of the differences `policy` - `reference`, scenario by scenario: common demand cancels out.
Estimate paired_difference(const PolicyRecord& policy, const PolicyRecord& reference);

}  // namespace tempera::inventory
