// The layer engine against the slow reference, amplitude by amplitude: every way of storing costs, both precisions, all
// instruction sets of this machine, angles of every quarter turn, sizes around each border of the memory layout.
#include <gtest/gtest.h>


#include "solvers/core/error.hpp"
#include "solvers/quantum/qaoa_engine.hpp"
#include "tests/support/memory_ranks.hpp"
#include "tests/support/quantum_reference.hpp"

namespace {
using namespace tempera;
using namespace tempera::quantum;
using tests::Weights;

constexpr double angles[][2] = {{.37, .3}, {-.21, 1.1}, {.5, -.9}, {1.3, 2.5}, {.11, -3.0}};

template <class Real>
constexpr double tolerance = sizeof(Real) == 8 ? 1e-12 : 2e-6;

template <class Real>
double largest_error(const CostPolynomial& cost, core::RankGroup& ranks, const EngineOptions& options, int layers) {
  QaoaEngine<Real> engine(cost, ranks, options);
  auto state = engine.make_state();
  engine.start(state);
  const auto costs = tests::costs_of(cost);
  auto expected = tests::uniform_state(cost.qubits());
  double worst = 0;
  for (int l = 0; l < layers; ++l) {
    engine.layer(state, angles[l][0], angles[l][1]);
    tests::reference_layer(expected, costs, angles[l][0], angles[l][1]);
  }
  for (std::uint64_t i = 0; i < (std::uint64_t{1} << engine.local_qubits()); ++i)
    worst = std::max(worst, std::abs(engine.amplitude(state, i) - expected[engine.index_of(state, i)]));
  worst = std::max(worst, std::abs(engine.norm(state) - 1));
  worst = std::max(worst, std::abs(engine.expectation(state) - tests::reference_expectation(expected, costs)) / (1 + std::abs(engine.scale().most) + std::abs(engine.scale().least)));
  return worst;
}

template <class Real>
void expect_right(int qubits, Weights weights, EngineOptions options, double allowed = tolerance<Real>, int layers = 5) {
  core::SingleRank alone;
  const CostPolynomial cost = tests::random_cost(qubits, static_cast<unsigned>(qubits), weights);
  EXPECT_LT(largest_error<Real>(cost, alone, options, layers), allowed)
      << qubits << " qubits, " << sizeof(Real) << " bytes, " << name_of(options.instructions) << (options.diagonal ? name_of(*options.diagonal) : "");
}

std::vector<InstructionSet> sets_here() {
  std::vector<InstructionSet> sets;
  for (const auto set : {InstructionSet::portable, InstructionSet::avx2, InstructionSet::avx512})
    if (runs_here(set)) sets.push_back(set);
  return sets;
}

TEST(QaoaEngine, EqualsTheReferenceAtEverySizeAndInstructionSet) {
  for (const auto set : sets_here())
    for (int n = 1; n <= 13; ++n) {
      expect_right<double>(n, Weights::whole, {.instructions = set});
      expect_right<float>(n, Weights::whole, {.instructions = set});
    }
}

TEST(QaoaEngine, EqualsTheReferenceForEveryStoredCost) {
  for (const auto set : sets_here())
    for (const int n : {4, 7, 12}) {
      for (const auto kind : {DiagonalKind::levels8, DiagonalKind::levels16, DiagonalKind::real32}) {
        expect_right<double>(n, Weights::whole, {.diagonal = kind, .instructions = set});
        expect_right<float>(n, Weights::whole, {.diagonal = kind, .instructions = set});
      }
      // Real weights are rounded: the phase is off by gamma times half a level, or 2^-24 of the cost.
      expect_right<double>(n, Weights::real, {.diagonal = DiagonalKind::real32, .instructions = set}, 1e-6);
      expect_right<double>(n, Weights::real, {.diagonal = DiagonalKind::levels16, .instructions = set}, 2e-4);
      expect_right<float>(n, Weights::real, {.diagonal = DiagonalKind::real32, .instructions = set}, 3e-6);
    }
}

TEST(QaoaEngine, EqualsTheReferenceAcrossChunksAndThreads) {
  expect_right<double>(19, Weights::whole, {.threads = 2}, 1e-12, 1);
  expect_right<float>(17, Weights::whole, {.threads = 2}, 2e-6, 2);
}

TEST(QaoaEngine, GivesTheGoldenValues) {
  const double gamma[] = {.09, .15, .21}, beta[] = {.6, .4, .2};
  const auto golden = [&]<class Real>(Real, int n, double expected, double allowed) {
    core::SingleRank alone;
    QaoaEngine<Real> engine(tests::moebius_ladder(n), alone, {});
    auto state = engine.make_state();
    engine.start(state);
    for (int l = 0; l < 3; ++l) engine.layer(state, gamma[l], beta[l]);
    EXPECT_EQ(engine.scale().kind, DiagonalKind::levels8);
    EXPECT_NEAR(engine.expectation(state), expected, allowed);
  };
  golden(double{}, 12, 41.287280365, 1e-9);
  golden(double{}, 20, 73.041690270, 1e-9);
  golden(float{}, 12, 41.287280365, 1e-5);
  golden(float{}, 20, 73.041690270, 1e-5);
}

TEST(QaoaEngine, DoesNotDependOnThreads) {
  core::SingleRank alone;
  const CostPolynomial cost = tests::random_cost(16, 3, Weights::real);
  double results[2];
  for (const int threads : {1, 3}) {
    QaoaEngine<float> engine(cost, alone, {.threads = threads});
    auto state = engine.make_state();
    engine.start(state);
    engine.layer(state, .3, .4);
    results[threads == 3] = engine.expectation(state);
  }
  EXPECT_EQ(results[0], results[1]);
}

TEST(QaoaEngine, ChoosesTheSmallestExactDiagonal) {
  core::SingleRank alone;
  const auto kind = [&](double weight) {
    const Coupling coupling{0, 1, weight};
    const double linear[] = {1, 1};
    return choose_scale(make_cost(2, .1, linear, {&coupling, 1}), {}, alone, 1);
  };
  EXPECT_EQ(kind(200).kind, DiagonalKind::levels8);
  EXPECT_EQ(kind(200).step, 1);
  EXPECT_EQ(kind(-300).kind, DiagonalKind::levels16);
  EXPECT_EQ(kind(1e6).kind, DiagonalKind::real32);
  EXPECT_TRUE(kind(1e6).exact);
  EXPECT_EQ(kind(0.5).step, 0.5);
  EXPECT_EQ(kind(0.3).kind, DiagonalKind::real32);
  EXPECT_FALSE(kind(0.3).exact);
}

TEST(QaoaEngine, DiagonalHoldsTheCostOfEveryIndex) {
  const CostPolynomial cost = tests::random_cost(14, 5, Weights::whole);
  core::SingleRank alone;
  const CostScale scale = choose_scale(cost, {}, alone, 2);
  for (const std::uint64_t high : {0, 1, 2, 3}) {
    const CostDiagonal diagonal(cost, scale, 12, high, 2);
    for (std::uint64_t i = 0; i < 4096; ++i) ASSERT_DOUBLE_EQ(diagonal.cost(i), cost.value(high << 12 | i));
  }
}

// ---- over ranks, as threads ------------------------------------------------------------------------------------------------------

TEST(QaoaEngine, EqualsTheReferenceOnRanks) {
  for (const auto& [ranks, qubits] : {std::pair{2, 8}, {2, 13}, {4, 10}, {4, 14}, {8, 12}}) {
    const CostPolynomial cost = tests::random_cost(qubits, 9, Weights::whole);
    for (int layers = 1; layers <= 5; ++layers)
      tests::on_ranks(ranks, [&, r = ranks](core::RankGroup& group) {
        EXPECT_LT(largest_error<double>(cost, group, {}, layers), tolerance<double>) << r << " ranks, " << layers << " layers";
        EXPECT_LT(largest_error<float>(cost, group, {.diagonal = DiagonalKind::real32}, layers), tolerance<float>);
      });
  }
}

TEST(QaoaEngine, EqualsTheReferenceOnRanksAcrossChunks) {
  const CostPolynomial cost = tests::random_cost(20, 9, Weights::whole);
  tests::on_ranks(2, [&](core::RankGroup& group) { EXPECT_LT(largest_error<double>(cost, group, {}, 1), tolerance<double>); });
}

TEST(QaoaEngine, SendsAllButItsOwnShareOncePerLayer) {
  for (const int ranks : {1, 2, 4, 8}) {
    const CostPolynomial cost = tests::random_cost(14, 1, Weights::whole);
    tests::on_ranks(ranks, [&](core::RankGroup& group) {
      QaoaEngine<double> engine(cost, group, {});
      auto state = engine.make_state();
      engine.start(state);
      const std::uint64_t share = (16u << 14) / static_cast<unsigned>(ranks);
      for (int layer = 1; layer <= 3; ++layer) {
        engine.layer(state, .1, .2);
        EXPECT_EQ(group.bytes_sent(), static_cast<std::uint64_t>(layer) * (share - share / static_cast<unsigned>(ranks)));
      }
    });
  }
}

TEST(QaoaEngine, RestoresTheOrderOfQubits) {
  const CostPolynomial cost = tests::random_cost(10, 4, Weights::whole);
  auto expected = tests::uniform_state(10);
  tests::reference_layer(expected, tests::costs_of(cost), .4, .3);
  tests::on_ranks(4, [&](core::RankGroup& group) {
    QaoaEngine<double> engine(cost, group, {});
    auto state = engine.make_state();
    engine.start(state);
    engine.layer(state, .4, .3);
    engine.restore_order(state);
    for (std::uint64_t i = 0; i < 256; ++i) {
      ASSERT_EQ(engine.index_of(state, i), static_cast<std::uint64_t>(group.rank()) << 8 | i);
      ASSERT_LT(std::abs(engine.amplitude(state, i) - expected[engine.index_of(state, i)]), 1e-12);
    }
  });
}

TEST(QaoaEngine, RefusesRankCountsThatDoNotFit) {
  EXPECT_EQ(most_ranks(20, 3), 2);
  EXPECT_EQ(most_ranks(20, 64), 64);
  EXPECT_EQ(most_ranks(10, 64), 4);  // blocks of 64 amplitudes at least
  EXPECT_EQ(most_ranks(3, 64), 1);
  tests::on_ranks(3, [](core::RankGroup& group) { EXPECT_THROW(QaoaEngine<double>(tests::moebius_ladder(10), group, {}), core::UserError); });
}

TEST(CostPolynomial, RefusesBadCoefficients) {
  const Coupling self{1, 1, 2}, outside{0, 5, 1}, infinite{0, 1, std::numeric_limits<double>::infinity()};
  EXPECT_THROW(make_cost(3, 0, {}, {&self, 1}), core::UserError);
  EXPECT_THROW(make_cost(3, 0, {}, {&outside, 1}), core::UserError);
  EXPECT_THROW(make_cost(3, 0, {}, {&infinite, 1}), core::UserError);
  EXPECT_THROW(make_cost(0, 0, {}, {}), core::UserError);
  const Coupling twice[] = {{0, 1, 2}, {1, 0, 3}};
  EXPECT_EQ(make_cost(2, 0, {}, twice).couplings.front().weight, 5);
}

TEST(CostPolynomial, ReadsIsing) {
  const double fields[] = {.5, -1};
  const Coupling coupling{0, 1, 2};
  const CostPolynomial cost = from_ising(2, 3, fields, {&coupling, 1});
  EXPECT_DOUBLE_EQ(cost.value(0), 3 + .5 - 1 + 2);
  EXPECT_DOUBLE_EQ(cost.value(1), 3 - .5 - 1 - 2);
  EXPECT_DOUBLE_EQ(cost.value(3), 3 - .5 + 1 + 2);
}

}  // namespace
