// Safety-stock placement: networks in, plans out; the exact tree programme or a descent by vertex moves as the classical comparison.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <nlohmann/json.hpp>

#include "io/instances/network_txt.hpp"
#include "io/instances/placement_file.hpp"
#include "io/instances/supply_json.hpp"
#include "io/instances/text_file.hpp"
#include "io/report/numbers.hpp"
#include "jobs/app/control_time.hpp"
#include "jobs/app/load.hpp"
#include "jobs/app/problem_kind.hpp"
#include "jobs/descriptor/placement_problem.hpp"
#include "solvers/inventory/campaign.hpp"
#include "solvers/inventory/placement_control.hpp"
#include "solvers/model/digest.hpp"
#include "solvers/model/placement_referee.hpp"
#include "solvers/model/stage_cost.hpp"

namespace tempera::app {

namespace {
constexpr double programme_share = 0.05, longest_programme_seconds = 1;  // of the budget, for CBC

const model::PlacementNetwork& network_of(const registry::Problem& problem) { return std::get<model::PlacementNetwork>(problem); }

model::Answer answer_of(const model::PlacementNetwork& network, const model::PlacementPlan& plan) {
  const model::PlacementVerdict verdict = model::judge(network, plan);
  TEMPERA_ASSERT(verdict.feasible, fmt::format("the plan is infeasible: {}", verdict.violations.empty() ? "" : verdict.violations.front()));
  return {.cost = verdict.cost, .cost_units = inventory::cost_units(verdict.cost), .ints = {}, .reals = plan.outbound};
}

model::PlacementPlan plan_of(const model::PlacementNetwork& network, const model::Answer& answer) {
  return model::repaired(model::compile(network), answer.reals);
}

model::PlacementPlan load_plan(const std::filesystem::path& file, const registry::Problem& problem) {
  const model::PlacementNetwork& network = network_of(problem);
  if (instances::recognise_file(file) != instances::FileFormat::hdf5) return instances::read_placement_plan(file, network);
  return plan_of(network, load_run_answer(file, problem));
}

registry::Problem load_json(const std::filesystem::path& file) {
  const std::string text = instances::read_text(file);
  const std::string type = instances::json_type(text, file.string());
  if (type == "backtest") throw core::UserError(fmt::format("{}: is a backtest, which is played and not solved: tempera backtest {}", file.string(), file.string()));
  if (type != "placement") throw core::UserError(fmt::format("{} /type is \"{}\", but must be \"placement\" to be solved.", file.string(), type));
  return instances::parse_placement_json(text, file.string());
}

inventory::PlacementMethod method_of(std::string_view baseline) {
  using enum inventory::PlacementMethod;
  return baseline == "tree" ? tree : baseline == "descent" ? descent : baseline == "cbc" ? programme : automatic;
}

// Directions ignored: every arc joins two parts that nothing joined before.
bool is_forest(const model::PlacementNetwork& network) {
  std::vector<std::int32_t> root(static_cast<std::size_t>(network.size()));
  std::iota(root.begin(), root.end(), 0);
  const auto find = [&](std::int32_t i) {
    while (root[static_cast<std::size_t>(i)] != i) i = root[static_cast<std::size_t>(i)] = root[static_cast<std::size_t>(root[static_cast<std::size_t>(i)])];
    return i;
  };
  return std::ranges::none_of(network.arcs, [&](const auto& arc) {
    const std::int32_t from = find(arc.from), to = find(arc.to);
    root[static_cast<std::size_t>(from)] = to;
    return from == to;
  });
}

// Stock, and how full each site is.
void add_figures(const char* group, const model::PlacementNetwork& network, const model::Answer& answer, std::vector<model::Figure>& figures) {
  const model::PlacementVerdict verdict = model::judge(network, plan_of(network, answer));
  const auto add = [&](std::string name, const char* unit, double value) { figures.push_back({.group = group, .name = std::move(name), .unit = unit, .value = value}); };
  add("safety_stock", "units", verdict.safety_stock);
  add("pipeline_stock", "units", verdict.pipeline_stock);
  for (std::size_t k = 0; k < network.sites.size(); ++k) {
    add("stored_" + network.sites[k].name, "volume", verdict.stored[k]);
    if (network.sites[k].storage > 0) add("full_" + network.sites[k].name, "%", 100 * verdict.stored[k] / network.sites[k].storage);
  }
}

// Stage by stage, for charts.
void add_profiles(const char* group, const model::PlacementNetwork& network, const model::PlacementPlan& plan, std::vector<model::Profile>& profiles) {
  const std::vector<model::StageCost> costs = model::stage_costs(network);
  model::Profile cost{group, "cost of safety stock", "money", "stage", {}}, stock{group, "safety stock", "units", "stage", {}};
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const double net = std::max(0.0, plan.inbound[i] + network.planned_lead_time(static_cast<int>(i)) - plan.outbound[i]);
    cost.values.push_back(costs[i](net));
    stock.values.push_back(costs[i].safety_stock(net));
  }
  profiles.push_back(std::move(cost));
  profiles.push_back(std::move(stock));
}

core::ExitCode plan_verdict(const CheckOptions& options, const Invocation& invocation, const model::PlacementNetwork& network) {
  const model::PlacementProblem problem = model::compile(network);
  const baselines::TimeGrid grid = inventory::make_grid(problem, inventory::GridLevel::fine);
  const auto plan = inventory::make_plan({.limit = {.seconds = options.budget_seconds, .iterations = {}}, .seed = 1, .ranks = options.ranks, .stages = problem.size()});
  const double memory = 30 + 8.0 * 4 * static_cast<double>(grid.points()) / (1 << 20);
  if (invocation.output == OutputMode::json) {
    const nlohmann::ordered_json json = {
        {"schema_version", 1}, {"status", "valid"}, {"exit_code", 0},
        {"problem", {{"type", "inventory_placement"}, {"name", network.name}, {"size", network.size()}, {"arcs", problem.arcs.size()}}},
        {"plan", {{"ranks", options.ranks}, {"bound_chains", plan.chains}, {"replicas", plan.replicas}, {"parts", plan.parts}, {"time_step_days", grid.step()},
                  {"time_step_exact", grid.is_exact()}, {"memory_mebibytes_per_rank", memory}}}};
    fmt::print("{}\n", json.dump(2));
  } else if (invocation.output == OutputMode::text) {
    fmt::print("{}: valid\n  {} stages, {} arcs; times in steps of {} days{}\n  on {} rank{}: {} bound chains, {} replicas of {} part{}, about {:.0f} MiB per rank\n",
               options.file.string(), report::grouped(std::int64_t{network.size()}), report::grouped(static_cast<std::int64_t>(problem.arcs.size())), grid.step(),
               grid.is_exact() ? "" : " (relaxed: the lead times are too fine for an exact grid)", options.ranks, options.ranks == 1 ? "" : "s", plan.chains,
               plan.replicas, plan.parts, plan.parts == 1 ? "" : "s", memory);
  }
  return core::ExitCode::solved;
}

core::ExitCode solution_verdict(const CheckOptions& options, const Invocation& invocation, const registry::Problem& problem) {
  const model::PlacementVerdict verdict = model::judge(network_of(problem), load_plan(*options.solution, problem));
  const core::ExitCode code = verdict.feasible ? core::ExitCode::solved : core::ExitCode::bad_input;
  if (invocation.output == OutputMode::json) {
    const nlohmann::ordered_json json = {{"schema_version", 1}, {"status", verdict.feasible ? "feasible" : "infeasible"}, {"exit_code", static_cast<int>(code)},
                                         {"cost", verdict.cost}, {"safety_stock", verdict.safety_stock}, {"pipeline_stock", verdict.pipeline_stock},
                                         {"violations", verdict.violations}};
    fmt::print("{}\n", json.dump(2));
  } else if (invocation.output == OutputMode::text) {
    fmt::print("{}: {}, cost {}\n", options.solution->string(), verdict.feasible ? "feasible" : "INFEASIBLE", report::grouped(verdict.cost, 6));
    for (const std::string& violation : verdict.violations) fmt::print("  {}\n", violation);
  }
  return code;
}

class PlacementKind final : public ProblemKind {
 public:
  std::string_view type() const override { return "inventory_placement"; }
  bool reads(instances::FileFormat format) const override {
    return format == instances::FileFormat::network_txt || format == instances::FileFormat::network_csv || format == instances::FileFormat::json;
  }
  std::string_view solution_file() const override { return "plan.csv"; }

