#include "io/report/html_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "io/report/charts.hpp"
#include "io/report/html_routes.hpp"
#include "io/report/html_style.hpp"
#include "io/report/hybrid_text.hpp"
#include "io/report/numbers.hpp"
#include "io/report/summary.hpp"
#include "solvers/model/confidence.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::report {

namespace {
using Out = std::back_insert_iterator<std::string>;

void row(Out out, std::string_view name, std::string_view value) { fmt::format_to(out, "<tr><th scope=\"row\">{}</th><td>{}</td></tr>", escaped(name), escaped(value)); }

void figure(Out out, std::string_view name, std::string_view value, std::string_view note) {
  fmt::format_to(out, "<div class=\"figure\"><span>{}</span><b>{}</b><small>{}</small></div>", escaped(name), escaped(value), escaped(note));
}

std::string status_text(const model::RunRecord& r) {
  switch (r.status) {
    case model::RunStatus::solved: return "solved";
    case model::RunStatus::stopped: return "stopped early, can be resumed";
    case model::RunStatus::running: return "still running when this was written";
    case model::RunStatus::failed: return "failed";
  }
  return "unknown";
}

void head_section(Out out, const model::RunRecord& r) {
  const model::Answer& served = model::served_answer(r);
  fmt::format_to(out, "<header><h1>{}</h1><p>{}, {} {} &middot; {}</p></header><section class=\"figures\">", escaped(r.job_id.empty() ? r.problem_name : r.job_id),
                 escaped(r.problem_type), grouped(r.problem_size), size_noun(r.problem_type), status_text(r));
  figure(out, "served cost", cost_text(served.cost), "by the " + model::served_source(r));
  figure(out, "control", cost_text(r.baseline.answer.cost), r.baseline.method);
  figure(out, "served against control", signed_percent(relative_gap(served.cost, r.baseline.answer.cost), 2), cost_text(served.cost - r.baseline.answer.cost));
  if (r.lower_bound) figure(out, "proven gap", percent(std::max(0.0, relative_gap(served.cost, *r.lower_bound, r.sense)), 2), "bound " + cost_text(*r.lower_bound) + (r.lower_bound_method.empty() ? "" : ", " + r.lower_bound_method));
  if (const auto c = model::confidence_of(r))
    figure(out, "seeds that agree", fmt::format("{} of {}", c->agreeing, c->seeds), fmt::format("{} to {} would (95 %)", percent(c->interval.low, 0), percent(c->interval.high, 0)));
  if (const auto interval = model::best_sample_interval(r))
    figure(out, "best sample", fmt::format("{} of {}", r.best_sample.count, grouped(static_cast<std::int64_t>(r.best_sample.shots))), fmt::format("{} to {} of all shots (95 %)", percent(interval->low, 2), percent(interval->high, 2)));
  if (r.best_known) figure(out, "against best known", signed_percent(relative_gap(served.cost, *r.best_known, r.sense), 3), r.best_known_source);
  fmt::format_to(out, "</section>");
  if (const std::string text = vehicles_first_text(r); !text.empty()) fmt::format_to(out, "<p>Fewest vehicles come first: {}.</p>", text);
}

std::string feasible_text(const model::Judgement& judgement) { return judgement.feasible ? "yes" : "no: " + escaped(judgement.violation); }

void why_section(Out out, const model::RunRecord& r) {
  const std::string reason = model::why_baseline(r);
  fmt::format_to(out, "<section><h2>What is served, and why</h2><p>");
  if (!reason.empty()) fmt::format_to(out, "The <b>control</b> is served: {}.</p>", escaped(reason));
  else if (model::served_source(r) == "baseline") fmt::format_to(out, "The <b>control</b> is served.</p>");
  else fmt::format_to(out, "The <b>candidate</b> is served: the referee found it feasible and {} better than the control, within the budget.</p>",
                      percent(model::saved_share(r, r.incumbent.cost, r.baseline.answer.cost), 2) + (r.vehicle_price > 0 ? " (of vehicles, or of the distance of as many)" : ""));
  fmt::format_to(out, "<table><thead><tr><th></th><th>control</th><th>candidate</th><th>difference</th></tr></thead><tbody>");
  fmt::format_to(out, "<tr><th scope=\"row\">method</th><td>{}</td><td>{}</td><td></td></tr>", escaped(r.baseline.method), escaped(r.served_by));
  fmt::format_to(out, "<tr><th scope=\"row\">cost</th><td>{}</td><td>{}</td><td>{} ({})</td></tr>", cost_text(r.baseline.answer.cost), cost_text(r.incumbent.cost),
                 cost_text(r.incumbent.cost - r.baseline.answer.cost), signed_percent(relative_gap(r.incumbent.cost, r.baseline.answer.cost), 2));
  fmt::format_to(out, "<tr><th scope=\"row\">feasible</th><td>{}</td><td>{}</td><td></td></tr>", feasible_text(r.baseline.judgement), feasible_text(r.judgement));
  if (r.problem_type == "routing") {
    const auto count = [](const model::Answer& a) { return model::routes_in(a.ints); };
    fmt::format_to(out, "<tr><th scope=\"row\">routes</th><td>{}</td><td>{}</td><td>{}</td></tr>", count(r.baseline.answer), count(r.incumbent), count(r.incumbent) - count(r.baseline.answer));
  }
  fmt::format_to(out, "<tr><th scope=\"row\">wall time</th><td>{}</td><td>{}</td><td></td></tr>", duration(r.baseline.wall_seconds), duration(std::max(0.0, r.wall_seconds - r.baseline.wall_seconds)));
  fmt::format_to(out, "<tr><th scope=\"row\">CPU time</th><td>{}</td><td>{}</td><td></td></tr></tbody></table></section>", duration(r.baseline.cpu_seconds),
                 duration(std::max(0.0, r.cpu_seconds - r.baseline.cpu_seconds)));
}

std::string control_text(const model::SolverChoice& asked) {
  std::string text = asked.baseline.empty() ? "chosen by the problem" : asked.baseline;
  if (asked.baseline_share > 0) text += fmt::format(", at most {} of the time", percent(asked.baseline_share, 1));
  return text;
}

std::string serving_text(const model::Policy& policy) {
  if (policy.mode == model::ServingMode::shadow) return "shadow: the control, whatever the candidate";
  std::string text = policy.mode == model::ServingMode::race && policy.min_improvement > 0 ? fmt::format("the candidate if it saves {}", percent(policy.min_improvement, 2)) : "the better of control and candidate";
  if (policy.min_confidence > 0) text += fmt::format(", if at least {} of all seeds would come within {} of the best", percent(policy.min_confidence, 0), percent(policy.within, 2));
  return text;
}

void asked_section(Out out, const model::RunRecord& r) {
  fmt::format_to(out, "<section><h2>What was asked</h2><table><tbody>");
  if (!r.job_id.empty()) row(out, "job", r.job_id);
  row(out, "problem", fmt::format("{}, {} {}", r.problem_name, grouped(r.problem_size), size_noun(r.problem_type)));
  row(out, "from", r.problem_source);
  row(out, "budget", r.limit.seconds ? duration(*r.limit.seconds) : grouped(static_cast<std::int64_t>(r.limit.iterations.value_or(0))) + " iterations");
  row(out, "used", fmt::format("{} wall, {} CPU, {} iterations", duration(r.wall_seconds), duration(r.cpu_seconds), grouped(static_cast<std::int64_t>(r.iterations))));
  row(out, "method", r.solver.method + (r.solver.depth > 0 ? fmt::format(", {} layers, {} shots", r.solver.depth, grouped(static_cast<std::int64_t>(r.solver.shots))) : r.solver.replicas > 0 ? fmt::format(", {} replicas", r.solver.replicas) : ""));
  if (!r.solver.baseline.empty() || r.solver.baseline_share > 0) row(out, "control", control_text(r.solver));
  row(out, "seed, ranks", fmt::format("{}, {}", r.seed, r.ranks));
  row(out, "serving", serving_text(r.policy));
  fmt::format_to(out, "</tbody></table></section>");
}

void convergence_section(Out out, const model::RunRecord& r) {
  if (r.trace.empty()) return;
  Series incumbent{"incumbent", {}};
  incumbent.points.emplace_back(std::min(r.baseline.wall_seconds, r.trace.front().seconds), r.baseline.answer.cost);
  for (const model::TracePoint& p : r.trace) incumbent.points.emplace_back(p.seconds, p.cost);
  incumbent.points.emplace_back(std::max(r.wall_seconds, incumbent.points.back().first), incumbent.points.back().second);
  std::vector<Level> levels{{"control", r.baseline.answer.cost, "control"}};
  if (r.best_known) levels.push_back({"best known", *r.best_known, "known"});
  if (r.lower_bound) levels.push_back({"lower bound", *r.lower_bound, "bound"});
  fmt::format_to(out, "<section><h2>Cost of the incumbent</h2>{}</section>", chart(std::array{incumbent}, levels, "seconds", "cost over time"));
}

void rank_trace_section(Out out, const model::RunRecord& r) {
  std::vector<Series> ranks;
  for (const model::RankTracePoint& point : r.rank_trace) {
    const std::string name = fmt::format("rank {}", point.rank);
    auto own = std::ranges::find(ranks, name, &Series::name);
    if (own == ranks.end()) own = ranks.insert(ranks.end(), Series{name, {}});
    own->points.emplace_back(point.seconds, point.cost);
  }
  if (ranks.empty()) return;
  fmt::format_to(out, "<section><h2>Best solution that each rank had a part in</h2>{}{}</section>", chart(ranks, {}, "seconds", "cost over time per rank"),
                 ranks.size() > 10 ? fmt::format("<p>{} ranks, ten of them named.</p>", ranks.size()) : "");
}

// What several seeds, or the ladder, offer beside the one that is served.
void candidate_section(Out out, const model::RunRecord& r) {
  if (!r.candidates.empty()) {
    fmt::format_to(out, "<section><h2>Candidates</h2><table class=\"numbers\"><thead><tr><th>place</th><th>cost</th><th>against control</th>{}</tr></thead><tbody>", r.problem_type == "routing" ? "<th>routes</th>" : "");
    for (std::size_t k = 0; k < std::min(r.candidates.size(), most_rows); ++k)
      fmt::format_to(out, "<tr><td>{}</td><td>{}</td><td>{}</td>{}</tr>", k + 1, cost_text(r.candidates[k].cost), signed_percent(relative_gap(r.candidates[k].cost, r.baseline.answer.cost), 2),
                     r.problem_type == "routing" ? fmt::format("<td>{}</td>", model::routes_in(r.candidates[k].ints)) : "");
    fmt::format_to(out, "</tbody></table><p>All are feasible by the referee and differ in their {}.</p></section>", r.problem_type == "routing" ? "routes" : "values");
  }
  const auto c = model::confidence_of(r);
  if (!c) return;
  fmt::format_to(out, "<section><h2>Independent seeds</h2><p>{} of {} end within {} of the best. If the share of all seeds were estimated from these, it would lie between {} and {} (95 %, Wilson).</p>"
                 "<table class=\"numbers\"><thead><tr><th>seed</th><th>cost</th></tr></thead><tbody>", c->agreeing, c->seeds, percent(r.policy.within, 2), percent(c->interval.low, 1), percent(c->interval.high, 1));
  for (std::size_t k = 0; k < std::min(r.seeds.size(), most_rows); ++k) fmt::format_to(out, "<tr><td>{}</td><td>{}</td></tr>", r.seeds[k].seed, cost_text(r.seeds[k].cost));
  fmt::format_to(out, "</tbody></table></section>");
}

void exchange_section(Out out, const model::RunRecord& r) {
  if (r.swaps.attempted.empty()) return;
  fmt::format_to(out, "<section><h2>Replica exchange</h2><p>{} round trip{} between the coldest and the hottest rung.</p><table class=\"numbers\"><thead><tr><th>pair</th><th>accepted</th><th></th></tr></thead><tbody>",
                 r.swaps.round_trips, r.swaps.round_trips == 1 ? "" : "s");
  for (std::size_t k = 0; k < std::min(r.swaps.attempted.size(), most_rows); ++k) {
    const double share = r.swaps.attempted[k] == 0 ? 0 : static_cast<double>(r.swaps.accepted[k]) / static_cast<double>(r.swaps.attempted[k]);
    fmt::format_to(out, "<tr><td>{}-{}</td><td>{}</td><td><meter min=\"0\" max=\"1\" value=\"{:.3f}\"></meter></td></tr>", k, k + 1, percent(share, 0), share);
  }
  fmt::format_to(out, "</tbody></table></section>");
}

// The first row is the head.
void table(Out out, const std::vector<std::vector<std::string>>& rows) {
  fmt::format_to(out, "<table class=\"numbers\">");
  for (std::size_t k = 0; k < rows.size(); ++k) {
    fmt::format_to(out, "{}<tr>", k == 0 ? "<thead>" : k == 1 ? "<tbody>" : "");
    for (const std::string& cell : rows[k]) fmt::format_to(out, "<{0}>{1}</{0}>", k == 0 ? "th" : "td", escaped(cell));
    fmt::format_to(out, "</tr>{}", k == 0 ? "</thead>" : "");
  }
  fmt::format_to(out, "</tbody></table>");
}

void figure_section(Out out, const model::RunRecord& r) {
  const auto rows = figure_rows(r);
  if (rows.empty()) return;
  fmt::format_to(out, "<section><h2>Beside the cost</h2>");
  table(out, rows);
  fmt::format_to(out, "</section>");
}

// Of a QUBO whose variables have names: those that are 1.
void assignment_section(Out out, const model::RunRecord& r) {
  const std::vector<std::string>& names = r.plan_tables.variables;
  const std::vector<std::int32_t>& values = model::served_answer(r).ints;
  if (r.problem_type != "qubo" || names.empty() || values.size() < names.size()) return;
  const auto ones = std::count(values.begin(), values.begin() + std::ssize(names), 1);
  fmt::format_to(out, "<section><h2>Variables that are 1</h2><p>{} of {}</p><p>", grouped(ones), grouped(std::ssize(names)));
  std::size_t told = 0;
  for (std::size_t k = 0; k < names.size() && told < most_rows; ++k)
    if (values[k] == 1) fmt::format_to(out, "{}{}", told++ ? ", " : "", escaped(names[k]));
  fmt::format_to(out, "{}</p></section>", static_cast<std::int64_t>(told) < ones ? ", ...; result.json has all" : "");
}

// Of every name a chart, of every group a line.
void profile_section(Out out, const model::RunRecord& r) {
  std::vector<std::string> names;
  for (const model::Profile& p : r.profiles)
    if (std::ranges::find(names, p.name) == names.end()) names.push_back(p.name);
  for (const std::string& name : names) {
    std::vector<Series> groups;
    std::string unit, axis;
    for (const model::Profile& p : r.profiles) {
      if (p.name != name) continue;
      Series& series = groups.emplace_back(Series{p.group, {}});
      for (std::size_t k = 0; k < p.values.size(); ++k) series.points.emplace_back(static_cast<double>(k + 1), p.values[k]);
      if (!p.values.empty()) series.points.emplace_back(static_cast<double>(p.values.size() + 1), p.values.back());  // so that the last one is seen
      unit = p.unit, axis = p.axis;
    }
    fmt::format_to(out, "<section><h2>{} by {}, {}</h2>{}</section>", escaped(name), escaped(axis), escaped(unit), chart(groups, {}, axis, name));
  }
}

void hybrid_section(Out out, const model::HybridStep& step) {
  fmt::format_to(out, "<section><h2>Hybrid step</h2><p>{} of {} {}, put to every solver; answers are decoded, repaired and priced by the referee. {}</p>",
                 step.choices, step.candidates, escaped(step.subject), escaped(hybrid_finding(step)));
  table(out, hybrid_rows(step));
  fmt::format_to(out, "</section>");
}

void constraint_section(Out out, const model::RunRecord& r, const std::vector<ConstraintLine>& lines) {
  const model::Judgement& served = r.withheld.empty() ? r.judgement : r.baseline.judgement;
  fmt::format_to(out, "<section><h2>Constraints</h2><p>{}</p>", served.feasible ? "The referee, which shares no code with the solvers, finds every limit kept." : "The referee finds: " + escaped(served.violation));
  if (!lines.empty()) {
    std::vector<std::vector<std::string>> rows{{"constraint", "allowed", "found"}};
    for (std::size_t k = 0; k < std::min(lines.size(), most_rows); ++k) rows.push_back({lines[k].name, lines[k].allowed, lines[k].found});
    table(out, rows);
  }
  fmt::format_to(out, "</section>");
}

void rank_section(Out out, const model::RunRecord& r) {
  if (r.timings.empty()) return;
  fmt::format_to(out, "<section><h2>Time per rank</h2><table class=\"numbers\"><thead><tr><th>rank</th><th>annealing</th><th>waiting</th><th>communicating</th><th>writing</th><th>iterations</th><th>tasks</th><th>host</th></tr></thead><tbody>");
  for (std::size_t k = 0; k < std::min(r.timings.size(), most_rows); ++k) {
    const model::RankTiming& t = r.timings[k];
    const double all = std::max(1e-9, t.total());
    fmt::format_to(out, "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", t.rank, percent(t.annealing / all, 1), percent(t.waiting / all, 1),
                   percent(t.communicating / all, 1), percent(t.writing / all, 1), grouped(static_cast<std::int64_t>(t.iterations)), t.tasks, escaped(t.host));
  }
  fmt::format_to(out, "</tbody></table></section>");
}

void warning_section(Out out, const model::RunRecord& r) {
  if (r.warnings.empty()) return;
  fmt::format_to(out, "<section class=\"warnings\"><h2>Warnings</h2><ul>");
  for (std::size_t k = 0; k < std::min(r.warnings.size(), most_rows); ++k) fmt::format_to(out, "<li>{}</li>", escaped(r.warnings[k]));
  fmt::format_to(out, "</ul></section>");
}

void footer(Out out, const model::RunRecord& r) {
  fmt::format_to(out, "<footer><table><tbody>");
  row(out, "software", fmt::format("tempera {} ({})", r.software_version, r.libraries));
  row(out, "begun", r.created_utc);
  row(out, "host", r.host);
  row(out, "command", r.command_line);
  row(out, "problem digest", fmt::format("{:016x}", r.problem_digest));
  fmt::format_to(out, "</tbody></table></footer>");
}
}  // namespace

std::string html_head(std::string_view title) {
  const std::string style = fmt::format("{}{}", report_style, chart_texts().library_style);
  return fmt::format("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\"><title>{} - Tempera</title><style>{}</style></head><body>",
                     page_policy(style, page_script()), escaped(title), style);
}

std::string html_foot() { return fmt::format("<script>{}</script></body></html>\n", page_script()); }

std::string html_report(const model::RunRecord& record, const std::optional<MapData>& map, const std::vector<ConstraintLine>& constraints) {
  std::string page = html_head(record.problem_name);
  const Out out(page);
  head_section(out, record);
  warning_section(out, record);
  why_section(out, record);
  figure_section(out, record);
  assignment_section(out, record);
  profile_section(out, record);
  page += route_sections(record, map);
  constraint_section(out, record, constraints);
  candidate_section(out, record);
  convergence_section(out, record);
  rank_trace_section(out, record);
  exchange_section(out, record);
  for (const model::HybridStep& step : record.hybrid) hybrid_section(out, step);
  rank_section(out, record);
  asked_section(out, record);
  footer(out, record);
  return page + html_foot();
}

}  // namespace tempera::report
