#include "jobs/app/hybrid_run.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "jobs/app/problem_kind.hpp"
#include "jobs/app/stop_signal.hpp"
#include "solvers/hybrid/hybrid_step.hpp"

namespace tempera::app {

namespace {
constexpr double usual_share = 0.1, largest_share = 0.3;  // of what is left of a time budget
constexpr double writing_seconds = 0.3;

hybrid::HybridOptions options_of(const model::HybridRequest& request, std::uint64_t seed) {
  hybrid::HybridOptions options;
  options.seed = seed;
  options.depth = request.depth;
  options.shots = request.shots;
  return options;
}

void warn(const Run& run, model::RunRecord& record, const std::string& text) {
  record.warnings.push_back(text);
  run.console.warn(text);
}

void take(const Run& run, model::RunRecord& record, hybrid::HybridResult result) {
  record.hybrid.push_back(std::move(result.step));
  if (!result.improved) return;
  record.incumbent = std::move(*result.improved);
  record.served_by = "hybrid";
  record.fallback_reason.clear();
  const double temperature = record.trace.empty() ? 0 : record.trace.back().temperature;
  const std::uint32_t round = record.trace.empty() ? 0 : record.trace.back().round;
  record.trace.push_back({.iterations = record.iterations, .round = round, .cost = record.incumbent.cost, .temperature = temperature, .seconds = run.budget.elapsed_seconds()});
}
}  // namespace

double hybrid_seconds(const RunOptions& options, const core::Budget& budget) {
  if (!options.hybrid || !budget.is_timed()) return 0;
  const auto [least, most] = hybrid::expected_seconds(options.hybrid->choices, options_of(*options.hybrid, 0));
  const double left = std::max(0.0, budget.remaining_seconds());
  return std::clamp(usual_share * left, std::min(least, largest_share * left), most);
}

void improve_by_choice(const Run& run, model::RunRecord& record) {
  if (!run.options.hybrid) return;
  hybrid::HybridOptions options = options_of(*run.options.hybrid, record.seed);
  const double needed = hybrid::expected_seconds(run.options.hybrid->choices, options).least;
  if (run.budget.remaining_seconds() < needed)
    return warn(run, record, fmt::format("hybrid step left out: {} choices need about {:.1f} s, and {:.1f} s are left", run.options.hybrid->choices, needed,
                                         std::max(0.0, run.budget.remaining_seconds())));
  options.stop = [&run] { return stop_requested() || run.budget.remaining_seconds() < writing_seconds; };
  try {
    const auto choice = kind_of(run.problem).top_choice(run.problem, record, run.options.hybrid->choices);
    if (!choice) return warn(run, record, "hybrid step left out: the pool knows no other choice than the incumbent's");
    take(run, record, hybrid::hybrid_step(*choice, record.incumbent, options));
  } catch (const core::UserError& error) {
    warn(run, record, fmt::format("hybrid step failed: {}", error.what()));
  }
}

}  // namespace tempera::app
