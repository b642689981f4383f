// QUBO, Ising models and Max-Cut: tabu search as the classical comparison, replica ladders for the rest.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/instances/qubo_files.hpp"
#include "io/report/numbers.hpp"
#include "jobs/app/load.hpp"
#include "jobs/app/problem_kind.hpp"
#include "jobs/app/qubo_methods.hpp"
#include "jobs/descriptor/qubo_constraints.hpp"
#include "jobs/descriptor/qubo_problem.hpp"
#include "solvers/baselines/qubo_tabu.hpp"
#include "solvers/core/atomic_file.hpp"
#include "solvers/model/digest.hpp"
#include "solvers/model/qubo_penalties.hpp"
#include "solvers/model/qubo_referee.hpp"
#include "solvers/qubo/campaign.hpp"
#include "solvers/qubo/choose.hpp"
#include "solvers/qubo/penalty.hpp"

namespace tempera::app {

namespace {
const model::QuboProblem& qubo_of(const registry::Problem& problem) { return std::get<model::QuboProblem>(problem); }

model::Answer answer_of(const model::QuboProblem& problem, std::vector<std::int32_t> values) {
  const model::QuboVerdict verdict = model::judge(problem, values);
  if (!verdict.feasible) throw core::UserError(fmt::format("{}: the answer is infeasible: {}. Give one that keeps every group and constraint.", problem.name, verdict.violations.front()));
  return {.cost = verdict.objective, .cost_units = verdict.energy, .ints = std::move(values), .reals = {}};
}

// Without the slack variables of penalties.
std::span<const std::int32_t> own_values(const model::QuboProblem& problem, std::span<const std::int32_t> values) {
  return values.first(values.size() - static_cast<std::size_t>(problem.slack_variables));
}

class QuboKind final : public ProblemKind {
 public:
  std::string_view type() const override { return "qubo"; }
  bool reads(instances::FileFormat format) const override { return instances::is_qubo_format(format); }
  std::string_view solution_file() const override { return "solution.txt"; }

  registry::Problem load(const std::filesystem::path& file, const LoadOptions& options) const override {
    if (options.objective) throw core::UserError("--objective is about routes. Leave it out.");
    if (options.rounding) throw core::UserError("--round is about distances; a QUBO has none. Leave it out.");
    return instances::read_qubo(file);
  }

  registry::Problem load_job(const descriptor::Descriptor& job) const override {
    registry::Problem problem = descriptor::is_inline_qubo(job) ? registry::Problem(descriptor::qubo_problem(job)) : ProblemKind::load_job(job);
    if (!std::holds_alternative<model::QuboProblem>(problem)) {  // a QAPLIB file
      if (job.problem->contains("constraints")) throw core::UserError(fmt::format("{}: /problem/constraints cannot stand beside a quadratic assignment. Leave them out.", job.source.string()));
      return problem;
    }
    const model::QuboProblem& base = qubo_of(problem);
    const std::vector<model::LinearConstraint> constraints = descriptor::qubo_constraints(job, base);
    if (constraints.empty()) return problem;
    return qubo::with_penalties(base, constraints);
  }

  void describe(const registry::Problem& problem, model::RunRecord& record) const override {
    const model::QuboProblem& qubo = qubo_of(problem);
    record.problem_name = qubo.name;
    record.rounding = qubo.exact ? "exact" : "real";
    record.problem_digest = model::digest(qubo);
    record.problem_size = qubo.variables() - qubo.slack_variables;
    record.cost_unit = qubo.objective_unit;
    record.sense = qubo.sense;
    record.warnings = qubo.notes;
  }
  LoadOptions load_options(const model::RunRecord&) const override { return {}; }

  std::optional<instances::BestKnown> best_known(const std::filesystem::path& file, const registry::Problem&) const override {
    return instances::best_known_objective(file);
  }

  std::string why_no_baseline(const registry::Problem& problem, const std::string& baseline) const override {
    const model::QuboProblem& qubo = qubo_of(problem);
    if (baseline == "exhaustive" && qubo.variables() > baselines::enumerated_variables)
      return fmt::format("but looks at every state, of {} variables at most, and there are {}; give another control", baselines::enumerated_variables, qubo.variables());
    if ((baseline == "tabu" || baseline == "greedy") && !qubo.groups.empty()) return fmt::format("but would break the {} groups of variables; give descent or exhaustive", qubo.groups.size());
    return {};
  }

