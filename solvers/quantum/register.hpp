// A qubit register for general circuits, on one rank or 2^k: gates, expectations of Z strings, measurement, samples.
#pragma once

#include <complex>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "solvers/core/random.hpp"
#include "solvers/core/rank_group.hpp"
#include "solvers/quantum/circuit.hpp"
#include "solvers/quantum/huge_array.hpp"
#include "solvers/quantum/kernels.hpp"
#include "solvers/quantum/layout.hpp"

namespace tempera::quantum {

/// Qubits move between places in memory: a gate on a qubit that lies over the ranks first swaps the rank qubits with local ones.
/// All members but the small queries are collective over the ranks.
template <class Real>
class Register {
 public:
  /// Starts in |0...0>. @throws UserError when the ranks do not fit, see most_ranks
  Register(int qubits, core::RankGroup& ranks, int threads, InstructionSet instructions = best_instruction_set());

  int qubits() const { return qubits_; }
  int local_qubits() const { return local_; }

  /// @throws UserError for a gate on more than 4 qubits besides its controls, or with a qubit outside the register
  void apply(const Gate& gate);
  /// All gates, fused to matrices on at most `fuse_to` qubits. Measurements are left to draw().
  void run(const Circuit& circuit, int fuse_to = 3);
  /// Every amplitude 2^(-n/2).
  void set_uniform();
  /// Multiplies amplitude x by factor(x). `factor` is called by all threads.
  void multiply(const std::function<std::complex<double>(std::uint64_t)>& factor);
  /// Adds factor * (mean amplitude) to every amplitude: the Grover mixer is factor = e^{-i beta} - 1.
  void add_mean(std::complex<double> factor);

  double norm() const;
  /// <prod Z_q> over these qubits.
  double expectation_z(std::span<const int> string) const;
  /// Sum of |amplitude(x)|^2 value(x).
  double expectation(const std::function<double(std::uint64_t)>& value) const;
  /// Measures one qubit and keeps what agrees with the outcome.
  int measure(int qubit, core::RandomStream& random);
  /// Indices drawn from the distribution, one for each shot, ascending; the same on any number of ranks.
  std::vector<std::uint64_t> draw(std::uint64_t shots, std::uint64_t seed);

  /// Brings every qubit to its own place: index = (rank << local_qubits) + local.
  void restore_order();
  std::uint64_t index_of(std::uint64_t local) const;
  std::complex<double> amplitude(std::uint64_t local) const;
  /// Overwrites one local amplitude.
  void set_amplitude(std::uint64_t local, std::complex<double> value);

 private:
  bool on_rank(int place) const { return place >= local_; }
  bool rank_bit(int place) const { return ranks_->rank() >> (place - local_) & 1; }
  void make_local(std::span<const int> qubits);
  void swap_places(int a, int b);
  void exchange_rank_places();
  void apply_local(std::vector<int> places, const Matrix& matrix, const std::vector<int>& control_places);
  template <class Body>
  double sum(const Body& body) const;

  int qubits_;
  core::RankGroup* ranks_;
  int rank_qubits_;
  int local_;
  int threads_;
  const Kernels<Real>* kernels_;
  HugeArray<Real> amplitudes_;
  std::vector<int> place_;      // of each qubit
  std::vector<int> qubit_at_;   // the inverse
};

extern template class Register<double>;
extern template class Register<float>;

}  // namespace tempera::quantum
