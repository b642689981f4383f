#include "io/report/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "io/report/numbers.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/digest.hpp"

namespace tempera::report {

namespace {
// What all runs of one problem are measured against.
struct Reference {
  double best_loss = 0;
  double horizon = 0;  // seconds of the longest run
};
using References = std::map<std::uint64_t, Reference>;

References references_of(std::span<const ComparedRun> runs) {
  References references;
  for (const ComparedRun& run : runs) {
    const auto [at, is_new] = references.try_emplace(run.problem_digest, Reference{run.loss(), run.wall_seconds});
    if (is_new) continue;
    at->second.best_loss = std::min(at->second.best_loss, run.loss());
    at->second.horizon = std::max(at->second.horizon, run.wall_seconds);
  }
  return references;
}

double gap_of(const ComparedRun& run, const References& references) {
  const double best = references.at(run.problem_digest).best_loss;
  return best == 0 ? (run.loss() == 0 ? 0 : 1) : relative_gap(run.loss(), best);
}

// What differences on a problem are divided by, so that those of several problems can be ranked together.
double scale_of(const ComparedRun& run, const References& references) {
  const double best = references.at(run.problem_digest).best_loss;
  return best == 0 ? 1 : std::abs(best);
}

void check(std::span<const ComparedRun> runs) {
  std::set<std::tuple<std::string, std::uint64_t, std::uint64_t>> seen;
  for (const ComparedRun& run : runs) {
    if (!seen.emplace(run.solver, run.problem_digest, run.seed).second)
      throw core::UserError(fmt::format("{} has two runs of {} with seed {}. Compare one of them, or give the other another name.", run.solver, run.problem, run.seed));
    if (run.sense != runs.front().sense)
      throw core::UserError(fmt::format("{} is {}, {} is not. Compare them apart.", run.problem, run.sense == model::Sense::maximise ? "maximised" : "minimised", runs.front().problem));
  }
}

double improvement_percent(const ComparedRun& run) { return -100 * relative_gap(run.cost, run.control, run.sense); }

SolverRow row_of(const std::string& solver, std::span<const ComparedRun* const> runs, const References& references, double within) {
  SolverRow row{.solver = solver, .runs = runs.size(), .median_time_to_target = {}, .tts99 = {}, .cpu_seconds_per_percent = {}};
  std::vector<double> losses, costs, gaps, integrals, cpu, wall, reached, saved;
  for (const ComparedRun* run : runs) {
    const Reference& reference = references.at(run->problem_digest);
    losses.push_back(run->loss());
    costs.push_back(run->cost);
    gaps.push_back(gap_of(*run, references));
    integrals.push_back(core::primal_integral(run->losses, reference.best_loss, reference.horizon));
    cpu.push_back(run->cpu_seconds);
    wall.push_back(run->wall_seconds);
    saved.push_back(improvement_percent(*run));
    if (const auto seconds = core::time_to_target(run->losses, reference.best_loss + within * std::abs(reference.best_loss))) reached.push_back(*seconds);
  }
  const double best_loss = *std::ranges::min_element(losses);
  row.best = runs.front()->sense == model::Sense::maximise ? -best_loss : best_loss;
  row.mean = core::mean(costs);
  row.deviation = core::standard_deviation(costs);
  row.mean_gap = core::mean(gaps);
  row.reached = reached.size();
  row.primal_integral = core::mean(integrals);
  row.cpu_seconds = core::mean(cpu);
  reached.resize(runs.size(), std::numeric_limits<double>::infinity());  // a run that never came there: longer than any other
  if (const double seconds = core::median(reached); std::isfinite(seconds)) row.median_time_to_target = seconds;
  if (runs.size() > 1 && references.size() == 1)
    row.tts99 = core::time_to_solution_99(static_cast<double>(row.reached) / static_cast<double>(row.runs), core::mean(wall));
  if (const double percent_saved = core::mean(saved); percent_saved > 0 && std::isfinite(percent_saved)) row.cpu_seconds_per_percent = row.cpu_seconds / percent_saved;
  return row;
}

PairRow pair_of(const std::string& first, const std::string& second, std::span<const ComparedRun> runs, const References& references) {
  std::map<std::pair<std::uint64_t, std::uint64_t>, const ComparedRun*> of_second;
  for (const ComparedRun& run : runs)
    if (run.solver == second) of_second[{run.problem_digest, run.seed}] = &run;
  PairRow pair{.first = first, .second = second, .sign = {}, .wilcoxon = {}};
  std::vector<double> differences;
  for (const ComparedRun& run : runs) {
    const auto partner = run.solver == first ? of_second.find({run.problem_digest, run.seed}) : of_second.end();
    if (partner == of_second.end()) continue;
    differences.push_back((run.loss() - partner->second->loss()) / scale_of(run, references));
    (differences.back() < 0 ? pair.first_better : differences.back() > 0 ? pair.second_better : pair.equal) += 1;
    pair.mean_difference += run.cost - partner->second->cost;
  }
  pair.pairs = differences.size();
  if (!differences.empty()) pair.mean_difference /= static_cast<double>(differences.size());
  const std::vector<double> zeros(differences.size(), 0.0);
  pair.sign = core::sign_test(differences, zeros);
  pair.wilcoxon = core::wilcoxon_test(differences, zeros);
  return pair;
}

ProfileCurve profile_of(const std::string& solver, std::span<const ComparedRun* const> runs, const References& references) {
  std::vector<double> gaps;
  for (const ComparedRun* run : runs) gaps.push_back(gap_of(*run, references));
  std::ranges::sort(gaps);
  ProfileCurve curve{.solver = solver, .points = {}};
  for (std::size_t k = 0; k < gaps.size(); ++k)
    if (k + 1 == gaps.size() || gaps[k + 1] > gaps[k]) curve.points.emplace_back(gaps[k], static_cast<double>(k + 1) / static_cast<double>(gaps.size()));
  return curve;
}

// One per digest, in their order; where two problems share a name, the digest tells them apart.
std::vector<std::string> problem_names(std::span<const ComparedRun> runs) {
  std::vector<std::pair<std::string, std::uint64_t>> problems;
  for (const ComparedRun& run : runs)
    if (std::ranges::find(problems, run.problem_digest, [](const auto& p) { return p.second; }) == problems.end()) problems.emplace_back(run.problem, run.problem_digest);
  std::vector<std::string> names;
  for (const auto& [name, digest] : problems) {
    const bool shared = std::ranges::count(problems, name, [](const auto& p) { return p.first; }) > 1;
    names.push_back(shared ? fmt::format("{} ({})", name, model::digest_text(digest).substr(0, 8)) : name);
  }
  return names;
}

void add_notes(std::span<const ComparedRun> runs, Comparison& comparison) {
  if (comparison.problems.size() > 1) comparison.notes.push_back("costs are means over several problems; the gaps can be compared");
  for (const SolverRow& row : comparison.solvers) {
    if (row.runs == 1) comparison.notes.push_back(fmt::format("{} has one run: nothing is known of its spread", row.solver));
    else if (row.deviation == 0 && comparison.problems.size() == 1) comparison.notes.push_back(fmt::format("{} ends alike with every seed", row.solver));
    const auto stopped = std::ranges::count_if(runs, [&](const ComparedRun& run) { return run.solver == row.solver && !run.finished; });
    if (stopped > 0) comparison.notes.push_back(fmt::format("{}: {} of {} runs did not finish", row.solver, stopped, row.runs));
  }
  const auto [least, most] = std::ranges::minmax(runs, {}, &ComparedRun::ranks);
  if (least.ranks != most.ranks) comparison.notes.push_back(fmt::format("runs on {} to {} ranks: wall times do not compare", least.ranks, most.ranks));
  if (std::ranges::any_of(comparison.pairs, [](const PairRow& p) { return p.wilcoxon.pairs < 6; }))
    comparison.notes.push_back("fewer than six unequal pairs: no difference can have a p-value below 0.05");
}
}  // namespace

ComparedRun compared_run(const model::RunRecord& record, std::string solver) {
  const double sign = record.sense == model::Sense::maximise ? -1 : 1;
  ComparedRun run{.solver = std::move(solver), .problem = record.problem_name, .problem_digest = record.problem_digest, .seed = record.seed, .sense = record.sense,
                  .cost = record.incumbent.cost, .control = record.baseline.answer.cost, .wall_seconds = record.wall_seconds, .cpu_seconds = record.cpu_seconds,
                  .ranks = record.ranks, .finished = record.status == model::RunStatus::solved, .losses = {}};
  run.losses.emplace_back(record.baseline.wall_seconds, sign * record.baseline.answer.cost);
  for (const model::TracePoint& point : record.trace)
    if (sign * point.cost < run.losses.back().second) run.losses.emplace_back(std::max(point.seconds, run.losses.back().first), sign * point.cost);
  if (run.loss() < run.losses.back().second) run.losses.emplace_back(std::max(record.wall_seconds, run.losses.back().first), run.loss());
  return run;
}

Comparison compare(std::span<const ComparedRun> runs, double within) {
  TEMPERA_ASSERT(!runs.empty(), "nothing to compare");
  check(runs);
  Comparison comparison{.within = within, .sense = runs.front().sense, .problems = {}, .solvers = {}, .pairs = {}, .profile = {}, .notes = {}};
  const References references = references_of(runs);
  std::vector<std::string> names;
  for (const ComparedRun& run : runs) {
    if (std::ranges::find(names, run.solver) == names.end()) names.push_back(run.solver);
  }
  comparison.problems = problem_names(runs);
  for (const std::string& name : names) {
    std::vector<const ComparedRun*> own;
    for (const ComparedRun& run : runs)
      if (run.solver == name) own.push_back(&run);
    comparison.solvers.push_back(row_of(name, own, references, within));
    comparison.profile.push_back(profile_of(name, own, references));
  }
  for (std::size_t a = 0; a < names.size(); ++a)
    for (std::size_t b = a + 1; b < names.size(); ++b)
      if (PairRow pair = pair_of(names[a], names[b], runs, references); pair.pairs > 0) comparison.pairs.push_back(std::move(pair));
  add_notes(runs, comparison);
  return comparison;
}

}  // namespace tempera::report