  void compute_baseline(const registry::Problem& problem, const core::Budget& budget, model::RunRecord& record) const override {
    const model::QuboProblem& qubo = qubo_of(problem);
    const core::Stopwatch watch;
    const double cpu_before = core::process_cpu_seconds();
    baselines::QuboBaseline result = qubo_control(qubo, budget, record);
    if (!model::judge(qubo, result.values).feasible) {
      const std::string ladder = "short ladder with penalties";
      result = {.values = qubo::feasible_start(qubo), .energy = 0, .flips = 0, .method = record.solver.baseline.empty() ? ladder : fmt::format("{}: infeasible; {}", result.method, ladder)};
    }
    record.baseline = {.method = result.method, .answer = answer_of(qubo, std::move(result.values)), .wall_seconds = watch.seconds(),
                       .cpu_seconds = core::process_cpu_seconds() - cpu_before};
    if (record.lower_bound && qubo.constraints.empty()) record.lower_bound = record.baseline.answer.cost;
    record.incumbent = record.baseline.answer;
    record.served_by = "baseline";
  }

  model::Answer find_candidate(const registry::Problem& problem, const core::Budget& budget, model::RunRecord& record) const override {
    return answer_of(qubo_of(problem), qubo_by_method(qubo_of(problem), budget, record));
  }

  model::Answer warm_start(const std::filesystem::path& file, const registry::Problem& problem, Console& console) const override {
    model::Answer answer = answer_of(qubo_of(problem), values_of(file, problem));
    console.note(fmt::format("warm start {}: {} {}", file.string(), qubo_of(problem).objective_unit, report::grouped(answer.cost, 6)));
    return answer;
  }

  void write_solution(const std::filesystem::path& file, const registry::Problem& problem, const model::Answer& answer) const override {
    instances::write_values(file, qubo_of(problem), own_values(qubo_of(problem), answer.ints), answer.cost);
  }

  // The sample set: distinct states, the best first.
  void write_more(const std::filesystem::path& folder, const registry::Problem& problem, const model::RunRecord& record) const override {
    const model::QuboProblem& qubo = qubo_of(problem);
    const bool penalised = !qubo.constraints.empty();
    std::string text = fmt::format("# {}: {}, occurrences, {}values of the variables in order\nobjective,occurrences,{}values\n", record.problem_name, qubo.objective_unit,
                                   penalised ? "constraints kept (1) or not (0), " : "", penalised ? "feasible," : "");
    for (const model::ReplicaState& state : record.campaign.replicas) {
      if (state.rung != qubo::sample_state) continue;
      fmt::format_to(std::back_inserter(text), "{},{},", state.answer.cost, state.trip);
      if (penalised) text += model::judge(qubo, state.answer.ints).feasible ? "1," : "0,";
      for (const std::int32_t value : own_values(qubo, state.answer.ints)) text += value ? '1' : '0';
      text += '\n';
    }
    core::write_text_atomically(folder / "samples.csv", text);
  }

  std::vector<report::ConstraintLine> constraints(const registry::Problem& problem, const model::Answer& answer) const override {
    std::vector<report::ConstraintLine> lines;
    for (const model::LinearConstraint& c : qubo_of(problem).constraints) {
      std::int64_t sum = 0;
      for (std::size_t k = 0; k < c.members.size(); ++k) sum += c.coefficients[k] * answer.ints[static_cast<std::size_t>(c.members[k])];
      lines.push_back({c.name, fmt::format("{} {}", c.sense == model::ConstraintSense::equal ? "exactly" : c.sense == model::ConstraintSense::at_most ? "at most" : "at least", report::grouped(c.bound)), report::grouped(sum)});
    }
    if (!qubo_of(problem).groups.empty()) lines.push_back({"groups of variables", report::grouped(std::ssize(qubo_of(problem).groups)), "each with its number of ones"});
    return lines;
  }

  // The couplings as read and as the engine packs them, and the replicas of one ladder.
  double memory_mebibytes(const registry::Problem& problem, double, int) const override {
    const model::QuboProblem& qubo = qubo_of(problem);
    const auto n = static_cast<double>(qubo.variables()), entries = static_cast<double>(qubo.column.size());
    const bool dense = qubo::engine_for(qubo) == qubo::Engine::dense;
    return 30 + (entries * 12 * 2 + (dense ? n * n * 4 : entries * 8) + n * 32 * 8) / (1 << 20);
  }

  // What the penalties of constraints came to.
  void summarise(const registry::Problem& problem, model::RunRecord& record) const override {
    const model::QuboProblem& qubo = qubo_of(problem);
    record.figures.clear();
    record.plan_tables.variables = qubo.labels;
    if (qubo.constraints.empty()) return;
    double states = 0, kept = 0;
    for (const model::ReplicaState& state : record.campaign.replicas) {
      if (state.rung != qubo::sample_state) continue;
      states += state.trip;
      if (model::judge(qubo, state.answer.ints).feasible) kept += state.trip;
    }
    const auto add = [&](const char* name, const char* unit, double value) { record.figures.push_back({.group = "constraints", .name = name, .unit = unit, .value = value}); };
    add("constraints", "", static_cast<double>(qubo.constraints.size()));
    add("slack_variables", "", qubo.slack_variables);
    add("penalty", "per squared unit missed", qubo.penalty);
    if (states > 0) add("feasible_share_of_samples", "%", 100 * kept / states);
  }

