// The one exchange of amplitudes: the k rank qubits trade places with the k top local ones.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "solvers/core/rank_group.hpp"
#include "solvers/quantum/layout.hpp"

namespace tempera::quantum {

/// Block b of rank r and block r of rank b trade places, a piece of every block at a time; each rank sends (1 - 1/R) of its
/// amplitudes. Calls after(first, count) when amplitudes first .. first + count - 1 of every block are in place. Collective.
template <class Real, class After>
void swap_blocks(Real* data, int local_qubits, core::RankGroup& ranks, const After& after) {
  constexpr std::uint64_t piece_bytes = 256 << 10;
  const std::uint64_t all = static_cast<std::uint64_t>(ranks.size()), own = static_cast<std::uint64_t>(ranks.rank());
  const std::uint64_t block = (std::uint64_t{1} << local_qubits) / all;
  const std::uint64_t piece = std::min({block, piece_bytes / (2 * sizeof(Real)), std::uint64_t{1} << Layout<Real>::chunk_qubits});
  const std::uint64_t run = std::min(piece, std::uint64_t{1} << Layout<Real>::block_qubits);  // amplitudes without a gap
  for (std::uint64_t first = 0; first < block; first += piece) {
    for (std::uint64_t other = 1; other < all; ++other) {
      const std::uint64_t partner = own ^ other;
      Real* const at = data + Layout<Real>::offset(partner * block + first);
      ranks.swap_with(static_cast<int>(partner), {.first = reinterpret_cast<std::byte*>(at), .block = 2 * run * sizeof(Real),
                                                  .stride = Layout<Real>::offset(run) * sizeof(Real), .count = piece / run});
    }
    after(first, piece);
  }
}

}  // namespace tempera::quantum
