#include "jobs/app/solve_inputs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "jobs/app/load.hpp"
#include "jobs/app/problem_kind.hpp"
#include "jobs/app/wanted_run.hpp"
#include "solvers/core/error.hpp"

namespace tempera::app {

namespace {
// What the kind of problem has no use for.
void check_options(const SolveOptions& options, const registry::Problem& problem) {
  const ProblemKind& kind = kind_of(problem);
  const std::string file = options.file.string();
  const std::vector<std::string> methods = kind.methods();
  if (std::ranges::find(methods, options.run.method) == methods.end())
    throw core::UserError(fmt::format("--method: {} is not one for {}, which is of type {}. Give one of {}.", options.run.method, file, kind.type(), fmt::join(methods, ", ")));
  if (const std::string& baseline = options.run.baseline; !baseline.empty()) {
    const std::vector<std::string> baselines = kind.baselines();
    if (std::ranges::find(baselines, baseline) == baselines.end())
      throw core::UserError(fmt::format("--baseline: {} is not one for {}, which is of type {}. Give one of {}.", baseline, file, kind.type(), fmt::join(baselines, ", ")));
    if (const std::string why = kind.why_no_baseline(problem, baseline); !why.empty()) throw core::UserError(fmt::format("--baseline: {} does not suit {}, {}.", baseline, file, why));
  }
  if (options.run.target && kind.type() != "qubo" && kind.type() != "qap")
    throw core::UserError(fmt::format("--target works for QUBO, Max-Cut and QAP, and {} is none of them. Leave it out.", file));
  if (!options.run.ladder.empty() && kind.type() != "qubo" && kind.type() != "qap")
    throw core::UserError(fmt::format("--ladder works for QUBO, Max-Cut and QAP, and {} is none of them. Leave it out.", file));
  if (options.run.hybrid && !kind.has_top_choice(problem))
    throw core::UserError(fmt::format("--hybrid works for routing without a fleet and for rebalancing, and {} is of type {}. Leave it out.", file, kind.type()));
  if (options.run.replicas > 0 && !kind.has_replicas()) throw core::UserError(fmt::format("--replicas means nothing for {}, which is of type {}. Leave it out.", file, kind.type()));
  const auto belongs = [&](bool given, const char* word, std::string_view method) {
    if (given && options.run.method != method) throw core::UserError(fmt::format("{} belongs to --method {}, and this is {}. Leave it out.", word, method, options.run.method));
  };
  belongs(options.run.depth.has_value(), "--depth", "qaoa");
  belongs(options.run.shots.has_value(), "--shots", "qaoa");
  belongs(options.run.replicas > 0, "--replicas", annealing_method);
  belongs(!options.run.ladder.empty(), "--ladder", annealing_method);
  belongs(options.run.hybrid.has_value(), "--hybrid", annealing_method);
  belongs(options.warm_start.has_value(), "--warm-start", annealing_method);
  if (options.best_known && kind.type() == "routing" && *options.best_known <= 0)
    throw core::UserError(fmt::format("--best-known: the value is {}; give a number above 0.", *options.best_known));
  if (std::error_code ignored; options.warm_start && !std::filesystem::exists(*options.warm_start, ignored))
    throw core::UserError(fmt::format("{}: cannot open: No such file or directory. Check the path behind --warm-start.", options.warm_start->string()));
}
}  // namespace

SolveInputs solve_inputs(const SolveOptions& given, std::optional<descriptor::Descriptor> job) {
  SolveOptions options = given;
  options.run = with_job(given.run, job);
  if (!options.best_known && job) options.best_known = job->best_known;
  registry::Problem problem = job ? load_job(*job, options.load) : load_problem(options.file, options.load);
  check_options(options, problem);
  return {std::move(job), std::move(options), std::move(problem)};
}

void check_backtest_options(const SolveOptions& options) {
  const bool more = options.run.limit.seconds || options.run.limit.iterations || options.run.hybrid || options.run.target || options.run.replicas > 0 || !options.run.ladder.empty() || !options.run.method.empty() || !options.run.baseline.empty() || options.seed || options.warm_start || options.best_known;
  if (more) throw core::UserError(fmt::format("{}: is a backtest, which is played and not solved: it has no budget and no method, and its seed is the job's. Leave everything out but --out.", options.file.string()));
}

}  // namespace tempera::app
