// QUBO ladders over real ranks against the same run on one.
#include "mpi/cluster/master_loop.hpp"
#include "mpi/cluster/worker_loop.hpp"
#include "mpi/comm/memory_hub.hpp"
#include "tests/support/qubo_samples.hpp"
#include "tests/support/rank_test.hpp"

namespace tempera::cluster {
namespace {

registry::Problem problem() { return tests::sample_qubo({.variables = 150, .density = 0.05, .largest = 3, .seed = 8}); }

model::RunRecord run(comm::Transport& transport, std::uint64_t sweeps, bool spanning) {
  const registry::Problem whole = problem();
  const core::BudgetLimit limit{.seconds = {}, .iterations = sweeps};
  const core::Budget budget(limit, core::Stopwatch());
  share_problem(transport, whole);
  model::Answer start;
  start.ints.assign(150, 0);
  const auto campaign = registry::make_campaign(whole, {.limit = limit, .seed = 5, .ranks = transport.size(), .replicas = 3, .spanning = spanning, .start = start});
  model::RunRecord record;
  const RunEnd end = run_master({.transport = transport, .problem = whole, .campaign = *campaign, .budget = budget, .hooks = {}}, record);
  EXPECT_TRUE(end.missing_ranks.empty());
  dismiss_workers(transport, core::ExitCode::solved);
  return record;
}

class QuboCluster : public ::testing::TestWithParam<bool> {};

TEST_P(QuboCluster, EqualsTheSerialRunWhateverTheRanks) {
  comm::Transport& world = tests::session().world();
  if (world.rank() != 0) {
    EXPECT_EQ(run_worker(world).exit_code, 0);
    return;
  }
  const std::uint64_t sweeps = 350'000;  // several rounds of three ladders, with exchanges
  const model::RunRecord parallel = run(world, sweeps, GetParam());
  const model::RunRecord serial = run(*comm::make_memory_hub(1).front(), sweeps, GetParam());
  EXPECT_EQ(parallel.iterations, sweeps);
  EXPECT_EQ(parallel.incumbent.ints, serial.incumbent.ints);
  EXPECT_EQ(parallel.swaps.accepted, serial.swaps.accepted);
  ASSERT_EQ(parallel.campaign.replicas.size(), serial.campaign.replicas.size());
  for (std::size_t k = 0; k < serial.campaign.replicas.size(); ++k) {
    EXPECT_EQ(parallel.campaign.replicas[k].answer.ints, serial.campaign.replicas[k].answer.ints);
    EXPECT_EQ(parallel.campaign.replicas[k].answer.reals, serial.campaign.replicas[k].answer.reals);
    EXPECT_EQ(parallel.campaign.replicas[k].trip, serial.campaign.replicas[k].trip);
  }
  EXPECT_GT(serial.campaign.next_round, 2u);
}

INSTANTIATE_TEST_SUITE_P(Ladders, QuboCluster, ::testing::Bool(), [](const auto& ladder) { return ladder.param ? "Spanning" : "Independent"; });

}  // namespace
}  // namespace tempera::cluster
