// Replenishment and rebalancing before a peak: job files in, plans of orders, transfers and trucks out.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/instances/rebalancing_file.hpp"
#include "io/report/numbers.hpp"
#include "jobs/app/control_time.hpp"
#include "jobs/app/load.hpp"
#include "jobs/app/problem_kind.hpp"
#include "jobs/descriptor/rebalancing_problem.hpp"
#include "solvers/baselines/rebalancing_baseline.hpp"
#include "solvers/core/atomic_file.hpp"
#include "solvers/inventory/cost_units.hpp"
#include "solvers/inventory/move_choice.hpp"
#include "solvers/inventory/rebalancing_campaign.hpp"
#include "solvers/model/digest.hpp"
#include "solvers/model/rebalancing_referee.hpp"

namespace tempera::app {

namespace {
constexpr std::size_t most_cbc_integers = 1500;
constexpr double cbc_part = 0.4, most_cbc_seconds = 60;

const model::RebalancingProblem& rebalancing_of(const registry::Problem& problem) { return std::get<model::RebalancingProblem>(problem); }

model::Answer answer_of(const model::RebalancingProblem& problem, const model::RebalancingPlan& plan) {
  const model::RebalancingVerdict verdict = model::judge(problem, plan);
  TEMPERA_ASSERT(verdict.feasible, fmt::format("the plan is infeasible: {}", verdict.violations.empty() ? "" : verdict.violations.front()));
  return {.cost = verdict.cost.total(), .cost_units = inventory::cost_units(verdict.cost.total()), .ints = model::flatten(plan), .reals = {}};
}

model::RebalancingPlan load_plan(const std::filesystem::path& file, const registry::Problem& problem) {
  if (instances::recognise_file(file) == instances::FileFormat::hdf5) return model::shipments_of(load_run_answer(file, problem).ints);
  return instances::read_rebalancing_plan(file, rebalancing_of(problem));
}

void add_figures(const std::string& group, const model::RebalancingVerdict& v, std::vector<model::Figure>& figures) {
  const auto add = [&](const char* name, double value, const char* unit) { figures.push_back({.group = group, .name = name, .unit = unit, .value = value}); };
  add("cost", v.cost.total(), "money");
  add("holding_cost", v.cost.holding, "money");
  add("shortage_cost", v.cost.shortage, "money");
  add("overflow_cost", v.cost.overflow, "money");
  add("pallet_cost", v.cost.pallets, "money");
  add("truck_cost", v.cost.trucks, "money");
  add("fill_rate", v.kpis.fill_rate(), "share");
  add("stockout_rate", v.kpis.stockout_rate(), "share");
  add("ordered_pallets", v.kpis.ordered_pallets, "pallet");
  add("transferred_pallets", v.kpis.transferred_pallets, "pallet");
  add("transit_m3", v.kpis.transit_m3, "m3");
  add("transit_m3_days", v.kpis.transit_m3_days, "m3 day");
  add("trucks", v.kpis.trucks, "truck");
  add("truck_fill", v.kpis.truck_fill, "share");
  add("overflow_m3_days", v.kpis.overflow_m3_days, "m3 day");
}

class RebalancingKind final : public ProblemKind {
 public:
  std::string_view type() const override { return "inventory_rebalancing"; }
  bool reads(instances::FileFormat) const override { return false; }  // only job files
  std::string_view solution_file() const override { return "plan.csv"; }
  bool has_replicas() const override { return false; }  // one solution, annealed in blocks

  registry::Problem load(const std::filesystem::path& file, const LoadOptions&) const override {
    return load_job(descriptor::read_descriptor(file));
  }
  registry::Problem load_job(const descriptor::Descriptor& job) const override { return descriptor::rebalancing_problem(job); }

  void describe(const registry::Problem& problem, model::RunRecord& record) const override {
    const model::RebalancingProblem& p = rebalancing_of(problem);
    record.problem_name = p.name;
    record.rounding = "none";
    record.problem_digest = model::digest(p);
    record.problem_size = static_cast<std::int64_t>(p.skus.size());
    record.cost_unit = "money";
  }
  LoadOptions load_options(const model::RunRecord&) const override { return {}; }
  std::optional<instances::BestKnown> best_known(const std::filesystem::path&, const registry::Problem&) const override { return std::nullopt; }

  std::string why_no_baseline(const registry::Problem& problem, const std::string& baseline) const override {
    const std::size_t integers = baselines::rebalancing_integers(rebalancing_of(problem));
    if (baseline != "cbc" || integers <= most_cbc_integers) return {};
    return fmt::format("but CBC gets nowhere with {} whole numbers ({} at most); give base_stock or do_nothing", integers, most_cbc_integers);
  }

