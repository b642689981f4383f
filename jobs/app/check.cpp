// tempera check: an instance without solving it, or a solution against its instance.
#include "jobs/app/commands.hpp"
#include "jobs/app/load.hpp"
#include "jobs/app/problem_kind.hpp"
#include "jobs/app/wanted_run.hpp"

namespace tempera::app {

namespace {
constexpr double usual_plan_seconds = 60;  // of a job that counts iterations
}  // namespace

core::ExitCode check(const CheckOptions& given, const Invocation& invocation) {
  CheckOptions options = given;
  const auto job = read_job(options.file);
  if (job && job->problem_type == "backtest") return check_backtest(options, invocation);
  if (options.budget_seconds <= 0) options.budget_seconds = with_job({}, job).limit.seconds.value_or(usual_plan_seconds);
  const registry::Problem problem = load_problem(options.file, options.load);
  const ProblemKind& kind = kind_of(problem);
  return options.solution ? kind.check_solution(options, invocation, problem) : kind.check_plan(options, invocation, problem);
}

}  // namespace tempera::app
