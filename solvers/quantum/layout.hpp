// How amplitudes lie in memory: lines of V real parts and V imaginary parts in turn, V numbers to a line of 64 bytes.
//
//   | re 0..V-1 | im 0..V-1 | re V..2V-1 | im V..2V-1 | ...  block: 16 KiB | gap | block | gap | ...  chunk: 256 blocks | gap | chunk ...
//
// Real and imaginary part of an amplitude share a lane, so that a phase is four FMA for V amplitudes; a qubit above the lanes is
// a plain stride. Without the gaps of one line, rows at a power-of-two distance would all want the same few cache sets.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tempera::quantum {

template <class Real>
struct Layout {
  static constexpr std::size_t lanes = 64 / sizeof(Real);           ///< V
  static constexpr int lane_qubits = sizeof(Real) == 8 ? 3 : 4;     ///< qubits inside a line
  static constexpr int block_qubits = sizeof(Real) == 8 ? 10 : 11;  ///< 16 KiB: half of the first-level cache
  static constexpr int chunk_qubits = block_qubits + 8;             ///< 4 MiB: a share of the last-level cache
  static constexpr std::size_t gap = lanes;                         ///< reals after each block, and once more after each chunk

  /// Where the real part of amplitude `index` lies, in reals; the imaginary part lies `lanes` further.
  static constexpr std::size_t offset(std::uint64_t index) {
    return ((index & ~(lanes - 1)) << 1) + (index & (lanes - 1)) + ((index >> block_qubits) + (index >> chunk_qubits)) * gap;
  }
  /// Where the run of qubits from `first` on ends, at most at `end`, whose strides are all stride(first) times a power of two.
  static constexpr int uniform_end(int first, int end) {
    return first < block_qubits ? (end < block_qubits ? end : block_qubits) : first < chunk_qubits ? (end < chunk_qubits ? end : chunk_qubits) : end;
  }
  /// Reals from an index to the one that differs in this qubit (a qubit above the lanes).
  static constexpr std::size_t stride(int qubit) { return offset(std::uint64_t{1} << qubit); }

  /// Reals that hold 2^qubits amplitudes, gaps included.
  static constexpr std::size_t reals(int qubits) {
    return (std::uint64_t{1} << qubits) < lanes ? 2 * lanes : offset(std::uint64_t{1} << qubits);
  }
};

}  // namespace tempera::quantum
