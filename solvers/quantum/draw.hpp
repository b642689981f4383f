// Drawing indices from a distribution that lies over ranks, in one pass.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "solvers/core/random.hpp"
#include "solvers/core/rank_group.hpp"
#include "solvers/quantum/parts.hpp"

namespace tempera::quantum {

// One uniform number for each shot, sorted, and one walk through the probabilities: parts first, then inside the parts hit.
/// @param probability, index_of  of a local amplitude, called by all threads
/// @returns one index for each shot on every rank, in the order of the amplitudes in memory. Collective.
template <class Probability, class IndexOf>
std::vector<std::uint64_t> draw_indices(std::uint64_t size, core::RankGroup& ranks, int threads, std::uint64_t shots, std::uint64_t seed,
                                        const Probability& probability, const IndexOf& index_of) {
  const std::uint64_t part_size = std::min<std::uint64_t>(size, std::uint64_t{1} << sum_part_qubits);
  std::vector<double> parts(size / part_size);
  for_parts(size, threads, [&](std::uint64_t first, std::uint64_t count) {
    double sum = 0;
    for (std::uint64_t i = first; i < first + count; ++i) sum += probability(i);
    parts[first / part_size] = sum;
  });
  std::vector<double> of_ranks(static_cast<std::size_t>(ranks.size()));
  of_ranks[static_cast<std::size_t>(ranks.rank())] = pairwise_sum(parts);
  ranks.sum(of_ranks);
  double total = 0, before = 0;
  for (std::size_t r = 0; r < of_ranks.size(); ++r) {
    if (r == static_cast<std::size_t>(ranks.rank())) before = total;
    total += of_ranks[r];
  }
  const double end = before + of_ranks[static_cast<std::size_t>(ranks.rank())];
  const bool last = ranks.rank() + 1 == ranks.size();

  core::RandomStream random({.seed = seed, .domain = core::sample_state});
  std::vector<double> places(shots);
  for (double& place : places) {
    const double fine = random.uniform();
    place = (static_cast<double>(random()) + fine) * 0x1p-32 * total;
  }
  std::ranges::sort(places);
  std::vector<double> drawn(shots);  // indices, exact in a double; each rank fills in its own
  std::size_t shot = static_cast<std::size_t>(std::ranges::lower_bound(places, before) - places.begin());
  double reached = before;
  for (std::size_t p = 0; p < parts.size() && shot < shots; ++p) {
    const bool final_part = last && p + 1 == parts.size();
    const double part_end = p + 1 == parts.size() ? end : reached + parts[p];
    double inside = reached;
    for (std::uint64_t i = p * part_size; i < (p + 1) * part_size && shot < shots && (final_part || places[shot] < part_end); ++i) {
      inside += probability(i);
      const bool closing = i + 1 == (p + 1) * part_size;  // rounding inside a part must not lose a shot
      while (shot < shots && (places[shot] < inside || (closing && (final_part || places[shot] < part_end)))) drawn[shot++] = static_cast<double>(index_of(i));
    }
    reached = part_end;
  }
  ranks.sum(drawn);
  return {drawn.begin(), drawn.end()};
}

}  // namespace tempera::quantum