  registry::Problem load(const std::filesystem::path& file, const LoadOptions& options) const override {
    if (options.objective) throw core::UserError("--objective is about routes. Leave it out.");
    if (options.rounding)
      throw core::UserError(fmt::format("{}: is a supply network, whose costs are not rounded. Leave --round out.", file.string()));
    switch (instances::recognise_file(file)) {
      case instances::FileFormat::network_csv: return instances::read_network_csv(file);
      case instances::FileFormat::json: return load_json(file);
      default: return instances::read_network_txt(file);
    }
  }

  registry::Problem load_job(const descriptor::Descriptor& job) const override {
    if (!job.problem->contains("file")) return descriptor::placement_problem(job);
    if (job.problem->size() > 1) throw core::UserError(fmt::format("{}: /problem/file stands beside other keys. Leave it out, or leave the others out.", job.source.string()));
    return ProblemKind::load_job(job);
  }

  void describe(const registry::Problem& problem, model::RunRecord& record) const override {
    const model::PlacementNetwork& network = network_of(problem);
    record.problem_name = network.name;
    record.rounding = "none";
    record.problem_digest = model::digest(network);
    record.problem_size = network.size();
    record.cost_unit = "money";
  }
  LoadOptions load_options(const model::RunRecord&) const override { return {}; }

