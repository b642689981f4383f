// What the command line asks for, one struct per command.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "io/instances/format.hpp"
#include "io/instances/generate.hpp"
#include "jobs/app/quantum_options.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/model/hybrid_request.hpp"
#include "solvers/model/routing_instance.hpp"

namespace tempera::app {

enum class OutputMode { text, json, quiet };

/// What every command knows beside its options.
struct Invocation {
  core::Stopwatch started;   ///< of the process
  std::string command_line;
  OutputMode output = OutputMode::text;
  core::Stopwatch budget_from = started;  ///< where the budget counts from: for one run among several, when that began
  double cpu_before = 0;     ///< CPU seconds that belong to earlier runs of this process

  /// For one more run in this process, which prints nothing.
  Invocation next_run() const {
    Invocation next = *this;
    next.output = OutputMode::quiet;
    next.budget_from = {};
    next.cpu_before = core::process_cpu_seconds();
    return next;
  }
};

/// Of RunOptions::ladder.
inline constexpr const char* spanning_ladder = "spanning";

/// How a run is driven; shared by solve and resume.
struct RunOptions {
  std::string method;        ///< what looks for the candidate; empty: the job's, or annealing. ProblemKind::methods has them all
  std::string baseline;      ///< the control; empty: the job's, or what the problem decides. ProblemKind::baselines has them all
  double baseline_share = 0; ///< of a time budget, at most; 0: the job's, or the usual part of that control
  core::BudgetLimit limit;   ///< both empty: the default, or what the checkpoint says
  std::filesystem::path out;
  std::uint32_t replicas = 0;
  std::string ladder;        ///< of a QUBO or QAP: independent or spanning; empty: what the job says
  std::optional<std::int32_t> depth;    ///< of a circuit, method qaoa
  std::optional<std::uint64_t> shots;
  std::optional<model::HybridRequest> hybrid;  ///< after annealing
  std::optional<double> target;  ///< objective at which the run may end early
  double checkpoint_seconds = 60;
  double worker_timeout_seconds = 30;
  std::filesystem::path log_dir;    ///< empty: no logs
  std::optional<double> max_hours;  ///< of this process, not of the budget
  bool progress = true;
};

/// How a file is to be read; empty: the convention of its kind.
struct LoadOptions {
  std::optional<model::Rounding> rounding;
  std::optional<model::Objective> objective = std::nullopt;
  std::optional<instances::FileFormat> format = std::nullopt;  ///< instead of what the content looks like
};

struct SolveOptions {
  std::filesystem::path file;
  RunOptions run;
  std::optional<std::uint64_t> seed;   ///< empty: the job's, or 1
  LoadOptions load;
  std::optional<std::filesystem::path> warm_start;
  std::optional<double> best_known;
};

struct ResumeOptions {
  std::filesystem::path from;                     ///< a run file or the folder of one
  std::optional<std::filesystem::path> instance;  ///< where the problem lies now, if it moved
  RunOptions run;
};

struct CheckOptions {
  std::filesystem::path file;
  std::optional<std::filesystem::path> solution;
  LoadOptions load;
  double budget_seconds = 0;  ///< 0: the job's, or 60
  int ranks = 1;
};

struct GenerateOptions {
  enum class Kind { uchoa, peak_season, rebalancing };
  Kind kind = Kind::uchoa;
  instances::UchoaOptions uchoa;
  instances::PeakSeasonOptions peak;
  instances::RebalancingOptions rebalancing;
  std::filesystem::path out;
};

struct InfoOptions {
  std::optional<std::filesystem::path> file;
};

struct BacktestOptions {
  std::filesystem::path file;
  std::filesystem::path out;   ///< empty: runs/<stem>
};

struct ReportOptions {
  std::filesystem::path from;
  std::optional<std::filesystem::path> html;   ///< where the page goes; empty: report.html beside the run file
};

/// Runs that lie there, or runs of one problem that are made for this, against each other.
struct CompareOptions {
  std::vector<std::filesystem::path> files;        ///< run files and directories of them, each a solver; or one problem
  std::vector<std::string> solvers;                ///< of a problem: annealer, annealer-N, baseline
  std::uint64_t seeds = 5;
  std::string word_for_making;                     ///< the first option given that means nothing for runs that lie there
  RunOptions run;                                  ///< of each run; `out` holds all of them
  LoadOptions load;
  double within = 0.01;                            ///< share of the best cost that counts as reaching it
  std::optional<std::filesystem::path> html;
};

/// Whether each job of a batch has one rank to itself, all ranks at once, or all ranks, one job after another.
enum class Spread { automatic, always, never };  ///< automatic: when there are at least as many jobs as ranks

/// Many jobs.
struct BatchOptions {
  Spread spread = Spread::automatic;
  std::filesystem::path from;                      ///< a directory of jobs and problems, or one file with many jobs
  RunOptions run;                                  ///< of each; `out` holds all of them
};

struct StatusOptions {
  std::vector<std::filesystem::path> folders;
};

/// A batch job: every file with every seed is one run, several make a job array.
struct SubmitOptions {
  std::vector<std::filesystem::path> files;
  std::string command = "solve";   ///< or a command on a state vector: qaoa, circuit
  std::vector<std::uint64_t> seeds{1};
  std::filesystem::path out;
  core::BudgetLimit limit;              ///< both empty: what the time allows
  double checkpoint_seconds = 60;
  double worker_timeout_seconds = 30;
  std::vector<std::string> more_words;  ///< behind --: options of the command, as given
  int nodes = 1;
  std::string time = "1:00:00";
  std::optional<int> tasks_per_node;
  std::optional<int> memory_mebibytes;
  std::optional<std::string> name, partition, account;
  std::optional<std::filesystem::path> site;
  int max_restarts = 20;
  bool report = false;
  bool dry_run = false;
};

/// tempera convert: a dimod BQM of schema 1.0.0, 2.0.0 or 3.0.0.
struct ConvertOptions {
  std::filesystem::path file, out;
  int schema = 3;
};

/// bench qubo: the engines on one problem.
struct QuboBenchOptions {
  std::filesystem::path file;
  double seconds = 3;  ///< CPU, per engine
};

/// tempera audit verify
struct AuditOptions {
  std::filesystem::path from;   ///< the directory of a run, or its audit.jsonl
};

using Command = std::variant<SolveOptions, ResumeOptions, CheckOptions, GenerateOptions, InfoOptions, ReportOptions, BacktestOptions, BenchOptions, CircuitOptions, QaoaOptions, QuboBenchOptions, StatusOptions, SubmitOptions, AuditOptions, ConvertOptions, CompareOptions, BatchOptions>;

}  // namespace tempera::app
