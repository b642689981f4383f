#include "jobs/app/finish.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "io/checkpoint/run_file.hpp"
#include "io/report/result_json.hpp"
#include "io/report/summary.hpp"
#include "jobs/app/audit_run.hpp"
#include "jobs/app/problem_kind.hpp"
#include "jobs/app/run_status.hpp"
#include "solvers/core/atomic_file.hpp"

namespace tempera::app {

namespace {
// solution-2.sol and so on; the first is in solution.sol, or in solution-1.sol where the control is served. Those of an earlier run with more go.
void write_candidates(const std::filesystem::path& folder, const registry::Problem& problem, const model::RunRecord& record) {
  const ProblemKind& kind = kind_of(problem);
  const std::filesystem::path first(kind.solution_file());
  std::error_code ignored;
  for (std::size_t k = 1;; ++k) {
    const std::filesystem::path file = folder / fmt::format("{}-{}{}", first.stem().string(), k, first.extension().string());
    if (k == 1 && record.withheld.empty()) std::filesystem::remove(file, ignored);
    else if (k <= record.candidates.size()) kind.write_solution(file, problem, record.candidates[k - 1]);
    else if (!std::filesystem::remove(file, ignored)) return;
  }
}

// Of a stopped run its checkpoint first, then the largest file: where the disk is full, the older results are then still whole and together.
void write_results(const checkpoint::OutputFolder& folder, const registry::Problem& problem, model::RunRecord& record, core::ExitCode code) {
  const ProblemKind& kind = kind_of(problem);
  kind.summarise(problem, record);
  const audit::AuditTrail trail = audit_run(folder.path(), record);
  record.audit_head = trail.head();
  const bool stopped = code != core::ExitCode::solved;
  if (stopped) checkpoint::CheckpointJournal(folder.checkpoint_h5(), folder.checkpoint_previous_h5()).checkpoint(record);
  checkpoint::write_record(folder.result_h5(), record);
  kind.write_solution(folder.path() / kind.solution_file(), problem, model::served_answer(record));
  kind.write_more(folder.path(), problem, record);
  write_candidates(folder.path(), problem, record);
  trail.write();
  core::write_text_atomically(folder.result_json(), report::result_json(record, code));
  if (stopped) return;
  core::write_text_atomically(folder.result_done(), fmt::format("{}\n", static_cast<int>(code)));
  std::error_code ignored;  // there may be none
  std::filesystem::remove(folder.checkpoint_h5(), ignored);
  std::filesystem::remove(folder.checkpoint_previous_h5(), ignored);
}

// A night's work is not thrown away because the disk ran full. @returns a sentence for the user
std::string rescue(const registry::Problem& problem, const model::RunRecord& record) {
  try {
    const ProblemKind& kind = kind_of(problem);
    const std::string extension = std::filesystem::path(kind.solution_file()).extension().string();
    const std::filesystem::path file = std::filesystem::temp_directory_path() / fmt::format("tempera-{}{}", ::getpid(), extension);
    kind.write_solution(file, problem, model::served_answer(record));
    return fmt::format(" The {} in {}.", kind.type() == "routing" ? "routes are" : "answer is", file.string());
  } catch (const std::exception&) {
    return {};
  }
}
}  // namespace

core::ExitCode finish_run(const checkpoint::OutputFolder& folder, const registry::Problem& problem, model::RunRecord& record, core::ExitCode code, OutputMode output) {
  try {
    write_results(folder, problem, record, code);
    write_final_status(folder.status_json(), record, code == core::ExitCode::solved ? "solved" : code == core::ExitCode::requeue ? "requeue" : "stopped_early");
    print_result(record, code, output, folder.path().string());
    return code;
  } catch (const core::DataError& failure) {
    const std::string error = failure.what() + rescue(problem, record);
    std::fputs(fmt::format("tempera: {}\n", error).c_str(), stderr);
    print_result(record, core::ExitCode::bad_input, output, "", error);
    return core::ExitCode::bad_input;
  }
}

void print_result(const model::RunRecord& record, core::ExitCode code, OutputMode output, const std::string& files, const std::string& error) {
  if (output == OutputMode::json) fmt::print("{}", report::result_json(record, code, error));
  if (output == OutputMode::text) fmt::print("{}", report::summary_text(record, files));
}

void write_failure(const std::filesystem::path& out, core::ExitCode code, const std::string& error, const std::string& command_line) noexcept {
  if (out.empty()) return;
  try {
    const checkpoint::OutputFolder folder(out);
    for (const std::filesystem::path& earlier : {folder.result_h5(), folder.solution_sol(), folder.checkpoint_h5()})
      if (std::filesystem::exists(earlier)) return;
    core::write_text_atomically(folder.result_json(), report::failure_json(code, error, command_line));
  } catch (const std::exception&) {
    return;  // the directory is the fault, or full: the message on stderr is all there can be
  }
}

}  // namespace tempera::app
