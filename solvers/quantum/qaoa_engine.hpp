// One QAOA layer on a state vector that lies over 2^k ranks: cost phase, then exp(-i beta X) on every qubit.
//
// Each rank holds 2^(n-k) amplitudes. A layer runs in two passes over memory (architecture of the passes: README.md) and one
// transposition: block b of rank r trades places with block r of rank b, after which the former rank qubits are the top local
// ones and are mixed there. The next layer starts from that order and turns it back.
#pragma once

#include <complex>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "solvers/core/rank_group.hpp"
#include "solvers/quantum/cost_diagonal.hpp"
#include "solvers/quantum/cost_polynomial.hpp"
#include "solvers/quantum/huge_array.hpp"
#include "solvers/quantum/kernels.hpp"
#include "solvers/quantum/layout.hpp"

namespace tempera::quantum {

struct EngineOptions {
  int threads = 1;
  std::optional<DiagonalKind> diagonal = {};   ///< empty: the smallest exact one
  InstructionSet instructions = best_instruction_set();
};

/// Amplitudes of one rank, with what is still owed to them: psi(x) = sign * i^... stored(x), see QaoaEngine::amplitude.
template <class Real>
struct QaoaState {
  HugeArray<Real> amplitudes;
  bool transposed = false;  ///< the top local qubits and the rank qubits have traded places
  bool flipped = false;     ///< index x is stored at ~x
  bool negated = false;
};

/// d<C>/dbeta and d<C>/dgamma of one layer.
struct LayerGradient {
  double gamma = 0;
  double beta = 0;
};

/// All members that touch a state are collective over the ranks. Sums are made in double, part by part in index order, so they
/// do not depend on the threads.
template <class Real>
class QaoaEngine {
 public:
  /// @throws UserError when the number of ranks is not a power of two or the qubits are too few for it: see most_ranks
  QaoaEngine(const CostPolynomial& cost, core::RankGroup& ranks, const EngineOptions& options);

  int qubits() const { return qubits_; }
  int local_qubits() const { return local_; }
  const CostPolynomial& cost() const { return cost_; }
  const CostScale& scale() const { return scale_; }

  QaoaState<Real> make_state() const;
  /// Every amplitude 2^(-n/2).
  void start(QaoaState<Real>& state) const;
  /// exp(-i beta sum X) exp(-i gamma C)
  void layer(QaoaState<Real>& state, double gamma, double beta);
  /// The same layer on both states; returns 2 Im <lambda|C|psi> and 2 Im <lambda|sum X|psi> after it.
  LayerGradient layer_with_overlaps(QaoaState<Real>& psi, QaoaState<Real>& lambda, double gamma, double beta);
  /// lambda = C psi
  void times_cost(const QaoaState<Real>& psi, QaoaState<Real>& lambda);

  /// Sum of |amplitude|^2: 1 but for rounding.
  double norm(const QaoaState<Real>& state) const;
  /// <C> / norm: the rounding of a single-precision norm cancels.
  double expectation(const QaoaState<Real>& state);

  /// Multiplies every amplitude by `factor`: one pass over the state, the measure of what memory allows.
  void scale(QaoaState<Real>& state, double factor) const;

  /// Index of the amplitude that this rank stores at `local`.
  std::uint64_t index_of(const QaoaState<Real>& state, std::uint64_t local) const;
  /// That amplitude, in the usual frame.
  std::complex<double> amplitude(const QaoaState<Real>& state, std::uint64_t local) const;
  /// Overwrites it.
  void set_amplitude(QaoaState<Real>& state, std::uint64_t local, std::complex<double> value) const;
  /// |amplitude|^2
  double probability(const QaoaState<Real>& state, std::uint64_t local) const;
  /// Stored cost of that index.
  double stored_cost(const QaoaState<Real>& state, std::uint64_t local);
  /// Brings the rank qubits back to the top, so that index = (rank << local_qubits) + local, but for `flipped`.
  void restore_order(QaoaState<Real>& state);

  core::RankGroup& ranks() const { return *ranks_; }
  int threads() const { return threads_; }

 private:
  struct MixAngle {
    Real tangent = 0;
    double scale = 1;   // cos(beta)^n
    int quarter = 0;    // times pi/2 on every qubit, done by `flipped` and `negated`
  };
  MixAngle reduce(double beta) const;
  CostDiagonal& diagonal(const QaoaState<Real>& state);
  Phase<Real> phase(const QaoaState<Real>& state, double gamma, double scale, std::vector<Real>& table);
  void local_passes(QaoaState<Real>& state, Real tangent, const Phase<Real>& phase) const;
  void low_pass(Real* data, Real tangent, const Phase<Real>& phase) const;
  void high_pass(Real* data, int first, int end, Real tangent) const;
  void transpose(QaoaState<Real>& state, Real tangent) const;
  bool trades_columns() const;
  void high_pass_and_transpose(QaoaState<Real>& state, Real tangent) const;
  void mix_blocks(Real* data, std::uint64_t column, std::size_t width, Real tangent) const;
  double local_overlap(const Real* lambda, const Real* psi, int first_qubit) const;
  void turn(QaoaState<Real>& state, int quarter) const;
  void scalar_layer(Real* data, Real tangent, const Phase<Real>& phase) const;

  CostPolynomial cost_;
  core::RankGroup* ranks_;
  int threads_;
  int qubits_;
  int rank_qubits_;
  int local_;
  int low_;                                    // qubits of the first pass
  const Kernels<Real>* kernels_;
  CostScale scale_;
  std::unique_ptr<CostDiagonal> diagonals_[2];  // as started, transposed
};

/// The largest power of two that is at most `ranks` and leaves each rank enough amplitudes of `qubits` qubits.
int most_ranks(int qubits, int ranks);

/// Bytes that one rank holds for `states` states of one engine.
std::uint64_t planned_bytes(int qubits, int ranks, std::size_t bytes_per_real, DiagonalKind kind, int states);

extern template class QaoaEngine<double>;
extern template class QaoaEngine<float>;

}  // namespace tempera::quantum
