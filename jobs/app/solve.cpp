// tempera solve: read, baseline, anneal over ranks, write.
#include <fmt/format.h>

#include "jobs/app/commands.hpp"
#include "jobs/app/finish.hpp"
#include "jobs/app/load.hpp"
#include "jobs/app/problem_kind.hpp"
#include "jobs/app/run.hpp"
#include "mpi/cluster/master_loop.hpp"

namespace tempera::app {

namespace {
constexpr double default_budget_seconds = 60;
constexpr std::uint64_t default_seed = 1;

std::optional<descriptor::Descriptor> read_job(const std::filesystem::path& file) {
  if (instances::recognise_file(file) != instances::FileFormat::json || !descriptor::is_job(file)) return std::nullopt;
  return descriptor::read_descriptor(file);
}

// What the command line says stands above what the job says.
void take_job(const descriptor::Descriptor& job, SolveOptions& options) {
  if (!options.run.limit.seconds && !options.run.limit.iterations) options.run.limit = job.limit;
  if (!options.seed) options.seed = job.seed;
  if (options.run.replicas == 0) options.run.replicas = job.replicas.value_or(0);
  if (!options.best_known) options.best_known = job.best_known;
  if (!options.run.hybrid) options.run.hybrid = job.hybrid;
}

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
}  // namespace

std::uint64_t job_seed(const std::filesystem::path& file) {
  const std::optional<descriptor::Descriptor> job = read_job(file);
  return job ? job->seed.value_or(default_seed) : default_seed;
}

core::BudgetLimit budget_limit(const SolveOptions& options) {
  core::BudgetLimit limit = options.run.limit;
  if (!limit.seconds && !limit.iterations)
    if (const std::optional<descriptor::Descriptor> job = read_job(options.file)) limit = job->limit;
  if (!limit.seconds && !limit.iterations) limit.seconds = default_budget_seconds;
  return limit;
}

core::ExitCode solve(const SolveOptions& given, const Invocation& invocation, comm::Session& session) {
  const std::optional<descriptor::Descriptor> job = read_job(given.file);
  SolveOptions options = given;
  if (job) take_job(*job, options);
  core::BudgetLimit limit = options.run.limit;
  if (!limit.seconds && !limit.iterations) limit.seconds = default_budget_seconds;
  const core::Budget budget(limit, invocation.budget_from);
  const registry::Problem problem = job ? load_job(*job, options.load) : load_problem(options.file, options.load);
  const checkpoint::OutputFolder folder(options.run.out.empty() ? std::filesystem::path("runs") / options.file.stem() : options.run.out);
  if (options.run.target && registry::problem_type(problem) != "qubo" && registry::problem_type(problem) != "qap")
    throw core::UserError(fmt::format("--target works for QUBO, Max-Cut and QAP, and {} is none of them. Leave it out.", options.file.string()));
  if (options.run.hybrid && !kind_of(problem).has_top_choice())
    throw core::UserError(fmt::format("--hybrid works for routing and rebalancing, and {} is of type {}. Leave it out.", options.file.string(), registry::problem_type(problem)));
  cluster::share_problem(session.world(), problem);

  model::RunRecord record = new_record(problem, invocation);
  record.problem_source = options.file.string();
  record.seed = options.seed.value_or(default_seed);
  if (job) {
    record.job_id = job->job_id;
    record.policy = job->policy;
  }
  record.limit = limit;
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
  const core::ExitCode code = options.run.method == Method::control ? control_alone(run, record) : anneal(run, record);
  return finish_run(folder, problem, record, code, invocation.output);
}

}  // namespace tempera::app
