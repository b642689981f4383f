#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <stdexcept>

#include "mpi/cluster/reactor.hpp"

namespace tempera::cluster {
namespace {

class FakeOutbox final : public Outbox {
 public:
  void assign(int rank, const model::Task& task) override { assigned.push_back({rank, task}); }
  void abandon(int rank) override { abandoned.push_back(rank); }
  void warn(const std::string& text) override { warnings.push_back(text); }
  void note(const model::RunEvent& event) override { events.push_back(event); }
  // Takes the oldest assignment out, so that a test can say that nothing else was sent.
  std::pair<int, model::Task> pop() {
    auto front = assigned.front();
    assigned.pop_front();
    return front;
  }
  std::deque<std::pair<int, model::Task>> assigned;
  std::vector<int> abandoned;
  std::vector<std::string> warnings;
  std::vector<model::RunEvent> events;
};

class FakeCampaign final : public model::Campaign {
 public:
  explicit FakeCampaign(int tasks) : left_(tasks) {}
  std::optional<model::Task> next_task(double) override {
    if (left_ == 0) return std::nullopt;
    --left_;
    model::Task task;
    task.id = next_id_++;
    task.seconds = task_seconds;
    return task;
  }
  void on_outcome(const model::Outcome& outcome, double) override {
    if (refuse) throw std::runtime_error("infeasible");
    done.push_back(outcome.task);
  }
  void on_lost(const model::Task& task, double) override { lost.push_back(task.id); }
  double longest_task_seconds(double) const override { return time_left; }
  bool finished(double) const override { return false; }
  model::CampaignProgress progress() const override { return {}; }
  void describe(model::RunRecord&) const override {}

  bool refuse = false;
  double task_seconds = 0;
  double time_left = 1e9;
  std::vector<std::uint64_t> done, lost;

