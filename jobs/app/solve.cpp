// tempera solve: read, baseline, anneal over ranks, write.
#include <fmt/format.h>

#include "jobs/app/commands.hpp"
#include "jobs/app/finish.hpp"
#include "jobs/app/problem_kind.hpp"
#include "jobs/app/run.hpp"
#include "jobs/app/solve_inputs.hpp"
#include "jobs/app/wanted_run.hpp"
#include "mpi/cluster/master_loop.hpp"

namespace tempera::app {

namespace {
void find_best_known(const SolveOptions& options, const registry::Problem& problem, model::RunRecord& record) {
  if (options.best_known) {
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
}  // namespace

core::ExitCode solve(const SolveOptions& given, const Invocation& invocation, comm::Session& session) {
  std::optional<descriptor::Descriptor> read = read_job(given.file);
  if (read && read->problem_type == "backtest") {
    check_backtest_options(given);
    return backtest({.file = given.file, .out = given.run.out}, invocation, session);
  }
  const auto [job, options, problem] = solve_inputs(given, std::move(read));
  const core::Budget budget(options.run.limit, invocation.budget_from);
  const checkpoint::OutputFolder folder(options.run.out.empty() ? std::filesystem::path("runs") / options.file.stem() : options.run.out);
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
