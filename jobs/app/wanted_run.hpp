// What a run is asked for in all, by the command line and by its job: what it needs to begin, and what tells whether it was made already.
#pragma once

#include <filesystem>
#include <optional>

#include "jobs/app/options.hpp"
#include "jobs/descriptor/descriptor.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::app {

inline constexpr const char* annealing_method = "annealing";
inline constexpr const char* baseline_method = "baseline";

/// The job that the file is; nothing for an instance. @throws UserError for a broken job
std::optional<descriptor::Descriptor> read_job(const std::filesystem::path& file);

/// What the command line says stands above what the job says.
RunOptions with_job(RunOptions options, const std::optional<descriptor::Descriptor>& job);

/// Of a job without one: one seed, the best of candidate and control.
model::Policy policy_of(const std::optional<descriptor::Descriptor>& job);

/// @param options  with what the job says
model::SolverChoice solver_choice(const RunOptions& options, const model::Policy& policy, const std::optional<std::filesystem::path>& warm_start);

/// A run as a folder must hold it so that it need not be made again.
struct WantedRun {
  std::filesystem::path file;
  std::uint64_t problem_digest = 0;
  core::BudgetLimit limit;            ///< the command line's, the job's, or 60 s
  std::uint64_t seed = 1;
  std::uint32_t seeds = 1;            ///< that the run takes, one after another from `seed`
  std::uint64_t options_digest = 0;
};
/// @throws UserError for a broken job
WantedRun wanted_run(const SolveOptions& options, std::uint64_t problem_digest);

/// True when the folder holds whole results of this run, made to its end after `file` was last written.
bool is_complete(const std::filesystem::path& folder, const WantedRun& wanted);

/// True when the folder holds a checkpoint of this run, written after `file` was: worth going on from.
bool can_go_on(const std::filesystem::path& folder, const WantedRun& wanted);

}  // namespace tempera::app
