// tempera solve: read, baseline, anneal over ranks, write.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "jobs/app/commands.hpp"
#include "jobs/app/finish.hpp"
#include "jobs/app/load.hpp"
#include "jobs/app/problem_kind.hpp"
#include "jobs/app/run.hpp"
#include "jobs/app/wanted_run.hpp"
#include "mpi/cluster/master_loop.hpp"

namespace tempera::app {

namespace {
void find_best_known(const SolveOptions& options, const registry::Problem& problem, model::RunRecord& record) {
  if (options.best_known) {
    if (record.problem_type == "routing" && *options.best_known <= 0)
      throw core::UserError(fmt::format("--best-known: the value is {}; give a number above 0.", *options.best_known));
    record.best_known = options.best_known;
    record.best_known_source = "--best-known";
  } else if (const auto known = kind_of(problem).best_known(options.file, problem)) {
    record.best_known = known->cost;
    record.best_known_source = std::filesystem::path(known->source).filename().string();
  }
}

// Starts from the warm start where it beats the baseline, and says either way what was accepted.
void take_warm_start(const std::filesystem::path& file, const registry::Problem& problem, Console& console, model::RunRecord& record) {
  model::Answer answer = kind_of(problem).warm_start(file, problem, console);
  if (answer.cost_units >= record.incumbent.cost_units) {
    console.note(fmt::format("the baseline is at least as good ({} against {}); starting from it", record.incumbent.cost_units, answer.cost_units));
    return;
  }
  record.incumbent = std::move(answer);
  record.served_by = "warm start";
}

// What the kind of problem has no use for.
void check_options(const SolveOptions& options, const registry::Problem& problem) {
  const ProblemKind& kind = kind_of(problem);
  const std::string file = options.file.string();
  const std::vector<std::string> methods = kind.methods();
  if (std::ranges::find(methods, options.run.method) == methods.end())
    throw core::UserError(fmt::format("--method: {} is not one for {}, which is of type {}. Give one of {}.", options.run.method, file, kind.type(), fmt::join(methods, ", ")));
  if (const std::string& baseline = options.run.baseline; !baseline.empty()) {
    const std::vector<std::string> baselines = kind.baselines();
    if (std::ranges::find(baselines, baseline) == baselines.end())
      throw core::UserError(fmt::format("--baseline: {} is not one for {}, which is of type {}. Give one of {}.", baseline, file, kind.type(), fmt::join(baselines, ", ")));
    if (const std::string why = kind.why_no_baseline(problem, baseline); !why.empty()) throw core::UserError(fmt::format("--baseline: {} does not suit {}, {}.", baseline, file, why));
  }
  if (options.run.target && kind.type() != "qubo" && kind.type() != "qap")
    throw core::UserError(fmt::format("--target works for QUBO, Max-Cut and QAP, and {} is none of them. Leave it out.", file));
  if (!options.run.ladder.empty() && kind.type() != "qubo" && kind.type() != "qap")
    throw core::UserError(fmt::format("--ladder works for QUBO, Max-Cut and QAP, and {} is none of them. Leave it out.", file));
  if (options.run.hybrid && !kind.has_top_choice(problem))
    throw core::UserError(fmt::format("--hybrid works for routing without a fleet and for rebalancing, and {} is of type {}. Leave it out.", file, kind.type()));
  if (options.run.replicas > 0 && !kind.has_replicas()) throw core::UserError(fmt::format("--replicas means nothing for {}, which is of type {}. Leave it out.", file, kind.type()));
  const auto belongs = [&](bool given, const char* word, std::string_view method) {
    if (given && options.run.method != method) throw core::UserError(fmt::format("{} belongs to --method {}, and this is {}. Leave it out.", word, method, options.run.method));
  };
  belongs(options.run.depth.has_value(), "--depth", "qaoa");
  belongs(options.run.shots.has_value(), "--shots", "qaoa");
  belongs(options.run.replicas > 0, "--replicas", annealing_method);
  belongs(!options.run.ladder.empty(), "--ladder", annealing_method);
  belongs(options.run.hybrid.has_value(), "--hybrid", annealing_method);
  belongs(options.warm_start.has_value(), "--warm-start", annealing_method);
}

// Played over the ranks instead of solved.
core::ExitCode solve_backtest(const SolveOptions& options, const Invocation& invocation, comm::Session& session) {
  const bool more = options.run.limit.seconds || options.run.limit.iterations || options.run.hybrid || options.run.target || options.run.replicas > 0 || !options.run.ladder.empty() || !options.run.method.empty() || !options.run.baseline.empty() || options.seed || options.warm_start || options.best_known;
  if (more) throw core::UserError(fmt::format("{}: is a backtest, which is played and not solved: it has no budget and no method, and its seed is the job's. Leave everything out but --out.", options.file.string()));
  return backtest({.file = options.file, .out = options.run.out}, invocation, session);
}
}  // namespace

core::ExitCode solve(const SolveOptions& given, const Invocation& invocation, comm::Session& session) {
  const std::optional<descriptor::Descriptor> job = read_job(given.file);
  if (job && job->problem_type == "backtest") return solve_backtest(given, invocation, session);
  SolveOptions options = given;
  options.run = with_job(given.run, job);
  if (!options.best_known && job) options.best_known = job->best_known;
  const core::Budget budget(options.run.limit, invocation.budget_from);
  const registry::Problem problem = job ? load_job(*job, options.load) : load_problem(options.file, options.load);
  const checkpoint::OutputFolder folder(options.run.out.empty() ? std::filesystem::path("runs") / options.file.stem() : options.run.out);
  check_options(options, problem);
  cluster::share_problem(session.world(), problem);

  model::RunRecord record = new_record(problem, invocation);
  record.problem_source = options.file.string();
  record.seed = options.seed.value_or(job && job->seed ? *job->seed : 1);
  record.policy = policy_of(job);
  if (job) record.job_id = job->job_id;
  record.solver = solver_choice(options.run, record.policy, options.warm_start);
  record.limit = options.run.limit;
  find_best_known(options, problem, record);
  Console console(options.run.progress, invocation.output, record.best_known, record.sense);
  const Run run{.session = session, .problem = problem, .budget = budget, .started = invocation.budget_from, .options = options.run, .folder = folder, .console = console,
                .cpu_before = invocation.cpu_before};
  begin_run(run, invocation);
  if (std::error_code ignored; std::filesystem::exists(folder.checkpoint_h5(), ignored))
    console.warn(fmt::format("{} is of an unfinished run; it will be replaced. To go on with it instead: tempera resume {}", folder.checkpoint_h5().string(),
                             folder.path().string()));
  for (const std::string& note : record.warnings) console.warn(note);
  kind_of(problem).compute_baseline(problem, budget, record);
  if (options.warm_start) take_warm_start(*options.warm_start, problem, console, record);
  const core::ExitCode code = record.solver.method == annealing_method ? anneal(run, record) : run_by_method(run, record);
  return finish_run(folder, problem, record, code, invocation.output);
}

}  // namespace tempera::app
