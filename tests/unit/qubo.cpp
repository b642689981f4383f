// The QUBO engines against exact averages, against each other and against the referee.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "solvers/baselines/qubo_tabu.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/qubo_referee.hpp"
#include "solvers/qubo/sparse_ladder.hpp"
#include "tests/support/qubo_samples.hpp"

namespace tempera::qubo {
namespace {

constexpr core::StreamKey key{.seed = 3, .domain = core::anneal_qubo};

std::vector<double> geometric(double coldest, double ratio) {
  std::vector<double> t;
  for (int k = 0; k < lanes; ++k) t.push_back(coldest * std::pow(ratio, k));
  return t;
}

double largest_error(const model::QuboProblem& problem, const SparseSettings& settings, int sweeps) {
  const auto ladder = make_sparse_ladder(problem, settings);
  ladder->begin({}, key, {});
  ladder->sweep(200);
  std::vector<double> sum(lanes, 0);
  for (int k = 0; k < sweeps; ++k) {
    ladder->sweep(1);
    const std::vector<Found> states = ladder->coldest(lanes);
    for (std::size_t rung = 0; rung < states.size(); ++rung) sum[rung] += static_cast<double>(states[rung].energy);
  }
  const std::vector<double> exact = tests::boltzmann_means(problem, settings.temperatures);
  double worst = 0;
  for (std::size_t rung = 0; rung < lanes; ++rung) worst = std::max(worst, std::fabs(sum[rung] / sweeps - exact[rung]));
  return worst;
}

TEST(SparseLadder, EveryRungHasItsBoltzmannAverage) {
  for (const bool equal : {true, false}) {
    const model::QuboProblem problem = tests::sample_qubo({.variables = 10, .density = 0.4, .largest = 4, .seed = 5, .equal_sizes = equal});
    EXPECT_LT(largest_error(problem, {.temperatures = geometric(0.5, 1.1)}, 100'000), 0.12) << (equal ? "equal couplings" : "mixed couplings");
  }
}

// Control of the test above: temperatures that are off by a tenth must show.
TEST(SparseLadder, TheAverageNoticesAWrongTemperature) {
  const model::QuboProblem problem = tests::sample_qubo({.variables = 10, .density = 0.4, .largest = 4, .seed = 5});
  const auto ladder = make_sparse_ladder(problem, {.temperatures = geometric(0.55, 1.1)});
  ladder->begin({}, key, {});
  std::vector<double> sum(lanes, 0);
  for (int k = 0; k < 20'000; ++k) {
    ladder->sweep(1);
    const std::vector<Found> states = ladder->coldest(lanes);
    for (std::size_t rung = 0; rung < lanes; ++rung) sum[rung] += static_cast<double>(states[rung].energy);
  }
  const std::vector<double> exact = tests::boltzmann_means(problem, geometric(0.5, 1.1));
  double worst = 0;
  for (std::size_t rung = 0; rung < lanes; ++rung) worst = std::max(worst, std::fabs(sum[rung] / 20'000 - exact[rung]));
  EXPECT_GT(worst, 0.3);
}

TEST(SparseLadder, WideFieldsHaveTheirBoltzmannAverageToo) {
  const model::QuboProblem problem = tests::sample_qubo({.variables = 9, .density = 0.6, .largest = 40'000, .seed = 6});
  EXPECT_LT(largest_error(problem, {.temperatures = geometric(5'000, 1.1)}, 20'000), 1'200);
}

TEST(SparseLadder, EveryBuildTakesTheSameDecisions) {
  for (const std::int32_t largest : {1, 7, 90'000})
    for (const bool equal : {true, false}) {
      const model::QuboProblem problem = tests::sample_qubo({.variables = 60, .density = 0.15, .largest = largest, .seed = 8, .equal_sizes = equal});
      const auto reference = make_sparse_ladder(problem, {.isa = Isa::portable});
      reference->begin({}, key, {});
      reference->sweep(700);
      for (const Isa isa : {Isa::avx2, Isa::avx512}) {
        if (!is_supported(isa)) continue;
        const auto ladder = make_sparse_ladder(problem, {.isa = isa});
        ladder->begin({}, key, {});
        ladder->sweep(700);
        EXPECT_EQ(ladder->image().ints, reference->image().ints) << name_of(isa) << ", coefficients up to " << largest;
        EXPECT_EQ(ladder->image().reals, reference->image().reals) << name_of(isa);
        EXPECT_EQ(ladder->best().energy, reference->best().energy);
      }
    }
}

TEST(SparseLadder, FindsTheOptimumAndItsEnergiesAreTheReferees) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const model::QuboProblem problem = tests::sample_qubo({.variables = 16, .density = 0.4, .largest = 9, .seed = seed});
    const auto ladder = make_sparse_ladder(problem);
    ladder->begin({}, key, {});
    ladder->sweep(300);
    EXPECT_EQ(ladder->best().energy, baselines::qubo_enumerate(problem).energy);
    EXPECT_EQ(model::judge(problem, ladder->best().values).energy, ladder->best().energy);
    for (const Found& state : ladder->coldest(lanes)) EXPECT_EQ(model::judge(problem, state.values).energy, state.energy);
  }
}

TEST(SparseLadder, GoesOnFromItsImageAsIfNothingHadHappened) {
  const model::QuboProblem problem = tests::sample_qubo({.variables = 50, .density = 0.1, .largest = 3, .seed = 2});
  const auto first = make_sparse_ladder(problem), second = make_sparse_ladder(problem);
  first->begin({}, key, {});
  first->sweep(350);
  const LadderImage image = first->image();
  const core::StreamKey next{.seed = 3, .domain = core::anneal_qubo, .step = 1};
  first->begin(image, next, {});
  second->begin(image, next, {});
  first->sweep(350);
  second->sweep(350);
  EXPECT_EQ(first->image().ints, second->image().ints);
  EXPECT_EQ(first->image().reals, second->image().reals);
}

TEST(SparseLadder, GuestsStandInTheMiddleOrOnTheirRung) {
  const model::QuboProblem problem = tests::sample_qubo({.variables = 30, .density = 0.2, .largest = 3, .seed = 2});
  const auto ladder = make_sparse_ladder(problem);
  const std::vector<Guest> guests{{.values = std::vector<std::int32_t>(30, 1)}, {.rung = 31, .values = std::vector<std::int32_t>(30, 0)}};
  ladder->begin({}, key, guests);
  EXPECT_EQ(ladder->at(16).values, guests[0].values);
  EXPECT_EQ(ladder->at(31).values, guests[1].values);
}

TEST(SparseLadder, RefusesFieldsThatOverflow) {
  const model::QuboProblem problem = tests::sample_qubo({.variables = 4, .density = 1, .largest = 1'000'000'000, .seed = 1});
  EXPECT_FALSE(fits_lanes(problem));
  EXPECT_THROW(make_sparse_ladder(problem), core::UserError);
}

TEST(QuboTabu, FindsTheOptimumOfSmallProblems) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const model::QuboProblem problem = tests::sample_qubo({.variables = 18, .density = 0.5, .largest = 50, .seed = seed});
    const baselines::QuboBaseline found = baselines::qubo_tabu(problem, 1, {.flips = 40'000, .stop = {}});
    EXPECT_EQ(found.energy, baselines::qubo_enumerate(problem).energy);
    EXPECT_EQ(model::judge(problem, found.values).energy, found.energy);
    EXPECT_GE(model::judge(problem, baselines::qubo_greedy(problem)).energy, found.energy);
  }
}

TEST(QuboTabu, WorksDownToOneVariable) {
  for (std::int32_t n = 1; n <= 3; ++n) {
    const model::QuboProblem problem = tests::sample_qubo({.variables = n, .density = 1, .seed = 4});
    EXPECT_EQ(baselines::qubo_tabu(problem, 1, {.flips = 5'000, .stop = {}}).energy, baselines::qubo_enumerate(problem).energy);
  }
}

TEST(QuboEnumerate, EqualsTheRefereeOverAllStatesAndKeepsGroups) {
  model::QuboProblem problem = tests::sample_qubo({.variables = 8, .density = 0.7, .seed = 9});
  problem.groups = {{.wanted = 1, .members = {0, 1, 2}}, {.wanted = 2, .members = {4, 5, 6, 7}}};
  std::int64_t best = std::numeric_limits<std::int64_t>::max();
  for (std::uint32_t state = 0; state < 256; ++state) {
    std::vector<std::int32_t> x;
    for (int i = 0; i < 8; ++i) x.push_back(static_cast<std::int32_t>(state >> i & 1));
    const model::QuboVerdict verdict = model::judge(problem, x);
    if (verdict.feasible) best = std::min(best, verdict.energy);
  }
  const baselines::QuboBaseline found = baselines::qubo_enumerate(problem);
  EXPECT_EQ(found.energy, best);
  EXPECT_TRUE(model::judge(problem, found.values).feasible);
  EXPECT_THROW(baselines::qubo_enumerate(tests::sample_qubo({.variables = 31})), core::UserError);
}

}  // namespace
}  // namespace tempera::qubo
