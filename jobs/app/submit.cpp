// tempera submit: a batch script for Slurm, written and handed over.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "io/instances/qubo_files.hpp"
#include "io/instances/text_file.hpp"
#include "io/report/numbers.hpp"
#include "jobs/app/backtest_job.hpp"
#include "jobs/app/batch_script.hpp"
#include "jobs/app/command_line.hpp"
#include "jobs/app/commands.hpp"
#include "jobs/app/problem_kind.hpp"
#include "jobs/app/qubo_methods.hpp"
#include "jobs/app/solve_inputs.hpp"
#include "jobs/app/walltime.hpp"
#include "jobs/app/wanted_run.hpp"
#include "jobs/descriptor/descriptor.hpp"
#include "solvers/core/atomic_file.hpp"
#include "solvers/quantum/one_hot.hpp"
#include "solvers/quantum/openqasm.hpp"
#include "solvers/quantum/qaoa_engine.hpp"

namespace tempera::app {

namespace fs = std::filesystem;
using core::UserError;

namespace {
constexpr int most_qubits = 40;  // of a state vector over ranks

// What a program prints, and its exit code.
struct Answer {
  int code = -1;
  std::string text;
};

Answer ask(const std::string& command) {
  Answer answer;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw core::DataError(fmt::format("cannot run {}: {}.", command, core::errno_text(errno)));
  std::array<char, 256> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) answer.text += buffer.data();
  answer.code = ::pclose(pipe);
  while (!answer.text.empty() && answer.text.back() == '\n') answer.text.pop_back();
  return answer;
}

Site site_of(const SubmitOptions& options) {
  const char* named = std::getenv("TEMPERA_SITE");
  Site site;
  if (options.site) site = read_site(*options.site);
  else if (named != nullptr && *named != '\0') site = read_site(named);
  if (options.partition) site.partition = options.partition;
  if (options.account) site.account = options.account;
  if (options.tasks_per_node) site.tasks_per_node = options.tasks_per_node;
  return site;
}

// One rank per core of the smallest node, as Slurm knows them.
int tasks_per_node(const Site& site) {
  if (site.tasks_per_node) return *site.tasks_per_node;
  const Answer cores = ask(fmt::format("sinfo -h -o %c{} 2>/dev/null | sort -n | head -n 1", site.partition ? " -p " + shell_quoted(*site.partition) : ""));
  const int number = std::atoi(cores.text.c_str());
  if (number < 1) throw UserError("How many ranks a node takes is not known. Give --tasks-per-node, or tasks_per_node in a site file.");
  return number;
}

std::string number_text(double value) { return fmt::format("{}", value); }

std::vector<BatchRun> runs_of(const SubmitOptions& options, double walltime) {
  std::vector<BatchRun> runs;
  const bool many = options.files.size() * options.seeds.size() > 1;
  for (const fs::path& file : options.files) {
    const bool job = descriptor::is_job(file);  // says itself how long, and from which seed
    const std::uint64_t stride = job ? std::max(1u, descriptor::read_descriptor(file).policy.seeds) : 1;  // of a run that takes several seeds, one after another
    for (const std::uint64_t number : options.seeds) {
      const std::uint64_t seed = 1 + (number - 1) * stride;
      BatchRun run{.out = fs::absolute(options.out.empty() ? fs::path("runs") / options.files.front().stem() : options.out).lexically_normal(),
                   .words = {fs::absolute(file).lexically_normal().string()}};
      if (many) run.out /= options.seeds.size() == 1 ? file.stem().string() : fmt::format("{}-seed{}", file.stem().string(), seed);
      const auto add = [&](const char* option, const std::string& value) { run.words.insert(run.words.end(), {option, value}); };
      if (!job || options.seeds.size() > 1) add("--seed", std::to_string(seed));
      if (options.limit.iterations) add("--iterations", std::to_string(*options.limit.iterations));
      else if (options.limit.seconds) add("--budget", number_text(*options.limit.seconds));
      else if (!job && options.command == "solve") add("--budget", number_text(walltime));
      runs.push_back(std::move(run));
    }
  }
  std::vector<fs::path> folders;
  for (const BatchRun& run : runs) folders.push_back(run.out);
  std::ranges::sort(folders);
  if (const auto twice = std::ranges::adjacent_find(folders); twice != folders.end())
    throw UserError(fmt::format("Two runs would write into {}: two files have the same name. Submit them one by one.", twice->string()));
  return runs;
}

double state_vector_mebibytes(const SubmitOptions& options, const fs::path& file, int ranks) {
  const auto planned = [&](int qubits) {
    if (qubits > most_qubits)
      throw UserError(fmt::format("{}: needs {} qubits; at most {} are simulated.", file.string(), qubits, most_qubits));
    return static_cast<double>(quantum::planned_bytes(qubits, quantum::most_ranks(qubits, ranks), 8, quantum::DiagonalKind::real32, 3)) / 0x1p20;
  };
  if (options.command == "circuit") return planned(quantum::parse_openqasm(instances::read_text(file), file.string()).qubits);
  const model::QuboProblem problem = instances::read_qubo(file);
  if (!problem.groups.empty()) return quantum::OneHotEngine::planned_bytes(static_cast<int>(problem.groups.size()), static_cast<int>(problem.groups.front().members.size())) / 0x1p20;
  return planned(problem.variables());
}

std::string name_of_option(const std::string& word) { return word.substr(0, word.find('=')); }

bool holds(const std::vector<std::string>& words, const std::string& word) { return std::ranges::find(words, word) != words.end(); }

// What the batch script puts behind `tempera <command>`.
std::vector<std::string> words_of(const BatchPlan& plan, const BatchRun& run) {
  std::vector<std::string> words = run.words;
  if (plan.command == "solve") words.insert(words.end(), {"--out", run.out.string()}), words.insert(words.end(), plan.run_options.begin(), plan.run_options.end());
  else words.insert(words.end(), {"--output", "json"});
  return words;
}

// The command would say of them that they are given twice, to somebody who gave them once.
void refuse_own_options(const BatchPlan& plan, const std::vector<std::string>& more) {
  const std::vector<std::string> own = words_of(plan, plan.runs.front()), before{"--budget", "--iterations", "--out", "--checkpoint-every", "--worker-timeout"};
  for (const std::string& word : more) {
    const std::string name = name_of_option(word);
    const bool limits = plan.command == "solve" && (name == "--budget" || name == "--iterations");
    if (name.starts_with("--") && (limits || holds(own, name)))
      throw UserError(fmt::format("{} stands behind --, where it would be given twice. {}", name, holds(before, name) ? "Give it before --." : "Leave it out: submit gives it."));
  }
}

// What resume takes as well stands with the options of both: a requeued run must not forget it.
void add_more_words(const std::vector<std::string>& more, BatchPlan& plan) {
  const std::vector<std::string> lasting{"--target", "--hybrid", "--hybrid-depth", "--hybrid-shots", "--max-hours", "--log-dir"};
  for (std::size_t k = 0; k < more.size();) {
    const bool lasts = plan.command == "solve" && holds(lasting, name_of_option(more[k]));
    const std::size_t end = std::min(more.size(), k + (lasts && more[k].find('=') == std::string::npos ? 2 : 1));
    for (; k < end; ++k) {
      if (lasts) plan.run_options.push_back(more[k]);
      else for (BatchRun& run : plan.runs) run.words.push_back(more[k]);
    }
  }
}

// A run as the batch job will begin it.
Command command_of(const BatchPlan& plan, const BatchRun& run) {
  const std::vector<std::string> words = words_of(plan, run);
  std::vector<const char*> line{"tempera", plan.command.c_str()};
  for (const std::string& word : words) line.push_back(word.c_str());
  const ParsedLine parsed = parse_command_line(static_cast<int>(line.size()), line.data());
  if (!parsed.command) throw UserError(fmt::format("What stands behind -- asks {} for a text and not for a run. Leave --help and --version out.", plan.command));
  return *parsed.command;
}

double problem_mebibytes(const SolveOptions& options, double budget_seconds, int ranks) {
  std::optional<descriptor::Descriptor> job = read_job(options.file);
  if (job && job->problem_type == "backtest") {
    check_backtest_options(options);
    return memory_mebibytes(std::get<model::BacktestJob>(load_backtest(options.file)));
  }
  const SolveInputs inputs = solve_inputs(options, std::move(job));
  const double annealing = kind_of(inputs.problem).memory_mebibytes(inputs.problem, budget_seconds, ranks);
  const auto* qubo = std::get_if<model::QuboProblem>(&inputs.problem);
  return qubo != nullptr && inputs.options.run.method == "qaoa" ? std::max(annealing, qaoa_mebibytes(*qubo)) : annealing;
}

// Mistakes in options and input are found here and not after a night in the queue. @returns what a rank needs at most, MiB
int check_inputs(const SubmitOptions& options, const BatchPlan& plan, double budget_seconds) {
  const int ranks = plan.nodes * plan.tasks_per_node;
  double most = 0;
  for (std::size_t k = 0; k < plan.runs.size(); k += options.seeds.size()) {  // runs of one file differ in their seed alone
    const Command command = command_of(plan, plan.runs[k]);
    const auto* solve = std::get_if<SolveOptions>(&command);
    most = std::max(most, solve != nullptr ? problem_mebibytes(*solve, budget_seconds, ranks) : state_vector_mebibytes(options, plan.runs[k].words.front(), ranks));
  }
  constexpr double of_mpi = 200;
  return static_cast<int>(1.5 * most + of_mpi);
}

std::string submit_script(const fs::path& script, const std::string& more) {
  const Answer answer = ask(fmt::format("sbatch --parsable {} {} 2>&1", more, shell_quoted(script.string())));
  const std::string id = answer.text.substr(0, answer.text.find(';'));
  if (answer.code != 0 || id.empty() || id.find_first_not_of("0123456789") != std::string::npos)
    throw UserError(fmt::format("sbatch refused {}: {}", script.string(), answer.text));
  return id;
}
}  // namespace

