// QAOA with mixers that keep groups, on the whole register: against plain linear algebra, the one-hot engine, and itself over ranks.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <complex>
#include <vector>

#include "solvers/core/error.hpp"
#include "solvers/quantum/group_qaoa.hpp"
#include "solvers/quantum/one_hot.hpp"
#include "tests/support/memory_ranks.hpp"
#include "tests/support/quantum_reference.hpp"

namespace tempera::quantum {
namespace {

using Amplitudes = std::vector<std::complex<double>>;

const std::vector<QubitGroup> two_groups{{.wanted = 2, .qubits = {0, 3, 4, 6}}, {.wanted = 1, .qubits = {1, 5, 2}}};  // qubit 7 is free
constexpr int qubits = 8;

bool keeps(std::uint64_t x) {
  for (const QubitGroup& group : two_groups) {
    int ones = 0;
    for (const int q : group.qubits) ones += static_cast<int>(x >> q & 1);
    if (ones != group.wanted) return false;
  }
  return true;
}

// exp(-i beta (XX + YY) / 2): turns |01> and |10> into each other.
void turn_pair(Amplitudes& state, int a, int b, double beta) {
  for (std::uint64_t x = 0; x < state.size(); ++x) {
    if ((x >> a & 1) == 0 || (x >> b & 1) == 1) continue;
    const std::uint64_t y = x ^ (std::uint64_t{1} << a) ^ (std::uint64_t{1} << b);
    const auto u = state[x], v = state[y];
    state[x] = std::cos(beta) * u - std::complex<double>(0, std::sin(beta)) * v;
    state[y] = std::cos(beta) * v - std::complex<double>(0, std::sin(beta)) * u;
  }
}

void turn_free(Amplitudes& state, int q, double beta) {
  for (std::uint64_t x = 0; x < state.size(); ++x) {
    if (x >> q & 1) continue;
    const std::uint64_t y = x | std::uint64_t{1} << q;
    const auto u = state[x], v = state[y];
    state[x] = std::cos(beta) * u - std::complex<double>(0, std::sin(beta)) * v;
    state[y] = std::cos(beta) * v - std::complex<double>(0, std::sin(beta)) * u;
  }
}

Amplitudes by_hand(const CostPolynomial& cost, double gamma, double beta, GroupMixer mixer) {
  Amplitudes state(std::size_t{1} << qubits);
  double feasible = 0;
  for (std::uint64_t x = 0; x < state.size(); ++x) feasible += keeps(x);
  for (std::uint64_t x = 0; x < state.size(); ++x)
    if (keeps(x)) state[x] = std::polar(1 / std::sqrt(feasible), -gamma * cost.value(x));
  if (mixer == GroupMixer::grover) {
    std::complex<double> sum = 0;
    for (const auto a : state) sum += a;
    for (std::uint64_t x = 0; x < state.size(); ++x)
      if (keeps(x)) state[x] += (std::polar(1.0, -beta) - 1.0) * sum / feasible;
    return state;
  }
  for (const QubitGroup& group : two_groups) {  // in the order of mixers.hpp
    const auto& g = group.qubits;
    if (mixer == GroupMixer::ring && g.size() == 4) for (const auto& [a, b] : {std::pair{0, 1}, {2, 3}, {1, 2}, {3, 0}}) turn_pair(state, g[a], g[b], beta);
    if (mixer == GroupMixer::ring && g.size() == 3) for (const auto& [a, b] : {std::pair{0, 1}, {1, 2}, {2, 0}}) turn_pair(state, g[a], g[b], beta);
  }
  turn_free(state, 7, beta);
  return state;
}

TEST(GroupQaoa, EqualsPlainLinearAlgebraInEveryAmplitude) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const CostPolynomial cost = tests::random_cost(qubits, seed, tests::Weights::real);
    for (const GroupMixer mixer : {GroupMixer::ring, GroupMixer::grover}) {
      core::SingleRank alone;
      GroupQaoa engine(cost, two_groups, alone, 2);
      EXPECT_EQ(engine.feasible_states(), 36) << "6 * 3 * 2";
      engine.layer(.3, -.7, mixer);
      const Amplitudes expected = by_hand(cost, .3, -.7, mixer);
      double value = 0;
      for (std::uint64_t x = 0; x < expected.size(); ++x) {
        EXPECT_LT(std::abs(engine.amplitude(x) - expected[x]), 1e-12) << "seed " << seed << " state " << x;
        value += std::norm(expected[x]) * cost.value(x);
      }
      EXPECT_NEAR(engine.expectation(), value, 1e-10);
    }
  }
}

