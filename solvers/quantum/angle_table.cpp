#include "solvers/quantum/angle_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace tempera::quantum {

namespace {
constexpr int deepest = 8;

// Per depth: gamma times the couplings' root mean square and the square root of the mean degree, then beta. Printed by
// tests/bench/angle_table with 6 instances of 12 qubits.
const std::array<Angles, deepest>& table() {
  static const std::array<Angles, deepest> angles = {{
      {{0.5051}, {-0.3796}},
      {{0.3937, 0.7154}, {-0.4919, -0.2699}},
      {{0.3433, 0.6099, 0.6972}, {-0.5373, -0.3692, -0.2118}},
      {{0.3075, 0.5549, 0.6089, 0.7134}, {-0.5587, -0.4147, -0.3116, -0.1769}},
      {{0.2876, 0.5210, 0.5579, 0.6288, 0.7224}, {-0.5679, -0.4345, -0.3540, -0.2733, -0.1508}},
      {{0.2667, 0.4988, 0.5293, 0.5794, 0.6418, 0.7399}, {-0.5742, -0.4447, -0.3742, -0.3154, -0.2403, -0.1300}},
      {{0.2550, 0.4826, 0.5131, 0.5535, 0.5923, 0.6643, 0.7598}, {-0.5795, -0.4481, -0.3844, -0.3366, -0.2810, -0.2148, -0.1147}},
      {{0.2418, 0.4657, 0.4995, 0.5373, 0.5655, 0.6122, 0.6865, 0.7787}, {-0.5823, -0.4500, -0.3886, -0.3473, -0.3005, -0.2505, -0.1902, -0.1002}},
  }};
  return angles;
}
}  // namespace

Angles tabled_angles(int depth, const CostPolynomial& cost) {
  Angles angles = table()[static_cast<std::size_t>(std::clamp(depth, 1, deepest) - 1)];
  if (depth > deepest) angles = stretched(angles, depth);
  const double degree = std::max(1.0, 2 * static_cast<double>(cost.couplings.size()) / std::max(1, cost.qubits()));
  for (double& gamma : angles.gamma) gamma /= ising_scale(cost) * std::sqrt(degree);
  return angles;
}

}  // namespace tempera::quantum
