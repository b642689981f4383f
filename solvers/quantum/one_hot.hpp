// QAOA in the one-hot subspace: k rows, in each exactly one of m choices is taken. m^k amplitudes instead of 2^(m k), and every
// sample is feasible, so the cost needs no penalty terms. Amplitude index = sum_r choice_r m^r. One process.
#pragma once

#include <complex>
#include <cstdint>
#include <vector>

#include "solvers/quantum/cost_polynomial.hpp"
#include "solvers/quantum/huge_array.hpp"
#include "solvers/quantum/qaoa.hpp"

namespace tempera::quantum {

/// What moves amplitude between the choices of a row; all start from every choice alike.
enum class RowMixer {
  complete,  ///< exp(-i beta sum_{c<d} (X_c X_d + Y_c Y_d) / 2): the adjacency of the complete graph
  ring,      ///< the same over neighbours c, c+1 on a ring
  grover,    ///< exp(-i beta |s><s|), s the uniform row
};

class OneHotEngine {
 public:
  /// @param cost  of m k variables, variable r m + c is choice c of row r; couplings inside a row never count
  /// @throws UserError when the variables are not rows * choices, or m^k is above 2^36
  OneHotEngine(const CostPolynomial& cost, int rows, int choices, int threads);

  std::uint64_t size() const { return size_; }
  int rows() const { return rows_; }
  int choices() const { return choices_; }
  double least_cost() const { return least_; }
  double cost(std::uint64_t index) const { return costs_[index]; }

  void start();
  /// Mixer of every row by beta, after exp(-i gamma C).
  void layer(double gamma, double beta, RowMixer mixer);
  double norm() const;
  double expectation() const;
  /// Probability of the costs within `margin` of the least.
  double optimum_probability(double margin) const;
  std::complex<double> amplitude(std::uint64_t index) const { return {real_[index], imaginary_[index]}; }
  /// The bits of an index, of m k variables.
  std::vector<int> choices_of(std::uint64_t index) const;
  /// One index for each shot, ascending.
  std::vector<std::uint64_t> draw(std::uint64_t shots, std::uint64_t seed) const;

  /// Bytes that an engine of this shape holds.
  static double planned_bytes(int rows, int choices);

 private:
  void fill_costs(const CostPolynomial& cost);
  void mix_row(std::uint64_t first, std::uint64_t count, std::uint64_t stride, const std::vector<std::complex<double>>& matrix);
  void add_row_mean(std::uint64_t first, std::uint64_t count, std::uint64_t stride, std::complex<double> phase, std::complex<double> factor);
  template <class Body>
  void over_rows(const Body& body);

  int rows_, choices_, threads_;
  std::uint64_t size_ = 1;
  double least_ = 0;
  HugeArray<double> real_, imaginary_, costs_;
};

/// Scans linear ramps of this depth and leaves the engine in the state of the best one, which is returned with its mean cost.
SearchResult scan_ramps(OneHotEngine& engine, const CostPolynomial& cost, int depth, RowMixer mixer);

}  // namespace tempera::quantum
