// tempera report: the result of a run again, as a page for people, as text, or as JSON.
#include <fmt/format.h>

#include "io/report/html_report.hpp"
#include "jobs/app/commands.hpp"
#include "jobs/app/finish.hpp"
#include "jobs/app/load.hpp"
#include "jobs/app/problem_kind.hpp"
#include "solvers/core/atomic_file.hpp"

namespace tempera::app {

namespace {
struct FromProblem {
  std::optional<report::MapData> map;
  std::vector<report::ConstraintLine> constraints;
};

// The page stands without the instance too: only the map and the list of limits are missing then.
FromProblem from_problem(const model::RunRecord& record) {
  try {
    const ProblemKind& kind = kind_named(record.problem_type);
    const registry::Problem problem = load_problem(record.problem_source, kind.load_options(record));
    if (digest_of(problem) != record.problem_digest) return {};
    return {kind.map_data(problem), kind.constraints(problem, model::served_answer(record))};
  } catch (const std::exception&) {
    return {};
  }
}
}  // namespace

core::ExitCode report(const ReportOptions& options, const Invocation& invocation) {
  const LoadedRun run = load_run(options.from);
  const core::ExitCode was = run.record.status == model::RunStatus::solved ? core::ExitCode::solved : core::ExitCode::stopped_early;
  if (options.html || invocation.output == OutputMode::text) {
    const std::filesystem::path page = options.html.value_or(run.file.parent_path() / "report.html");
    const FromProblem known = from_problem(run.record);
    core::write_text_atomically(page, report::html_report(run.record, known.map, known.constraints));
    print_result(run.record, was, invocation.output, fmt::format("{}, page for people: {}", run.file.string(), page.string()));
  } else {
    print_result(run.record, was, invocation.output, run.file.string());
  }
  return was;  // as the status in the JSON says
}

}  // namespace tempera::app