 private:
  int left_;
  std::uint64_t next_id_ = 0;
};

model::Outcome answer_to(const model::Task& task) {
  model::Outcome outcome;
  outcome.task = task.id;
  outcome.attempt = task.attempt;
  return outcome;
}

TEST(Reactor, GivesEveryIdleRankOneTask) {
  FakeCampaign campaign(5);
  Core core(campaign, 3);
  FakeOutbox out;
  on_tick(core, out, 0);
  for (int rank = 0; rank < 3; ++rank) EXPECT_EQ(out.pop().first, rank);
  on_tick(core, out, 0);
  EXPECT_TRUE(out.assigned.empty());
  EXPECT_EQ(busy_ranks(core), 3);
}

TEST(Reactor, SaysWhetherAnAnswerWasTaken) {
  FakeCampaign campaign(2);
  Core core(campaign, 2);
  FakeOutbox out;
  on_tick(core, out, 0);
  const model::Task first = out.pop().second, second = out.pop().second;
  EXPECT_TRUE(on_outcome(core, out, 0, answer_to(first), 1));
  EXPECT_FALSE(on_outcome(core, out, 0, answer_to(first), 1)) << "a second time";
  EXPECT_FALSE(on_outcome(core, out, 0, answer_to(second), 1)) << "from a rank that does not work it";
  model::Outcome late = answer_to(second);
  late.attempt = 5;
  EXPECT_FALSE(on_outcome(core, out, 1, late, 1)) << "another attempt";
  EXPECT_TRUE(on_outcome(core, out, 1, answer_to(second), 1));
}

TEST(Reactor, LeavesRanksIdleWhenThereAreFewerTasks) {
  FakeCampaign campaign(1);
  Core core(campaign, 4);
  FakeOutbox out;
  on_tick(core, out, 0);
  EXPECT_EQ(out.assigned.size(), 1u);
  EXPECT_EQ(busy_ranks(core), 1);
}

TEST(Reactor, AnAnswerFreesItsRank) {
  FakeCampaign campaign(2);
  Core core(campaign, 1);
  FakeOutbox out;
  on_tick(core, out, 0);
  on_outcome(core, out, 0, answer_to(out.pop().second), 1);
  EXPECT_EQ(campaign.done, std::vector<std::uint64_t>{0});
  on_tick(core, out, 1);
  EXPECT_EQ(out.pop().second.id, 1u);
  EXPECT_TRUE(out.assigned.empty());
}

TEST(Reactor, RetriesElsewhereTwiceThenGivesUp) {
  FakeCampaign campaign(1);
  Core core(campaign, 2);
  FakeOutbox out;
  on_tick(core, out, 0);
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto [rank, task] = out.pop();
    EXPECT_EQ(task.attempt, static_cast<std::uint32_t>(attempt));
    EXPECT_EQ(rank, attempt % 2) << "goes to the other rank each time";
    on_failure(core, out, rank, {task.id, task.attempt, "threw"}, 0);
    on_tick(core, out, 0);
  }
  EXPECT_TRUE(out.assigned.empty());
  EXPECT_EQ(campaign.lost, std::vector<std::uint64_t>{0});
  EXPECT_EQ(core.lost_tasks, 1u);
  ASSERT_EQ(out.warnings.size(), 3u);
  EXPECT_NE(out.warnings[2].find("keeps the previous solution: threw"), std::string::npos);
}

TEST(Reactor, ARefusedAnswerCountsAsAFailure) {
  FakeCampaign campaign(1);
  Core core(campaign, 1);
  FakeOutbox out;
  campaign.refuse = true;
  on_tick(core, out, 0);
  on_outcome(core, out, 0, answer_to(out.pop().second), 0);
  campaign.refuse = false;
  on_tick(core, out, 0);
  const auto [rank, task] = out.pop();
  EXPECT_EQ(task.attempt, 1u) << "the only rank gets it again";
  on_outcome(core, out, rank, answer_to(task), 0);
  EXPECT_EQ(campaign.done, std::vector<std::uint64_t>{0});
}

TEST(Reactor, DropsAnswersThatAreNotAwaited) {
  FakeCampaign campaign(1);
  Core core(campaign, 2);
  FakeOutbox out;
  on_tick(core, out, 0);
  const model::Task first = out.pop().second;
  on_failure(core, out, 0, {first.id, 0, "threw"}, 0);
  on_tick(core, out, 0);
  const auto [rank, second] = out.pop();
  ASSERT_EQ(rank, 1);
  on_outcome(core, out, 0, answer_to(first), 0);   // the late first attempt
  on_outcome(core, out, 1, answer_to(first), 0);   // right rank, old attempt
  on_failure(core, out, 0, {first.id, 1, "?"}, 0); // right attempt, wrong rank
  EXPECT_TRUE(campaign.done.empty());
  on_outcome(core, out, 1, answer_to(second), 0);
  EXPECT_EQ(campaign.done, std::vector<std::uint64_t>{0});
}

// A core of three ranks with a timeout of 8 s; a tick a second, as a loop would.
class SilentRanks : public testing::Test {
 protected:
  void tick_until(double seconds, std::vector<int> alive) {
    while (now < seconds) {
      now += 1;
      for (const int rank : alive) on_heard(core, rank);
      on_tick(core, out, now);
    }
  }
  FakeCampaign campaign{3};
  Core core{campaign, 3, 8.0};
  FakeOutbox out;
  double now = 0;
};

TEST_F(SilentRanks, AreAbandonedAndTheirTaskGoesElsewhere) {
  on_tick(core, out, 0);
  const model::Task own = out.pop().second;
  const model::Task lost = out.pop().second;
  out.pop();
  core.workers[1].host = "node7";
  tick_until(8, {2});
  EXPECT_TRUE(out.abandoned.empty()) << "not before the timeout is over";
  tick_until(9, {2});
  EXPECT_EQ(out.abandoned, std::vector<int>{1});
  ASSERT_EQ(out.warnings.size(), 2u);
  EXPECT_EQ(out.warnings[0], "rank 1 on node7 is lost: silent for 9 s; the run goes on without it");
  on_outcome(core, out, 0, answer_to(own), now);
  on_tick(core, out, now);
  const auto [rank, again] = out.pop();
  EXPECT_EQ(rank, 0);
  EXPECT_EQ(again.id, lost.id);
  EXPECT_EQ(again.attempt, 1u);
  EXPECT_TRUE(out.assigned.empty()) << "an abandoned rank gets nothing more";
}

TEST_F(SilentRanks, AreNotHeardAnyMoreWhenTheyWakeUp) {
  on_tick(core, out, 0);
  out.pop();
  const model::Task late = out.pop().second;
  tick_until(9, {2});
  EXPECT_FALSE(on_heard(core, 1));
  on_outcome(core, out, 1, answer_to(late), now);
  on_failure(core, out, 1, {late.id, late.attempt, "woke up"}, now);
  EXPECT_TRUE(campaign.done.empty());
  tick_until(30, {2});
  EXPECT_EQ(out.abandoned, std::vector<int>{1}) << "abandoned once";
}

TEST_F(SilentRanks, AnyWordCounts) {
  on_tick(core, out, 0);
  tick_until(100, {1, 2});
  EXPECT_TRUE(out.abandoned.empty());
}

TEST_F(SilentRanks, TheMastersOwnAbsenceDoesNotCount) {
  on_tick(core, out, 0);
  on_tick(core, out, 1000);  // the master was stopped, or its disk hung; nobody could be heard
  EXPECT_TRUE(out.abandoned.empty());
  on_heard(core, 1);
  on_heard(core, 2);
  now = 1000;
  tick_until(1008, {2});
  EXPECT_TRUE(out.abandoned.empty());
  tick_until(1009, {2});
  EXPECT_EQ(out.abandoned, std::vector<int>{1});
}

TEST_F(SilentRanks, AllButTheMasterMayBeLost) {
  on_tick(core, out, 0);
  const model::Task own = out.pop().second;
  tick_until(9, {});
  EXPECT_EQ(out.abandoned, (std::vector<int>{1, 2}));
  out.assigned.clear();
  on_outcome(core, out, 0, answer_to(own), now);
  for (int k = 0; k < 2; ++k) {
    on_tick(core, out, now);
    const auto [rank, task] = out.pop();
    EXPECT_EQ(rank, 0);
    on_outcome(core, out, 0, answer_to(task), now);
  }
  EXPECT_EQ(campaign.done.size(), 3u);
  EXPECT_EQ(core.lost_tasks, 0u);
}

TEST_F(SilentRanks, ARankThatLivesButNeverFinishesATimedTaskIsAbandoned) {
  campaign.task_seconds = 5;
  on_tick(core, out, 0);
  const model::Task own = out.pop().second;
  tick_until(13, {1, 2});
  EXPECT_TRUE(out.abandoned.empty());
  on_outcome(core, out, 0, answer_to(own), now);
  tick_until(14, {1, 2});
  EXPECT_EQ(out.abandoned, (std::vector<int>{1, 2}));
  EXPECT_NE(out.warnings[0].find("its task of 5 s is not back after 8 s more"), std::string::npos);
}

TEST_F(SilentRanks, AWorkerThatCannotWorkIsLostAtOnce) {
  on_tick(core, out, 0);
  on_worker_lost(core, out, 2, "out of memory", 0.5);
  on_worker_lost(core, out, 2, "out of memory", 0.6);
  EXPECT_EQ(out.abandoned, std::vector<int>{2});
  ASSERT_EQ(core.retries.size(), 1u);
  EXPECT_EQ(out.events[4].kind, model::EventKind::task_failed);
  EXPECT_EQ(out.events[3].kind, model::EventKind::worker_lost);
}

TEST(Reactor, ARetryGoesToARankThatHasNotFailedIt) {
  FakeCampaign campaign(1);
  Core core(campaign, 3);
  FakeOutbox out;
  on_tick(core, out, 0);
  std::vector<int> tried;
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto [rank, task] = out.pop();
    tried.push_back(rank);
    on_failure(core, out, rank, {task.id, task.attempt, "threw"}, 0);
    on_tick(core, out, 0);
  }
  EXPECT_EQ(tried, (std::vector<int>{0, 1, 2}));
}