  core::ExitCode check_plan(const CheckOptions& options, const Invocation& invocation, const registry::Problem& problem) const override {
    const model::QuboProblem& qubo = qubo_of(problem);
    const std::string_view engine = qubo::name_of(qubo::engine_for(qubo));
    const double memory = memory_mebibytes(problem, options.budget_seconds, options.ranks);
    if (invocation.output == OutputMode::json) {
      nlohmann::ordered_json json = {{"schema_version", 1}, {"status", "valid"}, {"exit_code", 0}, {"problem", facts(problem)},
                                     {"plan", {{"ranks", options.ranks}, {"ladders", options.ranks}, {"parts", 1}, {"engine", engine}, {"memory_mebibytes_per_rank", memory}}}};
      fmt::print("{}\n", json.dump(2));
    } else if (invocation.output == OutputMode::text) {
      fmt::print("{}: valid\n  {} variables, {} couplings, {} groups; {} is {}\n  on {} rank{}: {} ladder{} of 32 replicas, {} engine, about {:.0f} MiB per rank\n", options.file.string(),
                 report::grouped(std::int64_t{qubo.variables()}), report::grouped(static_cast<std::int64_t>(qubo.column.size() / 2)), qubo.groups.size(),
                 qubo.objective_unit, qubo.sense == model::Sense::maximise ? "maximised" : "minimised", options.ranks, options.ranks == 1 ? "" : "s", options.ranks,
                 options.ranks == 1 ? "" : "s", engine, memory);
      for (const std::string& note : qubo.notes) fmt::print("  note: {}\n", note);
    }
    return core::ExitCode::solved;
  }

  core::ExitCode check_solution(const CheckOptions& options, const Invocation& invocation, const registry::Problem& problem) const override {
    const model::QuboVerdict verdict = model::judge(qubo_of(problem), values_of(*options.solution, problem));
    const core::ExitCode code = verdict.feasible ? core::ExitCode::solved : core::ExitCode::bad_input;
    if (invocation.output == OutputMode::json) {
      const nlohmann::ordered_json json = {{"schema_version", 1}, {"status", verdict.feasible ? "feasible" : "infeasible"}, {"exit_code", static_cast<int>(code)},
                                           {"cost", verdict.objective}, {"violations", verdict.violations}};
      fmt::print("{}\n", json.dump(2));
    } else if (invocation.output == OutputMode::text) {
      fmt::print("{}: {}, {} {}\n", options.solution->string(), verdict.feasible ? "feasible" : "INFEASIBLE", qubo_of(problem).objective_unit,
                 report::grouped(verdict.objective, 6));
      for (const std::string& violation : verdict.violations) fmt::print("  {}\n", violation);
    }
    return code;
  }

  nlohmann::ordered_json facts(const registry::Problem& problem) const override {
    const model::QuboProblem& qubo = qubo_of(problem);
    nlohmann::ordered_json json = {{"name", qubo.name}, {"type", "qubo"}, {"variables", qubo.variables()}, {"couplings", qubo.column.size() / 2},
                                   {"mean_degree", static_cast<double>(qubo.column.size()) / qubo.variables()}, {"groups", qubo.groups.size()},
                                   {"objective", qubo.objective_unit}, {"sense", qubo.sense == model::Sense::maximise ? "maximise" : "minimise"},
                                   {"exact", qubo.exact}, {"unit", qubo.unit}, {"offset", qubo.offset}, {"engine", qubo::name_of(qubo::engine_for(qubo))}};
    if (!qubo.notes.empty()) json["notes"] = qubo.notes;
    return json;
  }

 private:
  static std::vector<std::int32_t> values_of(const std::filesystem::path& file, const registry::Problem& problem) {
    if (instances::recognise_file(file) == instances::FileFormat::hdf5) return load_run_answer(file, problem).ints;
    const model::QuboProblem& qubo = qubo_of(problem);
    std::vector<std::int32_t> values = instances::read_values(file, qubo);
    if (qubo.slack_variables == 0) return values;
    values.resize(static_cast<std::size_t>(qubo.variables()), 0);
    return model::with_settled_slack(qubo, std::move(values));
  }
};
}  // namespace

const ProblemKind& qubo_kind() {
  static const QuboKind kind;
  return kind;
}

}  // namespace tempera::app
