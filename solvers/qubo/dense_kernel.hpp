// One Metropolis sweep of one replica over a dense matrix: 32 neighbouring variables are looked at together, an accepted flip
// adds a matrix row to all local fields. The same three builds as the lane kernel.
#pragma once

#include <cstdint>

#include "solvers/qubo/lane_kernel.hpp"

namespace tempera::qubo {

inline constexpr std::int32_t dense_block = 32;

/// `Entry` is int8, int16 or int32: the narrowest that holds every q_ij >> row_shift.
template <class Entry>
struct DenseSystem {
  std::int32_t padded = 0;          ///< variables, rounded up to whole blocks; padding is never flipped
  const Entry* matrix = nullptr;    ///< padded x padded, diagonal 0
  int row_shift = 0;                ///< an entry times 2^row_shift is q_ij in field units
  int scale = 0;                    ///< fields are units times 2^scale
  std::int32_t* field = nullptr;    ///< padded, aligned to 64 bytes; the largest int32 in the padding
  std::uint32_t* ones = nullptr;    ///< padded / 32: bit k of word b is x_(32 b + k)
  std::int64_t* energy = nullptr;   ///< units
  std::uint64_t* uphill = nullptr;  ///< accepted changes for the worse
  std::uint64_t* random = nullptr;  ///< 2 x random_words, as in the lane kernel
  std::uint32_t factor = 0;         ///< the bound is -log2(u) in 2^-11 times factor >> shift
  std::int32_t shift = 0;
};

template <class Entry>
using DenseSweep = void (*)(const DenseSystem<Entry>&);
DenseSweep<std::int8_t> dense_sweep_8(Isa isa);
DenseSweep<std::int16_t> dense_sweep_16(Isa isa);
DenseSweep<std::int32_t> dense_sweep_32(Isa isa);

}  // namespace tempera::qubo
