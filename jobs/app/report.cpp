// tempera report: the result of a run again, as text or JSON.
#include "jobs/app/commands.hpp"
#include "jobs/app/finish.hpp"
#include "jobs/app/load.hpp"

namespace tempera::app {

core::ExitCode report(const ReportOptions& options, const Invocation& invocation) {
  const LoadedRun run = load_run(options.from);
  const core::ExitCode was = run.record.status == model::RunStatus::solved ? core::ExitCode::solved : core::ExitCode::stopped_early;
  print_result(run.record, was, invocation.output, run.file.string());
  return was;  // as the status in the JSON says
}

}  // namespace tempera::app
