// The batch script that `tempera submit` writes: a template (slurm/job.sbatch.in) filled in. Text only; nothing is run here.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tempera::app {

/// What a site file says of a cluster; every field may be missing.
struct Site {
  std::optional<std::string> partition, account, qos, constraint, modules, setup;
  std::string launcher = "auto";  ///< srun, mpirun or auto
  std::optional<int> tasks_per_node;
};

/// Lines `key = value`, # comments. @throws UserError naming file, line and key
Site read_site(const std::filesystem::path& file);

/// One run of the job; several make a job array.
struct BatchRun {
  std::filesystem::path out;
  std::vector<std::string> words;  ///< behind `tempera solve` (or qaoa, circuit), without --out
};

struct BatchPlan {
  std::string name;
  std::string command = "solve";   ///< solve, or a command on a state vector: qaoa, circuit
  int nodes = 1;
  int tasks_per_node = 1;
  std::string time;                ///< as given, in one of Slurm's forms
  int memory_mebibytes = 500;      ///< per rank
  int warning_seconds = 120;       ///< before the end, the ranks are asked to write a checkpoint
  int max_restarts = 20;
  std::filesystem::path log;       ///< may hold Slurm's %A and %a
  std::filesystem::path program;
  std::vector<BatchRun> runs;
  std::vector<std::string> run_options;  ///< of solve and resume alike, e.g. --checkpoint-every 60
  Site site;
};

/// Slurm's time forms: M, M:S, H:M:S, D-H, D-H:M, D-H:M:S. @throws UserError
double walltime_seconds(const std::string& text);

/// `text` as one word of a shell.
std::string shell_quoted(std::string_view text);

std::string batch_script(const BatchPlan& plan);
std::string report_script(const BatchPlan& plan, const std::filesystem::path& table);

}  // namespace tempera::app
