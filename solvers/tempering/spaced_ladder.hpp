// A ladder of fixed temperatures that are spaced by what is measured: equal rejection between all neighbours, then frozen.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "solvers/core/random.hpp"
#include "solvers/tempering/ladder.hpp"

namespace tempera::tempering {

/// Rung 0 is the coldest. Swaps move rungs, never states. For many swap passes of replicas in one process.
class SpacedLadder {
 public:
  /// Replica r starts on rung r. Throws UserError for fewer than two temperatures, or when they do not ascend from above 0.
  explicit SpacedLadder(std::vector<double> temperatures);
  /// `rungs` temperatures from `coldest` to `hottest` with a common ratio.
  static SpacedLadder geometric(std::size_t rungs, double coldest, double hottest);

  std::size_t rungs() const { return temperature_.size(); }
  double temperature(std::size_t rung) const { return temperature_[rung]; }
  std::uint32_t rung_of(std::size_t replica) const { return rung_of_[replica]; }
  std::uint32_t replica_at(std::size_t rung) const { return replica_at_[rung]; }

  /// One pass over the even or the odd pairs, in turn. @param energy  by replica, same unit as the temperatures
  /// @returns whether any replica changed its rung
  bool swap(std::span<const std::int64_t> energy, core::RandomStream& random);

  /// Moves the inner temperatures so that every pair would reject alike, judged by the passes since the last call: the mean
  /// rejection, summed up from the coldest, is interpolated over the logarithm of the temperature and cut into equal steps.
  /// Does nothing before every pair was tried. Source: Syed, Bouchard-Côté, Deligiannidis, Doucet 2022, section 5.
  void respace();

  Ladder::Statistics const& statistics() const { return statistics_; }
  /// Sum over the pairs of the mean rejection since the last respacing: about the barrier a round trip has to cross.
  double rejection_sum() const;

  std::vector<double> acceptance() const;    ///< of all swaps so far, per pair from the coldest
  const std::vector<double>& temperatures() const { return temperature_; }

  /// Everything, as numbers, for a task or a checkpoint. `restore` throws LogicError when they fit no ladder of this size.
  std::vector<double> state() const;
  void restore(std::span<const double> state);

 private:
  void note_trips();

  std::vector<double> temperature_;
  std::vector<std::uint32_t> rung_of_;
  std::vector<std::uint32_t> replica_at_;
  std::vector<std::uint32_t> trip_;
  std::vector<double> rejected_;  // per pair, since the last respacing
  std::vector<double> tried_;
  std::uint32_t parity_ = 0;
  Ladder::Statistics statistics_;
};

}  // namespace tempera::tempering
