// tempera resume: go on from a checkpoint or a result, on any number of ranks.
#include <fmt/format.h>

#include "jobs/app/commands.hpp"
#include "jobs/app/finish.hpp"
#include "jobs/app/load.hpp"
#include "jobs/app/run_routing.hpp"
#include "mpi/cluster/master_loop.hpp"
#include "mpi/cluster/worker_loop.hpp"
#include "solvers/model/digest.hpp"

namespace tempera::app {

namespace {
model::RoutingInstance load_same_problem(const ResumeOptions& options, const LoadedRun& loaded) {
  const std::filesystem::path file = options.instance.value_or(loaded.record.problem_source);
  std::error_code ignored;
  if (!options.instance && !std::filesystem::exists(file, ignored))
    throw core::UserError(fmt::format("{}: its instance {} is not there (any more). Say where it is: --instance FILE.", loaded.file.string(), file.string()));
  model::RoutingInstance instance = load_instance(file, model::rounding_from_name(loaded.record.rounding));
  if (model::digest(instance) != loaded.record.problem_digest)
    throw core::UserError(fmt::format("{}: is a checkpoint of another problem than {}: digest {} against {}. Give the instance it was made from with --instance.",
                                      loaded.file.string(), file.string(), model::digest_text(loaded.record.problem_digest),
                                      model::digest_text(model::digest(instance))));
  return instance;
}

core::ExitCode resume_as_master(const ResumeOptions& options, const Invocation& invocation, comm::Session& session) {
  const LoadedRun loaded = load_run(options.from);
  const registry::Problem problem = load_same_problem(options, loaded);
  const auto& instance = std::get<model::RoutingInstance>(problem);
  model::RunRecord record = loaded.record;
  if (options.run.limit.seconds || options.run.limit.iterations) record.limit = options.run.limit;
  record.command_line = invocation.command_line;
  const core::Budget budget(record.limit, invocation.started, loaded.record.wall_seconds);
  const checkpoint::OutputFolder folder(options.run.out.empty() ? loaded.file.parent_path().empty() ? std::filesystem::path(".") : loaded.file.parent_path() : options.run.out);
  cluster::share_problem(session.world(), problem);
  Console console(options.run.progress, invocation.output, record.best_known);
  console.note(fmt::format("going on from {}: cost {}, {} iterations, {:.1f} s spent", loaded.file.string(), record.incumbent.cost, record.iterations, record.wall_seconds));
  const core::ExitCode code = anneal({.session = session, .problem = problem, .budget = budget, .options = options.run, .folder = folder, .console = console,
                                      .resume = &loaded.record}, record);
  write_results(folder, instance, record, code);
  print_result(record, code, invocation.output, folder.path().string());
  return code;
}
}  // namespace

core::ExitCode resume(const ResumeOptions& options, const Invocation& invocation, comm::Session& session) {
  if (session.world().rank() != 0) return static_cast<core::ExitCode>(cluster::run_worker(session.world()));
  return resume_as_master(options, invocation, session);
}

}  // namespace tempera::app