core::ExitCode submit(const SubmitOptions& options, const Invocation& invocation) {
  const double walltime = walltime_seconds(options.time);
  const Site site = site_of(options);
  BatchPlan plan{.name = options.name.value_or("tempera-" + options.files.front().stem().string()), .command = options.command, .nodes = options.nodes, .tasks_per_node = tasks_per_node(site),
                 .time = options.time, .warning_seconds = static_cast<int>(std::clamp(walltime / 10, 15.0, 120.0)), .max_restarts = options.max_restarts,
                 .log = {}, .program = fs::read_symlink("/proc/self/exe"), .runs = {}, .run_options = {}, .site = site};
  plan.runs = runs_of(options, walltime - plan.warning_seconds - winding_up_seconds(walltime));
  if (options.command != "solve" && (options.report || options.limit.iterations || options.limit.seconds))
    throw UserError(fmt::format("--report, --budget and --iterations are for solve, not for {}. Leave them out.", options.command));
  plan.run_options = {"--checkpoint-every", number_text(options.checkpoint_seconds), "--worker-timeout", number_text(options.worker_timeout_seconds), "--progress", "off"};
  refuse_own_options(plan, options.more_words);
  add_more_words(options.more_words, plan);
  const int enough = check_inputs(options, plan, walltime);
  plan.memory_mebibytes = options.memory_mebibytes.value_or(enough);
  const fs::path folder = plan.runs.size() > 1 ? plan.runs.front().out.parent_path() : plan.runs.front().out;
  plan.log = folder / (plan.runs.size() > 1 ? "slurm-%A_%a.log" : "slurm-%j.log");
  const std::string script = batch_script(plan);
  if (options.dry_run) {
    fmt::print("{}", script);
    return core::ExitCode::solved;
  }
  fs::create_directories(folder);
  core::write_text_atomically(folder / "job.sbatch", script);
  const std::string id = submit_script(folder / "job.sbatch", "");
  std::string report_id;
  if (options.report) {
    core::write_text_atomically(folder / "report.sbatch", report_script(plan, folder / "comparison.txt"));
    report_id = submit_script(folder / "report.sbatch", fmt::format("--dependency=afterany:{} --kill-on-invalid-dep=yes", id));
  }
  if (invocation.output == OutputMode::json)
    fmt::print("{{\"schema_version\": 1, \"status\": \"submitted\", \"exit_code\": 0, \"job\": {}, \"report_job\": {}, \"runs\": {}}}\n", id,
               report_id.empty() ? "null" : report_id, plan.runs.size());
  else if (invocation.output == OutputMode::text)
    fmt::print("job {}: {} run{} on {} node{} x {} ranks, {} each{}\n  script  {}\n  look    tempera status {}\n", id, plan.runs.size(), plan.runs.size() == 1 ? "" : "s",
               plan.nodes, plan.nodes == 1 ? "" : "s", plan.tasks_per_node, report::duration(walltime), report_id.empty() ? "" : ", report job " + report_id,
               (folder / "job.sbatch").string(), folder.string() + (plan.runs.size() > 1 ? "/*/" : ""));
  return core::ExitCode::solved;
}

}  // namespace tempera::app