  // Unless one is named: base stock; where there is a clock and CBC can be expected to get anywhere it has its part of the time, and the better of the two is the control.
  void compute_baseline(const registry::Problem& problem, const core::Budget& budget, model::RunRecord& record) const override {
    const model::RebalancingProblem& p = rebalancing_of(problem);
    const core::Stopwatch watch;
    const double cpu_before = core::process_cpu_seconds();
    const std::string& asked = record.solver.baseline;
    check_cbc_has_time(record.solver, budget);
    record.baseline = {.method = "base stock", .answer = answer_of(p, asked == "do_nothing" ? model::RebalancingPlan{} : baselines::base_stock_plan(p))};
    if (model::Answer nothing = answer_of(p, {}); asked == "do_nothing" || (asked != "base_stock" && nothing.cost < record.baseline.answer.cost)) {
      record.baseline.method = "no moves";
      record.baseline.answer = std::move(nothing);
    }
    if ((asked.empty() || asked == "cbc") && budget.is_timed() && baselines::rebalancing_integers(p) <= most_cbc_integers) take_cbc(p, budget, record);
    record.baseline.wall_seconds = watch.seconds();
    record.baseline.cpu_seconds = core::process_cpu_seconds() - cpu_before;
    record.incumbent = record.baseline.answer;
    record.served_by = "baseline";
  }

  model::Answer warm_start(const std::filesystem::path& file, const registry::Problem& problem, Console& console) const override {
    const model::RebalancingPlan given = load_plan(file, problem);
    const model::RebalancingVerdict verdict = model::judge(rebalancing_of(problem), given);
    if (!verdict.feasible)
      throw core::UserError(fmt::format("{}: the plan is infeasible: {}. Give one that tempera check --solution accepts.", file.string(), verdict.violations.front()));
    console.note(fmt::format("warm start {}: feasible, cost {}", file.string(), report::grouped(verdict.cost.total(), 3)));
    return answer_of(rebalancing_of(problem), given);
  }

  void write_solution(const std::filesystem::path& file, const registry::Problem& problem, const model::Answer& answer) const override {
    core::write_text_atomically(file, instances::shipment_table(rebalancing_of(problem), model::shipments_of(answer.ints), instances::ShipmentKind::all));
  }

  bool has_top_choice(const registry::Problem& /*problem*/) const override { return true; }
  std::unique_ptr<model::TopChoice> top_choice(const registry::Problem& problem, const model::RunRecord& record, int choices) const override {
    return inventory::move_choice(rebalancing_of(problem), model::shipments_of(record.incumbent.ints), choices);
  }

  void write_more(const std::filesystem::path& folder, const registry::Problem& problem, const model::RunRecord& record) const override {
    const model::RebalancingProblem& p = rebalancing_of(problem);
    const model::RebalancingPlan plan = model::shipments_of(model::served_answer(record).ints);
    core::write_text_atomically(folder / "orders.csv", instances::shipment_table(p, plan, instances::ShipmentKind::orders));
    core::write_text_atomically(folder / "transfers.csv", instances::shipment_table(p, plan, instances::ShipmentKind::transfers));
    core::write_text_atomically(folder / "trucks.csv", instances::truck_table(p, plan));
  }

  void summarise(const registry::Problem& problem, model::RunRecord& record) const override {
    const model::RebalancingProblem& p = rebalancing_of(problem);
    record.figures.clear();
    record.profiles.clear();
    const auto add = [&](const char* group, const model::RebalancingVerdict& verdict) {
      add_figures(group, verdict, record.figures);
      record.profiles.push_back({group, "stock on hand", "units", "day", verdict.on_hand});
      record.profiles.push_back({group, "demand that waits", "units", "day", verdict.waiting});
    };
    add("before", model::judge(p, {}));
    add("control", model::judge(p, model::shipments_of(record.baseline.answer.ints)));
    const model::RebalancingVerdict after = model::judge(p, model::shipments_of(model::served_answer(record).ints));
    add("after", after);
    if (has_withheld_candidate(record)) add_figures("candidate", model::judge(p, model::shipments_of(record.incumbent.ints)), record.figures);
    record.plan_tables = {};
    for (const model::RebalancingSku& sku : p.skus) record.plan_tables.skus.push_back(sku.name);
    for (const model::RebalancingLane& lane : p.lanes)
      record.plan_tables.lanes.push_back(p.sites[static_cast<std::size_t>(lane.from)].name + " -> " + p.sites[static_cast<std::size_t>(lane.to)].name);
    record.plan_tables.trucks = after.trucks;
  }

