// Faults inside a run: lost and stopped ranks, signals, the end of the wall time, damaged checkpoints.
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>

#include "io/checkpoint/run_file.hpp"
#include "tests/support/tempera.hpp"

namespace tempera::tests {
namespace {

namespace fs = std::filesystem;

class Survive : public ::testing::Test {
 protected:
  Survive() : instance_(generated(folder_, 600)), out_(folder_ / "run") {}

  std::unique_ptr<Process> started(Words more, int ranks, ProcessSettings settings = {}) {
    more.insert(more.begin(), {"solve", instance_, "--out", out_.string(), "--checkpoint-every", "0.3", "--output", "json"});
    auto process = std::make_unique<Process>(tempera_words(more, ranks), settings);
    EXPECT_TRUE(process->wait_until([&] { return fs::exists(out_ / "checkpoint.h5"); }, 20));
    return process;
  }

  // The process of this rank of the run in out_; its environment and command line say so.
  pid_t rank_process(int rank) const {
    for (const auto& entry : fs::directory_iterator("/proc")) {
      const std::string name = entry.path().filename().string();
      if (name.find_first_not_of("0123456789") != std::string::npos) continue;
      if (text_of_living(entry.path() / "cmdline").find(out_.string()) == std::string::npos) continue;
      const std::string environment = '\0' + text_of_living(entry.path() / "environ");
      if (environment.find('\0' + fmt_rank(rank) + '\0') != std::string::npos) return static_cast<pid_t>(std::stol(name));
    }
    return -1;
  }
  /// Empty when the process is gone by now.
  static std::string text_of_living(const fs::path& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  static std::string fmt_rank(int rank) { return "OMPI_COMM_WORLD_RANK=" + std::to_string(rank); }

  nlohmann::json result() const { return nlohmann::json::parse(content_of(out_ / "result.json")); }
  std::string warnings() const { return result()["warnings"].dump(); }

  TemporaryFolder folder_;
  std::string instance_;
  fs::path out_;
};

TEST_F(Survive, AStoppedWorkerIsAbandonedAndNamedAndTheRunEndsInTime) {
  const auto process = started({"--budget", "6", "--worker-timeout", "1"}, 3);
  const pid_t worker = rank_process(2);
  ASSERT_GT(worker, 0);
  ASSERT_EQ(::kill(worker, SIGSTOP), 0);
  const Finished finished = process->wait();
  EXPECT_FALSE(finished.timed_out);
  EXPECT_EQ(finished.left_behind, 0);
  EXPECT_EQ(result()["status"], "solved");
  EXPECT_LT(result()["budget"]["wall_seconds"], 6.5);
  EXPECT_TRUE(fs::exists(out_ / "result.done")) << "whatever the launcher makes of the lost rank";
  EXPECT_NE(warnings().find("rank 2 on "), std::string::npos) << warnings();
  EXPECT_NE(warnings().find("is lost: silent for 1"), std::string::npos) << warnings();
}

TEST_F(Survive, AWorkerThatWakesUpTooLateDisturbsNobody) {
  const Words counted = {"--iterations", "3000000", "--worker-timeout", "0.5"};
  const auto process = started(counted, 3);
  const pid_t worker = rank_process(1);
  ASSERT_EQ(::kill(worker, SIGSTOP), 0);
  ::usleep(1'500'000);
  ASSERT_EQ(::kill(worker, SIGCONT), 0) << "the run is over too soon for this test";
  const Finished finished = process->wait();
  EXPECT_EQ(result()["status"], "solved") << finished.err;
  EXPECT_NE(warnings().find("rank 1 on "), std::string::npos);
  const fs::path alone = folder_ / "alone";
  ASSERT_EQ(tempera({"solve", instance_, "--out", alone.string(), "--iterations", "3000000", "--output", "quiet"}).exit_code, 0);
  EXPECT_EQ(content_of(alone / "solution.sol"), content_of(out_ / "solution.sol")) << "the answer does not depend on lost ranks";
}

TEST_F(Survive, ASignalToAnyRankStopsAll) {
  for (const int rank : {0, 1, 2}) {
    const auto process = started({"--budget", "40"}, 3);
    ASSERT_EQ(::kill(rank_process(rank), rank == 1 ? SIGTERM : SIGUSR1), 0);
    const core::Stopwatch watch;
    const Finished finished = process->wait();
    EXPECT_LT(watch.seconds(), 3.0) << "rank " << rank;
    EXPECT_EQ(finished.exit_code, 3) << finished.err;
    EXPECT_EQ(result()["status"], "stopped_early");
    EXPECT_FALSE(fs::exists(out_ / "result.done"));
    fs::remove_all(out_);
  }
}

TEST_F(Survive, MaxHoursEndsARunBeforeTheWalltimeIsOver) {
  const Finished finished = tempera({"solve", instance_, "--out", out_.string(), "--budget", "60", "--max-hours", "0.002", "--output", "json"});
  EXPECT_EQ(finished.exit_code, 3) << finished.err;
  EXPECT_LT(finished.seconds, 0.002 * 3600);
  EXPECT_GT(finished.seconds, 4);
  EXPECT_FALSE(checkpoint::why_invalid(out_ / "checkpoint.h5"));
  EXPECT_NE(finished.err.find("--max-hours is 7.2 s: stopping with a checkpoint after 5.4 s"), std::string::npos) << finished.err;
}

std::int64_t unix_now() { return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count(); }

TEST_F(Survive, AClockThatIsSetBackAndForthNeitherExtendsNorCutsTheBudget) {
  ProcessSettings leaping;
  leaping.environment = {"LD_PRELOAD=" TEMPERA_JUMPING_CLOCK};
  Process date({"date", "+%s"}, leaping);
  ASSERT_GT(std::abs(std::stoll(date.wait().out) - unix_now()), 3000) << "the clock does not leap";
  for (const int ranks : {0, 2}) {
    const Finished finished = tempera({"solve", instance_, "--out", out_.string(), "--budget", "4", "--checkpoint-every", "1", "--output", "json"}, ranks, leaping);
    ASSERT_EQ(finished.exit_code, 0) << finished.err;
    EXPECT_GT(finished.seconds, 3.5);
    EXPECT_LT(finished.seconds, 6);
    EXPECT_NEAR(result()["budget"]["wall_seconds"].get<double>(), 4, 0.5);
    EXPECT_TRUE(fs::exists(out_ / "result.done"));
  }
}

ProcessSettings in_allocation(int seconds) {
  ProcessSettings settings;
  settings.environment = {"SLURM_JOB_ID=7", "SLURM_JOB_END_TIME=" + std::to_string(unix_now() + seconds)};
  return settings;
}

TEST_F(Survive, TheEndOfTheAllocationAsksForARequeue) {
  const Finished finished = tempera({"solve", instance_, "--out", out_.string(), "--iterations", "4000000000", "--output", "json"}, 2, in_allocation(12));
  EXPECT_EQ(finished.exit_code, 75) << finished.err;
  EXPECT_LT(finished.seconds, 12) << "a quarter is kept back, of which mpirun alone takes one to two seconds";
  EXPECT_EQ(json_of(finished)["status"], "requeue");
  EXPECT_EQ(result()["exit_code"], 75);
  EXPECT_EQ(tempera({"resume", out_.string(), "--iterations", "100", "--output", "quiet"}).exit_code, 2) << "it is a checkpoint with more than 100 iterations";
}

TEST_F(Survive, InAnAllocationTheWarningSignalAsksForARequeueAndACancelDoesNot) {
  for (const int signal : {SIGUSR1, SIGTERM}) {
    const auto process = started({"--budget", "40"}, 0, in_allocation(3600));
    process->send(signal);
    EXPECT_EQ(process->wait().exit_code, signal == SIGUSR1 ? 75 : 3);
    EXPECT_EQ(result()["status"], signal == SIGUSR1 ? "requeue" : "stopped_early");
    fs::remove_all(out_);
  }
}

TEST_F(Survive, ADamagedCheckpointIsNamedAndTheOneBeforeIsTaken) {
  const auto process = started({"--iterations", "4000000000"}, 0);
  ASSERT_TRUE(process->wait_until([&] { return fs::exists(out_ / "checkpoint_previous.h5"); }, 20));
  process->send(SIGKILL);
  process->wait();
  ASSERT_FALSE(checkpoint::why_invalid(out_ / "checkpoint_previous.h5"));
  const model::RunRecord before = checkpoint::read_record(out_ / "checkpoint_previous.h5");
  const std::string whole = content_of(out_ / "checkpoint.h5");
  const std::string done = std::to_string(before.iterations + 1000);
  fs::remove(out_ / "checkpoint.h5");  // a new file below: this one may share its data with the generation before
  for (const std::size_t sixty_fourths : {0u, 13u, 40u, 63u}) {
    std::ofstream(out_ / "checkpoint.h5", std::ios::binary).write(whole.data(), static_cast<std::streamsize>(whole.size() * sixty_fourths / 64));
    const Finished resumed = tempera({"resume", out_.string(), "--iterations", done, "--out", (folder_ / "more").string(), "--output", "json"});
    EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
    EXPECT_NE(resumed.err.find("passed over a newer file: " + (out_ / "checkpoint.h5").string()), std::string::npos) << resumed.err;
    EXPECT_LE(json_of(resumed)["objective"]["cost"], before.incumbent.cost);
    EXPECT_NE(json_of(resumed)["warnings"].dump().find("passed over when resuming"), std::string::npos);
  }
  std::string flipped = whole;
  flipped[whole.size() / 2] = static_cast<char>(~flipped[whole.size() / 2]);
  std::ofstream(out_ / "checkpoint.h5", std::ios::binary) << flipped;
  const Finished resumed = tempera({"resume", out_.string(), "--iterations", done, "--output", "json"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_NE(resumed.err.find("damaged"), std::string::npos) << resumed.err;
}

TEST_F(Survive, ACheckpointOfAnotherProblemIsNamedAndPassedOver) {
  ASSERT_EQ(tempera({"solve", instance_, "--out", out_.string(), "--budget", "0.5", "--output", "quiet"}).exit_code, 0);
  const std::string other = generated(folder_, 50, 9);
  ASSERT_EQ(tempera({"solve", other, "--out", (folder_ / "other").string(), "--budget", "0.5", "--output", "quiet"}).exit_code, 0);
  fs::copy(folder_ / "other" / "result.h5", out_ / "checkpoint.h5");
  const Finished resumed = tempera({"resume", out_.string(), "--instance", instance_, "--budget", "1", "--output", "json"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_NE(resumed.err.find("checkpoint of another problem"), std::string::npos) << resumed.err;
  EXPECT_EQ(json_of(resumed)["problem"]["size"], 600);
}

// Where a run that could not write its results says that its answer lies.
fs::path rescued_routes(const std::string& message) {
  constexpr std::string_view words = "The routes are in ";
  const std::size_t at = message.find(words);
  if (at == std::string::npos) return {};
  const std::size_t from = at + words.size();
  return message.substr(from, message.find(".sol", from) + 4 - from);
}

TEST_F(Survive, AFullDiskNeitherEndsTheRunNorHarmsTheCheckpoint) {
  const fs::path disk = folder_ / "disk";
  fs::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=1m") != 0) GTEST_SKIP() << "mounting a small disk needs root";
  out_ = disk / "run";
  const auto process = started({"--budget", "4"}, 2);
  std::ofstream filler(disk / "filler", std::ios::binary);
  for (int k = 0; k < 256 && filler.write(std::string(4096, 'x').data(), 4096).flush(); ++k) continue;
  filler.close();
  const Finished finished = process->wait();
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_NE(finished.err.find("checkpoint not written, the run goes on"), std::string::npos) << finished.err;
  EXPECT_TRUE(fs::remove(rescued_routes(finished.err))) << finished.err;
  EXPECT_FALSE(checkpoint::why_invalid(out_ / "checkpoint.h5"));
  fs::remove(disk / "filler");
  EXPECT_EQ(tempera({"resume", out_.string(), "--budget", "8", "--output", "quiet"}).exit_code, 0) << "with space again, it goes on";
  ::umount(disk.c_str());
}

// Its ranks work in collectives: none of them may be left waiting for the killed one, and the same command run again does the whole.
TEST_F(Survive, AStateVectorGroupEndsAsOneAndIsRunAgainAsOne) {
  const fs::path graph = folder_ / "ring.mc";
  std::ofstream(graph) << "20 20\n";
  for (int i = 1; i <= 20; ++i) std::ofstream(graph, std::ios::app) << i << ' ' << i % 20 + 1 << " 1\n";
  const auto words = [&](int evaluations) {
    return tempera_words({"qaoa", graph.string(), "--search", "bobyqa", "--evaluations", std::to_string(evaluations), "--save-angles", (out_ / "a.h5").string(), "--threads", "1", "--output", "json"}, 4);
  };
  fs::create_directories(out_);
  Process long_run(words(100'000), {});
  pid_t killed = -1;
  ASSERT_TRUE(long_run.wait_until([&] { return (killed = rank_process(2)) > 0; }, 20));
  EXPECT_FALSE(long_run.wait_until([] { return false; }, 1.0)) << "time to begin";
  ASSERT_EQ(::kill(killed, SIGKILL), 0);
  const core::Stopwatch watch;
  const Finished finished = long_run.wait();
  EXPECT_LT(watch.seconds(), 5);
  EXPECT_NE(finished.exit_code, 0);
  EXPECT_EQ(finished.left_behind, 0);
  EXPECT_EQ(finished.out, "") << "half an answer";
  EXPECT_FALSE(fs::exists(out_ / "a.h5"));
  Process again(words(20), {});
  EXPECT_EQ(json_of(again.wait())["qubits"], 20);
}

TEST_F(Survive, EightRanksOnTwoCoresLoseNobody) {
  const Finished finished = tempera({"solve", instance_, "--out", out_.string(), "--budget", "5", "--worker-timeout", "2", "--output", "json"}, 8);
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_LT(finished.seconds, 7);
  EXPECT_EQ(warnings().find("is lost"), std::string::npos) << warnings();
}

TEST_F(Survive, LogsAndTheEventTraceTellTheRun) {
  const fs::path logs = folder_ / "logs";
  ASSERT_EQ(tempera({"solve", instance_, "--out", out_.string(), "--iterations", "800000", "--checkpoint-every", "0.2", "--log-dir", logs.string(), "--output", "quiet"}, 3).exit_code, 0);
  for (const char* rank : {"0000", "0001", "0002"}) EXPECT_FALSE(content_of(logs / ("rank-" + std::string(rank) + ".log")).empty()) << rank;
  std::ifstream events(logs / "events-0.jsonl");
  std::string line;
  double seconds = 0, cost = 0;
  std::uint64_t number = 0, given = 0, returned = 0, checkpoints = 0;
  std::string last;
  while (std::getline(events, line)) {
    const nlohmann::json event = nlohmann::json::parse(line);
    EXPECT_EQ(event["number"], number++);
    EXPECT_GE(event["seconds"], seconds);
    seconds = event["seconds"];
    last = event["event"];
    if (last == "incumbent" || last == "run_started") cost = event["cost"];
    given += last == "task_given";
    returned += last == "task_returned";
    checkpoints += last == "checkpoint";
  }
  EXPECT_EQ(last, "run_ended");
  EXPECT_EQ(given, returned);
  EXPECT_GT(given, 2u);
  EXPECT_GT(checkpoints, 0u);
  EXPECT_EQ(result()["objective"]["cost"], cost) << "replayed, the trace ends at the answer";
}

}  // namespace
}  // namespace tempera::tests
