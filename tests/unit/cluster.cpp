#include <gtest/gtest.h>

#include <thread>

#include "mpi/cluster/master_loop.hpp"
#include "mpi/cluster/protocol.hpp"
#include "mpi/cluster/worker_loop.hpp"
#include "mpi/comm/memory_hub.hpp"
#include "tests/support/routing_samples.hpp"

namespace tempera::cluster {
namespace {

registry::Problem random_problem(int customers) { return tests::sample_instance({.customers = customers, .seed = 8}); }

model::Answer one_each(int customers) {
  model::Answer answer;
  for (int c = 1; c <= customers; ++c) answer.ints.insert(answer.ints.end(), {c, 0});
  return answer;
}

struct Finished {
  model::RunRecord record;
  RunEnd end;
  std::vector<int> worker_codes;
};

class CountingJournal final : public model::RunJournal {
 public:
  void checkpoint(const model::RunRecord&) override {
    ++calls;
    if (fails) throw core::DataError("No space left on device");
  }
  int calls = 0;
  bool fails = false;
};

// A whole run with ranks as threads.
Finished run_ranks(int ranks, core::BudgetLimit limit, int customers, RunHooks hooks = {}, model::RunJournal* journal = nullptr,
                   double checkpoint_seconds = 60) {
  const core::Budget budget(limit, core::Stopwatch());
  auto transports = comm::make_memory_hub(ranks);
  Finished result;
  result.worker_codes.resize(static_cast<std::size_t>(ranks), -1);
  std::vector<std::jthread> workers;
  for (int rank = 1; rank < ranks; ++rank)
    workers.emplace_back([&, rank] { result.worker_codes[static_cast<std::size_t>(rank)] = run_worker(*transports[static_cast<std::size_t>(rank)]); });
  const registry::Problem problem = random_problem(customers);
  share_problem(*transports[0], problem);
  const auto campaign = registry::make_campaign(problem, {.limit = limit, .seed = 5, .ranks = ranks, .elapsed_seconds = budget.elapsed_seconds(),
                                                          .start = one_each(customers)});
  result.end = run_master({.transport = *transports[0], .problem = problem, .campaign = *campaign, .budget = budget, .journal = journal,
                           .checkpoint_seconds = checkpoint_seconds, .hooks = std::move(hooks)}, result.record);
  dismiss_workers(*transports[0], core::ExitCode::solved);
  return result;
}

TEST(Cluster, TheAnswerDoesNotDependOnTheRanks) {
  const core::BudgetLimit limit{.seconds = {}, .iterations = 150'000};
  const Finished one = run_ranks(1, limit, 600);
  for (const int ranks : {2, 3, 4, 7}) {
    const Finished many = run_ranks(ranks, limit, 600);
    EXPECT_EQ(one.record.incumbent.ints, many.record.incumbent.ints) << ranks << " ranks";
    EXPECT_EQ(many.record.iterations, 150'000u);
    EXPECT_TRUE(many.end.missing_ranks.empty());
    for (int rank = 1; rank < ranks; ++rank) EXPECT_EQ(many.worker_codes[static_cast<std::size_t>(rank)], 0);
    EXPECT_EQ(many.record.timings.size(), static_cast<std::size_t>(ranks));
  }
}

TEST(Cluster, ATimedRunEndsInTimeAndUsesEveryRank) {
  const Finished run = run_ranks(3, {.seconds = 1.0, .iterations = {}}, 300);
  EXPECT_LE(run.record.wall_seconds, 1.1);
  EXPECT_GT(run.record.wall_seconds, 0.6);
  std::uint64_t sum = 0;
  for (const model::RankTiming& timing : run.record.timings) {
    EXPECT_GT(timing.tasks, 0u) << "rank " << timing.rank;
    EXPECT_GT(timing.annealing, 0.0) << "rank " << timing.rank;
    sum += timing.iterations;
  }
  EXPECT_EQ(sum, run.record.iterations);
}

TEST(Cluster, ProgressIsReported) {
  int calls = 0;
  RunHooks hooks;
  hooks.progress_seconds = 0.1;
  hooks.progress = [&](const ProgressView& view) {
    ++calls;
    EXPECT_GT(view.campaign.incumbent_cost, 0);
    EXPECT_GE(view.utilisation, 0);
    EXPECT_LE(view.utilisation, 1);
  };
  run_ranks(2, {.seconds = 1.0, .iterations = {}}, 300, hooks);
  EXPECT_GE(calls, 4);
}

TEST(Cluster, AStopRequestEndsTheRunEarlyWithAnAnswer) {
  const core::Stopwatch watch;
  RunHooks hooks;
  hooks.stop_requested = [&] { return watch.seconds() > 0.3; };
  const Finished run = run_ranks(3, {.seconds = 30.0, .iterations = {}}, 300, hooks);
  EXPECT_TRUE(run.end.stopped_early);
  EXPECT_LT(watch.seconds(), 2.0);
  EXPECT_FALSE(run.record.incumbent.ints.empty());
}

TEST(Cluster, AFailingCheckpointIsAWarningNotTheEnd) {
  CountingJournal journal;
  journal.fails = true;
  std::vector<std::string> warnings;
  RunHooks hooks;
  hooks.warn = [&](const std::string& text) { warnings.push_back(text); };
  const Finished run = run_ranks(2, {.seconds = 0.6, .iterations = {}}, 300, hooks, &journal, 0.1);
  EXPECT_GE(journal.calls, 2);
  ASSERT_FALSE(warnings.empty());
  EXPECT_NE(warnings[0].find("No space left on device"), std::string::npos);
  EXPECT_FALSE(run.end.stopped_early);
}

TEST(Protocol, ProblemsAndTasksComeBackAsTheyWere) {
  const registry::Problem problem = random_problem(20);
  const auto& before = std::get<model::RoutingInstance>(problem);
  const registry::Problem copy = decode_problem(encode(problem));
  const auto& after = std::get<model::RoutingInstance>(copy);
  EXPECT_EQ(before.demand, after.demand);
  EXPECT_EQ(before.node_ids, after.node_ids);
  EXPECT_EQ(before.points[7].x, after.points[7].x);
  model::Task task{.id = 1, .attempt = 2, .round = 3, .replica = 4, .part = 5, .seconds = 6, .iterations = 7, .ints = {1, 2}, .wholes = {3}, .reals = {0.5}};
  const model::Task back = decode_task(encode(task));
  EXPECT_EQ(back.part, 5u);
  EXPECT_EQ(back.ints, task.ints);
  EXPECT_EQ(back.wholes, task.wholes);
  EXPECT_EQ(back.reals, task.reals);
}

TEST(Protocol, EveryTruncationIsRefused) {
  const Bytes whole = encode(Done{.outcome = {.task = 9, .ints = {1, 2, 3}, .wholes = {4}, .reals = {}}, .timing = {.rank = 1, .host = "node7"}});
  EXPECT_EQ(decode_done(whole).timing.host, "node7");
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_THROW(decode_done(ByteView(whole).first(size)), core::DataError) << size << " of " << whole.size() << " bytes";
}

}  // namespace
}  // namespace tempera::cluster
