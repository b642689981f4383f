// tempera compare: solvers on one problem over several seeds, or runs that lie there, against each other.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "io/checkpoint/run_file.hpp"
#include "io/instances/format.hpp"
#include "io/report/comparison.hpp"
#include "io/report/numbers.hpp"
#include "io/report/result_json.hpp"
#include "jobs/app/commands.hpp"
#include "jobs/app/load.hpp"
#include "jobs/app/problem_kind.hpp"
#include "jobs/app/wanted_run.hpp"
#include "solvers/core/atomic_file.hpp"

namespace tempera::app {

namespace {
namespace fs = std::filesystem;
using core::UserError;

// annealer, annealer-N, or another method of the problem
RunOptions options_of(const std::string& solver, RunOptions run, const ProblemKind& kind) {
  constexpr std::string_view ladder = "annealer-";
  run.method = annealing_method;
  if (solver == "annealer") return run;
  std::uint32_t replicas = 0;
  const char* end = solver.data() + solver.size();
  if (solver.starts_with(ladder) && std::from_chars(solver.data() + ladder.size(), end, replicas).ptr == end && replicas >= 1 && replicas <= 4096) {
    run.replicas = replicas;
    return run;
  }
  const std::vector<std::string> methods = kind.methods();
  if (std::ranges::find(methods, solver) == methods.end())
    throw UserError(fmt::format("--solvers: there is no solver '{}' for a problem of type {}. Give annealer, annealer-N with 1 to 4096 replicas, or {}.", solver, kind.type(), fmt::join(methods.begin() + 1, methods.end(), ", ")));
  run.method = solver;
  run.hybrid.reset();  // a step behind annealing
  return run;
}

class Contest {
 public:
  Contest(const CompareOptions& options, const Invocation& invocation, comm::Session& session)
      : options_(options), invocation_(invocation), session_(session), file_(options.files.front()),
        out_(options.run.out.empty() ? fs::path("runs") / ("compare-" + file_.stem().string()) : options.run.out) {}

  /// @returns solved, or with which code the first run that was stopped ended
  core::ExitCode run(std::vector<report::ComparedRun>& runs) {
    const registry::Problem problem = load_problem(file_, options_.load);  // once, so that a broken one is told before anything runs
    const ProblemKind& kind = kind_of(problem);
    const std::uint64_t digest = digest_of(problem);
    const std::uint64_t stride = std::max(1u, policy_of(read_job(file_)).seeds);  // a run of several seeds takes them one after another
    std::vector<std::string> solvers = options_.solvers;
    if (solvers.empty()) solvers = {"annealer", "baseline"};
    for (const std::string& solver : solvers) {
      options_of(solver, options_.run, kind);
      if (std::ranges::count(solvers, solver) > 1) throw UserError(fmt::format("--solvers: {} is named twice.", solver));
    }
    for (std::uint64_t seed = 1; seed <= options_.seeds; ++seed)  // seed by seed: a stopped comparison is even
      for (const std::string& solver : solvers)
        if (const core::ExitCode code = one(solver, options_of(solver, options_.run, kind), 1 + (seed - 1) * stride, digest, runs); code != core::ExitCode::solved) return code;
    return core::ExitCode::solved;
  }

  const fs::path& out() const { return out_; }

 private:
  core::ExitCode one(const std::string& solver, const RunOptions& how, std::uint64_t seed, std::uint64_t digest, std::vector<report::ComparedRun>& runs) {
    const fs::path path = out_ / solver / fmt::format("seed-{}", seed);
    SolveOptions solve_options{.file = file_, .run = how, .seed = seed, .load = options_.load, .warm_start = {}, .best_known = {}};
    solve_options.run.out = path;
    solve_options.run.progress = false;
    if (!how.log_dir.empty()) solve_options.run.log_dir = how.log_dir / solver / path.filename();
    const bool was_there = is_complete(path, wanted_run(solve_options, digest));
    if (!was_there) {
      if (const core::ExitCode code = solve(solve_options, invocation_.next_run(), session_); code != core::ExitCode::solved) return code;
      if (session_.rank_lost()) throw core::DataError("a rank was lost; the comparison cannot go on without it. Start it again: what is complete is kept.");
    }
    const model::RunRecord record = checkpoint::read_record(path / "result.h5");
    runs.push_back(report::compared_run(record, solver));
    if (invocation_.output == OutputMode::text)
      std::fputs(fmt::format("{} seed {}: {}{}\n", solver, seed, report::grouped(record.incumbent.cost, 3), was_there ? " (was there)" : "").c_str(), stderr);
    return core::ExitCode::solved;
  }

