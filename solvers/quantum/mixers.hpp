// Mixers that keep the number of ones in a group of qubits, as gates for a Register.
#pragma once

#include <vector>

#include "solvers/quantum/circuit.hpp"

namespace tempera::quantum {

/// exp(-i beta (X X + Y Y) / 2) on neighbours of the ring: pairs (0,1) (2,3) ..., then (1,2) (3,4) ..., then the closing one of an
/// odd ring. A product of pair gates, as circuits use it, not the exponential of their sum.
/// Source: Wang, Rubin, Dominy, Rieffel, Phys. Rev. A 101, 012320 (2020)
std::vector<Gate> xy_ring_mixer(const std::vector<int>& group, double beta);

/// The same over every pair, in rounds of disjoint pairs (round robin).
std::vector<Gate> xy_complete_mixer(const std::vector<int>& group, double beta);

}  // namespace tempera::quantum
