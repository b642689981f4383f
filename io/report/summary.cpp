#include "io/report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/report/hybrid_text.hpp"
#include "io/report/numbers.hpp"
#include "solvers/model/confidence.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::report {

namespace {
constexpr std::size_t most_rank_lines = 16;
constexpr std::size_t most_pairs = 16;
constexpr int cost_decimals = 3;

using Out = std::back_insert_iterator<std::string>;

void problem_line(Out out, const model::RunRecord& r) {
  fmt::format_to(out, "{}: {}, {} {}, {} rank{}, seed {}\n", r.problem_name, r.problem_type, grouped(r.problem_size),
                 size_noun(r.problem_type), r.ranks, r.ranks == 1 ? "" : "s", r.seed);
}

void cost_lines(Out out, const model::RunRecord& r) {
  const model::Answer& served = model::served_answer(r);
  const std::int64_t routes = r.problem_type == "routing" ? model::routes_in(served.ints) : 0;
  fmt::format_to(out, "\n  cost      {:>14}   served by {}", grouped(served.cost, cost_decimals), model::served_source(r));
  if (r.problem_type == "routing") fmt::format_to(out, ", {} route{}", grouped(routes), routes == 1 ? "" : "s");
  fmt::format_to(out, "\n  baseline  {:>14}   {}, {}\n", grouped(r.baseline.answer.cost, cost_decimals), r.baseline.method, duration(r.baseline.wall_seconds));
  fmt::format_to(out, "  delta     {:>14}   {} against the baseline\n", grouped(served.cost - r.baseline.answer.cost, cost_decimals),
                 signed_percent(relative_gap(served.cost, r.baseline.answer.cost), 2));
  if (!r.withheld.empty())
    fmt::format_to(out, "  candidate {:>14}   {} against the baseline, not served\n", grouped(r.incumbent.cost, cost_decimals),
                   signed_percent(relative_gap(r.incumbent.cost, r.baseline.answer.cost), 2));
  if (r.lower_bound)
    fmt::format_to(out, "  bound     {:>14}   gap {} proven{}\n", grouped(*r.lower_bound, cost_decimals),
                   percent(std::max(0.0, relative_gap(served.cost, *r.lower_bound, r.sense)), 3), r.lower_bound_method.empty() ? "" : fmt::format(" ({})", r.lower_bound_method));
  if (r.best_known)
    fmt::format_to(out, "  best known{:>14}   gap {} ({})\n", grouped(*r.best_known, cost_decimals),
                   signed_percent(relative_gap(served.cost, *r.best_known, r.sense), 3), r.best_known_source);
  if (const auto c = model::confidence_of(r))
    fmt::format_to(out, "  confidence{:>14}   seeds within {} of the best: {} to {} would\n", fmt::format("{} of {}", c->agreeing, c->seeds), percent(r.policy.within, 1),
                   percent(c->interval.low, 0), percent(c->interval.high, 0));
  if (const std::string text = vehicles_first_text(r); !text.empty()) fmt::format_to(out, "  {}\n", text);
  if (r.sense == model::Sense::maximise) fmt::format_to(out, "  {} is maximised: higher is better\n", r.cost_unit);
  if (const std::string reason = model::why_baseline(r); !reason.empty()) fmt::format_to(out, "  fallback: {}\n", reason);
}

// One line per figure, its groups side by side.
void figure_lines(Out out, const model::RunRecord& r) {
  const auto rows = figure_rows(r);
  if (rows.empty()) return;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    fmt::format_to(out, "\n  {:<20}", rows[k].front());
    for (std::size_t group = 1; group + 1 < rows[k].size(); ++group) fmt::format_to(out, " {:>18}", rows[k][group]);
    if (k > 0) fmt::format_to(out, "  {}", rows[k].back());
  }
  *out++ = '\n';
}

// Who is not served, required customers first.
void left_out_lines(Out out, const model::RunRecord& r) {
  constexpr std::size_t most_lines = 10;
  if (r.fleet.left_out.empty()) return;
  const std::int64_t missing = r.fleet.missing(), skipped = std::ssize(r.fleet.left_out) - missing;
  if (missing > 0) fmt::format_to(out, "\n  NOT COMPLETE: {} required customer{} unassigned\n", grouped(missing), missing == 1 ? " is" : "s are");
  if (skipped > 0) fmt::format_to(out, "\n  {} optional customer{} left out\n", grouped(skipped), skipped == 1 ? " is" : "s are");
  std::size_t shown = 0;
  for (const std::int32_t required : {1, 0})
    for (const model::LeftOutCustomer& customer : r.fleet.left_out)
      if (customer.required == required && shown++ < most_lines) fmt::format_to(out, "    {}: {}\n", customer.id, customer.reason);
  if (shown > most_lines) fmt::format_to(out, "    … and {} more (result.json has all)\n", shown - most_lines);
}

// Of the last run alone, when it went on from an earlier one: its ranks were observed, the earlier ones are gone.
double iterations_per_second(const model::RunRecord& r) {
  double iterations = 0, longest = 1e-9;
  for (const model::RankTiming& t : r.timings) {
    iterations += static_cast<double>(t.iterations);
    longest = std::max(longest, t.annealing);
  }
  return iterations / longest;
}

