#include "io/report/hybrid_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "io/report/numbers.hpp"

namespace tempera::report {

namespace {
constexpr int cost_decimals = 3;

std::string probability(double p) { return p == 0 ? "0" : p >= 0.001 ? fmt::format("{:.3f}", p) : fmt::format("{:.1e}", p); }

double share(std::uint64_t part, std::uint64_t whole) { return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole); }

const model::HybridRun* run_named(const model::HybridStep& step, std::string_view solver) {
  const auto found = std::ranges::find(step.runs, solver, &model::HybridRun::solver);
  return found == step.runs.end() ? nullptr : &*found;
}

// Lines of at most 78 columns, indented by two.
std::string wrapped(const std::string& sentence) {
  std::string text;
  std::size_t column = 0, at = 0;
  while (at < sentence.size()) {
    const std::size_t end = std::min(sentence.find(' ', at), sentence.size());
    if (column == 0 || column + 1 + end - at > 78) {
      text += column == 0 ? "  " : "\n  ";
      column = 2;
    } else {
      text += ' ';
      ++column;
    }
    text.append(sentence, at, end - at);
    column += end - at;
    at = end + 1;
  }
  return text + "\n";
}
}  // namespace

std::string hybrid_finding(const model::HybridStep& step) {
  const auto accepted = std::ranges::find(step.runs, 1u, &model::HybridRun::accepted);
  std::string text = accepted == step.runs.end() ? "Nothing better than the incumbent was found."
                                                 : fmt::format("Accepted: {}, {} below the incumbent.", accepted->solver, grouped(step.before - step.after, cost_decimals));
  const model::HybridRun* qaoa = run_named(step, "QAOA");
  if (!qaoa || qaoa->decoded == 0) return text;
  const bool cheapest = std::ranges::all_of(step.runs, [&](const model::HybridRun& run) { return &run == qaoa || run.decoded == 0 || qaoa->cost < run.cost; });
  const model::HybridRun* exact = run_named(step, "exact (CBC)");
  text += fmt::format(" QAOA: P(optimum) {} per shot against {} for a uniform pick, in {}", probability(qaoa->optimum_probability),
                      probability(share(step.optimal_states, step.states)), duration(qaoa->cpu_seconds));
  if (exact) text += fmt::format("; the exact solver took {}", duration(exact->cpu_seconds));
  return text + (cheapest ? ". Its answer costs less than every other solver's here." : ". No advantage of QAOA is shown.");
}

std::vector<std::vector<std::string>> hybrid_rows(const model::HybridStep& step) {
  std::vector<std::vector<std::string>> rows{{"solver", "cost", "before repair", "feasible", "P(optimum)", "shots", "CPU"}};
  for (const model::HybridRun& run : step.runs) {
    const bool none = run.decoded == 0;
    rows.push_back({run.solver, none ? "none" : grouped(run.cost, cost_decimals), none ? "" : grouped(run.model_cost, cost_decimals), percent(run.feasible_share, 1),
                    probability(run.optimum_probability), grouped(static_cast<std::int64_t>(run.shots)), duration(run.cpu_seconds)});
  }
  rows.push_back({"(a uniform pick)", "", "", percent(share(step.feasible_states, step.states), 1), probability(share(step.optimal_states, step.states)), "", ""});
  return rows;
}

std::string hybrid_text(const model::HybridStep& step) {
  const auto count = [](std::uint64_t value) { return grouped(static_cast<std::int64_t>(value)); };
  std::string text = fmt::format("\n  hybrid step: {} of {} {}; {} of {} states keep every row\n", step.choices, count(step.candidates), step.subject, count(step.feasible_states),
                                 count(step.states));
  for (const std::vector<std::string>& row : hybrid_rows(step))
    text += fmt::format("  {:<16} {:>12} {:>13} {:>8} {:>10} {:>6} {:>6}\n", row[0], row[1], row[2], row[3], row[4], row[5], row[6]);
  return text + wrapped(hybrid_finding(step));
}

}  // namespace tempera::report
