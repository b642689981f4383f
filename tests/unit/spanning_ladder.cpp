// One ladder over several blocks: averages on every rung, and a campaign of blocks that stops and goes on.
#include "solvers/qubo/spanning_ladder.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "solvers/model/qubo_referee.hpp"
#include "solvers/qubo/campaign.hpp"
#include "solvers/qubo/choose.hpp"
#include "solvers/qubo/runner.hpp"
#include "solvers/qubo/sparse_ladder.hpp"
#include "tests/support/qubo_samples.hpp"
#include "tests/support/task_work.hpp"

namespace tempera::qubo {
namespace {

// Blocks worked one after another, as tasks are: from an image, with guests, for some sweeps.
class Blocks {
 public:
  Blocks(const model::QuboProblem& problem, std::size_t count) : spanning(count), images_(count), guests_(count) {
    for (std::size_t b = 0; b < count; ++b) ladders_.push_back(make_sparse_ladder(problem));
  }

  // `look(rung of the whole, energy)` after every sweep.
  template <class Look>
  void round(std::uint64_t sweeps, Look look) {
    std::vector<SpanningLadder::Block> blocks;
    for (std::size_t b = 0; b < ladders_.size(); ++b) {
      ladders_[b]->begin(images_[b], {.seed = 3, .domain = core::anneal_qubo, .replica = static_cast<std::uint32_t>(b), .step = round_}, guests_[b]);
      for (std::uint64_t k = 0; k < sweeps; ++k) {
        ladders_[b]->sweep(1);
        for (std::size_t rung = 0; rung < lanes; ++rung) look(b * lanes + rung, ladders_[b]->at(rung).energy);
      }
      images_[b] = ladders_[b]->image();
      trips += round_ > 0 ? ladders_[b]->round_trips() : 0;
      blocks.push_back({.image = &images_[b], .coldest = ladders_[b]->at(0), .hottest = ladders_[b]->at(lanes - 1)});
    }
    guests_ = spanning.after_round(blocks, 3, round_++);
  }

  SpanningLadder spanning;
  std::uint64_t trips = 0;

