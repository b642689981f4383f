// The state vector over MPI ranks; of three ranks, one is idle.
#include "solvers/quantum/qaoa_engine.hpp"

#include "mpi/comm/rank_group.hpp"
#include "tests/support/quantum_reference.hpp"
#include "tests/support/rank_test.hpp"

namespace {
using namespace tempera;
using namespace tempera::quantum;

std::unique_ptr<core::RankGroup> group_for(int qubits) {
  return comm::make_rank_group(tests::session(), most_ranks(qubits, tests::session().world().size()));
}

TEST(QaoaOnRanks, EqualsTheReference) {
  const CostPolynomial cost = tests::random_cost(12, 2, tests::Weights::whole);
  const auto costs = tests::costs_of(cost);
  auto expected = tests::uniform_state(12);
  const auto group = group_for(12);
  double worst = 0;
  if (group) {
    QaoaEngine<double> engine(cost, *group, {});
    auto state = engine.make_state();
    engine.start(state);
    for (int l = 0; l < 3; ++l) {
      engine.layer(state, .1 + l, .9 * l);
      tests::reference_layer(expected, costs, .1 + l, .9 * l);
    }
    for (std::uint64_t i = 0; i < (std::uint64_t{1} << engine.local_qubits()); ++i)
      worst = std::max(worst, std::abs(engine.amplitude(state, i) - expected[engine.index_of(state, i)]));
    EXPECT_NEAR(engine.expectation(state), tests::reference_expectation(expected, costs), 1e-9);
  }
  ASSERT_ALL_RANKS(worst < 1e-12);
}

TEST(QaoaOnRanks, GivesTheGoldenValue) {
  const auto group = group_for(20);
  double value = 73.041690270;
  if (group) {
    QaoaEngine<double> engine(tests::moebius_ladder(20), *group, {});
    auto state = engine.make_state();
    engine.start(state);
    const double gamma[] = {.09, .15, .21}, beta[] = {.6, .4, .2};
    for (int l = 0; l < 3; ++l) engine.layer(state, gamma[l], beta[l]);
    value = engine.expectation(state);
  }
  EXPECT_NEAR(value, 73.041690270, 1e-9);
}

TEST(QaoaOnRanks, SendsAllButItsOwnShareOncePerLayer) {
  const auto group = group_for(18);
  std::uint64_t sent = 0, expected = 0;
  if (group) {
    QaoaEngine<float> engine(tests::moebius_ladder(18), *group, {});
    auto state = engine.make_state();
    engine.start(state);
    for (int l = 0; l < 2; ++l) engine.layer(state, .1, .2);
    const std::uint64_t ranks = static_cast<std::uint64_t>(group->size()), share = (std::uint64_t{8} << 18) / ranks;
    sent = group->bytes_sent();
    expected = 2 * (share - share / ranks);
  }
  EXPECT_EQ(sent, expected);
}

TEST(QaoaOnRanks, LeavesOtherRanksIdle) {
  const int world = tests::session().world().size(), rank = tests::session().world().rank();
  const auto group = group_for(20);
  EXPECT_EQ(group != nullptr, rank < (world == 3 ? 2 : world));
}

}  // namespace
