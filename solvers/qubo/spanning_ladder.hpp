// One temperature ladder over blocks of replicas, each block a task of its own: what happens between two rounds. Blocks hold
// neighbouring temperatures and swap inside as ever; here the states at their ends swap, and all temperatures are respaced.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "solvers/qubo/replica_ladder.hpp"

namespace tempera::qubo {

class SpanningLadder {
 public:
  /// @param blocks  2 or more; block 0 is the coldest
  explicit SpanningLadder(std::size_t blocks);

  struct Block {
    LadderImage* image = nullptr;  ///< as the round left it; its temperatures and markers are changed here, its states are not
    std::optional<Found> coldest;  ///< the states on its end rungs; nothing where its task was lost
    std::optional<Found> hottest;
  };
  /// After the first round, which the blocks ran as ladders of their own, spreads one ladder over all of them: from the coldest
  /// to the hottest temperature that any of them measured. Later tries one swap at every boundary (the Metropolis rule of
  /// SpacedLadder) and respaces to equal rejection after 400, 800, … 12,800 sweeps of a block, then freezes.
  /// Deterministic in seed and round. @returns per block the states that enter it at the start of the next round
  std::vector<std::vector<Guest>> after_round(std::span<Block> blocks, std::uint64_t seed, std::uint32_t round);

  const std::vector<double>& temperatures() const { return temperature_; }  ///< of all rungs; empty before the first round ended
  double boundary_acceptance(std::size_t lower_block) const;                ///< of the swaps with the block above

  /// Everything, as numbers, for a checkpoint. `restore` throws LogicError when they fit no ladder of so many blocks.
  std::vector<double> state() const;
  void restore(std::span<const double> state);

 private:
  void spread(std::span<Block> blocks);
  void hand_out(std::span<Block> blocks) const;
  void respace(std::span<Block> blocks);
  std::vector<std::vector<Guest>> swap_ends(std::span<Block> blocks, std::uint64_t seed, std::uint32_t round);
  std::size_t rungs() const { return temperature_.size() / blocks_; }  // of one block

  std::size_t blocks_;
  std::vector<double> temperature_;  // [block][rung]
  double next_respace_;              // sweeps of a block; 0: frozen
  std::vector<double> attempted_;    // per boundary
  std::vector<double> accepted_;
};

}  // namespace tempera::qubo