TEST(Reactor, WithNoTimeLeftAFailedTaskIsGivenUp) {
  FakeCampaign campaign(1);
  Core core(campaign, 2);
  FakeOutbox out;
  on_tick(core, out, 0);
  const auto [rank, task] = out.pop();
  campaign.time_left = 0;
  on_failure(core, out, rank, {task.id, task.attempt, "threw"}, 0);
  EXPECT_EQ(campaign.lost, std::vector<std::uint64_t>{0});
  EXPECT_NE(out.warnings[0].find("no time is left for another attempt"), std::string::npos);
}

TEST(Reactor, ATaskThatFailsWhileItIsGivenOutIsNotForgotten) {
  class FailsAtOnce final : public Outbox {
   public:
    void assign(int rank, const model::Task& task) override {
      const Failure failure{task.id, task.attempt, "cannot start"};
      if (rank == 0) on_failure(*core, *this, 0, failure, 0);
      else ++elsewhere;
    }
    void abandon(int) override {}
    void warn(const std::string&) override {}
    void note(const model::RunEvent&) override {}
    Core* core = nullptr;
    int elsewhere = 0;
  };
  FakeCampaign campaign(1);
  Core core(campaign, 2);
  FailsAtOnce out;
  out.core = &core;
  on_tick(core, out, 0);
  EXPECT_EQ(out.elsewhere, 1);
}

}  // namespace
}  // namespace tempera::cluster
