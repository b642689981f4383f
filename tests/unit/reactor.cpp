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
  void warn(const std::string& text) override { warnings.push_back(text); }
  // Takes the oldest assignment out, so that a test can say that nothing else was sent.
  std::pair<int, model::Task> pop() {
    auto front = assigned.front();
    assigned.pop_front();
    return front;
  }
  std::deque<std::pair<int, model::Task>> assigned;
  std::vector<std::string> warnings;
};

class FakeCampaign final : public model::Campaign {
 public:
  explicit FakeCampaign(int tasks) : left_(tasks) {}
  std::optional<model::Task> next_task(double) override {
    if (left_ == 0) return std::nullopt;
    --left_;
    model::Task task;
    task.id = next_id_++;
    return task;
  }
  void on_outcome(const model::Outcome& outcome, double) override {
    if (refuse) throw std::runtime_error("infeasible");
    done.push_back(outcome.task);
  }
  void on_lost(const model::Task& task, double) override { lost.push_back(task.id); }
  bool finished(double) const override { return false; }
  model::CampaignProgress progress() const override { return {}; }
  void describe(model::RunRecord&) const override {}

  bool refuse = false;
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

}  // namespace
}  // namespace tempera::cluster
