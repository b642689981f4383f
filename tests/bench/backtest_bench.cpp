// Node-periods per CPU second of the backtest simulator.   backtest_bench [NODES [PERIODS]]
#include <fmt/format.h>

#include <cstdlib>

#include "solvers/core/budget.hpp"
#include "solvers/inventory/backtest.hpp"

using namespace tempera;

int main(int count, char** values) {
  const int shops = count > 1 ? std::atoi(values[1]) : 12, periods = count > 2 ? std::atoi(values[2]) : 20'000;
  model::BacktestJob job;
  job.system.nodes.push_back({.name = "hub", .holding_cost = 1, .expedite_cost = {}, .on_hand = 100, .storage = {}, .demand = {}});
  job.system.lanes.push_back({.from = model::outside, .to = 0, .lead_time = 3});
  for (std::int32_t k = 1; k <= shops; ++k) {
    job.system.nodes.push_back({.name = "shop", .holding_cost = 2, .shortage_cost = 20, .expedite_cost = {}, .on_hand = 40, .storage = {},
                                .demand = {.kind = model::DemandKind::normal, .mean = 10, .deviation = 3, .listed = {}}});
    job.system.lanes.push_back({.from = 0, .to = k, .lead_time = 2, .unit_cost = 0.3});
  }
  job.policies = {{"newsvendor", model::PolicyKind::newsvendor, {}, {}}};
  double begin = core::process_cpu_seconds();
  const inventory::DemandPath demand(job.system, periods, 1, 0);
  const double drawing = core::process_cpu_seconds() - begin;
  begin = core::process_cpu_seconds();
  job.periods = periods;
  job.warm_up = 0;
  job.scenarios = 5;
  const auto record = inventory::backtest(job)[0];
  const double playing = core::process_cpu_seconds() - begin;
  const double node_periods = 5.0 * periods * static_cast<double>(job.system.nodes.size());
  fmt::print("{} nodes: {:.2f} million node-periods/s with drawing, {:.2f} without (fill rate {:.4f})\n", job.system.nodes.size(), node_periods / playing / 1e6,
             node_periods / (playing - 5 * drawing) / 1e6, record.total.fill_rate());
}
