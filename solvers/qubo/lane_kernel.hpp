// One Metropolis sweep of 32 replicas at 32 temperatures side by side, one SIMD lane each. Three builds of one source:
// AVX-512, AVX2, and a portable one; on the same problem they take the same decisions bit for bit.
#pragma once

#include <cstdint>
#include <string_view>

namespace tempera::qubo {

inline constexpr int lanes = 32;
inline constexpr int random_words = 8;  ///< 64-bit generators; word k serves lanes 4k .. 4k + 3

/// What the kernel reads and changes. Plain pointers: its builds share no inline code with the rest of the program.
/// `Field` is int16 or int32: local fields g_i = linear_i + sum_j q_ij x_j, times 2^scale.
template <class Field>
struct LaneSystem {
  std::int32_t variables = 0;
  const std::int32_t* row_begin = nullptr;  ///< variables + 1
  const std::int32_t* column = nullptr;
  const Field* weight = nullptr;            ///< q_ij times 2^scale, per column
  Field common_weight = 0;                  ///< not 0: every weight is this one, or with `mixed_signs` its opposite
  bool mixed_signs = false;
  int scale = 0;
  std::int32_t flush_every = 1;             ///< int16: so many accepted changes of energy fit into 16 bits
  Field* field = nullptr;                   ///< variables x lanes, aligned to 64 bytes
  std::uint32_t* spins = nullptr;           ///< variables: bit r is x_i of replica r
  std::int64_t* energy = nullptr;           ///< lanes, units; kept up to date
  std::uint64_t* uphill = nullptr;          ///< lanes: accepted changes for the worse; null: not counted
  std::uint64_t* random = nullptr;          ///< 2 x random_words: xorshift128+ states
  /// The acceptance bound is (L * factor >> 16) for int16, (L * factor >> shift) for int32, with L = -log2(u) in 2^-11 and
  /// u uniform: an exponential variate with the temperature folded into the factor.
  const std::uint16_t* factor = nullptr;    ///< lanes
  const std::int32_t* shift = nullptr;      ///< lanes, 0..31; int32 only
};

/// The largest factor of int16 fields: a bound must stay below 2^15 (L is at most 17 * 2^11).
inline constexpr double largest_factor = 61'600;

enum class Isa : std::uint8_t { portable, avx2, avx512 };
std::string_view name_of(Isa isa);
/// The best that this machine runs.
Isa best_isa();
bool is_supported(Isa isa);

/// Sweeps once over all variables in order.
template <class Field>
using LaneSweep = void (*)(const LaneSystem<Field>&);
LaneSweep<std::int16_t> lane_sweep_16(Isa isa);
LaneSweep<std::int32_t> lane_sweep_32(Isa isa);

}  // namespace tempera::qubo