TEST(GroupQaoa, StaysInItsGroupsAndFindsMoreThanUniformPicks) {
  for (const GroupMixer mixer : {GroupMixer::ring, GroupMixer::complete, GroupMixer::grover}) {
    const CostPolynomial cost = tests::random_cost(qubits, 11, tests::Weights::whole);
    core::SingleRank alone;
    GroupQaoa engine(cost, two_groups, alone, 1);
    double least = 1e300;
    for (std::uint64_t x = 0; x < 256; ++x)
      if (keeps(x)) least = std::min(least, cost.value(x));
    EXPECT_EQ(engine.least_cost(), least);
    const double uniform = engine.expectation(), chance = engine.optimum_probability(.5);
    const SearchResult found = scan_ramps(engine, cost, 4, mixer);
    EXPECT_NEAR(engine.norm(), 1, 1e-11);
    EXPECT_LT(engine.infeasible_probability(), 1e-20);
    EXPECT_NEAR(engine.expectation(), found.value, 1e-11) << "the best ramp's state is left";
    EXPECT_LT(found.value, uniform);
    EXPECT_GT(engine.optimum_probability(.5), chance);
    for (const std::uint64_t x : engine.draw(200, 3)) EXPECT_TRUE(keeps(x));
  }
}

TEST(GroupQaoa, WithOneRowAndGroverEqualsTheOneHotEngine) {
  const CostPolynomial cost = tests::random_cost(7, 5, tests::Weights::real);
  OneHotEngine rows(cost, 1, 7, 1);
  rows.layer(.4, .9, RowMixer::grover);
  core::SingleRank alone;
  GroupQaoa engine(cost, {{.wanted = 1, .qubits = {0, 1, 2, 3, 4, 5, 6}}}, alone, 1);
  engine.layer(.4, .9, GroupMixer::grover);
  EXPECT_NEAR(engine.expectation(), rows.expectation(), 1e-11);
}

TEST(GroupQaoa, HasTheSameStateOnAnyNumberOfRanks) {
  const CostPolynomial cost = tests::random_cost(10, 2, tests::Weights::real);  // three free qubits: four ranks need that many
  for (const GroupMixer mixer : {GroupMixer::ring, GroupMixer::complete, GroupMixer::grover}) {
    core::SingleRank alone;
    GroupQaoa single(cost, two_groups, alone, 1);
    single.layer(.2, -.5, mixer);
    single.layer(.4, -.3, mixer);
    const auto drawn = single.draw(100, 9);
    for (const int ranks : {2, 4}) {
      tests::on_ranks(ranks, [&](core::RankGroup& group) {
        GroupQaoa engine(cost, two_groups, group, 1);
        EXPECT_EQ(engine.least_cost(), single.least_cost());
        engine.layer(.2, -.5, mixer);
        engine.layer(.4, -.3, mixer);
        EXPECT_NEAR(engine.expectation(), single.expectation(), 1e-11);
        EXPECT_EQ(engine.draw(100, 9), drawn);
      });
    }
  }
}

TEST(GroupQaoa, RefusesGroupsThatCannotBe) {
  const CostPolynomial cost = tests::random_cost(4, 1, tests::Weights::whole);
  core::SingleRank alone;
  EXPECT_THROW(GroupQaoa(cost, {{.wanted = 3, .qubits = {0, 1}}}, alone, 1), core::UserError);
  EXPECT_THROW(GroupQaoa(cost, {{.wanted = 1, .qubits = {0, 1}}, {.wanted = 1, .qubits = {1, 2}}}, alone, 1), core::UserError);
  EXPECT_THROW(GroupQaoa(cost, {{.wanted = 1, .qubits = {0, 4}}}, alone, 1), core::UserError);
}

}  // namespace
}  // namespace tempera::quantum