  std::optional<instances::BestKnown> best_known(const std::filesystem::path& file, const registry::Problem&) const override {
    return instances::best_known_network(file);
  }

  std::string why_no_baseline(const registry::Problem& problem, const std::string& baseline) const override {
    if (baseline != "tree" || is_forest(network_of(problem))) return {};
    return "but the network is no tree: some stages are joined by more than one way; give descent or cbc";
  }

  void compute_baseline(const registry::Problem& problem, const core::Budget& budget, model::RunRecord& record) const override {
    const model::PlacementNetwork& network = network_of(problem);
    const core::Stopwatch watch;
    const double cpu_before = core::process_cpu_seconds();
    const std::string& asked = record.solver.baseline;
    check_cbc_has_time(record.solver, budget);
    const double programme_seconds = budget.is_timed() ? control_seconds(record.solver, budget, {.share = programme_share, .longest = longest_programme_seconds}) : 0;
    const inventory::PlacementControl baseline = inventory::placement_control(model::compile(network), record.seed, programme_seconds, method_of(asked));
    if (baseline.plan.outbound.empty())
      throw core::UserError(asked == "cbc" ? fmt::format("{}: CBC found no plan in {:.2f} s, or has no exact programme for it. Give /baseline/time_share more, or another control.", network.name, programme_seconds)
                                           : fmt::format("{}: the tree programme has no plan that keeps the storage of every site. Give the control descent.", network.name));
    if (const model::PlacementVerdict verdict = model::judge(network, baseline.plan); !verdict.feasible)
      throw core::UserError(fmt::format("{}: no plan was found that fits. The nearest: {}. Give more storage, longer service limits or shorter lead times.",
                                        network.name, verdict.violations.front()));
    record.baseline = {.method = baseline.method, .answer = answer_of(network, baseline.plan), .wall_seconds = watch.seconds(),
                       .cpu_seconds = core::process_cpu_seconds() - cpu_before};
    record.incumbent = record.baseline.answer;
    record.served_by = "baseline";
  }

  model::Answer warm_start(const std::filesystem::path& file, const registry::Problem& problem, Console& console) const override {
    const model::PlacementNetwork& network = network_of(problem);
    const model::PlacementPlan given = load_plan(file, problem);
    const model::PlacementPlan repaired = model::repaired(model::compile(network), given.outbound);
    if (const model::PlacementVerdict verdict = model::judge(network, repaired); !verdict.feasible)
      throw core::UserError(fmt::format("{}: cannot be a start: {}. Give a plan that fits, or leave --warm-start out.", file.string(), verdict.violations.front()));
    const model::Answer answer = answer_of(network, repaired);
    const bool whole = model::judge(network, given).feasible;
    console.note(fmt::format("warm start {}: {}, cost {}", file.string(), whole ? "feasible" : "times cut to what can be promised", report::grouped(answer.cost, 3)));
    return answer;
  }

  void summarise(const registry::Problem& problem, model::RunRecord& record) const override {
    const model::PlacementNetwork& network = network_of(problem);
    record.figures.clear();
    record.profiles.clear();
    add_figures("control", network, record.baseline.answer, record.figures);
    add_figures("after", network, model::served_answer(record), record.figures);
    if (has_withheld_candidate(record)) add_figures("candidate", network, record.incumbent, record.figures);
    add_profiles("control", network, plan_of(network, record.baseline.answer), record.profiles);
    add_profiles("after", network, plan_of(network, model::served_answer(record)), record.profiles);
  }

  void write_solution(const std::filesystem::path& file, const registry::Problem& problem, const model::Answer& answer) const override {
    instances::write_placement_plan(file, network_of(problem), plan_of(network_of(problem), answer));
  }

  core::ExitCode check_plan(const CheckOptions& options, const Invocation& invocation, const registry::Problem& problem) const override {
    return plan_verdict(options, invocation, network_of(problem));
  }
  core::ExitCode check_solution(const CheckOptions& options, const Invocation& invocation, const registry::Problem& problem) const override {
    return solution_verdict(options, invocation, problem);
  }

  nlohmann::ordered_json facts(const registry::Problem& problem) const override {
    const model::PlacementNetwork& network = network_of(problem);
    const model::PlacementProblem compiled = model::compile(network);
    std::int64_t sinks = 0, sources = 0;
    double longest = 0;
    for (std::size_t i = 0; i < compiled.size(); ++i) {
      sinks += compiled.customers.of(i).empty();
      sources += compiled.suppliers.of(i).empty();
      longest = std::max(longest, compiled.longest_replenishment(i));
    }
    return {{"name", network.name}, {"type", "inventory_placement"}, {"stages", network.size()}, {"arcs", compiled.arcs.size()}, {"sources", sources}, {"sinks", sinks},
            {"longest_replenishment_days", longest}};
  }
};
}  // namespace

const ProblemKind& placement_kind() {
  static const PlacementKind kind;
  return kind;
}

}  // namespace tempera::app
