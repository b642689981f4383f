// Quadratic assignment (QAPLIB): restarted descent as the classical comparison, permutation ladders for the rest.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/instances/qubo_files.hpp"
#include "io/instances/text_file.hpp"
#include "io/instances/text_scan.hpp"
#include "io/report/numbers.hpp"
#include "jobs/app/control_time.hpp"
#include "jobs/app/load.hpp"
#include "jobs/app/problem_kind.hpp"
#include "jobs/app/stop_signal.hpp"
#include "solvers/baselines/qap_descent.hpp"
#include "solvers/core/atomic_file.hpp"
#include "solvers/model/digest.hpp"
#include "solvers/model/qubo_referee.hpp"

namespace tempera::app {

namespace {
constexpr double baseline_share = 0.1;
constexpr double longest_baseline_seconds = 2;
constexpr std::uint64_t counted_starts = 20;

const model::QapProblem& qap_of(const registry::Problem& problem) { return std::get<model::QapProblem>(problem); }

// Locations are counted from 1 in files, facility after facility, as in QAPLIB's .sln.
std::vector<std::int32_t> read_places(const std::filesystem::path& file, std::int32_t size) {
  const std::string text = instances::read_text(file), source = file.string();
  std::vector<std::int32_t> places;
  instances::LineReader lines(text);
  while (lines.next()) {
    std::string_view rest = lines.line().substr(0, lines.line().find('#'));
    for (std::string_view word = instances::next_word(rest); !word.empty(); word = instances::next_word(rest)) {
      const auto value = instances::to_whole(word);
      if (!value || *value < 1 || *value > size) instances::fail_at(source, lines.number(), fmt::format("the location is {}. Give a number from 1 to {}.", instances::shown(word), size));
      places.push_back(static_cast<std::int32_t>(*value - 1));
    }
  }
  if (places.size() != static_cast<std::size_t>(size)) instances::fail_at(source, lines.number(), fmt::format("{} locations for {} facilities. Give one for each.", places.size(), size));
  return places;
}

class QapKind final : public ProblemKind {
 public:
  std::string_view type() const override { return "qap"; }
  bool reads(instances::FileFormat format) const override { return format == instances::FileFormat::qaplib; }
  std::string_view solution_file() const override { return "solution.txt"; }
  std::vector<std::string> methods() const override { return {"annealing", "baseline"}; }

  std::vector<std::string> baselines() const override { return {"descent"}; }
  std::string why_no_baseline(const registry::Problem&, const std::string& baseline) const override { return baseline == "descent" ? "" : "but the control of a quadratic assignment is descent; give that or leave it out"; }

  registry::Problem load(const std::filesystem::path& file, const LoadOptions& options) const override {
    if (options.objective) throw core::UserError("--objective is about routes. Leave it out.");
    if (options.rounding) throw core::UserError("--round is about the distances of routing; a QAP has none of that kind. Leave it out.");
    return instances::read_qaplib(file);
  }
  void describe(const registry::Problem& problem, model::RunRecord& record) const override {
    record.problem_name = qap_of(problem).name;
    record.rounding = "exact";
    record.problem_digest = model::digest(qap_of(problem));
    record.problem_size = qap_of(problem).size;
    record.cost_unit = "flow x distance";
  }
  LoadOptions load_options(const model::RunRecord&) const override { return {}; }
  std::optional<instances::BestKnown> best_known(const std::filesystem::path& file, const registry::Problem&) const override {
    return instances::best_known_objective(file);
  }

  void compute_baseline(const registry::Problem& problem, const core::Budget& budget, model::RunRecord& record) const override {
    const core::Stopwatch watch;
    const double cpu_before = core::process_cpu_seconds();
    const bool timed = budget.is_timed();
    const double until = budget.elapsed_seconds() + (timed ? control_seconds(record.solver, budget, {.share = baseline_share, .longest = longest_baseline_seconds}) : 0);
    const auto stop = [&] { return stop_requested() || (timed && budget.elapsed_seconds() > until); };
    baselines::QapBaseline found = baselines::qap_descent(qap_of(problem), record.seed, timed ? UINT64_MAX : counted_starts, stop);
    record.baseline = {.method = "pairwise-swap descent, restarted", .answer = answer_of(problem, std::move(found.place)), .wall_seconds = watch.seconds(),
                       .cpu_seconds = core::process_cpu_seconds() - cpu_before};
    record.incumbent = record.baseline.answer;
    record.served_by = "baseline";
  }

