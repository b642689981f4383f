// Runs that are stopped or killed, and what goes on from them.
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

#include "io/checkpoint/run_file.hpp"
#include "tests/support/tempera.hpp"

namespace tempera::tests {
namespace {

namespace fs = std::filesystem;

class StopAndResume : public ::testing::Test {
 protected:
  StopAndResume() : instance_(generated(folder_, 600)), out_(folder_ / "run") {}

  /// Starts a run and waits until it has written its first checkpoint.
  std::unique_ptr<Process> started(Words more, int ranks = 0) {
    more.insert(more.begin(), {"solve", instance_, "--out", out_.string(), "--checkpoint-every", "0.3"});
    auto process = std::make_unique<Process>(tempera_words(more, ranks), ProcessSettings{});
    EXPECT_TRUE(process->wait_until([&] { return fs::exists(out_ / "checkpoint.h5"); }, 20));
    return process;
  }

  nlohmann::json result() const { return nlohmann::json::parse(content_of(out_ / "result.json")); }

  void expect_stopped(const Finished& finished) {
    EXPECT_EQ(json_of(finished)["status"], "stopped_early");
    EXPECT_EQ(json_of(finished)["exit_code"], 3);
    EXPECT_EQ(result()["exit_code"], 3);
    EXPECT_FALSE(checkpoint::why_invalid(out_ / "checkpoint.h5"));
    EXPECT_EQ(tempera({"check", instance_, "--solution", (out_ / "solution.sol").string()}).exit_code, 0);
  }

