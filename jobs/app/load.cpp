#include "jobs/app/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "io/checkpoint/run_file.hpp"
#include "io/instances/format.hpp"
#include "io/report/summary.hpp"
#include "jobs/app/problem_kind.hpp"
#include "jobs/descriptor/routing_problem.hpp"
#include "solvers/core/error.hpp"

namespace tempera::app {

using core::UserError;
using instances::FileFormat;

registry::Problem load_problem(const std::filesystem::path& file, const LoadOptions& options) {
  const FileFormat format = options.format.value_or(instances::recognise_file(file));
  if (format == FileFormat::hdf5)
    throw UserError(fmt::format("{}: a run file, not an instance. To go on with it: tempera resume {}", file.string(), file.string()));
  if (format == FileFormat::gzip) throw UserError(fmt::format("{}: is compressed (gzip). Unpack it first: gunzip -k {}", file.string(), file.string()));
  if (format == FileFormat::json && descriptor::is_job(file)) return load_job(descriptor::read_descriptor(file), options);
  if (format == FileFormat::json && descriptor::role_of(file) == descriptor::FileRole::list)
    throw UserError(fmt::format("{}: is a list of jobs. To solve them: tempera batch {}", file.string(), file.string()));
  if (const ProblemKind* kind = kind_reading(format)) return kind->load(file, options);
  throw UserError(fmt::format("{}: this looks like {}, which this command does not solve. Give a CVRPLIB instance (.vrp).", file.string(),
                              instances::description(format)));
}

registry::Problem load_job(const descriptor::Descriptor& job, const LoadOptions& options) {
  const ProblemKind& kind = kind_named(job.problem_type);
  if (options.format) throw UserError(fmt::format("{}: is a job, which says itself what it holds. Leave out --format.", job.source.string()));
  const bool asked = options.rounding || options.objective;
  if (asked && kind.type() != "routing") throw UserError(fmt::format("{}: {} is about routing, and this is a {} job. Leave it out.", job.source.string(), options.rounding ? "--round" : "--objective", kind.type()));
  registry::Problem problem = kind.load_job(asked ? descriptor::asked_again(job, options.rounding, options.objective) : job);
  if (job.baseline)
    if (const std::string why = kind_of(problem).why_no_baseline(problem, *job.baseline); !why.empty())
      throw UserError(fmt::format("{}: /baseline/method is \"{}\", {}.", job.source.string(), *job.baseline, why));
  return problem;
}

std::uint64_t digest_of(const registry::Problem& problem) {
  model::RunRecord described;
  kind_of(problem).describe(problem, described);
  return described.problem_digest;
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

namespace {
std::vector<std::filesystem::path> run_files_of(const std::filesystem::path& from) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(from, ignored)) return {from};
  std::vector<std::filesystem::path> files{from / "checkpoint.h5", from / "checkpoint_previous.h5", from / "result.h5"};
  std::erase_if(files, [&](const auto& path) { return !std::filesystem::exists(path, ignored); });
  std::ranges::stable_sort(files, std::greater<>{}, [&](const auto& path) { return std::filesystem::last_write_time(path, ignored); });
  if (files.empty()) throw UserError(fmt::format("{}: holds neither checkpoint.h5 nor result.h5. Give the --out directory of a run.", from.string()));
  return files;
}
}  // namespace

LoadedRun load_run(const std::filesystem::path& from, const std::function<void(const LoadedRun&)>& accept) {
  const std::vector<std::filesystem::path> files = run_files_of(from);
  std::vector<std::string> reasons;
  for (const std::filesystem::path& file : files) {
    try {
      LoadedRun run{file, checkpoint::read_record(file)};
      if (accept) accept(run);
      run.passed_over = reasons;
      return run;
    } catch (const core::DataError& error) {
      reasons.push_back(error.what());
    } catch (const UserError& error) {
      if (files.size() == 1) throw;
      reasons.push_back(error.what());
    }
  }
  throw UserError(fmt::format("{} Give the checkpoint.h5 or result.h5 of a run.", fmt::join(reasons, " ")));
}

}  // namespace tempera::app
