// A run over real ranks against the same run on one.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <utility>

#include "mpi/cluster/master_loop.hpp"
#include "mpi/cluster/worker_loop.hpp"
#include "mpi/comm/memory_hub.hpp"
#include "tests/support/rank_test.hpp"
#include "tests/support/routing_samples.hpp"

namespace tempera::cluster {
namespace {

constexpr int customers = 700;

registry::Problem problem() { return tests::sample_instance({.customers = customers, .seed = 8}); }

model::RunRecord run(comm::Transport& transport, core::BudgetLimit limit, std::uint32_t replicas, double worker_timeout_seconds = 30,
                     const std::vector<int>& expected_missing = {}) {
  model::Answer start;
  for (int c = 1; c <= customers; ++c) start.ints.insert(start.ints.end(), {c, 0});
  const core::Budget budget(limit, core::Stopwatch());
  const registry::Problem whole = problem();
  share_problem(transport, whole);
  const auto campaign = registry::make_campaign(whole, {.limit = limit, .seed = 5, .ranks = transport.size(), .replicas = replicas, .start = start});
  model::RunRecord record;
  const RunEnd end = run_master({.transport = transport, .problem = whole, .campaign = *campaign, .budget = budget, .worker_timeout_seconds = worker_timeout_seconds,
                                 .hooks = {}}, record);
  EXPECT_EQ(end.missing_ranks, expected_missing);
  dismiss_workers(transport, core::ExitCode::solved);
  return record;
}

TEST(Cluster, EqualsTheSerialRunWhateverTheRanks) {
  comm::Transport& world = tests::session().world();
  for (const std::uint32_t replicas : {1u, 3u}) {
    if (world.rank() != 0) {
      EXPECT_EQ(run_worker(world).exit_code, 0);
      continue;
    }
    const core::BudgetLimit limit{.seconds = {}, .iterations = 120'000};
    const model::RunRecord parallel = run(world, limit, replicas);
    const model::RunRecord serial = run(*comm::make_memory_hub(1).front(), limit, replicas);
    EXPECT_EQ(parallel.incumbent.ints, serial.incumbent.ints);
    EXPECT_EQ(parallel.swaps.accepted, serial.swaps.accepted);
    EXPECT_EQ(parallel.trace.size(), serial.trace.size());
    EXPECT_EQ(parallel.trace.back().cost, serial.trace.back().cost);
  }
}

TEST(Cluster, EveryRankAnnealsInATimedRun) {
  comm::Transport& world = tests::session().world();
  if (world.rank() != 0) {
    EXPECT_EQ(run_worker(world).exit_code, 0);
    return;
  }
  const model::RunRecord record = run(world, {.seconds = 2.0, .iterations = {}}, 0);
  ASSERT_EQ(record.timings.size(), static_cast<std::size_t>(world.size()));
  for (const model::RankTiming& timing : record.timings) EXPECT_GT(timing.iterations, 0u) << "rank " << timing.rank;
  EXPECT_LT(record.wall_seconds, 2.5);
}

// Stops its own process (SIGSTOP) in the middle of its first task; a child continues it later.
class StoppedRunner final : public model::TaskRunner {
 public:
  explicit StoppedRunner(const registry::Problem& whole) : real_(registry::make_runner(whole)) {}
  void start(model::Task task) override { real_->start(std::move(task)); }
  bool advance() override {
    if (!std::exchange(stopped_, true)) stop_for_seconds("2");
    return real_->advance();
  }
  model::Outcome take() override { return real_->take(); }

 private:
  static void stop_for_seconds(const char* seconds) {
    const std::string parent = std::to_string(::getpid());
    const pid_t child = ::fork();
    if (child == 0) {
      ::execl("/bin/sh", "sh", "-c", "sleep $0; kill -CONT $1", seconds, parent.c_str(), nullptr);
      ::_exit(127);
    }
    ::raise(SIGSTOP);
    ::waitpid(child, nullptr, 0);
  }
  std::unique_ptr<model::TaskRunner> real_;
  bool stopped_ = false;
};

// The last test: the next one would find the rank still asleep.
TEST(Cluster, AStoppedRankIsAbandonedAndTheAnswerIsTheSame) {
  comm::Transport& world = tests::session().world();
  if (world.size() == 1) GTEST_SKIP() << "needs a worker";
  const int stopped = world.size() - 1;
  if (world.rank() != 0) {
    WorkerHooks hooks;
    if (world.rank() == stopped) hooks.make_runner = [](const registry::Problem& whole) { return std::make_unique<StoppedRunner>(whole); };
    EXPECT_EQ(run_worker(world, hooks).end, world.rank() == stopped ? WorkerEnd::abandoned : WorkerEnd::dismissed);
    return;
  }
  const core::BudgetLimit limit{.seconds = {}, .iterations = 120'000};
  const core::Stopwatch watch;
  const model::RunRecord parallel = run(world, limit, 2, 0.5, {stopped});
  const model::RunRecord serial = run(*comm::make_memory_hub(1).front(), limit, 2);
  EXPECT_EQ(parallel.incumbent.ints, serial.incumbent.ints);
  EXPECT_EQ(parallel.lost_tasks, 0u);
}

}  // namespace
}  // namespace tempera::cluster
