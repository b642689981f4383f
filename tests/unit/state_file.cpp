// Angles and states of a QAOA come back as they were written, on any number of ranks.
#include "io/checkpoint/state_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "solvers/core/error.hpp"
#include "solvers/quantum/qaoa.hpp"
#include "tests/support/memory_ranks.hpp"
#include "tests/support/quantum_reference.hpp"
#include "tests/support/temporary_folder.hpp"

namespace {
using namespace tempera;
using namespace tempera::quantum;

TEST(StateFile, AnglesComeBack) {
  const tests::TemporaryFolder folder;
  const auto path = folder.path() / "angles.h5";
  checkpoint::write_angles(path, {.qubits = 7, .problem = "g.qubo", .gamma = {.1, .2}, .beta = {-.3, -.4}, .value = -5.5, .quantity = "expected cost"});
  const checkpoint::AnglesRecord back = checkpoint::read_angles(path);
  EXPECT_EQ(back.qubits, 7);
  EXPECT_EQ(back.problem, "g.qubo");
  EXPECT_EQ(back.gamma, (std::vector<double>{.1, .2}));
  EXPECT_EQ(back.beta, (std::vector<double>{-.3, -.4}));
  EXPECT_EQ(back.value, -5.5);
  EXPECT_EQ(back.quantity, "expected cost");
}

TEST(StateFile, RefusesOtherFiles) {
  const tests::TemporaryFolder folder;
  EXPECT_THROW(checkpoint::read_angles(folder.path() / "none.h5"), core::UserError);
  std::ofstream(folder.path() / "text.h5") << "no HDF5";
  EXPECT_THROW(checkpoint::read_angles(folder.path() / "text.h5"), core::UserError);
  EXPECT_THROW(checkpoint::state_qubits(folder.path() / "text.h5"), core::UserError);
  core::SingleRank alone;
  EXPECT_THROW(checkpoint::write_state(folder.path() / "no" / "where.h5", 4, alone, [](std::uint64_t, std::span<double>) {}), core::DataError);
}

TEST(StateFile, AStateOfAnyRanksIsReadOnAnyRanks) {
  const tests::TemporaryFolder folder;
  const CostPolynomial cost = tests::random_cost(10, 6, tests::Weights::whole);
  for (const int writers : {1, 2, 4}) {
    const auto path = folder.path() / ("state" + std::to_string(writers) + ".h5");
    tests::on_ranks(writers, [&](core::RankGroup& group) {
      QaoaEngine<double> engine(cost, group, {});
      auto state = engine.make_state();
      evaluate(engine, state, {.gamma = {.3}, .beta = {1.9}});  // a quarter turn: stored flipped
      ASSERT_TRUE(state.flipped);
      // A flipped state holds the indices of the opposite rank: here it is undone by a second quarter turn of every qubit.
      engine.layer(state, 0, 1.5707963267948966);
      engine.restore_order(state);
      checkpoint::write_state(path, 10, group, [&](std::uint64_t first, std::span<double> pairs) {
        for (std::uint64_t k = 0; k < pairs.size() / 2; ++k) {
          const auto a = engine.amplitude(state, first + k);
          pairs[2 * k] = a.real();
          pairs[2 * k + 1] = a.imag();
        }
      });
    });
    auto expected = tests::uniform_state(10);
    tests::reference_layer(expected, tests::costs_of(cost), .3, 1.9);
    tests::reference_layer(expected, tests::costs_of(cost), 0, 1.5707963267948966);
    EXPECT_EQ(checkpoint::state_qubits(path), 10);
    for (const int readers : {1, 2, 4})
      tests::on_ranks(readers, [&](core::RankGroup& group) {
        QaoaEngine<float> engine(cost, group, {});
        auto state = engine.make_state();
        engine.start(state);
        checkpoint::read_state(path, 10, group, [&](std::uint64_t first, std::span<double> pairs) {
          for (std::uint64_t k = 0; k < pairs.size() / 2; ++k) engine.set_amplitude(state, first + k, {pairs[2 * k], pairs[2 * k + 1]});
        });
        for (std::uint64_t i = 0; i < (std::uint64_t{1} << engine.local_qubits()); ++i)
          EXPECT_LT(std::abs(engine.amplitude(state, i) - expected[engine.index_of(state, i)]), 1e-6);
        EXPECT_THROW(checkpoint::read_state(path, 11, group, [](std::uint64_t, std::span<double>) {}), core::UserError);
      });
  }
}

}  // namespace
