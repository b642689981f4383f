// A placement run over real ranks against the same run on one.

#include "mpi/cluster/master_loop.hpp"
#include "mpi/cluster/worker_loop.hpp"
#include "mpi/comm/memory_hub.hpp"
#include "tests/support/placement_samples.hpp"
#include "tests/support/rank_test.hpp"

namespace tempera::cluster {
namespace {

model::RunRecord run(comm::Transport& transport, core::BudgetLimit limit) {
  const registry::Problem whole = tests::random_network(23, 80, 120, true);
  model::Answer start;
  start.reals.assign(80, 0.0);
  const core::Budget budget(limit, core::Stopwatch());
  share_problem(transport, whole);
  const auto campaign = registry::make_campaign(whole, {.limit = limit, .seed = 5, .ranks = transport.size(), .start = start});
  model::RunRecord record;
  const RunEnd end = run_master({.transport = transport, .problem = whole, .campaign = *campaign, .budget = budget, .hooks = {}}, record);
  EXPECT_TRUE(end.missing_ranks.empty());
  dismiss_workers(transport, core::ExitCode::solved);
  return record;
}

TEST(PlacementOverRanks, EqualsTheSerialRun) {
  comm::Transport& world = tests::session().world();
  if (world.rank() != 0) {
    EXPECT_EQ(run_worker(world).exit_code, 0);
    return;
  }
  const core::BudgetLimit limit{.seconds = {}, .iterations = 600'000};
  const model::RunRecord parallel = run(world, limit);
  const model::RunRecord serial = run(*comm::make_memory_hub(1).front(), limit);
  EXPECT_EQ(parallel.incumbent.reals, serial.incumbent.reals);
  EXPECT_EQ(parallel.incumbent.cost_units, serial.incumbent.cost_units);
  EXPECT_EQ(parallel.lower_bound, serial.lower_bound);
  EXPECT_EQ(parallel.swaps.accepted, serial.swaps.accepted);
  EXPECT_EQ(parallel.iterations, serial.iterations);
}

TEST(PlacementOverRanks, EndsInTimeWithAGap) {
  comm::Transport& world = tests::session().world();
  if (world.rank() != 0) {
    EXPECT_EQ(run_worker(world).exit_code, 0);
    return;
  }
  const core::Stopwatch watch;
  const model::RunRecord record = run(world, {.seconds = 1.5, .iterations = {}});
  EXPECT_LT(watch.seconds(), 2.5);
  ASSERT_TRUE(record.lower_bound);
  EXPECT_GT(*record.lower_bound, 0.9 * record.incumbent.cost);
  EXPECT_LE(*record.lower_bound, record.incumbent.cost);
}

}  // namespace
}  // namespace tempera::cluster
