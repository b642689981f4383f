// A run over real ranks against the same run on one.

#include "mpi/cluster/master_loop.hpp"
#include "mpi/cluster/worker_loop.hpp"
#include "mpi/comm/memory_hub.hpp"
#include "tests/support/rank_test.hpp"
#include "tests/support/routing_samples.hpp"

namespace tempera::cluster {
namespace {

constexpr int customers = 700;

registry::Problem problem() { return tests::sample_instance({.customers = customers, .seed = 8}); }

model::RunRecord run(comm::Transport& transport, core::BudgetLimit limit, std::uint32_t replicas) {
  model::Answer start;
  for (int c = 1; c <= customers; ++c) start.ints.insert(start.ints.end(), {c, 0});
  const core::Budget budget(limit, core::Stopwatch());
  const registry::Problem whole = problem();
  share_problem(transport, whole);
  const auto campaign = registry::make_campaign(whole, {.limit = limit, .seed = 5, .ranks = transport.size(), .replicas = replicas, .start = start});
  model::RunRecord record;
  const RunEnd end = run_master({.transport = transport, .problem = whole, .campaign = *campaign, .budget = budget, .hooks = {}}, record);
  EXPECT_TRUE(end.missing_ranks.empty());
  dismiss_workers(transport, core::ExitCode::solved);
  return record;
}

TEST(Cluster, EqualsTheSerialRunWhateverTheRanks) {
  comm::Transport& world = tests::session().world();
  for (const std::uint32_t replicas : {1u, 3u}) {
    if (world.rank() != 0) {
      EXPECT_EQ(run_worker(world), 0);
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
    EXPECT_EQ(run_worker(world), 0);
    return;
  }
  const model::RunRecord record = run(world, {.seconds = 2.0, .iterations = {}}, 0);
  ASSERT_EQ(record.timings.size(), static_cast<std::size_t>(world.size()));
  for (const model::RankTiming& timing : record.timings) EXPECT_GT(timing.iterations, 0u) << "rank " << timing.rank;
  EXPECT_LT(record.wall_seconds, 2.5);
}

}  // namespace
}  // namespace tempera::cluster
