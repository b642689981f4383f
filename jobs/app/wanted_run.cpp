#include "jobs/app/wanted_run.hpp"

#include <fmt/format.h>

#include "io/checkpoint/run_file.hpp"
#include "io/instances/format.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/digest.hpp"

namespace tempera::app {

namespace {
constexpr double default_budget_seconds = 60;
constexpr std::int32_t usual_depth = 4;
constexpr std::uint64_t usual_shots = 1000;

// A resumed run of several seeds bears the best one's number.
bool is_of(const model::RunRecord& record, const WantedRun& wanted) {
  return record.problem_digest == wanted.problem_digest && record.limit.seconds == wanted.limit.seconds && record.limit.iterations == wanted.limit.iterations &&
         record.solver.digest == wanted.options_digest && record.seed - wanted.seed < wanted.seeds;
}

bool is_newer(const std::filesystem::path& made, const std::filesystem::path& from) {
  std::error_code ignored;
  return std::filesystem::exists(made, ignored) && std::filesystem::last_write_time(made, ignored) >= std::filesystem::last_write_time(from, ignored);
}

bool holds(const std::filesystem::path& run_file, const WantedRun& wanted) {
  try {
    return is_of(checkpoint::read_record(run_file), wanted);
  } catch (const core::DataError&) {
    return false;  // damaged: to be made again
  }
}
}  // namespace

std::optional<descriptor::Descriptor> read_job(const std::filesystem::path& file) {
  if (instances::recognise_file(file) != instances::FileFormat::json || !descriptor::is_job(file)) return std::nullopt;
  return descriptor::read_descriptor(file);
}

RunOptions with_job(RunOptions options, const std::optional<descriptor::Descriptor>& job) {
  if (job) {
    if (!options.limit.seconds && !options.limit.iterations) options.limit = job->limit;
    if (options.method.empty()) options.method = job->method.value_or("");
    if (options.baseline.empty() || options.baseline == job->baseline) options.baseline = job->baseline.value_or(""), options.baseline_share = job->baseline_share.value_or(0);
  }
  if (options.method.empty()) options.method = annealing_method;
  if (job && options.method == annealing_method) {  // what the job says of one method means nothing to another
    if (options.replicas == 0) options.replicas = job->replicas.value_or(0);
    if (options.ladder.empty()) options.ladder = job->ladder.value_or("");
    if (!options.hybrid) options.hybrid = job->hybrid;
  }
  if (job && options.method == "qaoa") {
    if (!options.depth) options.depth = job->depth;
    if (!options.shots) options.shots = job->shots;
  }
  if (!options.limit.seconds && !options.limit.iterations) options.limit.seconds = default_budget_seconds;
  return options;
}

model::Policy policy_of(const std::optional<descriptor::Descriptor>& job) { return job ? job->policy : model::Policy{}; }

model::SolverChoice solver_choice(const RunOptions& options, const model::Policy& policy, const std::optional<std::filesystem::path>& warm_start) {
  model::SolverChoice choice{.method = options.method, .replicas = options.replicas, .baseline = options.baseline, .baseline_share = options.baseline_share};
  if (options.method == "qaoa") {
    choice.depth = options.depth.value_or(usual_depth);
    choice.shots = options.shots.value_or(usual_shots);
  }
  std::string text = fmt::format("{} {} {} {} {} {} {} {} {} {}", choice.method, choice.replicas, choice.depth, choice.shots, model::name_of(policy.mode), policy.min_improvement, policy.min_confidence,
                                 policy.within, policy.seeds, policy.top_k);
  if (options.ladder == spanning_ladder) text += " spanning";
  if (!choice.baseline.empty() || choice.baseline_share > 0) text += fmt::format(" against {} {}", choice.baseline, choice.baseline_share);
  if (options.hybrid) text += fmt::format(" hybrid {} {} {}", options.hybrid->choices, options.hybrid->depth, options.hybrid->shots);
  if (options.target) text += fmt::format(" target {}", *options.target);
  if (warm_start) text += fmt::format(" from {}", warm_start->string());
  choice.digest = model::digest(text);
  return choice;
}

WantedRun wanted_run(const SolveOptions& options, std::uint64_t problem_digest) {
  const std::optional<descriptor::Descriptor> job = read_job(options.file);
  const RunOptions run = with_job(options.run, job);
  const model::Policy policy = policy_of(job);
  return {.file = options.file, .problem_digest = problem_digest, .limit = run.limit, .seed = options.seed.value_or(job && job->seed ? *job->seed : 1), .seeds = std::max(1u, policy.seeds),
          .options_digest = solver_choice(run, policy, options.warm_start).digest};
}

bool is_complete(const std::filesystem::path& folder, const WantedRun& wanted) {
  return is_newer(folder / "result.done", wanted.file) && holds(folder / "result.h5", wanted);
}

bool can_go_on(const std::filesystem::path& folder, const WantedRun& wanted) {
  return is_newer(folder / "checkpoint.h5", wanted.file) && holds(folder / "checkpoint.h5", wanted);
}

}  // namespace tempera::app
