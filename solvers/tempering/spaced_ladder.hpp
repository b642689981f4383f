// A ladder of fixed temperatures that are spaced by what is measured: equal rejection between all neighbours, then frozen.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "solvers/core/random.hpp"
#include "solvers/tempering/ladder.hpp"

namespace tempera::tempering {

/// Chance that neighbours on a ladder exchange their temperatures: min(1, exp((1/T_cold - 1/T_hot) (E_cold - E_hot))).
double swap_chance(double cold_temperature, double hot_temperature, std::int64_t cold_energy, std::int64_t hot_energy);

/// The inner temperatures moved so that every pair would reject alike: the mean rejection, summed up from the coldest, is
/// interpolated over the logarithm of the temperature and cut into equal steps.
/// @param rejection  mean per pair, one fewer than temperatures
/// Source: Syed, Bouchard-Côté, Deligiannidis, Doucet 2022, section 5.
std::vector<double> equal_rejection(std::span<const double> temperatures, std::span<const double> rejection);

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

  /// Moves the inner temperatures to equal rejection, judged by the passes since the last call. Does nothing before every
  /// pair was tried.
  void respace();
  /// Temperatures from outside, as many as there are rungs, ascending. Rejection is measured anew.
  void set_temperatures(std::span<const double> temperatures);

  /// Which ends of this ladder are ends of the whole: a round trip leads from the one to the other and back. Where the ladder
  /// is a block of a longer one, markers of trips come and go with the states.
  struct Ends {
    bool coldest = true;
    bool hottest = true;
  };
  /// Forgets all markers and the trips so far.
  void set_ends(Ends ends);
  std::uint32_t trip_of(std::size_t replica) const { return trip_[replica]; }  ///< 0 nothing yet, 1 touched the coldest rung, 2 then the hottest
  void set_trip(std::size_t replica, std::uint32_t trip) { trip_[replica] = trip; }

  Ladder::Statistics const& statistics() const { return statistics_; }
  /// Per pair since the last respacing; empty before every pair was tried. Their sum is about the barrier of a round trip.
  std::vector<double> mean_rejection() const;

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
  Ends ends_;
  Ladder::Statistics statistics_;
};

}  // namespace tempera::tempering
