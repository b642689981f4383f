#include "solvers/inventory/backtest.hpp"

#include <cmath>

#include "solvers/core/error.hpp"
#include "solvers/inventory/policies.hpp"
#include "solvers/model/placement_network.hpp"

namespace tempera::inventory {

namespace {
// Student's t at 97.5 %, from the normal quantile (Cornish-Fisher expansion; below .4 % off from 4 degrees of freedom on).
double student(std::size_t degrees) {
  constexpr double exact[] = {12.7062, 4.3027, 3.1824};
  if (degrees <= 3) return exact[degrees - 1];
  const double z = model::normal_quantile(0.975), v = static_cast<double>(degrees);
  return z + (z * z * z + z) / (4 * v) + (5 * std::pow(z, 5) + 16 * z * z * z + 3 * z) / (96 * v * v) +
         (3 * std::pow(z, 7) + 19 * std::pow(z, 5) + 17 * z * z * z - 15 * z) / (384 * v * v * v);
}
}  // namespace

Kpis play(const model::BacktestJob& job, Simulator& simulator, const DemandPath& demand, std::size_t policy) {
  return simulator.run(*make_policy(job.system, job.policies[policy], demand), demand, job.warm_up);
}

std::vector<Kpis> play_scenario(const model::BacktestJob& job, const Simulator& simulator, std::int32_t scenario) {
  const DemandPath demand(job.system, job.warm_up + job.periods, job.seed, static_cast<std::uint32_t>(scenario));
  Simulator own = simulator;
  std::vector<Kpis> kpis;
  for (std::size_t p = 0; p < job.policies.size(); ++p) kpis.push_back(play(job, own, demand, p));
  return kpis;
}

std::vector<PolicyRecord> collect(const model::BacktestJob& job, const std::vector<std::vector<Kpis>>& kpis) {
  std::vector<PolicyRecord> records;
  for (std::size_t p = 0; p < job.policies.size(); ++p) {
    PolicyRecord record{job.policies[p].name, {}, {}};
    for (const std::vector<Kpis>& scenario : kpis) {
      TEMPERA_ASSERT(scenario.size() == job.policies.size(), "one result per policy");
      record.total += scenario[p];
      record.scenario_cost.push_back(scenario[p].cost() / job.periods);
    }
    records.push_back(std::move(record));
  }
  return records;
}

std::vector<PolicyRecord> backtest(const model::BacktestJob& job) {
  const Simulator simulator(job.system);
  std::vector<std::vector<Kpis>> kpis;
  for (std::int32_t s = 0; s < job.scenarios; ++s) kpis.push_back(play_scenario(job, simulator, s));
  return collect(job, kpis);
}

Estimate estimate(const std::vector<double>& values) {
  if (values.empty()) return {};
  const auto n = static_cast<double>(values.size());
  double mean = 0, squares = 0;
  for (const double v : values) mean += v / n;
  for (const double v : values) squares += (v - mean) * (v - mean);
  if (values.size() < 2) return {mean, 0};
  return {mean, student(values.size() - 1) * std::sqrt(squares / (n - 1) / n)};
}

Estimate paired_difference(const PolicyRecord& policy, const PolicyRecord& reference) {
  TEMPERA_ASSERT(policy.scenario_cost.size() == reference.scenario_cost.size(), "both policies saw the same scenarios");
  std::vector<double> differences;
  for (std::size_t s = 0; s < policy.scenario_cost.size(); ++s) differences.push_back(policy.scenario_cost[s] - reference.scenario_cost[s]);
  return estimate(differences);
}

}  // namespace tempera::inventory
