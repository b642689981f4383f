// The inner loops, compiled once per instruction set and chosen at run time.
//
// Amplitudes are in the rotated frame phi = D^-1 psi, D = diag((-i)^popcount): exp(-i b X) is there the real Givens rotation
// [[c, -s], [s, c]], applied as a -= t b, b += t a with t = tan(b); the factor cos(b)^n is folded into the phase.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tempera::quantum {

/// How the cost of an index is stored.
enum class DiagonalKind : int { levels8 = 0, levels16 = 1, real32 = 2 };

/// Multiplies amplitude j by scale * exp(-i gamma cost j). One kernel, told by `kind`, for each way of storing costs. Indices run forward or backward.
template <class Real>
struct Phase {
  enum class Kind : int { none, levels8, levels16, real32 } kind = Kind::none;
  const void* costs = nullptr;         ///< stored cost of the first amplitude
  std::ptrdiff_t step = 1;             ///< +1, or -1 when the array is read backward (X on every qubit)
  const Real* table = nullptr;         ///< levels8: 256 pairs (cos, sin), scale included; levels16: 256 pairs by low byte, 256 by high byte;
                                       ///< real32: 256 pairs of the circle, scale included
  double turns_per_cost = 0;           ///< real32: -gamma / 2 pi
  double turns_offset = 0;

  /// The same phase from `amplitudes` further on.
  Phase at(std::size_t amplitudes) const {
    Phase moved = *this;
    const std::ptrdiff_t bytes = kind == Kind::levels8 ? 1 : kind == Kind::levels16 ? 2 : 4;
    moved.costs = static_cast<const char*>(costs) + step * bytes * static_cast<std::ptrdiff_t>(amplitudes);
    return moved;
  }
};

/// 2^row_bits rows of `width` reals, `row_stride` reals apart: the strided view of high qubits.
struct Rows {
  int row_bits = 0;
  std::size_t row_stride = 0;
  std::size_t width = 0;   ///< a multiple of a line
};

/// A gate on up to a few qubits, laid out for lines of amplitudes. Lines that differ in the high target bits form a group; output
/// line `to` is the sum over its terms of factors * (line `from` with lanes exchanged by xor `lanes`).
template <class Real>
struct GatePlan {
  struct Term {
    int to = 0;
    int from = 0;
    int lanes = 0;
    std::size_t factors = 0;                 ///< place in `factors` of V real parts, then V imaginary parts
  };
  int group_bits = 0;                        ///< high targets: 2^group_bits lines to a group, at most 16
  int line_bits[4] = {};                     ///< their places in a line's number, ascending
  std::uint64_t controls = 0;                ///< bits of a line's number that must be 1
  std::uint64_t lines = 0;                   ///< of the whole state
  const Term* terms = nullptr;               ///< ordered by `to`
  std::size_t term_count = 0;
  const Real* factors = nullptr;
};

template <class Real>
struct Kernels {
  /// Phase, then the mixer on qubits 0..qubits-1 of 2^qubits amplitudes that lie together. 6 <= qubits.
  void (*block)(Real* data, int qubits, Real tangent, const Phase<Real>& phase);
  /// The mixer on the row bits, in place. Fetches the first rows `width` further ahead for the next call.
  void (*rows)(Real* data, const Rows& rows, Real tangent);
  /// The phase alone on 2^qubits amplitudes, 6 <= qubits.
  void (*phase)(Real* data, int qubits, const Phase<Real>& phase);
  /// Multiplies `reals` numbers, whole lines: one pass over memory and nothing else.
  void (*scale)(Real* data, std::size_t reals, Real factor);
  /// Applies a gate to groups first .. last-1 of lines.
  void (*gate)(Real* data, const GatePlan<Real>& plan, std::uint64_t first, std::uint64_t last);
  /// Sum over the qubits of lambda . (G psi), G = [[0, -1], [1, 0]], on 2^qubits amplitudes that lie together.
  double (*block_overlap)(const Real* lambda, const Real* psi, int qubits);
  /// The same over the row bits.
  double (*rows_overlap)(const Real* lambda, const Real* psi, const Rows& rows);
};

inline constexpr int fewest_kernel_qubits = 6;

enum class InstructionSet { portable, avx2, avx512 };

std::string_view name_of(InstructionSet set);
/// The best that this machine runs.
InstructionSet best_instruction_set();
bool runs_here(InstructionSet set);

/// @throws UserError when this machine does not run `set`
template <class Real>
const Kernels<Real>& kernels(InstructionSet set);

}  // namespace tempera::quantum
