// The temperature ladder of parallel tempering: which replica stands on which rung, the swap rule and its statistics.
// Knows energies and temperatures only; replicas may live on any rank, since a swap moves rungs and never states.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tempera::tempering {

/// Rung 0 is the coldest. Rung r has temperature base * ratio^r; the base may cool, the ladder then anneals as a whole.
class Ladder {
 public:
  /// Replica i starts on rung i. Throws UserError when replicas < 1 or ratio < 1.
  Ladder(std::size_t replicas, double ratio);

  std::size_t replicas() const { return rung_of_.size(); }
  double ratio() const { return ratio_; }
  double temperature(std::size_t replica, double base) const;
  std::uint32_t rung(std::size_t replica) const { return rung_of_[replica]; }

  /// One even-odd pass (pairs (0,1), (2,3), … in even rounds, (1,2), (3,4), … in odd ones) that exchanges the rungs of
  /// neighbours with probability min(1, exp((1/T_cold - 1/T_hot) (E_cold - E_hot))). Deterministic in (seed, round).
  /// @param energy  one value per replica, in replica order, same units as the temperature
  /// @returns accepted swaps
  /// Source: even-odd (non-reversible) scheme, Okabe et al. 2001; Syed, Bouchard-Côté, Deligiannidis, Doucet 2022.
  std::size_t swap(std::span<const double> energy, double base, std::uint64_t seed, std::uint32_t round);

  /// Widens or narrows the ladder a little so that the acceptance moves toward `target`, judged by the last `swap` alone
  /// (Robbins-Monro with a constant gain: nothing beside the ratio has to be kept). The ratio stays in [1.001, largest].
  void adapt(double target, double largest);

  /// What happened so far. Pair k is rungs k and k + 1.
  struct Statistics {
    std::vector<std::uint64_t> attempted;
    std::vector<std::uint64_t> accepted;
    std::uint64_t round_trips = 0;  ///< replicas that went coldest -> hottest -> coldest
  };
  const Statistics& statistics() const { return statistics_; }

  /// Everything that `swap` changes, so that a resumed run goes on as if it had not stopped.
  struct State {
    double ratio = 1;
    std::vector<std::uint32_t> rung_of;
    std::vector<std::uint32_t> trip;  ///< per replica: 0 nothing yet, 1 touched the coldest rung, 2 then the hottest
    Statistics statistics;
  };
  State state() const;
  /// Throws LogicError when the sizes differ from this ladder's or the rungs are not a permutation.
  void restore(const State& state);

 private:
  void note_trips();

  double ratio_;
  std::vector<std::uint32_t> rung_of_;     // replica -> rung
  std::vector<std::uint32_t> replica_at_;  // rung -> replica
  std::vector<std::uint32_t> trip_;
  Statistics statistics_;
  std::size_t last_attempts_ = 0;
  std::size_t last_accepts_ = 0;
};

}  // namespace tempera::tempering