  double memory_mebibytes(const registry::Problem& problem, double, int) const override {
    const model::RebalancingProblem& p = rebalancing_of(problem);
    return 60 + 3 * 8.0 * static_cast<double>(p.demand.size() + p.receipts.size()) / (1 << 20);
  }

  core::ExitCode check_plan(const CheckOptions& options, const Invocation& invocation, const registry::Problem& problem) const override {
    const double memory = memory_mebibytes(problem, options.budget_seconds, options.ranks);
    if (invocation.output == OutputMode::json) {
      const nlohmann::ordered_json json = {{"schema_version", 1}, {"status", "valid"}, {"exit_code", 0}, {"problem", facts(problem)},
                                           {"plan", {{"ranks", options.ranks}, {"parts", blocks_of(problem)}, {"memory_mebibytes_per_rank", memory}}}};
      fmt::print("{}\n", json.dump(2));
    } else if (invocation.output == OutputMode::text) {
      const model::RebalancingProblem& p = rebalancing_of(problem);
      fmt::print("{}: valid\n  {} SKUs, {} sites, {} lanes, {} days, {} scenarios\n  on {} rank{}: {} block{} of SKUs, about {:.0f} MiB per rank\n", options.file.string(),
                 report::grouped(static_cast<std::int64_t>(p.skus.size())), p.sites.size(), p.lanes.size(), p.days, p.scenarios(), options.ranks, options.ranks == 1 ? "" : "s", blocks_of(problem), blocks_of(problem) == 1 ? "" : "s", memory);
    }
    return core::ExitCode::solved;
  }

  core::ExitCode check_solution(const CheckOptions& options, const Invocation& invocation, const registry::Problem& problem) const override {
    const model::RebalancingVerdict verdict = model::judge(rebalancing_of(problem), load_plan(*options.solution, problem));
    const core::ExitCode code = verdict.feasible ? core::ExitCode::solved : core::ExitCode::bad_input;
    if (invocation.output == OutputMode::json) {
      const nlohmann::ordered_json json = {{"schema_version", 1}, {"status", verdict.feasible ? "feasible" : "infeasible"}, {"exit_code", static_cast<int>(code)},
                                           {"cost", verdict.cost.total()}, {"fill_rate", verdict.kpis.fill_rate()}, {"stockout_rate", verdict.kpis.stockout_rate()},
                                           {"violations", verdict.violations}};
      fmt::print("{}\n", json.dump(2));
    } else if (invocation.output == OutputMode::text) {
      fmt::print("{}: {}, cost {}\n", options.solution->string(), verdict.feasible ? "feasible" : "INFEASIBLE", report::grouped(verdict.cost.total(), 3));
      for (const std::string& violation : verdict.violations) fmt::print("  {}\n", violation);
    }
    return code;
  }

  nlohmann::ordered_json facts(const registry::Problem& problem) const override {
    const model::RebalancingProblem& p = rebalancing_of(problem);
    return {{"name", p.name}, {"type", "inventory_rebalancing"}, {"skus", p.skus.size()}, {"sites", p.sites.size()}, {"lanes", p.lanes.size()}, {"days", p.days},
            {"scenarios", p.scenarios()}, {"integers", baselines::rebalancing_integers(p)}};
  }

 private:
  // That the ranks work one by one; those of a round are merged.
  static std::uint32_t blocks_of(const registry::Problem& problem) {
    const inventory::RebalancingCampaign campaign(rebalancing_of(problem), {.limit = {.seconds = {}, .iterations = 1}, .seed = 1, .ranks = 1}, {}, "baseline");
    return campaign.progress().parts;
  }
  static void take_cbc(const model::RebalancingProblem& p, const core::Budget& budget, model::RunRecord& record) {
    const auto found = baselines::cbc_rebalancing(p, control_seconds(record.solver, budget, {.share = cbc_part, .longest = most_cbc_seconds}));
    record.baseline.method += " and CBC";
    if (!found || !model::judge(p, found->plan).feasible) return;
    if (model::Answer answer = answer_of(p, found->plan); answer.cost < record.baseline.answer.cost) record.baseline.answer = std::move(answer);
    record.lower_bound = std::min(found->lower_bound, record.baseline.answer.cost);
  }
};
}  // namespace

const ProblemKind& rebalancing_kind() {
  static const RebalancingKind kind;
  return kind;
}

}  // namespace tempera::app
