// The cost of a bit string: a quadratic polynomial of its bits (QUBO).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tempera::quantum {

/// b x_i x_j with i < j.
struct Coupling {
  int i = 0;
  int j = 0;
  double weight = 0;
};

/// C(x) = offset + sum a_i x_i + sum b_ij x_i x_j; bit i of an index is x_i.
struct CostPolynomial {
  double offset = 0;
  std::vector<double> linear;       ///< one per qubit
  std::vector<Coupling> couplings;  ///< each pair once

  int qubits() const { return static_cast<int>(linear.size()); }
  /// Up to 64 qubits.
  double value(std::uint64_t index) const;
  /// The largest step of which every coefficient but the offset is a whole multiple (down to 1/1024); 0 when there is none.
  double step() const;
  /// Qubit q of the result is qubit order[q] of this.
  CostPolynomial reordered(std::span<const int> order) const;
};

/// @throws UserError for a coefficient that is not finite, an index outside 0..qubits-1, or i = j; pairs given twice are summed
CostPolynomial make_cost(int qubits, double offset, std::span<const double> linear, std::span<const Coupling> couplings);

/// The weight of the edges that a bit string cuts.
CostPolynomial max_cut(int vertices, std::span<const Coupling> edges);

/// C = offset + sum h_i s_i + sum J_ij s_i s_j with s = 1 - 2 x.
CostPolynomial from_ising(int qubits, double offset, std::span<const double> fields, std::span<const Coupling> couplings);

}  // namespace tempera::quantum
