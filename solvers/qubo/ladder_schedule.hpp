// When a ladder is respaced, frozen and refreshed; shared by all engines.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "solvers/core/random.hpp"
#include "solvers/tempering/spaced_ladder.hpp"

namespace tempera::qubo {

/// Respaces after 200, 400, 800, … sweeps, the last time after 200 * 2^5, then the temperatures stay. Says when the best has
/// stalled: after the larger of `patience` sweeps and half of what the last improvement took; the wait doubles until the next one.
class LadderSchedule {
 public:
  enum class Spacing : std::uint8_t { measured, fixed };
  LadderSchedule(tempering::SpacedLadder ladder, std::uint64_t patience, Spacing spacing = Spacing::measured);

  tempering::SpacedLadder& ladder() { return ladder_; }
  const tempering::SpacedLadder& ladder() const { return ladder_; }

  enum class Advice : std::uint8_t { none, temperatures_moved, stalled };
  /// After a sweep: swaps, respaces when due. @param improved  the best has improved in this sweep
  Advice after_sweep(std::span<const std::int64_t> energy, bool improved, core::RandomStream& random);
  /// The rungs have moved in the last call.
  bool rungs_moved() const { return rungs_moved_; }
  bool frozen() const { return next_respace_ == 0; }
  std::uint64_t sweeps() const { return sweeps_; }

  /// No respacing and no stalls any more: the ladder is a block of a longer one, which decides both.
  void hold();

  std::vector<double> state() const;
  /// A schedule to look at and to change, whatever ladder wrote the state.
  static LadderSchedule from_state(std::span<const double> state);
  void restore(std::span<const double> state);

 private:
  static constexpr std::uint64_t first_respace = 200;
  static constexpr std::uint64_t last_respace = first_respace << 5;
  static constexpr std::uint64_t never = std::uint64_t{1} << 53;  // exact in a double

  tempering::SpacedLadder ladder_;
  std::uint64_t patience_;
  std::uint64_t sweeps_ = 0;
  std::uint64_t next_respace_ = first_respace;  // 0: frozen
  std::uint64_t improved_at_ = 0;
  std::uint64_t stalls_at_ = 0;
  bool rungs_moved_ = false;
};

}  // namespace tempera::qubo
