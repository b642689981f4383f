#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

#include "mpi/cluster/host.hpp"
#include "mpi/cluster/master_loop.hpp"
#include "mpi/cluster/protocol.hpp"
#include "mpi/cluster/worker_loop.hpp"
#include "mpi/comm/memory_hub.hpp"
#include "solvers/model/digest.hpp"
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
  std::vector<WorkerEnd> worker_ends;
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

// A whole run with ranks as threads. `worker` makes the hooks of a rank.
Finished run_ranks(int ranks, core::BudgetLimit limit, int customers, RunHooks hooks = {}, model::RunJournal* journal = nullptr,
                   double checkpoint_seconds = 60, double worker_timeout_seconds = 30, const std::function<WorkerHooks(int)>& worker = {}) {
  const core::Budget budget(limit, core::Stopwatch());
  auto transports = comm::make_memory_hub(ranks);
  Finished result;
  result.worker_codes.resize(static_cast<std::size_t>(ranks), -1);
  result.worker_ends.resize(static_cast<std::size_t>(ranks));
  std::vector<std::jthread> workers;
  for (int rank = 1; rank < ranks; ++rank)
    workers.emplace_back([&, rank] {
      const WorkerExit exit = run_worker(*transports[static_cast<std::size_t>(rank)], worker ? worker(rank) : WorkerHooks{});
      result.worker_codes[static_cast<std::size_t>(rank)] = exit.exit_code;
      result.worker_ends[static_cast<std::size_t>(rank)] = exit.end;
    });
  const registry::Problem problem = random_problem(customers);
  share_problem(*transports[0], problem);
  const auto campaign = registry::make_campaign(problem, {.limit = limit, .seed = 5, .ranks = ranks, .elapsed_seconds = budget.elapsed_seconds(),
                                                          .start = one_each(customers)});
  result.end = run_master({.transport = *transports[0], .problem = problem, .campaign = *campaign, .budget = budget, .journal = journal,
                           .checkpoint_seconds = checkpoint_seconds, .worker_timeout_seconds = worker_timeout_seconds, .hooks = std::move(hooks)}, result.record);
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

// A runner with a fault; everything else is the real one's.
class FaultyRunner final : public model::TaskRunner {
 public:
  enum class Fault { throws, lies, hangs };
  FaultyRunner(const registry::Problem& problem, Fault fault, int times) : real_(registry::make_runner(problem)), fault_(fault), left_(times) {}
  void start(model::Task task) override { real_->start(std::move(task)); }
  bool advance() override {
    if (fault_ == Fault::throws && left_-- > 0) throw std::runtime_error("a planted fault");
    if (fault_ == Fault::hangs && left_-- > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    return real_->advance();
  }
  model::Outcome take() override {
    model::Outcome outcome = real_->take();
    if (fault_ == Fault::lies && left_-- > 0) outcome.ints.front() = outcome.ints.at(1);  // one customer twice, another not at all
    return outcome;
  }

 private:
  std::unique_ptr<model::TaskRunner> real_;
  Fault fault_;
  int left_;
};

std::function<WorkerHooks(int)> fault_on(int faulty_rank, FaultyRunner::Fault fault, int times) {
  return [=](int rank) {
    WorkerHooks hooks;
    if (rank == faulty_rank) hooks.make_runner = [=](const registry::Problem& problem) { return std::make_unique<FaultyRunner>(problem, fault, times); };
    return hooks;
  };
}

constexpr core::BudgetLimit counted{.seconds = {}, .iterations = 150'000};

TEST(Cluster, AWorkerThatThrowsOrLiesDoesNotChangeTheAnswer) {
  const Finished sound = run_ranks(1, counted, 600);
  for (const auto fault : {FaultyRunner::Fault::throws, FaultyRunner::Fault::lies}) {
    const Finished run = run_ranks(3, counted, 600, {}, nullptr, 60, 30, fault_on(1, fault, 1'000'000));
    EXPECT_EQ(run.record.incumbent.ints, sound.record.incumbent.ints);
    EXPECT_EQ(run.record.iterations, sound.record.iterations);
    EXPECT_EQ(run.record.lost_tasks, 0u) << "each task was solved elsewhere";
    ASSERT_FALSE(run.record.warnings.empty());
    EXPECT_NE(run.record.warnings[0].find("failed on rank 1, attempt 1 of 3"), std::string::npos) << run.record.warnings[0];
    EXPECT_TRUE(run.end.missing_ranks.empty());
  }
}

TEST(Cluster, AHungWorkerIsAbandonedAndTheRunGoesOn) {
  const Finished sound = run_ranks(1, counted, 600);
  const core::Stopwatch watch;
  const Finished run = run_ranks(3, counted, 600, {}, nullptr, 60, 0.4, fault_on(1, FaultyRunner::Fault::hangs, 1));
  EXPECT_EQ(run.record.incumbent.ints, sound.record.incumbent.ints);
  EXPECT_EQ(run.end.missing_ranks, std::vector<int>{1});
  EXPECT_EQ(run.record.lost_tasks, 0u);
  ASSERT_FALSE(run.record.warnings.empty());
  EXPECT_NE(run.record.warnings[0].find("rank 1 on " + host_name() + " is lost: silent for 0.4"), std::string::npos) << run.record.warnings[0];
  EXPECT_EQ(run.worker_ends[1], WorkerEnd::abandoned) << "it woke up, and learned that nobody waits for it";
  EXPECT_EQ(run.worker_ends[2], WorkerEnd::dismissed);
}

TEST(Cluster, AWorkerThatCannotHoldTheProblemIsLeftOut) {
  const Finished run = run_ranks(3, counted, 600, {}, nullptr, 60, 30, [](int rank) {
    WorkerHooks hooks;
    if (rank == 2) hooks.make_runner = [](const registry::Problem&) -> std::unique_ptr<model::TaskRunner> { throw std::bad_alloc(); };
    return hooks;
  });
  EXPECT_EQ(run.end.missing_ranks, std::vector<int>{2});
  EXPECT_EQ(run.record.iterations, 150'000u);
}

TEST(Cluster, ASignalOnAWorkerStopsAllRanks) {
  std::atomic<int> signal_of_rank_2{0};
  int told_rank = 0, told_signal = 0;
  RunHooks hooks;
  hooks.signalled = [&](int rank, int signal) { told_rank = rank, told_signal = signal; };
  hooks.progress_seconds = 0.2;
  hooks.progress = [&](const ProgressView&) { signal_of_rank_2 = 15; };
  const core::Stopwatch watch;
  const Finished run = run_ranks(4, {.seconds = 30.0, .iterations = {}}, 300, hooks, nullptr, 60, 30, [&](int rank) {
    WorkerHooks worker;
    if (rank == 2) worker.stop_signal = [&] { return signal_of_rank_2.load(); };
    return worker;
  });
  EXPECT_TRUE(run.end.stopped_early);
  EXPECT_EQ(told_rank, 2);
  EXPECT_EQ(told_signal, 15);
  EXPECT_LT(watch.seconds(), 3.0);
}

TEST(Cluster, TheEventTraceIsMonotoneAndAddsUp) {
  std::vector<model::RunEvent> events;
  RunHooks hooks;
  hooks.note = [&](const model::RunEvent& event) { events.push_back(event); };
  const Finished run = run_ranks(3, counted, 600, hooks, nullptr, 60, 30, fault_on(1, FaultyRunner::Fault::throws, 3));
  const auto count = [&](model::EventKind kind) { return std::ranges::count(events, kind, &model::RunEvent::kind); };
  EXPECT_TRUE(std::ranges::is_sorted(events, {}, &model::RunEvent::seconds));
  EXPECT_EQ(count(model::EventKind::task_given), count(model::EventKind::task_returned) + count(model::EventKind::task_failed));
  EXPECT_GT(count(model::EventKind::task_failed), 0);
  EXPECT_EQ(events.front().kind, model::EventKind::run_started);
  EXPECT_EQ(events.back().kind, model::EventKind::run_ended);
  double cost = events.front().cost;
  for (const model::RunEvent& event : events) {
    if (event.kind != model::EventKind::incumbent) continue;
    EXPECT_LT(event.cost, cost);
    cost = event.cost;
  }
  EXPECT_EQ(cost, run.record.incumbent.cost) << "the trace tells the whole way to the answer";
}

TEST(Worker, LeavesByItselfWhenTheMasterFallsSilent) {
  const auto transports = comm::make_memory_hub(2);
  transports[0]->send(1, tag_lease, encode(Lease{.heartbeat_seconds = 0.05, .lease_seconds = 0.3}));
  const core::Stopwatch watch;
  const WorkerExit exit = run_worker(*transports[1]);
  EXPECT_EQ(exit.end, WorkerEnd::lease_ended);
  EXPECT_GE(watch.seconds(), 0.3);
  EXPECT_LT(watch.seconds(), 2.0);
  int heartbeats = 0;
  while (const auto envelope = transports[0]->poll()) heartbeats += envelope->tag == tag_alive;
  EXPECT_GE(heartbeats, 2);
}

TEST(Protocol, TheTimetableTravelsToEveryRank) {
  for (const bool limited : {false, true}) {
    auto in = tests::sample_instance({.customers = 12, .seed = 3, .windows = true, .duration_limit = limited});
    model::set_objective(in, model::Objective::vehicles);
    const registry::Problem back = decode_problem(encode(registry::Problem(in)));
    EXPECT_EQ(std::get<model::RoutingInstance>(back).timetable, in.timetable);
    EXPECT_EQ(model::digest(std::get<model::RoutingInstance>(back)), model::digest(in));
  }
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
