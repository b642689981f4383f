// tempera compare: runs that lie there, against each other.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "io/checkpoint/run_file.hpp"
#include "io/instances/format.hpp"
#include "io/report/comparison.hpp"
#include "jobs/app/commands.hpp"
#include "solvers/core/atomic_file.hpp"

namespace tempera::app {

namespace {
namespace fs = std::filesystem;
using core::UserError;

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
    throw UserError(fmt::format("{}: is not a run. Give run files (result.h5) and directories of runs.", path.string()));
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

core::ExitCode compare(const CompareOptions& options, const Invocation& invocation) {
  const std::vector<report::ComparedRun> runs = runs_of_files(options.files);
  const report::Comparison comparison = report::compare(runs, options.within);
  if (options.html) core::write_text_atomically(*options.html, report::comparison_html(comparison, runs));
  if (invocation.output == OutputMode::json) fmt::print("{}", report::comparison_json(comparison, runs));
  if (invocation.output == OutputMode::text)
    fmt::print("{}{}", report::comparison_text(comparison), options.html ? fmt::format("\n  page for people: {}\n", options.html->string()) : "");
  return core::ExitCode::solved;
}

}  // namespace tempera::app
