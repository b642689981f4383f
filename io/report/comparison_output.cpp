// The three shapes of a comparison.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "io/report/comparison.hpp"
#include "io/report/charts.hpp"
#include "io/report/html_report.hpp"
#include "io/report/numbers.hpp"
#include "solvers/model/digest.hpp"

namespace tempera::report {

namespace {
using Out = std::back_insert_iterator<std::string>;
using Json = nlohmann::ordered_json;
constexpr std::size_t widest_name = 16;
constexpr int cost_decimals = 3;

std::string short_name(const std::string& name) { return name.size() <= widest_name ? name : ".." + name.substr(name.size() - widest_name + 2); }
std::string seconds_text(const std::optional<double>& seconds) { return seconds ? duration(*seconds) : "-"; }
std::string p_text(double p) { return p < 0.0001 ? "< 0.0001" : fmt::format("{:.4f}", p); }
std::string reached_text(const SolverRow& row) { return fmt::format("{}/{}", row.reached, row.runs); }

// Lines of at most 80 columns, the further ones under the first word behind "note:".
std::string note_text(const std::string& note) {
  std::string text = "\n  note:";
  std::size_t column = 7;
  std::istringstream words(note);
  for (std::string word; words >> word;) {
    if (column + 1 + word.size() > 80) text += "\n       ", column = 7;
    text += " " + word;
    column += 1 + word.size();
  }
  return text + "\n";
}

std::string problems_text(const Comparison& c) {
  return c.problems.size() == 1 ? c.problems.front() : fmt::format("{} problems", c.problems.size());
}

Json optional_seconds(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json test_json(const core::PairedTest& test) { return {{"unequal_pairs", test.pairs}, {"statistic", test.statistic}, {"p_value", test.p_value}}; }

Json row_json(const SolverRow& row) {
  return {{"solver", row.solver}, {"runs", row.runs}, {"best", row.best}, {"mean", row.mean}, {"standard_deviation", row.deviation}, {"mean_gap", row.mean_gap},
          {"reached_target", row.reached}, {"median_seconds_to_target", optional_seconds(row.median_time_to_target)}, {"tts99_seconds", optional_seconds(row.tts99)},
          {"primal_integral_seconds", row.primal_integral}, {"cpu_seconds", row.cpu_seconds}, {"cpu_seconds_per_percent", optional_seconds(row.cpu_seconds_per_percent)}};
}

Json pair_json(const PairRow& pair) {
  return {{"first", pair.first}, {"second", pair.second}, {"pairs", pair.pairs}, {"first_better", pair.first_better}, {"equal", pair.equal},
          {"second_better", pair.second_better}, {"mean_difference", pair.mean_difference}, {"sign_test", test_json(pair.sign)}, {"wilcoxon_test", test_json(pair.wilcoxon)}};
}

void solver_section(Out out, const Comparison& c) {
  fmt::format_to(out, "<section><h2>What each solver found</h2><table class=\"numbers\"><thead><tr><th>solver</th><th>runs</th><th>best</th><th>mean</th><th>deviation</th><th>mean gap</th>"
                 "<th>within {}</th><th>time to it</th><th>TTS99</th><th>primal integral</th><th>CPU per run</th><th>CPU per 1 % saved</th></tr></thead><tbody>", percent(c.within, 2));
  for (const SolverRow& row : c.solvers)
    fmt::format_to(out, "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", escaped(row.solver), row.runs,
                   grouped(row.best, cost_decimals), grouped(row.mean, cost_decimals), grouped(row.deviation, cost_decimals), percent(row.mean_gap, 3), reached_text(row),
                   seconds_text(row.median_time_to_target), seconds_text(row.tts99), duration(row.primal_integral), duration(row.cpu_seconds), seconds_text(row.cpu_seconds_per_percent));
  fmt::format_to(out, "</tbody></table></section>");
}

void pair_section(Out out, const Comparison& c) {
  if (c.pairs.empty()) return;
  fmt::format_to(out, "<section><h2>Pair by pair, same problem and seed</h2><table class=\"numbers\"><thead><tr><th>pair</th><th>better</th><th>equal</th><th>worse</th><th>mean difference</th>"
                 "<th>sign test p</th><th>Wilcoxon p</th></tr></thead><tbody>");
  for (const PairRow& pair : c.pairs)
    fmt::format_to(out, "<tr><td>{} against {}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", escaped(pair.first), escaped(pair.second), pair.first_better, pair.equal,
                   pair.second_better, grouped(pair.mean_difference, cost_decimals), escaped(p_text(pair.sign.p_value)), escaped(p_text(pair.wilcoxon.p_value)));
  fmt::format_to(out, "</tbody></table></section>");
}

// From gap 0, in percent, so that every curve begins at the left edge.
std::vector<Series> profile_series(const Comparison& c) {
  std::vector<Series> all;
  for (const ProfileCurve& curve : c.profile) {
    Series series{.name = curve.solver, .points = {{0, 0}}};
    for (const auto& [gap, share] : curve.points) series.points.emplace_back(100 * gap, 100 * share);
    all.push_back(std::move(series));
  }
  return all;
}

// The first seed's runs of the first problem.
std::vector<Series> trace_series(std::span<const ComparedRun> runs) {
  std::vector<Series> all;
  for (const ComparedRun& run : runs) {
    if (run.problem_digest != runs.front().problem_digest || std::ranges::any_of(all, [&](const Series& s) { return s.name == run.solver; })) continue;
    all.push_back({run.solver, run.losses});
    if (run.sense == model::Sense::maximise)
      for (auto& [seconds, loss] : all.back().points) loss = -loss;
  }
  return all;
}
}  // namespace

std::string comparison_text(const Comparison& c) {
  std::string text;
  const Out out(text);
  fmt::format_to(out, "{}{}\n\n  {:<{}} {:>4} {:>12} {:>12} {:>8} {:>6} {:>9}\n", problems_text(c), c.sense == model::Sense::maximise ? ", higher is better" : "", "solver", widest_name, "runs", "best", "mean",
                 "gap", "target", "time to it");
  for (const SolverRow& row : c.solvers)
    fmt::format_to(out, "  {:<{}} {:>4} {:>12} {:>12} {:>8} {:>6} {:>9}\n", short_name(row.solver), widest_name, row.runs, grouped(row.best, 2), grouped(row.mean, 2), percent(row.mean_gap, 2), reached_text(row),
                   seconds_text(row.median_time_to_target));
  fmt::format_to(out, "\n  {:<{}} {:>10} {:>9} {:>15} {:>8} {:>12}\n", "", widest_name, "deviation", "TTS99", "primal integral", "CPU", "CPU per 1 %");
  for (const SolverRow& row : c.solvers)
    fmt::format_to(out, "  {:<{}} {:>10} {:>9} {:>15} {:>8} {:>12}\n", short_name(row.solver), widest_name, grouped(row.deviation, 2), seconds_text(row.tts99), duration(row.primal_integral),
                   duration(row.cpu_seconds), seconds_text(row.cpu_seconds_per_percent));
  fmt::format_to(out, "\n  target: within {} of the best; CPU per 1 %: core-seconds for each percent\n  saved against the control\n", percent(c.within, 2));
  for (const PairRow& pair : c.pairs)
    fmt::format_to(out, "\n  {} against {}, {} pair{}:\n    better {}, equal {}, worse {}; mean difference {}\n    p-values: sign test {}, Wilcoxon {}\n", short_name(pair.first), short_name(pair.second),
                   pair.pairs, pair.pairs == 1 ? "" : "s", pair.first_better, pair.equal, pair.second_better, grouped(pair.mean_difference, 2), p_text(pair.sign.p_value), p_text(pair.wilcoxon.p_value));
  for (const std::string& note : c.notes) text += note_text(note);
  return text;
}

std::string comparison_json(const Comparison& c, std::span<const ComparedRun> runs) {
  Json json = {{"schema_version", 1}, {"status", "solved"}, {"exit_code", 0}, {"problems", c.problems}, {"sense", c.sense == model::Sense::maximise ? "maximise" : "minimise"}, {"within", c.within}};
  for (const char* list : {"solvers", "pairs", "profile", "runs"}) json[list] = Json::array();
  for (const SolverRow& row : c.solvers) json["solvers"].push_back(row_json(row));
  for (const PairRow& pair : c.pairs) json["pairs"].push_back(pair_json(pair));
  for (const ProfileCurve& curve : c.profile) {
    Json points = Json::array();
    for (const auto& [gap, share] : curve.points) points.push_back({{"gap", gap}, {"share", share}});
    json["profile"].push_back({{"solver", curve.solver}, {"points", std::move(points)}});
  }
  for (const ComparedRun& run : runs)
    json["runs"].push_back({{"solver", run.solver}, {"problem", run.problem}, {"digest", model::digest_text(run.problem_digest)}, {"seed", run.seed}, {"cost", run.cost}, {"control", run.control},
                            {"wall_seconds", run.wall_seconds}, {"cpu_seconds", run.cpu_seconds}, {"ranks", run.ranks}, {"finished", run.finished}});
  json["notes"] = c.notes;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string comparison_html(const Comparison& c, std::span<const ComparedRun> runs) {
  std::string page = html_head("Comparison: " + problems_text(c));
  const Out out(page);
  fmt::format_to(out, "<header><h1>Comparison: {}</h1><p>{} runs of {} solvers{}</p></header>", escaped(problems_text(c)), runs.size(), c.solvers.size(),
                 c.sense == model::Sense::maximise ? ", higher is better" : "");
  solver_section(out, c);
  pair_section(out, c);
  fmt::format_to(out, "<section><h2>Share of runs (%) within a gap of the best</h2>{}</section>", chart(profile_series(c), {}, "gap, %", "performance profile"));
  fmt::format_to(out, "<section><h2>Cost over time: the first seed of {}</h2>{}</section>", escaped(runs.front().problem), chart(trace_series(runs), {}, "seconds", "cost over time per solver"));
  if (!c.notes.empty()) {
    fmt::format_to(out, "<section class=\"warnings\"><h2>Notes</h2><ul>");
    for (const std::string& note : c.notes) fmt::format_to(out, "<li>{}</li>", escaped(note));
    fmt::format_to(out, "</ul></section>");
  }
  return page + html_foot();
}

}  // namespace tempera::report
