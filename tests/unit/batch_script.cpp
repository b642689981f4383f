#include "jobs/app/batch_script.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "jobs/app/walltime.hpp"
#include "solvers/core/error.hpp"
#include "tests/support/temporary_folder.hpp"

namespace tempera::app {
namespace {

TEST(BatchScript, ReadsEveryFormOfSlurmsTimes) {
  EXPECT_EQ(walltime_seconds("30"), 1800);
  EXPECT_EQ(walltime_seconds("1:30"), 90);
  EXPECT_EQ(walltime_seconds("2:00:00"), 7200);
  EXPECT_EQ(walltime_seconds("1-12"), 129600);
  EXPECT_EQ(walltime_seconds("1-00:30"), 88200);
  EXPECT_EQ(walltime_seconds("2-01:02:03"), 2 * 86400 + 3723);
  for (const char* wrong : {"", "0", "x", "1:", "1:2:3:4", "1h", "-5", "1-"}) EXPECT_THROW(walltime_seconds(wrong), core::UserError) << wrong;
}

TEST(BatchScript, QuotesWhatAShellWouldTakeApart) {
  EXPECT_EQ(shell_quoted("runs/a-1.vrp"), "runs/a-1.vrp");
  EXPECT_EQ(shell_quoted("my file"), "'my file'");
  EXPECT_EQ(shell_quoted("it's $HOME"), "'it'\\''s $HOME'");
  EXPECT_EQ(shell_quoted(""), "''");
}

BatchPlan plan_of(int runs) {
  BatchPlan plan{.name = "city", .command = "solve", .nodes = 2, .tasks_per_node = 32, .time = "2:00:00", .memory_mebibytes = 700, .warning_seconds = 120, .max_restarts = 5,
                 .log = "/runs/slurm-%j.log", .program = "/opt/tempera", .runs = {}, .run_options = {"--checkpoint-every", "60"}, .site = {}};
  for (int k = 0; k < runs; ++k) plan.runs.push_back({.out = "/runs/my run " + std::to_string(k), .words = {"/data/city.vrp", "--seed", std::to_string(k + 1)}});
  return plan;
}

TEST(BatchScript, IsFilledInAndIsValidShell) {
  const tests::TemporaryFolder folder;
  for (const int runs : {1, 3}) {
    BatchPlan plan = plan_of(runs);
    plan.site.partition = "compute";
    plan.site.modules = "gcc/12 openmpi";
    const std::string script = batch_script(plan);
    for (const char* line : {"#SBATCH --nodes=2\n", "#SBATCH --ntasks-per-node=32\n", "#SBATCH --mem-per-cpu=700M\n", "#SBATCH --time=2:00:00\n",
                             "#SBATCH --signal=B:USR1@120\n", "#SBATCH --requeue\n", "#SBATCH --open-mode=append\n", "#SBATCH --partition=compute\n",
                             "module load gcc/12 openmpi\n", "0) out='/runs/my run 0' words=(/data/city.vrp --seed 1) ;;", "run_options=(--checkpoint-every 60)"})
      EXPECT_NE(script.find(line), std::string::npos) << line;
    EXPECT_EQ(script.find("#SBATCH --array=0-2\n") != std::string::npos, runs == 3);
    std::string rest = script;
    for (std::size_t at; (at = rest.find("${run_options[@]}")) != std::string::npos || (at = rest.find("${words[@]}")) != std::string::npos;) rest.erase(at, 11);
    for (const char* mark : {"@NAME@", "@COMMAND@", "@JOBS@", "@SETUP@", "@DIRECTIVES@", "@LAUNCHER@", "@TEMPERA@", "@LOG@"}) EXPECT_EQ(rest.find(mark), std::string::npos) << mark;
    std::ofstream(folder / "job.sbatch") << script;
    EXPECT_EQ(std::system(("bash -n " + (folder / "job.sbatch").string()).c_str()), 0);
  }
  BatchPlan qaoa = plan_of(1);
  qaoa.command = "qaoa";
  EXPECT_NE(batch_script(qaoa).find("\ncommand=qaoa\n"), std::string::npos);
  std::ofstream(folder / "report.sbatch") << report_script(plan_of(3), "/runs/comparison.txt");
  EXPECT_EQ(std::system(("bash -n " + (folder / "report.sbatch").string()).c_str()), 0);
}

TEST(Site, EveryMistakeIsNamedWithItsLine) {
  const tests::TemporaryFolder folder;
  const auto message = [&](const char* text) {
    std::ofstream(folder / "site.conf") << text;
    try {
      read_site(folder / "site.conf");
    } catch (const core::UserError& error) {
      return std::string(error.what()).substr((folder / "site.conf").string().size());
    }
    return std::string("accepted");
  };
  EXPECT_EQ(message("# nothing\n\npartition = main\n  tasks_per_node=4  \n"), "accepted");
  EXPECT_EQ(message("partition = a\npartitoin = b\n").substr(0, 65), ":2: there is no key 'partitoin'. Did you mean 'partition'? Keys: ");
  EXPECT_EQ(message("partition\n"), ":1: 'partition' is not of the form key = value.");
  EXPECT_EQ(message("account =\n"), ":1: account has no value. Give one or remove the line.");
  EXPECT_EQ(message("launcher = mpiexec\n"), ":1: launcher is 'mpiexec'; give srun, mpirun or auto.");
  EXPECT_EQ(message("tasks_per_node = many\n"), ":1: tasks_per_node: the value is 'many'; give a whole number from 1.");
  EXPECT_THROW(read_site(folder / "none.conf"), core::UserError);
}

TEST(Site, TheFilesOfTheProjectCanBeRead) {
  EXPECT_EQ(read_site(TEMPERA_SOURCE_DIR "/slurm/sites/example.conf").tasks_per_node, 64);
  EXPECT_EQ(read_site(TEMPERA_SOURCE_DIR "/slurm/sites/local-cluster.conf").launcher, "srun");
}

TEST(Walltime, TheEarlierEndCountsAndTimeIsKeptBackForWindingUp) {
  const core::Stopwatch now;
  ::unsetenv("SLURM_JOB_ID");
  EXPECT_FALSE(allowed_walltime(std::nullopt, now));
  EXPECT_NEAR(allowed_walltime(2.0, now)->stop_after, 7200 - 72, 0.1);
  EXPECT_EQ(winding_up_seconds(20), 5);
  EXPECT_EQ(winding_up_seconds(600), 10);
  EXPECT_EQ(winding_up_seconds(1e6), 120);
  ::setenv("SLURM_JOB_ID", "7", 1);
  ::setenv("SLURM_JOB_END_TIME", std::to_string(static_cast<std::int64_t>(core::unix_seconds()) + 3600).c_str(), 1);
  EXPECT_NEAR(allowed_walltime(2.0, now)->stop_after, 3600 - 36, 1.1);
  EXPECT_NEAR(allowed_walltime(0.5, now)->stop_after, 1800 - 18, 0.1);
  ::setenv("SLURM_JOB_END_TIME", "1000", 1);
  EXPECT_FALSE(allowed_walltime(std::nullopt, now)) << "left over from a job that is over";
  ::setenv("SLURM_JOB_END_TIME", "tomorrow", 1);
  EXPECT_THROW(allowed_walltime(std::nullopt, now), core::UserError);
}

}  // namespace
}  // namespace tempera::app
