// tempera check: an instance without solving it, or a solution against its instance.
#include "jobs/app/commands.hpp"
#include "jobs/app/load.hpp"
#include "jobs/app/problem_kind.hpp"
#include "jobs/app/wanted_run.hpp"

namespace tempera::app {

core::ExitCode check(const CheckOptions& options, const Invocation& invocation) {
  if (const auto job = read_job(options.file); job && job->problem_type == "backtest") return check_backtest(options, invocation);
  const registry::Problem problem = load_problem(options.file, options.load);
  const ProblemKind& kind = kind_of(problem);
  return options.solution ? kind.check_solution(options, invocation, problem) : kind.check_plan(options, invocation, problem);
}

}  // namespace tempera::app
