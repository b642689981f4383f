// The one exchange of amplitudes: the k rank qubits trade places with the k top local ones.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "solvers/core/rank_group.hpp"
#include "solvers/quantum/layout.hpp"

namespace tempera::quantum {

/// Trades with every other rank in turn what `own_part(partner)` says, a core::StridedBytes of the block that is to become theirs. Collective.
template <class Part>
void swap_with_all(core::RankGroup& ranks, const Part& own_part) {
  for (int other = 1; other < ranks.size(); ++other) {
    const int partner = ranks.rank() ^ other;
    ranks.swap_with(partner, own_part(static_cast<std::uint64_t>(partner)));
  }
}

/// Block b of rank r and block r of rank b trade places, a piece of every block at a time; each rank sends (1 - 1/R) of its
/// amplitudes. Calls after(first, count) when amplitudes first .. first + count - 1 of every block are in place. Collective.
template <class Real, class After>
void swap_blocks(Real* data, int local_qubits, core::RankGroup& ranks, const After& after) {
  constexpr std::uint64_t piece_bytes = 256 << 10;
  const std::uint64_t block = (std::uint64_t{1} << local_qubits) / static_cast<std::uint64_t>(ranks.size());
  const std::uint64_t piece = std::min({block, piece_bytes / (2 * sizeof(Real)), std::uint64_t{1} << Layout<Real>::chunk_qubits});
  const std::uint64_t run = std::min(piece, std::uint64_t{1} << Layout<Real>::block_qubits);  // amplitudes without a gap
  for (std::uint64_t first = 0; first < block; first += piece) {
    swap_with_all(ranks, [&](std::uint64_t partner) {
      Real* const at = data + Layout<Real>::offset(partner * block + first);
      return core::StridedBytes{.first = reinterpret_cast<std::byte*>(at), .block = 2 * run * sizeof(Real), .stride = Layout<Real>::offset(run) * sizeof(Real), .count = piece / run};
    });
    after(first, piece);
  }
}

}  // namespace tempera::quantum
