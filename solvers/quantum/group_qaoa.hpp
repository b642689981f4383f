// QAOA on the whole register with mixers that keep how many qubits of a group are 1: any cardinalities, free qubits beside them.
#pragma once

#include <cstdint>
#include <vector>

#include "solvers/quantum/cost_polynomial.hpp"
#include "solvers/quantum/qaoa.hpp"
#include "solvers/quantum/register.hpp"

namespace tempera::quantum {

/// Exactly `wanted` of `qubits` are 1. Qubits in no group are free.
struct QubitGroup {
  int wanted = 1;
  std::vector<int> qubits;  ///< distinct, in no other group
};

enum class GroupMixer {
  ring,      ///< XY on neighbours of each group's ring, X on free qubits
  complete,  ///< XY on every pair of each group, X on free qubits
  grover,    ///< exp(-i beta |s><s|) with s uniform over all feasible states
};

/// Starts uniform over the feasible states (a product of Dicke states and |+>), and stays among them. XY mixers are products of
/// pair gates (mixers.hpp). 2^n amplitudes over the ranks, 24 bytes for each; costs in index order beside them.
/// Source: Hadfield et al., "From the quantum approximate optimization algorithm to a quantum alternating operator ansatz", 2019.
class GroupQaoa {
 public:
  /// @throws UserError for a group that asks for more ones than it has qubits, a qubit in two groups, no feasible state
  GroupQaoa(const CostPolynomial& cost, std::vector<QubitGroup> groups, core::RankGroup& ranks, int threads);

  int qubits() const { return cost_.qubits(); }
  double feasible_states() const { return feasible_; }  ///< how many there are
  double least_cost() const { return least_; }          ///< of a feasible state

  void start();
  /// exp(-i gamma C), then the mixer by beta.
  void layer(double gamma, double beta, GroupMixer mixer);
  double expectation() const;
  /// Probability of the costs within `margin` of the least.
  double optimum_probability(double margin) const;
  /// Probability of all states that break a group: rounding alone.
  double infeasible_probability() const;
  double norm() const { return register_.norm(); }
  std::vector<std::uint64_t> draw(std::uint64_t shots, std::uint64_t seed) { return register_.draw(shots, seed); }

  bool is_feasible(std::uint64_t index) const;
  /// Of this rank, in index order.
  std::complex<double> amplitude(std::uint64_t local) const { return register_.amplitude(local); }
  double cost(std::uint64_t index) const { return cost_.value(index); }

 private:
  void mix_feasible(double beta);
  double local_cost(std::uint64_t index) const { return costs_[index & mask_]; }

  CostPolynomial cost_;
  std::vector<QubitGroup> groups_;
  std::vector<std::uint64_t> group_bits_;
  std::vector<int> free_;
  core::RankGroup& ranks_;
  Register<double> register_;
  std::uint64_t mask_;          // of the local part of an index
  int threads_;
  std::vector<double> costs_;   // of this rank's indices, in their own order
  double feasible_ = 0;
  double least_ = 0;
};

/// Scans linear ramps of this depth and leaves the state of the best one, which is returned with its mean cost. Collective.
SearchResult scan_ramps(GroupQaoa& engine, const CostPolynomial& cost, int depth, GroupMixer mixer);

}  // namespace tempera::quantum