 private:
  std::vector<std::unique_ptr<ReplicaLadder>> ladders_;
  std::vector<LadderImage> images_;
  std::vector<std::vector<Guest>> guests_;
  std::uint32_t round_ = 0;
};

TEST(SpanningLadder, EveryRungOfBothBlocksHasItsBoltzmannAverage) {
  const model::QuboProblem problem = tests::sample_qubo({.variables = 10, .density = 0.4, .largest = 4, .seed = 5});
  Blocks blocks(problem, 2);
  const auto ignore = [](std::size_t, std::int64_t) {};
  for (int k = 0; k < 300; ++k) blocks.round(50, ignore);  // past the last respacing
  const std::vector<double> temperatures = blocks.spanning.temperatures();
  ASSERT_EQ(temperatures.size(), 2u * lanes);
  EXPECT_TRUE(std::ranges::is_sorted(temperatures));
  std::vector<double> sum(temperatures.size(), 0);
  constexpr int rounds = 800, sweeps = 50;
  for (int k = 0; k < rounds; ++k) blocks.round(sweeps, [&](std::size_t rung, std::int64_t energy) { sum[rung] += static_cast<double>(energy); });
  EXPECT_EQ(blocks.spanning.temperatures(), temperatures) << "frozen";
  const std::vector<double> exact = tests::boltzmann_means(problem, temperatures);
  for (std::size_t rung = 0; rung < sum.size(); ++rung) EXPECT_NEAR(sum[rung] / (rounds * sweeps), exact[rung], 0.25) << "rung " << rung;
  EXPECT_GT(blocks.spanning.boundary_acceptance(0), 0.1);
  EXPECT_GT(blocks.trips, 0u) << "states cross the boundary both ways";
}

// The rungs of the test above are so close that nearly every swap passes: here the rule itself, on energies made up.
TEST(SpanningLadder, StatesCrossTheBoundaryAsOftenAsMetropolisSays) {
  const model::QuboProblem problem = tests::sample_qubo({.variables = 10, .density = 0.4, .largest = 4, .seed = 5});
  const auto ladder = make_sparse_ladder(problem);
  std::vector<LadderImage> images;
  for (std::uint32_t b = 0; b < 2; ++b) {
    ladder->begin({}, {.seed = 3, .domain = core::anneal_qubo, .replica = b}, {});
    ladder->sweep(50);
    images.push_back(ladder->image());
  }
  SpanningLadder spanning(2);
  const auto accepted = [&](std::int64_t below, std::int64_t above, std::uint32_t round) {
    std::vector<SpanningLadder::Block> blocks{{.image = &images[0], .coldest = Found{}, .hottest = Found{below, {0}}}, {.image = &images[1], .coldest = Found{above, {1}}, .hottest = Found{}}};
    const auto guests = spanning.after_round(blocks, 3, round);
    EXPECT_EQ(guests[0].empty(), guests[1].empty());
    if (guests[0].empty()) return false;
    EXPECT_EQ(guests[0].front().rung, lanes - 1);
    EXPECT_EQ(guests[0].front().values.front(), 1);
    EXPECT_EQ(guests[1].front().rung, 0);
    EXPECT_EQ(guests[1].front().values.front(), 0);
    return true;
  };
  EXPECT_FALSE(accepted(9, 0, 0)) << "the first round only spreads the temperatures";
  const double step = 1 / spanning.temperatures()[lanes - 1] - 1 / spanning.temperatures()[lanes];
  ASSERT_GT(step, 0);
  const auto gap = static_cast<std::int64_t>(std::llround(1.2 / step));
  constexpr int tries = 5'000;
  int up = 0, down = 0;
  for (std::uint32_t k = 0; k < tries; ++k) up += accepted(-gap, 0, 1 + 2 * k), down += accepted(gap, 0, 2 + 2 * k);
  EXPECT_NEAR(static_cast<double>(up) / tries, std::exp(-step * static_cast<double>(gap)), 0.03) << "the better state would go up";
  EXPECT_EQ(down, tries) << "the better state comes down";
}

struct Runs {
  model::QuboProblem problem = tests::sample_qubo({.variables = 60, .density = 0.1, .largest = 3, .seed = 8});
  LadderPlan plan{.seed = 5, .ladders = 3, .spanning = true, .sweeps = 9'000, .round_sweeps = 100};

  LadderCampaign campaign(std::uint64_t sweeps) {
    plan.sweeps = sweeps;
    model::Answer start;
    start.ints.assign(60, 0);
    return {plan, [this](std::span<const std::int32_t> values) { return model::judge(problem, values); }, {}, 60, start, "baseline"};
  }
  model::RunRecord play(LadderCampaign& campaign) {
    LadderRunner runner(make_ladder(problem, Engine::sparse));
    while (auto task = campaign.next_task(0)) campaign.on_outcome(tests::work(runner, *task), 0);
    EXPECT_TRUE(campaign.finished(0));
    model::RunRecord record;
    campaign.describe(record);
    return record;
  }
};

TEST(SpanningLadder, GoesOnFromACheckpointAsIfItHadNotStopped) {
  Runs runs;
  LadderCampaign whole = runs.campaign(18'000), half = runs.campaign(9'000);
  const model::RunRecord expected = runs.play(whole), stopped = runs.play(half);
  LadderCampaign resumed = runs.campaign(18'000);
  resumed.restore(stopped);
  const model::RunRecord got = runs.play(resumed);
  EXPECT_EQ(got.incumbent.ints, expected.incumbent.ints);
  EXPECT_EQ(got.swaps.accepted, expected.swaps.accepted);
  EXPECT_EQ(got.swaps.accepted.size(), 3u * lanes - 1) << "every pair of neighbours, boundaries too";
  EXPECT_EQ(got.swaps.round_trips, expected.swaps.round_trips);
  ASSERT_EQ(got.campaign.replicas.size(), expected.campaign.replicas.size());
  for (std::size_t k = 0; k < got.campaign.replicas.size(); ++k) {
    EXPECT_EQ(got.campaign.replicas[k].answer.ints, expected.campaign.replicas[k].answer.ints) << k;
    EXPECT_EQ(got.campaign.replicas[k].answer.reals, expected.campaign.replicas[k].answer.reals) << k;
  }
}

TEST(SpanningLadder, ALostBlockKeepsItsStates) {
  Runs runs;
  LadderCampaign campaign = runs.campaign(6'000);
  LadderRunner runner(make_ladder(runs.problem, Engine::sparse));
  int tasks = 0;
  while (auto task = campaign.next_task(0)) {
    if (++tasks % 7 == 0) {
      campaign.on_lost(*task, 0);
      continue;
    }
    campaign.on_outcome(tests::work(runner, *task), 0);
  }
  EXPECT_TRUE(campaign.finished(0));
  EXPECT_GT(tasks, 40);
  model::RunRecord record;
  campaign.describe(record);
  EXPECT_LT(record.incumbent.cost, 0);
}

}  // namespace
}  // namespace tempera::qubo
