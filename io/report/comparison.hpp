// Solvers against each other on the same problems and seeds: what each found, how sure the difference is, and what it cost.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "solvers/core/statistics.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::report {

/// One run as a comparison sees it. Losses are costs that are minimised: -cost where the user maximises.
struct ComparedRun {
  std::string solver;            ///< what it is compared as
  std::string problem;           ///< its name
  std::uint64_t problem_digest = 0;
  std::uint64_t seed = 0;
  model::Sense sense = model::Sense::minimise;
  double cost = 0;               ///< of the candidate, in the user's units
  double control = 0;            ///< of the classical method on the same input
  double wall_seconds = 0;
  double cpu_seconds = 0;        ///< of all ranks
  int ranks = 1;
  bool finished = true;          ///< not stopped early
  std::vector<std::pair<double, double>> losses;  ///< (seconds, loss), the control first

  double loss() const { return sense == model::Sense::maximise ? -cost : cost; }
};
ComparedRun compared_run(const model::RunRecord& record, std::string solver);

struct SolverRow {
  std::string solver;
  std::size_t runs = 0;
  double best = 0, mean = 0, deviation = 0;       ///< cost; of the sample
  double mean_gap = 0;                            ///< to the best cost that any run found for the same problem, a share of it; 1 where that is 0 and this is not
  std::size_t reached = 0;                        ///< runs that came within the share of that best cost
  std::optional<double> median_time_to_target;    ///< seconds; only when more than half of the runs reached it
  std::optional<double> tts99;                    ///< seconds to reach it with probability 0.99, by runs as long as these; of two runs or more on one problem
  double primal_integral = 0;                     ///< mean, seconds
  double cpu_seconds = 0;                         ///< mean
  std::optional<double> cpu_seconds_per_percent;  ///< core-seconds for every percent saved against the control; none when nothing was saved
};

/// Both solvers on the same problem with the same seed. Differences of different problems are put on one scale by the best cost of each.
struct PairRow {
  std::string first, second;
  std::size_t pairs = 0, first_better = 0, equal = 0, second_better = 0;
  double mean_difference = 0;     ///< of the cost, first - second
  core::PairedTest sign, wilcoxon;
};

/// Share of a solver's runs whose gap is at most so large. Dolan and More, "Benchmarking optimization software with
/// performance profiles", Mathematical Programming 91 (2002), with gaps in the place of ratios, since costs may be negative.
struct ProfileCurve {
  std::string solver;
  std::vector<std::pair<double, double>> points;  ///< (gap, share), both ascending
};

struct Comparison {
  double within = 0;
  model::Sense sense = model::Sense::minimise;
  std::vector<std::string> problems;              ///< one per digest; of one name with "(<8 digits of the digest>)"
  std::vector<SolverRow> solvers;                 ///< as they came
  std::vector<PairRow> pairs;                     ///< every two of them that share problem and seed
  std::vector<ProfileCurve> profile;
  std::vector<std::string> notes;                 ///< what a reader must know: single runs, several problems, unequal ranks
};

/// @param runs  at least one @param within  share of the best cost that counts as reaching it
/// @throws UserError when a solver ran a problem with the same seed twice, or when directions differ
Comparison compare(std::span<const ComparedRun> runs, double within);

std::string comparison_text(const Comparison& comparison);                                           ///< at most 80 columns
std::string comparison_json(const Comparison& comparison, std::span<const ComparedRun> runs);        ///< with a line end
std::string comparison_html(const Comparison& comparison, std::span<const ComparedRun> runs);        ///< one page that loads nothing

}  // namespace tempera::report
