// tempera solve: read, baseline, anneal over ranks, write.
#include <fmt/format.h>

#include "io/instances/best_known.hpp"
#include "jobs/app/commands.hpp"
#include "jobs/app/finish.hpp"
#include "jobs/app/load.hpp"
#include "jobs/app/run_routing.hpp"
#include "mpi/cluster/master_loop.hpp"
#include "solvers/baselines/repair.hpp"
#include "solvers/model/routing_referee.hpp"

namespace tempera::app {

namespace {
constexpr double default_budget_seconds = 60;

void find_best_known(const SolveOptions& options, const model::RoutingInstance& instance, model::RunRecord& record) {
  if (options.best_known) {
    record.best_known = options.best_known;
    record.best_known_source = "--best-known";
  } else if (instance.rounding == model::Rounding::nearest) {
    if (const auto known = instances::best_known(options.file)) {
      record.best_known = known->cost;
      record.best_known_source = std::filesystem::path(known->source).filename().string();
    }
  }
}

// Starts from the repaired warm start where it beats the baseline, and says either way what was accepted.
void take_warm_start(const std::filesystem::path& file, const model::RoutingInstance& instance, Console& console, model::RunRecord& record) {
  const baselines::RepairReport repaired = baselines::repair(instance, load_solution(file, instance));
  const model::RoutingVerdict verdict = model::judge(instance, repaired.solution);
  TEMPERA_ASSERT(verdict.feasible, "the repaired warm start is infeasible");
  console.note(fmt::format("warm start {}: {}", file.string(), repaired.summary));
  if (verdict.cost.value >= record.incumbent.cost_units) {
    console.note(fmt::format("the baseline is at least as good ({} against {}); starting from it", record.incumbent.cost_units, verdict.cost.value));
    return;
  }
  const double scale = static_cast<double>(model::units_per_distance(instance.rounding));
  record.incumbent = {.cost = static_cast<double>(verdict.cost.value) / scale, .cost_units = verdict.cost.value, .ints = model::flatten(repaired.solution), .reals = {}};
  record.served_by = "warm start";
}
}  // namespace

core::ExitCode solve(const SolveOptions& options, const Invocation& invocation, comm::Session& session) {
  core::BudgetLimit limit = options.run.limit;
  if (!limit.seconds && !limit.iterations) limit.seconds = default_budget_seconds;
  const core::Budget budget(limit, invocation.started);
  const registry::Problem problem = load_instance(options.file, options.rounding);
  const auto& instance = std::get<model::RoutingInstance>(problem);
  const checkpoint::OutputFolder folder(options.run.out.empty() ? std::filesystem::path("runs") / options.file.stem() : options.run.out);
  cluster::share_problem(session.world(), problem);

  model::RunRecord record = new_record(instance, invocation);
  record.problem_source = options.file.string();
  record.seed = options.seed;
  record.limit = limit;
  find_best_known(options, instance, record);
  Console console(options.run.progress, invocation.output, record.best_known);
  compute_baseline(instance, budget, record);
  if (options.warm_start) take_warm_start(*options.warm_start, instance, console, record);
  const core::ExitCode code = anneal({.session = session, .problem = problem, .budget = budget, .options = options.run, .folder = folder, .console = console}, record);
  return finish_run(folder, instance, record, code, invocation.output);
}

}  // namespace tempera::app