  const CompareOptions& options_;
  const Invocation& invocation_;
  comm::Session& session_;
  fs::path file_;
  fs::path out_;
};

std::vector<fs::path> results_below(const fs::path& folder) {
  if (fs::exists(folder / "result.h5")) return {folder / "result.h5"};
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().filename() == "result.h5") files.push_back(entry.path());
  std::ranges::sort(files);
  if (files.empty()) throw UserError(fmt::format("{}: there is no result.h5 in or below this directory. Give the --out directories of runs.", folder.string()));
  return files;
}

std::vector<fs::path> run_files(const fs::path& path) {
  if (fs::is_directory(path)) return results_below(path);
  if (instances::recognise_file(path) != instances::FileFormat::hdf5)
    throw UserError(fmt::format("{}: is not a run. Give run files (result.h5) and directories of runs, or one problem alone.", path.string()));
  return {path};
}

// What tells the paths apart: without result.h5 at the end, and without the directories that all begin with.
std::vector<std::string> solver_names(const std::vector<fs::path>& paths) {
  std::vector<std::vector<std::string>> parts;
  for (const fs::path& path : paths) {
    fs::path shown = fs::absolute(path).lexically_normal();
    if (!shown.has_filename() || shown.filename() == "result.h5") shown = shown.parent_path();
    parts.emplace_back(shown.begin(), shown.end());
  }
  std::size_t common = 0;
  while (std::ranges::all_of(parts, [&](const auto& p) { return p.size() > common + 1 && p[common] == parts[0][common]; })) ++common;
  std::vector<std::string> names;
  for (const auto& p : parts) names.push_back(fmt::format("{}", fmt::join(p.begin() + static_cast<std::ptrdiff_t>(common), p.end(), "/")));
  return names;
}

std::vector<report::ComparedRun> runs_of_files(const std::vector<fs::path>& paths) {
  const std::vector<std::string> names = solver_names(paths);
  std::vector<report::ComparedRun> runs;
  for (std::size_t k = 0; k < paths.size(); ++k)
    for (const fs::path& file : run_files(paths[k])) runs.push_back(report::compared_run(checkpoint::read_record(file), names[k]));
  return runs;
}
}  // namespace

namespace {
// Half a comparison says nothing, but a script must know how it ended.
core::ExitCode stopped(core::ExitCode code, std::size_t complete, const Invocation& invocation) {
  constexpr const char* next = "The same command goes on from there.";
  if (invocation.output == OutputMode::json)
    fmt::print("{}", nlohmann::ordered_json({{"schema_version", 1}, {"status", report::status_name(code)}, {"exit_code", static_cast<int>(code)}, {"complete_runs", complete}, {"next", next}}).dump(2) + "\n");
  else if (invocation.output == OutputMode::text)
    std::fputs(fmt::format("tempera: stopped with {} complete runs. {}\n", complete, next).c_str(), stderr);
  return code;
}
}  // namespace

core::ExitCode compare(const CompareOptions& options, const Invocation& invocation, comm::Session& session) {
  const fs::path& first = options.files.front();
  const bool of_runs = options.files.size() > 1 || fs::is_directory(first) || instances::recognise_file(first) == instances::FileFormat::hdf5;
  if (of_runs && !options.word_for_making.empty())
    throw UserError(fmt::format("{} goes with one problem to solve, not with runs that are there. Leave it out.", options.word_for_making));
  std::vector<report::ComparedRun> runs;
  std::optional<fs::path> html = options.html;
  Contest contest(options, invocation, session);
  if (of_runs) {
    runs = runs_of_files(options.files);
  } else {
    if (const core::ExitCode code = contest.run(runs); code != core::ExitCode::solved) return stopped(code, runs.size(), invocation);
    if (!html) html = contest.out() / "comparison.html";
  }
  const report::Comparison comparison = report::compare(runs, options.within);
  if (html) core::write_text_atomically(*html, report::comparison_html(comparison, runs));
  if (!of_runs) core::write_text_atomically(contest.out() / "comparison.json", report::comparison_json(comparison, runs));
  if (invocation.output == OutputMode::json) fmt::print("{}", report::comparison_json(comparison, runs));
  if (invocation.output == OutputMode::text) fmt::print("{}{}", report::comparison_text(comparison), html ? fmt::format("\n  page for people: {}\n", html->string()) : "");
  return core::ExitCode::solved;
}

}  // namespace tempera::app
