// tempera backtest: policies through demand paths, over ranks; a table of what they cost.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "io/checkpoint/output_folder.hpp"
#include "io/instances/supply_json.hpp"
#include "io/report/numbers.hpp"
#include "jobs/app/commands.hpp"
#include "jobs/app/console.hpp"
#include "mpi/cluster/master_loop.hpp"
#include "solvers/core/atomic_file.hpp"
#include "solvers/inventory/backtest_campaign.hpp"

namespace tempera::app {

namespace {
using inventory::Estimate;
using inventory::Kpis;
using inventory::PolicyRecord;
using Json = nlohmann::ordered_json;

Json policy_json(const PolicyRecord& record, const PolicyRecord& first) {
  const Kpis& k = record.total;
  const double n = k.periods;
  const Estimate cost = inventory::estimate(record.scenario_cost), difference = inventory::paired_difference(record, first);
  return {{"name", record.name},
          {"cost_per_period", cost.mean}, {"cost_half_width", cost.half_width},
          {"difference_to_first", difference.mean}, {"difference_half_width", difference.half_width},
          {"fill_rate", k.fill_rate()}, {"stockout_rate", k.stockout_rate()},
          {"per_period", {{"holding", k.holding / n}, {"transport", k.transport / n}, {"ordering", k.ordering / n}, {"shortage", k.shortage / n},
                          {"expediting", k.expediting / n}, {"demand", k.demand / n}, {"lost_units", k.lost / n}, {"expedited_units", k.expedited / n},
                          {"backordered_units", k.backorder_periods / n}, {"stock_units", k.stock_periods / n}, {"transit_units", k.transit_periods / n},
                          {"transit_volume_m3", k.transit_volume / n}, {"orders", k.orders / n}, {"nodes_over_storage", k.overfull_days / n}}}};
}

std::string result_text(const model::BacktestJob& job, const std::vector<PolicyRecord>& records, const Invocation& invocation, int ranks) {
  Json json = {{"schema_version", 1}, {"type", "backtest"}, {"status", "solved"}, {"exit_code", 0}, {"name", job.system.name},
               {"nodes", job.system.nodes.size()}, {"lanes", job.system.lanes.size()}, {"periods", job.periods}, {"warm_up", job.warm_up},
               {"scenarios", job.scenarios}, {"seed", job.seed}, {"confidence", 0.95}, {"ranks", ranks}, {"command_line", invocation.command_line},
               {"policies", Json::array()}};
  for (const PolicyRecord& r : records) json["policies"].push_back(policy_json(r, records.front()));
  return json.dump(2) + "\n";
}

std::string plus_minus(const Estimate& e) { return fmt::format("{} +- {}", report::grouped(e.mean, 2), report::grouped(e.half_width, 2)); }

void print_table(const model::BacktestJob& job, const std::vector<PolicyRecord>& records, const std::filesystem::path& folder) {
  fmt::print("{}: backtest, {} nodes, {} lanes, {} periods behind {} of warm-up, {} scenario{}, seed {}\n\n", job.system.name, job.system.nodes.size(),
             job.system.lanes.size(), job.periods, job.warm_up, job.scenarios, job.scenarios == 1 ? "" : "s", job.seed);
  fmt::print("  {:<20} {:>22} {:>22} {:>8} {:>9} {:>10} {:>10} {:>10} {:>10} {:>10}\n", "policy", "cost / period", "against the first", "fill", "stockouts", "holding",
             "transport", "ordering", "shortage", "expediting");
  for (const PolicyRecord& r : records) {
    const Kpis& k = r.total;
    const double n = k.periods;
    fmt::print("  {:<20} {:>22} {:>22} {:>8} {:>9} {:>10} {:>10} {:>10} {:>10} {:>10}\n", r.name, plus_minus(inventory::estimate(r.scenario_cost)),
               &r == &records.front() ? "-" : plus_minus(inventory::paired_difference(r, records.front())), report::percent(k.fill_rate(), 2),
               report::percent(k.stockout_rate(), 2), report::grouped(k.holding / n, 2), report::grouped(k.transport / n, 2), report::grouped(k.ordering / n, 2),
               report::grouped(k.shortage / n, 2), report::grouped(k.expediting / n, 2));
  }
  fmt::print("\n  money per period, 95 % confidence; differences on common demand\n  result in {}\n", folder.string());
}
}  // namespace

core::ExitCode backtest(const BacktestOptions& options, const Invocation& invocation, comm::Session& session) {
  const registry::Problem problem = instances::read_backtest_json(options.file);
  const auto& job = std::get<model::BacktestJob>(problem);
  const checkpoint::OutputFolder folder(options.out.empty() ? std::filesystem::path("runs") / options.file.stem() : options.out);
  cluster::share_problem(session.world(), problem);
  const core::BudgetLimit limit{.seconds = {}, .iterations = static_cast<std::uint64_t>(job.scenarios)};
  const core::Budget budget(limit, invocation.started);
  inventory::BacktestCampaign campaign(job, session.world().size());
  model::RunRecord record;
  const cluster::RunEnd end = cluster::run_master({.transport = session.world(), .problem = problem, .campaign = campaign, .budget = budget, .hooks = {}}, record);
  if (!end.missing_ranks.empty()) session.mark_rank_lost();
  const std::vector<PolicyRecord> records = campaign.records();
  const std::string text = result_text(job, records, invocation, session.world().size());
  core::write_text_atomically(folder.result_json(), text);
  if (invocation.output == OutputMode::json) fmt::print("{}", text);
  if (invocation.output == OutputMode::text) print_table(job, records, folder.path());
  return core::ExitCode::solved;
}

}  // namespace tempera::app