void budget_lines(Out out, const model::RunRecord& r) {
  const std::string limit = r.limit.seconds ? duration(*r.limit.seconds) : grouped(static_cast<std::int64_t>(r.limit.iterations.value_or(0))) + " iterations";
  fmt::format_to(out, "\n  budget {}, used {} ({} CPU)   {} iterations, {}\n", limit, duration(r.wall_seconds), duration(r.cpu_seconds),
                 grouped(static_cast<std::int64_t>(r.iterations)), rate(iterations_per_second(r)));
}

void rank_lines(Out out, const model::RunRecord& r) {
  if (r.timings.empty()) return;
  fmt::format_to(out, "\n  rank  annealing  waiting  communicating  writing  iterations/s  tasks  host\n");
  for (std::size_t k = 0; k < std::min(r.timings.size(), most_rank_lines); ++k) {
    const model::RankTiming& t = r.timings[k];
    const double all = std::max(1e-9, t.total());
    fmt::format_to(out, "  {:>4}  {:>9}  {:>7}  {:>13}  {:>7}  {:>12}  {:>5}  {}\n", t.rank, percent(t.annealing / all, 1), percent(t.waiting / all, 1),
                   percent(t.communicating / all, 1), percent(t.writing / all, 1), rate(static_cast<double>(t.iterations) / std::max(1e-9, t.annealing)),
                   t.tasks, t.host.substr(0, 12));
  }
  if (r.timings.size() > most_rank_lines) fmt::format_to(out, "  … and {} more ranks (result.json has all)\n", r.timings.size() - most_rank_lines);
}

void exchange_lines(Out out, const model::RunRecord& r) {
  if (r.swaps.attempted.empty()) return;
  fmt::format_to(out, "\n  replica exchange, acceptance per pair from the coldest:");
  for (std::size_t k = 0; k < std::min(r.swaps.attempted.size(), most_pairs); ++k)
    fmt::format_to(out, " {}", r.swaps.attempted[k] == 0 ? "-" : percent(static_cast<double>(r.swaps.accepted[k]) / static_cast<double>(r.swaps.attempted[k]), 0));
  if (r.swaps.attempted.size() > most_pairs) fmt::format_to(out, " … ({} more pairs in result.json)", r.swaps.attempted.size() - most_pairs);
  fmt::format_to(out, "; {} round trip{}\n", r.swaps.round_trips, r.swaps.round_trips == 1 ? "" : "s");
}
}  // namespace

std::string_view size_noun(std::string_view problem_type) {
  if (problem_type == "routing") return "customers";
  if (problem_type == "inventory_placement") return "stages";
  if (problem_type == "inventory_rebalancing") return "SKUs";
  return problem_type == "qap" ? "facilities" : "variables";
}

std::vector<std::vector<std::string>> figure_rows(const model::RunRecord& r) {
  if (r.figures.empty()) return {};
  std::vector<std::vector<std::string>> rows{{""}};
  for (const model::Figure& f : r.figures)
    if (std::ranges::find(rows[0], f.group) == rows[0].end()) rows[0].push_back(f.group);
  rows[0].push_back("unit");
  for (const model::Figure& named : r.figures) {
    if (named.group != rows[0][1]) continue;
    std::vector<std::string>& row = rows.emplace_back(std::vector<std::string>{named.name});
    for (const model::Figure& f : r.figures)
      if (f.name == named.name) row.push_back(f.unit == "share" ? percent(f.value, 2) : grouped(f.value, 1));
    row.push_back(named.unit == "share" ? "" : named.unit);
  }
  return rows;
}

std::string vehicles_first_text(const model::RunRecord& r) {
  if (r.vehicle_price <= 0) return {};
  const auto without = [&](const model::Answer& answer) {
    const double missing = r.missing_price > 0 ? std::floor(answer.cost / r.missing_price) : 0;
    const double rest = answer.cost - missing * r.missing_price - static_cast<double>(model::routes_in(answer.ints)) * r.vehicle_price;
    return grouped(rest, cost_decimals) + (missing > 0 ? fmt::format(" and {:.0f} left out", missing) : "");
  };
  return fmt::format("every route counts {}; without that {} (baseline {})", grouped(r.vehicle_price, 0), without(model::served_answer(r)), without(r.baseline.answer));
}

std::string summary_text(const model::RunRecord& record, const std::string& files) {
  std::string text;
  const Out out(text);
  problem_line(out, record);
  cost_lines(out, record);
  figure_lines(out, record);
  left_out_lines(out, record);
  budget_lines(out, record);
  rank_lines(out, record);
  exchange_lines(out, record);
  for (const model::HybridStep& step : record.hybrid) text += hybrid_text(step);
  if (!record.warnings.empty()) fmt::format_to(out, "\n  {} warning{}; the first: {}\n", record.warnings.size(), record.warnings.size() == 1 ? "" : "s", record.warnings.front());
  if (!files.empty()) fmt::format_to(out, "\n  result in {}\n", files);
  return text;
}

}  // namespace tempera::report