  TemporaryFolder folder_;
  std::string instance_;
  fs::path out_;
};

TEST_F(StopAndResume, ASignalEndsARunWithCheckpointAndExitCode3) {
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) {
    const auto process = started({"--budget", "40", "--output", "json"});
    const core::Stopwatch watch;
    process->send(signal);
    const Finished finished = process->wait();
    EXPECT_LT(watch.seconds(), 1.0);
    EXPECT_EQ(finished.exit_code, 3) << finished.err;
    expect_stopped(finished);
    fs::remove_all(out_);
  }
}

// mpirun forwards SIGUSR1 and gives the job's exit code; on SIGTERM and SIGINT it ends the ranks itself and leaves with 1.
TEST_F(StopAndResume, ASignalToTheLauncherEndsTheRunToo) {
  for (const int signal : {SIGUSR1, SIGTERM}) {
    const auto process = started({"--budget", "40", "--output", "json"}, 2);
    process->send(signal);
    const Finished finished = process->wait();
    EXPECT_EQ(finished.exit_code, signal == SIGUSR1 ? 3 : 1);
    EXPECT_EQ(finished.left_behind, 0);
    expect_stopped(finished);
    fs::remove_all(out_);
  }
}

TEST_F(StopAndResume, AResumedRunCountedInIterationsEndsAsTheUninterruptedOne) {
  const Words limit = {"--iterations", "3000000", "--replicas", "2", "--output", "json"};
  const fs::path whole = folder_ / "whole";
  Words words = {"solve", instance_, "--out", whole.string()};
  words.insert(words.end(), limit.begin(), limit.end());
  ASSERT_EQ(tempera(words, 2).exit_code, 0);
  const model::RunRecord expected = checkpoint::read_record(whole / "result.h5");
  for (const int signal : {SIGTERM, SIGKILL}) {
    const auto process = started(limit);
    process->send(signal);
    process->wait();
    ASSERT_LT(checkpoint::read_record(out_ / "checkpoint.h5").iterations, 3000000u) << "was not stopped in the middle";
    const Finished resumed = tempera({"resume", out_.string(), "--output", "json"}, signal == SIGTERM ? 3 : 0);
    EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
    const model::RunRecord record = checkpoint::read_record(out_ / "result.h5");
    EXPECT_EQ(record.incumbent.ints, expected.incumbent.ints);
    EXPECT_EQ(record.incumbent.cost_units, expected.incumbent.cost_units);
    EXPECT_EQ(record.iterations, expected.iterations);
    EXPECT_EQ(record.swaps.accepted, expected.swaps.accepted);
    EXPECT_EQ(record.trace.size(), expected.trace.size());
    EXPECT_EQ(content_of(out_ / "solution.sol"), content_of(whole / "solution.sol"));
    EXPECT_FALSE(fs::exists(out_ / "checkpoint.h5"));
    fs::remove_all(out_);
  }
}

TEST_F(StopAndResume, AKilledRunGoesOnOnOtherRanksAndIsNeverWorse) {
  const auto process = started({"--budget", "6"}, 2);
  process->send(SIGKILL);  // the launcher: the ranks lose it and end
  EXPECT_EQ(process->wait().left_behind, 0);
  const double before = checkpoint::read_record(out_ / "checkpoint.h5").incumbent.cost;
  std::ofstream(out_ / ".result.h5.1.0.tmp") << "half written";
  const Finished resumed = tempera({"resume", out_.string(), "--budget", "4", "--output", "json"}, 3);
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  const nlohmann::json json = json_of(resumed);
  EXPECT_LE(json["objective"]["cost"], before);
  EXPECT_EQ(json["ranks"], 3);
  EXPECT_EQ(json["budget"]["limit_seconds"], 4);
  EXPECT_LE(json["budget"]["wall_seconds"], 5);  // what was spent before counts
  EXPECT_LT(resumed.seconds, 4.7);
  EXPECT_FALSE(fs::exists(out_ / ".result.h5.1.0.tmp")) << "a leftover of the killed run";
}

TEST_F(StopAndResume, AFinishedRunTakesALargerBudget) {
  ASSERT_EQ(tempera({"solve", instance_, "--out", out_.string(), "--budget", "1", "--output", "quiet"}).exit_code, 0);
  const nlohmann::json first = result();
  const nlohmann::json second = json_of(tempera({"resume", out_.string(), "--budget", "2.5", "--output", "json"}));
  EXPECT_LE(second["objective"]["cost"], first["objective"]["cost"]);
  EXPECT_GT(second["iterations"], first["iterations"]);
  EXPECT_GT(second["budget"]["cpu_seconds"], first["budget"]["cpu_seconds"]);
  EXPECT_EQ(second["baseline"]["cost"], first["baseline"]["cost"]);
}

TEST_F(StopAndResume, ResumeWritesElsewhereWhenAsked) {
  ASSERT_EQ(tempera({"solve", instance_, "--out", out_.string(), "--budget", "0.5", "--output", "quiet"}).exit_code, 0);
  const std::string before = content_of(out_ / "result.h5");
  const fs::path elsewhere = folder_ / "elsewhere";
  ASSERT_EQ(tempera({"resume", out_.string(), "--budget", "1", "--out", elsewhere.string(), "--output", "quiet"}, 2).exit_code, 0);
  EXPECT_EQ(content_of(out_ / "result.h5"), before);
  EXPECT_FALSE(checkpoint::why_invalid(elsewhere / "result.h5"));
}

TEST_F(StopAndResume, AMovedInstanceCanBeNamed) {
  ASSERT_EQ(tempera({"solve", instance_, "--out", out_.string(), "--budget", "0.5", "--output", "quiet"}).exit_code, 0);
  fs::rename(instance_, folder_ / "moved.vrp");
  const Finished resumed = tempera({"resume", out_.string(), "--budget", "1", "--instance", (folder_ / "moved.vrp").string(), "--output", "quiet"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
}

TEST_F(StopAndResume, AKilledWorkerLeavesNoProcessAndAValidCheckpoint) {
  const auto process = started({"--budget", "30"}, 3);
  // The last rank: a child of the launcher whose environment says so.
  const Finished kill = run({"sh", "-c", "for p in /proc/[0-9]*; do tr '\\0' '\\n' <$p/environ 2>/dev/null | grep -q '^OMPI_COMM_WORLD_RANK=2$' && tr '\\0' ' ' <$p/cmdline | "
                                         "grep -q '" + out_.string() + "' && kill -9 ${p#/proc/} && echo killed; done; true"});
  EXPECT_EQ(kill.out, "killed\n");
  const Finished finished = process->wait();
  EXPECT_NE(finished.exit_code, 0);
  EXPECT_LT(finished.seconds, 20);
  EXPECT_EQ(finished.left_behind, 0);
  EXPECT_FALSE(checkpoint::why_invalid(out_ / "checkpoint.h5"));
}

}  // namespace
}  // namespace tempera::tests
