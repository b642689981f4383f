// tempera resume: go on from a checkpoint or a result, on any number of ranks.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "jobs/app/commands.hpp"
#include "jobs/app/finish.hpp"
#include "jobs/app/load.hpp"
#include "jobs/app/problem_kind.hpp"
#include "jobs/app/run.hpp"
#include "jobs/app/wanted_run.hpp"
#include "mpi/cluster/master_loop.hpp"
#include "solvers/model/digest.hpp"

namespace tempera::app {

namespace {
registry::Problem load_same_problem(const ResumeOptions& options, const LoadedRun& loaded) {
  const std::filesystem::path file = options.instance.value_or(loaded.record.problem_source);
  std::error_code ignored;
  if (!options.instance && !std::filesystem::exists(file, ignored))
    throw core::UserError(fmt::format("{}: its instance {} is not there (any more). Say where it is: --instance FILE.", loaded.file.string(), file.string()));
  registry::Problem problem = load_problem(file, kind_named(loaded.record.problem_type).load_options(loaded.record));
  const std::uint64_t digest = digest_of(problem);
  if (digest != loaded.record.problem_digest)
    throw core::UserError(fmt::format("{}: is a checkpoint of another problem than {}: digest {} against {}. Give the instance it was made from with --instance.",
                                      loaded.file.string(), file.string(), model::digest_text(loaded.record.problem_digest), model::digest_text(digest)));
  return problem;
}

// Nothing would be left to do, and a finished result would only be written again.
void refuse_spent_budget(const LoadedRun& loaded, const core::BudgetLimit& limit, bool is_new) {
  const model::RunRecord& r = loaded.record;
  const bool finished = r.status == model::RunStatus::solved && !is_new;
  if (limit.seconds && (finished || r.wall_seconds >= *limit.seconds))
    throw core::UserError(fmt::format("{}: {:.1f} s are spent of a budget of {} s. Give more, counted from the first start: --budget {:.0f}.", loaded.file.string(),
                                      r.wall_seconds, *limit.seconds, std::ceil(2 * std::max(r.wall_seconds, *limit.seconds))));
  if (limit.iterations && (finished || r.iterations >= *limit.iterations))
    throw core::UserError(fmt::format("{}: {} iterations are done of {}. Give more, counted from the first start: --iterations {}.", loaded.file.string(),
                                      r.iterations, *limit.iterations, 2 * std::max(r.iterations, *limit.iterations)));
}
}  // namespace

core::ExitCode resume(const ResumeOptions& options, const Invocation& invocation, comm::Session& session) {
  std::optional<registry::Problem> same;
  const LoadedRun loaded = load_run(options.from, [&](const LoadedRun& candidate) { same = load_same_problem(options, candidate); });
  const registry::Problem& problem = *same;
  model::RunRecord record = loaded.record;
  const bool new_limit = options.run.limit.seconds || options.run.limit.iterations;
  if (new_limit) record.limit = options.run.limit;
  refuse_spent_budget(loaded, record.limit, new_limit);
  record.command_line = invocation.command_line;
  if (record.solver.method != annealing_method)
    throw core::UserError(fmt::format("{}: is a run of the method {}, which cannot go on where it stopped. Solve again: tempera solve {}", loaded.file.string(), record.solver.method, record.problem_source));
  RunOptions run_options = options.run;
  run_options.method = record.solver.method;
  run_options = with_job(run_options, read_job(options.instance.value_or(record.problem_source)));
  run_options.replicas = record.solver.replicas;  // the ladder keeps its size
  record.solver.digest = solver_choice(run_options, record.policy, {}).digest;
  const core::Budget budget(record.limit, invocation.budget_from, loaded.record.wall_seconds);
  const checkpoint::OutputFolder folder(options.run.out.empty() ? loaded.file.parent_path().empty() ? std::filesystem::path(".") : loaded.file.parent_path() : options.run.out);
  cluster::share_problem(session.world(), problem);
  Console console(options.run.progress, invocation.output, record.best_known, record.sense);
  for (const std::string& reason : loaded.passed_over) {
    console.warn(fmt::format("passed over a newer file: {}", reason));
    record.warnings.push_back(fmt::format("passed over when resuming: {}", reason));
  }
  console.note(fmt::format("going on from {}: cost {}, {} iterations, {:.1f} s spent", loaded.file.string(), record.incumbent.cost, record.iterations, record.wall_seconds));
  const Run run{.session = session, .problem = problem, .budget = budget, .started = invocation.budget_from, .spent_before = loaded.record.wall_seconds, .options = run_options, .folder = folder, .console = console, .resume = &loaded.record, .cpu_before = invocation.cpu_before};
  begin_run(run, invocation);
  const core::ExitCode code = anneal(run, record);
  return finish_run(folder, problem, record, code, invocation.output);
}

}  // namespace tempera::app
