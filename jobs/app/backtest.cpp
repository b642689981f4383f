// tempera backtest: policies through demand paths, over ranks; a table of what they cost.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "io/checkpoint/backtest_file.hpp"
#include "io/checkpoint/output_folder.hpp"
#include "io/instances/supply_json.hpp"
#include "io/report/numbers.hpp"
#include "jobs/app/backtest_job.hpp"
#include "jobs/app/commands.hpp"
#include "jobs/app/console.hpp"
#include "jobs/descriptor/backtest_problem.hpp"
#include "mpi/cluster/master_loop.hpp"
#include "solvers/core/atomic_file.hpp"
#include "solvers/inventory/backtest_campaign.hpp"

namespace tempera::app {

namespace {
using inventory::Estimate;
using inventory::Kpis;
using inventory::PolicyRecord;
using Json = nlohmann::ordered_json;

// What a policy comes to in a period, on average over all scenarios.
struct Figure {
  const char* name;
  const char* unit;
  double (*of)(const Kpis& kpis);
};
constexpr Figure figures_per_period[] = {
    {"holding", "money", [](const Kpis& k) { return k.holding / k.periods; }},
    {"transport", "money", [](const Kpis& k) { return k.transport / k.periods; }},
    {"ordering", "money", [](const Kpis& k) { return k.ordering / k.periods; }},
    {"shortage", "money", [](const Kpis& k) { return k.shortage / k.periods; }},
    {"expediting", "money", [](const Kpis& k) { return k.expediting / k.periods; }},
    {"demand", "units", [](const Kpis& k) { return k.demand / k.periods; }},
    {"lost_units", "units", [](const Kpis& k) { return k.lost / k.periods; }},
    {"expedited_units", "units", [](const Kpis& k) { return k.expedited / k.periods; }},
    {"backordered_units", "units", [](const Kpis& k) { return k.backorder_periods / k.periods; }},
    {"stock_units", "units", [](const Kpis& k) { return k.stock_periods / k.periods; }},
    {"transit_units", "units", [](const Kpis& k) { return k.transit_periods / k.periods; }},
    {"transit_volume_m3", "m3", [](const Kpis& k) { return k.transit_volume / k.periods; }},
    {"orders", "orders", [](const Kpis& k) { return k.orders / k.periods; }},
    {"nodes_over_storage", "nodes", [](const Kpis& k) { return k.overfull_days / k.periods; }},
};

Json policy_json(const PolicyRecord& record, const PolicyRecord& first) {
  const Kpis& k = record.total;
  const Estimate cost = inventory::estimate(record.scenario_cost), difference = inventory::paired_difference(record, first);
  Json per_period = Json::object();
  for (const Figure& figure : figures_per_period) per_period[figure.name] = figure.of(k);
  return {{"name", record.name},
          {"cost_per_period", cost.mean}, {"cost_half_width", cost.half_width},
          {"difference_to_first", difference.mean}, {"difference_half_width", difference.half_width},
          {"fill_rate", k.fill_rate()}, {"stockout_rate", k.stockout_rate()},
          {"per_period", std::move(per_period)}};
}

checkpoint::BacktestRecord record_of(const model::BacktestJob& job, const std::vector<PolicyRecord>& records, const Invocation& invocation) {
  checkpoint::BacktestRecord made{.name = job.system.name, .command_line = invocation.command_line, .nodes = static_cast<std::int32_t>(job.system.nodes.size()),
                                  .lanes = static_cast<std::int32_t>(job.system.lanes.size()), .periods = job.periods, .warm_up = job.warm_up,
                                  .scenarios = job.scenarios, .seed = job.seed, .policies = {}, .figures = {}, .scenario_cost = {}};
  const auto add = [&](std::string name, std::string unit, auto of) {
    std::vector<double> values;
    for (const PolicyRecord& r : records) values.push_back(of(r));
    made.figures.push_back({std::move(name), std::move(unit), std::move(values)});
  };
  add("cost_per_period", "money per period", [](const PolicyRecord& r) { return inventory::estimate(r.scenario_cost).mean; });
  add("cost_half_width", "money per period, 95 % confidence", [](const PolicyRecord& r) { return inventory::estimate(r.scenario_cost).half_width; });
  add("difference_to_first", "money per period", [&](const PolicyRecord& r) { return inventory::paired_difference(r, records.front()).mean; });
  add("difference_half_width", "money per period, 95 % confidence", [&](const PolicyRecord& r) { return inventory::paired_difference(r, records.front()).half_width; });
  add("fill_rate", "1", [](const PolicyRecord& r) { return r.total.fill_rate(); });
  add("stockout_rate", "1", [](const PolicyRecord& r) { return r.total.stockout_rate(); });
  for (const Figure& figure : figures_per_period) add(figure.name, std::string(figure.unit) + " per period", [&](const PolicyRecord& r) { return figure.of(r.total); });
  for (const PolicyRecord& r : records) {
    made.policies.push_back(r.name);
    made.scenario_cost.insert(made.scenario_cost.end(), r.scenario_cost.begin(), r.scenario_cost.end());
  }
  return made;
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

registry::Problem load_backtest(const std::filesystem::path& file) {
  if (!descriptor::is_job(file)) return instances::read_backtest_json(file);
  const descriptor::Descriptor job = descriptor::read_descriptor(file);
  if (job.problem_type != "backtest") throw core::UserError(fmt::format("{}: /problem_type is \"{}\", which is solved and not played: tempera solve {}", file.string(), job.problem_type, file.string()));
  return descriptor::backtest_problem(job);
}

double memory_mebibytes(const model::BacktestJob& job) {
  return 30 + 8.0 * (static_cast<double>(job.periods + job.warm_up) * static_cast<double>(job.system.nodes.size()) + static_cast<double>(job.policies.size()) * job.scenarios) / (1 << 20);
}

core::ExitCode check_backtest(const CheckOptions& options, const Invocation& invocation) {
  if (options.solution) throw core::UserError(fmt::format("{}: is a backtest, which has no solution to judge. Leave out --solution.", options.file.string()));
  const registry::Problem problem = load_backtest(options.file);
  const auto& job = std::get<model::BacktestJob>(problem);
  const double steps = static_cast<double>(job.policies.size()) * job.scenarios * (job.periods + job.warm_up) * static_cast<double>(job.system.nodes.size());
  const double memory = memory_mebibytes(job);
  const int working = std::min(options.ranks, job.scenarios);
  if (invocation.output == OutputMode::json)
    fmt::print("{}\n", Json({{"schema_version", 1}, {"status", "valid"}, {"exit_code", 0},
                             {"problem", {{"type", "backtest"}, {"name", job.system.name}, {"nodes", job.system.nodes.size()}, {"lanes", job.system.lanes.size()}, {"policies", job.policies.size()}, {"scenarios", job.scenarios}}},
                             {"plan", {{"ranks", options.ranks}, {"working_ranks", working}, {"node_periods", steps}, {"memory_mebibytes_per_rank", memory}}}}).dump(2));
  else if (invocation.output == OutputMode::text)
    fmt::print("{}: valid\n  {} nodes, {} lanes, {} policies, {} scenarios of {} periods\n  on {} rank{}: scenarios shared out over {}, about {:.0f} MiB per rank\n", options.file.string(),
               job.system.nodes.size(), job.system.lanes.size(), job.policies.size(), job.scenarios, job.periods + job.warm_up, options.ranks, options.ranks == 1 ? "" : "s", working, memory);
  return core::ExitCode::solved;
}

core::ExitCode backtest(const BacktestOptions& options, const Invocation& invocation, comm::Session& session) {
  const registry::Problem problem = load_backtest(options.file);
  const auto& job = std::get<model::BacktestJob>(problem);
  const checkpoint::OutputFolder folder(options.out.empty() ? std::filesystem::path("runs") / options.file.stem() : options.out);
  std::error_code ignored;  // of an earlier run; usually there is none
  std::filesystem::remove(folder.result_done(), ignored);
  cluster::share_problem(session.world(), problem);
  const core::BudgetLimit limit{.seconds = {}, .iterations = static_cast<std::uint64_t>(job.scenarios)};
  const core::Budget budget(limit, invocation.started);
  inventory::BacktestCampaign campaign(job, session.world().size());
  model::RunRecord record;
  const cluster::RunEnd end = cluster::run_master({.transport = session.world(), .problem = problem, .campaign = campaign, .budget = budget, .hooks = {}}, record);
  if (!end.missing_ranks.empty()) session.mark_rank_lost();
  const std::vector<PolicyRecord> records = campaign.records();
  const std::string text = result_text(job, records, invocation, session.world().size());
  checkpoint::write_backtest(folder.result_h5(), record_of(job, records, invocation));
  core::write_text_atomically(folder.result_json(), text);
  core::write_text_atomically(folder.result_done(), "0\n");
  if (invocation.output == OutputMode::json) fmt::print("{}", text);
  if (invocation.output == OutputMode::text) print_table(job, records, folder.path());
  return core::ExitCode::solved;
}

}  // namespace tempera::app
