#include "jobs/app/run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "io/checkpoint/run_file.hpp"
#include "io/report/numbers.hpp"
#include "io/report/warning_fold.hpp"
#include "jobs/app/candidates.hpp"
#include "jobs/app/hybrid_run.hpp"
#include "jobs/app/problem_kind.hpp"
#include "jobs/app/run_log.hpp"
#include "jobs/app/run_status.hpp"
#include "jobs/app/serving.hpp"
#include "jobs/app/stop_signal.hpp"
#include "jobs/app/versions.hpp"
#include "jobs/app/wanted_run.hpp"
#include "jobs/app/walltime.hpp"
#include "mpi/cluster/master_loop.hpp"

namespace tempera::app {

namespace {
void serve_baseline(model::RunRecord& record, const std::string& reason) {
  if (record.incumbent.cost_units >= record.baseline.answer.cost_units) {
    record.incumbent = record.baseline.answer;
    record.served_by = "baseline";
  }
  record.fallback_reason = reason;
}

// A checkpoint holds the best of several independent seeds alone.
void go_on_with_best_seed(model::RunRecord& record) {
  if (record.seeds.empty()) return;
  const auto best = std::ranges::find(record.seeds, record.incumbent.cost, &model::SeedOutcome::cost);
  if (best != record.seeds.end()) record.seed = best->seed;
  record.warnings.push_back(fmt::format("resumed: the run goes on with seed {} alone and its share of the iterations, so nothing is known of how independent seeds agree", record.seed));
  record.seeds.clear();
  record.candidates.clear();
}

// The status file wants its own rhythm beside the console's.
cluster::RunHooks with_status(cluster::RunHooks hooks, RunStatusFile& status) {
  const double show_every = hooks.progress_seconds;
  hooks.progress_seconds = std::min(show_every, 5.0);
  hooks.progress = [&status, show = hooks.progress, show_every, next = 0.0](const cluster::ProgressView& view) mutable {
    status.running(view);
    if (!show || view.elapsed_seconds < next) return;
    show(view);
    next = view.elapsed_seconds + 0.99 * show_every;
  };
  return hooks;
}

// Beside the console: warnings and what the run was into the log of rank 0, every event into the trace.
cluster::RunHooks with_logs(cluster::RunHooks hooks, RankLog& log, EventTrace& trace) {
  hooks.warn = [&log, tell = hooks.warn](const std::string& text) {
    log.line("warning: " + text);
    if (tell) tell(text);
  };
  hooks.note = [&trace](const model::RunEvent& event) { trace.note(event); };
  return hooks;
}
}  // namespace

model::RunRecord new_record(const registry::Problem& problem, const Invocation& invocation) {
  model::RunRecord record;
  char host[256] = "unknown";
  gethostname(host, sizeof host - 1);
  record.created_utc = core::utc_timestamp();
  record.host = host;
  record.command_line = invocation.command_line;
  record.software_version = TEMPERA_VERSION;
  record.libraries = library_versions_text();
  record.problem_type = registry::problem_type(problem);
  kind_of(problem).describe(problem, record);
  return record;
}

void begin_run(const Run& run, const Invocation& invocation) {
  std::error_code ignored;  // of an earlier run; usually there is none
  std::filesystem::remove(run.folder.result_done(), ignored);
  if (const auto allowed = allowed_walltime(run.options.max_hours, invocation.started)) {
    watch_walltime(*allowed, invocation.started);
    if (!run.budget.is_timed() || run.budget.remaining_seconds() > allowed->stop_after - invocation.started.seconds())
      run.console.note(fmt::format("{}: stopping with a checkpoint after {}", allowed->reason, report::duration(allowed->stop_after)));
  }
}

core::ExitCode run_by_method(const Run& run, model::RunRecord& record) {
  record.ranks = run.session.world().size();
  if (record.solver.method != baseline_method) {
    model::Answer found = kind_of(run.problem).find_candidate(run.problem, run.budget, record);
    record.trace.push_back({.iterations = record.iterations, .round = 0, .cost = found.cost, .temperature = 0, .seconds = run.budget.elapsed_seconds()});
    record.incumbent = std::move(found);
    record.served_by = record.solver.method;
    collect_candidates(run.problem, record);
  }
  record.wall_seconds = run.budget.elapsed_seconds();
  record.cpu_seconds = core::process_cpu_seconds() - run.cpu_before;
  decide(registry::judge(run.problem, record.baseline.answer), registry::judge(run.problem, record.incumbent), record);
  record.status = stop_requested() ? model::RunStatus::stopped : model::RunStatus::solved;
  return stop_requested() ? stopped_exit_code() : core::ExitCode::solved;
}

core::ExitCode anneal(const Run& run, model::RunRecord& record) {
  comm::Transport& world = run.session.world();
  core::BudgetLimit limit = run.budget.limit();
  if (limit.seconds) *limit.seconds -= hybrid_seconds(run.options, run.budget);
  const core::Budget budget(limit, run.started, run.spent_before);
  record.ranks = world.size();
  checkpoint::CheckpointJournal journal(run.folder.checkpoint_h5(), run.folder.checkpoint_previous_h5());
  record.fallback_reason.clear();  // of an earlier run
  cluster::RunEnd end;
  RankLog log(run.options.log_dir, world.rank());
  EventTrace trace(run.options.log_dir);
  log.line(fmt::format("{} ranks, {}", world.size(), record.command_line));
  RunStatusFile status(run.folder.status_json(), record);
  if (run.resume) go_on_with_best_seed(record);
  core::BudgetLimit own_limit = budget.limit();
  if (run.resume && own_limit.iterations) *own_limit.iterations /= std::max(1u, record.policy.seeds);
  try {
    const auto campaign = registry::make_campaign(
        run.problem, {.limit = own_limit, .seed = record.seed, .ranks = world.size(), .replicas = run.options.replicas, .spanning = run.options.ladder == spanning_ladder,
                      .elapsed_seconds = budget.elapsed_seconds(), .start = record.incumbent, .started_from = record.served_by, .baseline = &record.baseline.answer,
                      .seeds = record.policy.seeds, .target = run.options.target, .resume = run.resume});
    end = cluster::run_master({.transport = world, .problem = run.problem, .campaign = *campaign, .budget = budget, .journal = &journal,
                               .checkpoint_seconds = run.options.checkpoint_seconds, .cpu_before = run.cpu_before, .worker_timeout_seconds = run.options.worker_timeout_seconds,
                               .hooks = with_logs(with_status(run.console.hooks(), status), log, trace)}, record);
    if (!end.missing_ranks.empty()) run.session.mark_rank_lost();
    // Routes cost whole units, of which one vehicle may hold more than a millionth of all.
    const double proven_within = record.problem_type == "routing" ? 0.5 * record.incumbent.cost / static_cast<double>(std::max<std::int64_t>(1, record.incumbent.cost_units)) : 1e-6 * std::abs(record.incumbent.cost);
    const bool proven = record.lower_bound && record.incumbent.cost - *record.lower_bound <= proven_within;
    if (record.served_by == "baseline" && !proven)
      serve_baseline(record, record.iterations == 0 ? "deadline: no time was left to anneal" : "worse_than_control: annealing found nothing better");
  } catch (const core::UserError&) {
    throw;
  } catch (const std::exception& error) {
    serve_baseline(record, fmt::format("error: {}", error.what()));
    record.warnings.push_back(fmt::format("annealing failed, the best answer so far is served: {}", error.what()));
    run.console.warn(record.warnings.back());
  }
  if (!end.stopped_early) improve_by_choice(run, record);
  collect_candidates(run.problem, record);
  record.warnings = report::folded(record.warnings);
  log.line(fmt::format("ended: cost {}, {} iterations", record.incumbent.cost, record.iterations));
  decide(registry::judge(run.problem, record.baseline.answer), registry::judge(run.problem, record.incumbent), record);
  record.status = end.stopped_early ? model::RunStatus::stopped : model::RunStatus::solved;
  return end.stopped_early ? stopped_exit_code() : core::ExitCode::solved;
}

}  // namespace tempera::app
