// The dense, grouped and permutation engines against exact averages, optima and the referee.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "io/instances/qubo_files.hpp"
#include "solvers/baselines/qap_descent.hpp"
#include "solvers/baselines/qubo_tabu.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/qubo_referee.hpp"
#include "solvers/qubo/choose.hpp"
#include "solvers/qubo/dense_ladder.hpp"
#include "solvers/qubo/group_ladder.hpp"
#include "solvers/qubo/qap_ladder.hpp"
#include "tests/support/benchmark_data.hpp"
#include "tests/support/qubo_samples.hpp"

namespace tempera::qubo {
namespace {

constexpr core::StreamKey key{.seed = 4, .domain = core::anneal_qubo};
using States = std::vector<std::pair<std::vector<std::int32_t>, std::int64_t>>;  // all feasible states and their energies

std::vector<double> geometric(double coldest, double ratio, int count) {
  std::vector<double> t;
  for (int k = 0; k < count; ++k) t.push_back(coldest * std::pow(ratio, k));
  return t;
}

States all_states(const model::QuboProblem& problem) {
  States states;
  for (std::uint32_t bits = 0; bits < 1u << problem.variables(); ++bits) {
    std::vector<std::int32_t> x;
    for (std::int32_t i = 0; i < problem.variables(); ++i) x.push_back(static_cast<std::int32_t>(bits >> i & 1));
    const model::QuboVerdict verdict = model::judge(problem, x);
    if (verdict.feasible) states.emplace_back(std::move(x), verdict.energy);
  }
  return states;
}

States all_states(const model::QapProblem& problem) {
  States states;
  std::vector<std::int32_t> p(static_cast<std::size_t>(problem.size));
  std::iota(p.begin(), p.end(), 0);
  do states.emplace_back(p, model::judge(problem, p).energy);
  while (std::next_permutation(p.begin(), p.end()));
  return states;
}

std::int64_t least(const States& states) {
  return std::ranges::min_element(states, {}, [](const auto& s) { return s.second; })->second;
}

// Largest difference between a rung's mean energy and the exact one.
double largest_error(ReplicaLadder& ladder, const States& states, const std::vector<double>& temperatures, int sweeps) {
  ladder.begin({}, key, {});
  ladder.sweep(100);
  std::vector<double> sum(temperatures.size(), 0);
  for (int k = 0; k < sweeps; ++k) {
    ladder.sweep(1);
    const std::vector<Found> now = ladder.coldest(temperatures.size());
    for (std::size_t rung = 0; rung < now.size(); ++rung) sum[rung] += static_cast<double>(now[rung].energy);
  }
  double worst = 0;
  for (std::size_t rung = 0; rung < temperatures.size(); ++rung) {
    double weight = 0, mean = 0;
    for (const auto& [x, energy] : states) {
      const double w = std::exp(-static_cast<double>(energy - least(states)) / temperatures[rung]);
      weight += w, mean += w * static_cast<double>(energy);
    }
    worst = std::max(worst, std::fabs(sum[rung] / sweeps - mean / weight));
  }
  return worst;
}

model::QapProblem random_qap(std::int32_t size, bool symmetric, std::uint64_t seed, std::uint32_t largest = 9) {
  core::RandomStream random({.seed = seed, .domain = core::tests, .part = 78});
  model::QapProblem problem{.name = "sample", .size = size, .flow = {}, .distance = {}};
  const auto n = static_cast<std::size_t>(size);
  for (auto* matrix : {&problem.flow, &problem.distance}) {
    matrix->resize(n * n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) (*matrix)[i * n + j] = symmetric && j < i ? (*matrix)[j * n + i] : random.below(largest);
  }
  return problem;
}

TEST(DenseLadder, EveryRungHasItsBoltzmannAverage) {
  const model::QuboProblem problem = tests::sample_qubo({.variables = 10, .density = 0.9, .largest = 6, .seed = 3});
  const std::vector<double> temperatures = geometric(1, 1.3, 10);
  EXPECT_LT(largest_error(*make_dense_ladder(problem, {.temperatures = temperatures}), all_states(problem), temperatures, 40'000), 0.25);
}

TEST(DenseLadder, EveryBuildAndEveryWidthTakesTheSameDecisions) {
  for (const std::int32_t largest : {60, 9'000, 90'000}) {
    const model::QuboProblem problem = tests::sample_qubo({.variables = 70, .density = 0.8, .largest = largest, .seed = 8});
    const auto reference = make_dense_ladder(problem, {}, Isa::portable);
    reference->begin({}, key, {});
    reference->sweep(300);
    EXPECT_EQ(model::judge(problem, reference->best().values).energy, reference->best().energy);
    for (const Isa isa : {Isa::avx2, Isa::avx512}) {
      if (!is_supported(isa)) continue;
      const auto ladder = make_dense_ladder(problem, {}, isa);
      ladder->begin({}, key, {});
      ladder->sweep(300);
      EXPECT_EQ(ladder->image().ints, reference->image().ints) << name_of(isa) << ", coefficients up to " << largest;
      EXPECT_EQ(ladder->image().reals, reference->image().reals);
    }
  }
}

TEST(GroupLadder, EveryRungHasItsBoltzmannAverageOverFeasibleStates) {
  model::QuboProblem problem = tests::sample_qubo({.variables = 10, .density = 0.6, .largest = 5, .seed = 12});
  problem.groups = {{.wanted = 1, .members = {0, 3, 5}}, {.wanted = 2, .members = {1, 2, 7, 9}}};
  const std::vector<double> temperatures = geometric(1, 1.3, 8);
  EXPECT_LT(largest_error(*make_group_ladder(problem, {.temperatures = temperatures}), all_states(problem), temperatures, 40'000), 0.2);
}

TEST(QapLadder, EveryRungHasItsBoltzmannAverage) {
  for (const bool symmetric : {true, false}) {
    const model::QapProblem problem = random_qap(5, symmetric, 3);
    const std::vector<double> temperatures = geometric(15, 1.4, 8);
    EXPECT_LT(largest_error(*make_qap_ladder(problem, {.temperatures = temperatures}), all_states(problem), temperatures, 40'000), 2.5) << (symmetric ? "symmetric" : "not");
  }
}

TEST(Ladders, FindTheOptimumAndGoOnFromTheirImage) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    model::QuboProblem dense = tests::sample_qubo({.variables = 14, .density = 1, .largest = 50, .seed = seed}), grouped = dense;
    grouped.groups = {{.wanted = 1, .members = {0, 1, 2, 3}}, {.wanted = 3, .members = {4, 5, 6, 7, 8}}};
    const model::QapProblem qap = random_qap(7, seed % 2 == 0, seed), huge = random_qap(6, false, seed, 4'000'000);
    struct Case { std::unique_ptr<ReplicaLadder> first, second; std::int64_t optimum; };
    std::vector<Case> cases;
    cases.push_back({make_dense_ladder(dense), make_dense_ladder(dense), least(all_states(dense))});
    cases.push_back({make_group_ladder(grouped), make_group_ladder(grouped), least(all_states(grouped))});
    cases.push_back({make_qap_ladder(qap), make_qap_ladder(qap), least(all_states(qap))});
    cases.push_back({make_qap_ladder(huge), make_qap_ladder(huge), least(all_states(huge))});
    for (Case& c : cases) {
      c.first->begin({}, key, {});
      c.first->sweep(250);
      EXPECT_EQ(c.first->best().energy, c.optimum);
      const LadderImage image = c.first->image();
      const core::StreamKey next{.seed = 4, .domain = core::anneal_qubo, .step = 1};
      c.first->begin(image, next, {});
      c.second->begin(image, next, {});
      c.first->sweep(250);
      c.second->sweep(250);
      EXPECT_EQ(c.first->image().ints, c.second->image().ints);
      EXPECT_EQ(c.first->image().reals, c.second->image().reals);
    }
    EXPECT_EQ(baselines::qap_descent(qap, 1, 200, {}).cost, least(all_states(qap)));
    EXPECT_EQ(baselines::qubo_descent(grouped, 1, {.flips = 20'000, .stop = {}}).energy, least(all_states(grouped)));
  }
}

TEST(Ladders, GroupsStayWholeInEveryState) {
  model::QuboProblem problem = tests::sample_qubo({.variables = 20, .density = 0.3, .largest = 4, .seed = 2});
  problem.groups = {{.wanted = 1, .members = {0, 1, 2, 3}}, {.wanted = 4, .members = {4, 5, 6, 7, 8, 9, 10}}, {.wanted = 0, .members = {11, 12}}, {.wanted = 2, .members = {13, 14}}};
  const auto ladder = make_group_ladder(problem);
  ladder->begin({}, key, {});
  for (int k = 0; k < 50; ++k) {
    ladder->sweep(1);
    for (const Found& state : ladder->coldest(24)) {
      const model::QuboVerdict verdict = model::judge(problem, state.values);
      ASSERT_TRUE(verdict.feasible);
      ASSERT_EQ(verdict.energy, state.energy);
    }
  }
}

TEST(Choose, ByGroupsDegreeAndSize) {
  EXPECT_EQ(engine_for(tests::sample_qubo({.variables = 200, .density = 0.05})), Engine::sparse);
  EXPECT_EQ(engine_for(tests::sample_qubo({.variables = 300, .density = 0.9})), Engine::dense);
  model::QuboProblem grouped = tests::sample_qubo({.variables = 200, .density = 0.9});
  grouped.groups = {{.wanted = 1, .members = {0, 1}}};
  EXPECT_EQ(engine_for(grouped), Engine::grouped);
  EXPECT_EQ(engine_for(tests::sample_qubo({.variables = 5, .density = 1, .largest = 2'000'000'000})), Engine::grouped);  // too large for int32 fields
}

TEST(Ladders, FindPublishedOptima) {
  TEMPERA_NEEDS_BENCHMARK("qubo/qap/nug12.dat");
  const model::QapProblem nug12 = instances::read_qaplib(tests::benchmark_file("qubo/qap/nug12.dat"));
  const auto ladder = make_ladder(nug12);
  ladder->begin({}, key, {});
  ladder->sweep(300);
  EXPECT_EQ(ladder->best().energy, 578);
  TEMPERA_NEEDS_BENCHMARK("qubo/beasley/bqp100_1.qubo");
  const model::QuboProblem bqp = instances::read_qubo(tests::benchmark_file("qubo/beasley/bqp100_1.qubo"));
  for (const Engine engine : {Engine::sparse, Engine::dense, Engine::grouped}) {
    const auto some = make_ladder(bqp, engine);
    some->begin({}, key, {});
    some->sweep(300);
    EXPECT_EQ(bqp.objective(some->best().energy), 7970) << name_of(engine);
  }
}

}  // namespace
}  // namespace tempera::qubo
