// The one-hot subspace and the mixers that keep it, against the full register.
#include "solvers/quantum/one_hot.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <set>

#include "solvers/core/error.hpp"
#include "solvers/quantum/mixers.hpp"
#include "solvers/quantum/register.hpp"
#include "tests/support/quantum_reference.hpp"

namespace {
using namespace tempera;
using namespace tempera::quantum;
using tests::Complex;

// exp(-i beta H) by its series, H = sum over pairs of (X X + Y Y) / 2 on `qubits` qubits.
Matrix exponential(int qubits, const std::vector<std::pair<int, int>>& pairs, double beta) {
  const std::size_t size = std::size_t{1} << qubits;
  Matrix h(size * size), power = matrices::identity(qubits), sum = power;
  for (std::size_t k = 0; k < size; ++k)
    for (const auto& [a, b] : pairs)
      if ((k >> a & 1) != (k >> b & 1)) h[(k ^ (std::size_t{1} << a) ^ (std::size_t{1} << b)) * size + k] += 1;  // XX + YY = 2 (flip-flop)
  for (int n = 1; n < 80; ++n) {
    Matrix next(size * size);
    for (std::size_t r = 0; r < size; ++r)
      for (std::size_t k = 0; k < size; ++k)
        for (std::size_t c = 0; c < size; ++c) next[r * size + c] += power[r * size + k] * h[k * size + c] * Complex(0, -beta / n);
    power = next;
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += power[k];
  }
  return sum;
}

std::uint64_t bits_of(const OneHotEngine& engine, std::uint64_t index) {
  std::uint64_t bits = 0;
  const auto chosen = engine.choices_of(index);
  for (int r = 0; r < engine.rows(); ++r) bits |= std::uint64_t{1} << (r * engine.choices() + chosen[static_cast<std::size_t>(r)]);
  return bits;
}

Matrix row_matrix(int m, RowMixer mixer, double beta) {
  std::vector<std::pair<int, int>> pairs;
  for (int a = 0; a < m; ++a)
    for (int b = a + 1; b < m; ++b)
      if (mixer == RowMixer::complete || b == a + 1 || (a == 0 && b == m - 1)) pairs.emplace_back(a, b);
  if (mixer != RowMixer::grover) return exponential(m, pairs, beta);
  const std::size_t size = std::size_t{1} << m;  // 1 + (e^{-i beta} - 1) |W><W|
  Matrix matrix = matrices::identity(m);
  for (int a = 0; a < m; ++a)
    for (int b = 0; b < m; ++b) matrix[(std::size_t{1} << a) * size + (std::size_t{1} << b)] += (std::polar(1.0, -beta) - 1.0) / static_cast<double>(m);
  return matrix;
}

void expect_the_full_simulation(int rows, int choices, RowMixer mixer) {
  const int n = rows * choices;
  const CostPolynomial cost = tests::random_cost(n, 21, tests::Weights::real);
  OneHotEngine engine(cost, rows, choices, 2);
  core::SingleRank alone;
  Register<double> full(n, alone, 1);
  for (std::uint64_t i = 0; i < (std::uint64_t{1} << n); ++i) full.set_amplitude(i, 0);
  for (std::uint64_t k = 0; k < engine.size(); ++k) {
    EXPECT_NEAR(engine.cost(k), cost.value(bits_of(engine, k)), 1e-12);
    full.set_amplitude(bits_of(engine, k), 1 / std::sqrt(static_cast<double>(engine.size())));
  }
  for (const auto& [gamma, beta] : {std::pair{.4, .3}, {-.7, 1.1}, {.2, 2.6}}) {
    engine.layer(gamma, beta, mixer);
    full.multiply([&, g = gamma](std::uint64_t i) { return std::polar(1.0, -g * cost.value(i)); });
    for (int r = 0; r < rows; ++r) {
      std::vector<int> row;
      for (int c = 0; c < choices; ++c) row.push_back(r * choices + c);
      full.apply({.qubits = row, .matrix = row_matrix(choices, mixer, beta)});
    }
  }
  double inside = 0, worst = 0;
  for (std::uint64_t k = 0; k < engine.size(); ++k) {
    inside += std::norm(full.amplitude(bits_of(engine, k)));
    worst = std::max(worst, std::abs(engine.amplitude(k) - full.amplitude(bits_of(engine, k))));
  }
  EXPECT_LT(worst, 1e-12) << rows << " rows of " << choices;
  EXPECT_NEAR(inside, 1, 1e-12);
  EXPECT_NEAR(engine.norm(), 1, 1e-12);
  EXPECT_NEAR(engine.expectation(), full.expectation([&](std::uint64_t i) { return cost.value(i); }), 1e-11);
}

TEST(OneHot, EqualsTheFullSimulation) {
  for (const auto mixer : {RowMixer::complete, RowMixer::ring, RowMixer::grover})
    for (const auto& [rows, choices] : {std::pair{4, 3}, {3, 4}, {5, 2}, {1, 4}, {3, 1}}) expect_the_full_simulation(rows, choices, mixer);
}

TEST(OneHot, DoesNotDependOnThreadsAndKeepsItsNorm) {
  const CostPolynomial cost = tests::random_cost(42, 3, tests::Weights::real);
  double values[2];
  for (const int threads : {1, 2}) {
    OneHotEngine engine(cost, 6, 7, threads);  // 117,649 amplitudes: beyond one stretch
    for (const auto mixer : {RowMixer::complete, RowMixer::ring}) engine.layer(.3, .4, mixer);
    EXPECT_NEAR(engine.norm(), 1, 1e-12);
    values[threads - 1] = engine.expectation();
  }
  EXPECT_EQ(values[0], values[1]);
}

TEST(OneHot, DrawsFeasibleStringsAndRefusesBadShapes) {
  const CostPolynomial cost = tests::random_cost(12, 3, tests::Weights::whole);
  OneHotEngine engine(cost, 4, 3, 1);
  engine.layer(.3, .4, RowMixer::complete);
  const auto drawn = engine.draw(300, 4);
  EXPECT_EQ(drawn.size(), 300u);
  for (const std::uint64_t index : drawn) EXPECT_EQ(std::popcount(bits_of(engine, index)), 4);
  EXPECT_THROW(OneHotEngine(cost, 5, 3, 1), core::UserError);
  EXPECT_THROW(OneHotEngine(make_cost(160, 0, {}, {}), 20, 8, 1), core::UserError);  // 2^60 amplitudes
}

TEST(Mixers, PairEveryQubitOnceAndKeepTheNumberOfOnes) {
  for (const int m : {2, 3, 4, 5, 6}) {
    std::vector<int> group;
    for (int q = 0; q < m; ++q) group.push_back(q);
    for (const bool ring : {true, false}) {
      const auto gates = ring ? xy_ring_mixer(group, .7) : xy_complete_mixer(group, .7);
      std::set<std::set<int>> pairs;
      for (const Gate& gate : gates) pairs.insert({gate.qubits.begin(), gate.qubits.end()});
      EXPECT_EQ(pairs.size(), gates.size());
      EXPECT_EQ(gates.size(), static_cast<std::size_t>(ring ? (m > 2 ? m : 1) : m * (m - 1) / 2)) << m << (ring ? " ring" : " complete");
      core::SingleRank alone;
      Register<double> state(m, alone, 1);
      state.apply({.qubits = {0}, .matrix = matrices::x()});
      for (const Gate& gate : gates) state.apply(gate);
      double one = 0;
      for (int q = 0; q < m; ++q) one += std::norm(state.amplitude(std::uint64_t{1} << q));
      EXPECT_NEAR(one, 1, 1e-12);
      EXPECT_LT(std::norm(state.amplitude(1)), .99);
    }
  }
}

TEST(Mixers, GroverKeepsTheUniformStateAndTurnsOthers) {
  core::SingleRank alone;
  Register<double> state(7, alone, 1);
  state.set_uniform();
  state.add_mean(std::polar(1.0, -.8) - 1.0);
  for (std::uint64_t i = 0; i < 128; ++i) EXPECT_LT(std::abs(state.amplitude(i) - std::polar(std::exp2(-3.5), -.8)), 1e-13);
  Register<double> other(7, alone, 1);
  other.apply({.qubits = {2}, .matrix = matrices::x()});
  other.add_mean(std::polar(1.0, -.8) - 1.0);
  EXPECT_NEAR(other.norm(), 1, 1e-13);
  EXPECT_LT(std::abs(other.amplitude(4) - (1.0 + (std::polar(1.0, -.8) - 1.0) / 128.0)), 1e-13);
}

}  // namespace
