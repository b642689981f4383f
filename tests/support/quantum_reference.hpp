// State vectors the slow way: one complex number after another, matrices as written in a textbook. Shares nothing with the engines.
#pragma once

#include <cmath>
#include <complex>
#include <cstdint>
#include <random>
#include <vector>

#include "solvers/quantum/cost_polynomial.hpp"

namespace tempera::tests {

using Complex = std::complex<double>;
using DenseState = std::vector<Complex>;

inline DenseState uniform_state(int qubits) { return DenseState(std::size_t{1} << qubits, Complex(std::exp2(-0.5 * qubits))); }

/// A 2x2 matrix on one qubit: state' = matrix state.
inline void apply_one(DenseState& state, int qubit, const Complex (&m)[2][2]) {
  for (std::size_t i = 0; i < state.size(); ++i) {
    if (i >> qubit & 1) continue;
    const std::size_t j = i | std::size_t{1} << qubit;
    const Complex a = state[i], b = state[j];
    state[i] = m[0][0] * a + m[0][1] * b;
    state[j] = m[1][0] * a + m[1][1] * b;
  }
}

/// The cost of every index, term by term.
inline std::vector<double> costs_of(const quantum::CostPolynomial& cost) {
  std::vector<double> costs(std::size_t{1} << cost.qubits());
  for (std::size_t i = 0; i < costs.size(); ++i) costs[i] = cost.value(i);
  return costs;
}

/// exp(-i beta sum X) exp(-i gamma C)
inline void reference_layer(DenseState& state, const std::vector<double>& costs, double gamma, double beta) {
  for (std::size_t i = 0; i < state.size(); ++i) state[i] *= std::polar(1.0, -gamma * costs[i]);
  const Complex c(std::cos(beta)), s(0, -std::sin(beta));
  for (int q = 0; (std::size_t{1} << q) < state.size(); ++q) apply_one(state, q, {{c, s}, {s, c}});
}

inline double reference_expectation(const DenseState& state, const std::vector<double>& costs) {
  double sum = 0;
  for (std::size_t i = 0; i < state.size(); ++i) sum += std::norm(state[i]) * costs[i];
  return sum;
}

/// The graph of the golden values: a Moebius ladder, ring edge i weighs 1 + (2 i + 3) mod 5, rung i weighs 1 + (3 i + 1) mod 5.
inline quantum::CostPolynomial moebius_ladder(int n) {
  std::vector<quantum::Coupling> edges;
  for (int i = 0; i < n; ++i) edges.push_back({i, (i + 1) % n, 1.0 + (2 * i + 3) % 5});
  for (int i = 0; i < n / 2; ++i) edges.push_back({i, i + n / 2, 1.0 + (3 * i + 1) % 5});
  return quantum::max_cut(n, edges);
}

enum class Weights { whole, real };

/// A random dense cost with fields, so that no bit-flip symmetry hides a mistake.
inline quantum::CostPolynomial random_cost(int n, unsigned seed, Weights weights) {
  std::mt19937 random(seed);
  const auto draw = [&] { return weights == Weights::whole ? static_cast<double>(random() % 5) - 2 : random() * 0x1p-31 - 1; };
  std::vector<double> linear;
  std::vector<quantum::Coupling> couplings;
  for (int i = 0; i < n; ++i) linear.push_back(draw());
  for (int i = 0; i < n; ++i)
    for (int j = i + 1; j < n; ++j)
      if (n < 8 || random() % 3 == 0) couplings.push_back({i, j, draw()});
  return quantum::make_cost(n, 0.75, linear, couplings);
}

}  // namespace tempera::tests