  model::Answer warm_start(const std::filesystem::path& file, const registry::Problem& problem, Console& console) const override {
    model::Answer answer = answer_of(problem, places_of(file, problem));
    console.note(fmt::format("warm start {}: cost {}", file.string(), report::grouped(answer.cost_units)));
    return answer;
  }
  void write_solution(const std::filesystem::path& file, const registry::Problem& problem, const model::Answer& answer) const override {
    std::string text = fmt::format("# {}: cost {}; the location of facility 1, 2, …\n", qap_of(problem).name, answer.cost_units);
    for (const std::int32_t place : answer.ints) text += fmt::format("{}\n", place + 1);
    core::write_text_atomically(file, text);
  }

  // Both matrices as read and packed, and for each of the ladder's permutations its table of changes.
  double memory_mebibytes(const registry::Problem& problem, double, int) const override {
    const double n = qap_of(problem).size;
    return 30 + n * n * (2 * 8 * 2 + 24 * 8) / (1 << 20);
  }

  core::ExitCode check_plan(const CheckOptions& options, const Invocation& invocation, const registry::Problem& problem) const override {
    if (invocation.output == OutputMode::json)
      fmt::print("{}\n", nlohmann::ordered_json({{"schema_version", 1}, {"status", "valid"}, {"exit_code", 0}, {"problem", facts(problem)}, {"plan", {{"ranks", options.ranks}, {"ladders", options.ranks}, {"parts", 1}, {"memory_mebibytes_per_rank", memory_mebibytes(problem, options.budget_seconds, options.ranks)}}}}).dump(2));
    if (invocation.output == OutputMode::text)
      fmt::print("{}: valid\n  {} facilities and locations\n  on {} rank{}: {} ladder{} of 24 permutations, about {:.0f} MiB per rank\n", options.file.string(), qap_of(problem).size, options.ranks,
                 options.ranks == 1 ? "" : "s", options.ranks, options.ranks == 1 ? "" : "s", memory_mebibytes(problem, options.budget_seconds, options.ranks));
    return core::ExitCode::solved;
  }
  core::ExitCode check_solution(const CheckOptions& options, const Invocation& invocation, const registry::Problem& problem) const override {
    const model::QuboVerdict verdict = model::judge(qap_of(problem), places_of(*options.solution, problem));
    const core::ExitCode code = verdict.feasible ? core::ExitCode::solved : core::ExitCode::bad_input;
    if (invocation.output == OutputMode::json)
      fmt::print("{}\n", nlohmann::ordered_json({{"schema_version", 1}, {"status", verdict.feasible ? "feasible" : "infeasible"}, {"exit_code", static_cast<int>(code)},
                                                 {"cost", verdict.energy}, {"violations", verdict.violations}}).dump(2));
    if (invocation.output == OutputMode::text) {
      fmt::print("{}: {}, cost {}\n", options.solution->string(), verdict.feasible ? "feasible" : "INFEASIBLE", report::grouped(verdict.energy));
      for (const std::string& violation : verdict.violations) fmt::print("  {}\n", violation);
    }
    return code;
  }
  nlohmann::ordered_json facts(const registry::Problem& problem) const override {
    return {{"name", qap_of(problem).name}, {"type", "qap"}, {"facilities", qap_of(problem).size}};
  }

 private:
  static model::Answer answer_of(const registry::Problem& problem, std::vector<std::int32_t> places) {
    const model::QuboVerdict verdict = model::judge(qap_of(problem), places);
    if (!verdict.feasible) throw core::UserError(fmt::format("{}: {}. Give every location once.", qap_of(problem).name, verdict.violations.front()));
    return {.cost = verdict.objective, .cost_units = verdict.energy, .ints = std::move(places), .reals = {}};
  }
  static std::vector<std::int32_t> places_of(const std::filesystem::path& file, const registry::Problem& problem) {
    if (instances::recognise_file(file) == instances::FileFormat::hdf5) return load_run_answer(file, problem).ints;
    return read_places(file, qap_of(problem).size);
  }
};
}  // namespace

const ProblemKind& qap_kind() {
  static const QapKind kind;
  return kind;
}

}  // namespace tempera::app
