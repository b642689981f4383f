#include "jobs/app/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "io/checkpoint/run_file.hpp"
#include "io/instances/format.hpp"
#include "io/report/summary.hpp"
#include "jobs/app/problem_kind.hpp"
#include "solvers/core/error.hpp"

namespace tempera::app {

using core::UserError;
using instances::FileFormat;

registry::Problem load_problem(const std::filesystem::path& file, const LoadOptions& options) {
  const FileFormat format = instances::recognise_file(file);
  if (format == FileFormat::hdf5)
    throw UserError(fmt::format("{}: a run file, not an instance. To go on with it: tempera resume {}", file.string(), file.string()));
  if (const ProblemKind* kind = kind_reading(format)) return kind->load(file, options);
  throw UserError(fmt::format("{}: this looks like {}, which this command does not solve. Give a CVRPLIB instance (.vrp).", file.string(),
                              instances::description(format)));
}

model::Answer load_run_answer(const std::filesystem::path& file, const registry::Problem& problem) {
  model::RunRecord wanted;
  kind_of(problem).describe(problem, wanted);
  try {
    model::RunRecord record = checkpoint::read_record(file);
    if (record.problem_digest != wanted.problem_digest)
      throw UserError(fmt::format("{}: holds a run of another problem ({}, {} {}). Give one of {}.", file.string(), record.problem_name,
                                  record.problem_size, report::size_noun(record.problem_type), wanted.problem_name));
    return std::move(record.incumbent);
  } catch (const core::DataError& error) {
    throw UserError(error.what());
  }
}

LoadedRun load_run(const std::filesystem::path& from) {
  std::vector<std::filesystem::path> candidates{from};
  std::error_code ignored;
  if (std::filesystem::is_directory(from, ignored)) {
    candidates = {from / "checkpoint.h5", from / "result.h5"};
    std::erase_if(candidates, [&](const auto& path) { return !std::filesystem::exists(path, ignored); });
    std::ranges::stable_sort(candidates, std::greater<>{}, [&](const auto& path) { return std::filesystem::last_write_time(path, ignored); });
    if (candidates.empty()) throw UserError(fmt::format("{}: holds neither checkpoint.h5 nor result.h5. Give the --out directory of a run.", from.string()));
  }
  std::string reasons;
  for (const std::filesystem::path& file : candidates) {
    try {
      return {file, checkpoint::read_record(file)};
    } catch (const core::DataError& error) {
      reasons += (reasons.empty() ? "" : " ") + std::string(error.what());
    }
  }
  throw UserError(fmt::format("{} Give the checkpoint.h5 or result.h5 of a run.", reasons));
}

}  // namespace tempera::app
