#include "solvers/qubo/ladder_schedule.hpp"

#include <algorithm>

#include "solvers/core/error.hpp"

namespace tempera::qubo {

LadderSchedule::LadderSchedule(tempering::SpacedLadder ladder, std::uint64_t patience, Spacing spacing)
    : ladder_(std::move(ladder)), patience_(patience), next_respace_(spacing == Spacing::fixed ? 0 : first_respace), stalls_at_(patience) {}

LadderSchedule::Advice LadderSchedule::after_sweep(std::span<const std::int64_t> energy, bool improved, core::RandomStream& random) {
  rungs_moved_ = ladder_.swap(energy, random);
  ++sweeps_;
  if (improved && stalls_at_ != never) {
    improved_at_ = sweeps_;
    stalls_at_ = sweeps_ + std::max(patience_, sweeps_ / 2);
  }
  if (sweeps_ == next_respace_) {
    ladder_.respace();
    next_respace_ = sweeps_ >= last_respace ? 0 : 2 * next_respace_;
    return Advice::temperatures_moved;
  }
  if (sweeps_ < stalls_at_) return Advice::none;
  stalls_at_ = sweeps_ + std::max(patience_, 2 * (sweeps_ - improved_at_));
  return Advice::stalled;
}

void LadderSchedule::hold() {
  next_respace_ = 0;
  stalls_at_ = never;
}

LadderSchedule LadderSchedule::from_state(std::span<const double> state) {
  TEMPERA_ASSERT(state.size() > 4 && state[4] >= 2, "a ladder's schedule is made of nothing");
  LadderSchedule schedule(tempering::SpacedLadder::geometric(static_cast<std::size_t>(state[4]), 1, 2), 1);
  schedule.restore(state);
  return schedule;
}

std::vector<double> LadderSchedule::state() const {
  std::vector<double> out{static_cast<double>(sweeps_), static_cast<double>(next_respace_), static_cast<double>(improved_at_), static_cast<double>(stalls_at_)};
  const std::vector<double> rest = ladder_.state();
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

void LadderSchedule::restore(std::span<const double> state) {
  TEMPERA_ASSERT(state.size() > 4, "a ladder's schedule is restored from nothing");
  sweeps_ = static_cast<std::uint64_t>(state[0]);
  next_respace_ = static_cast<std::uint64_t>(state[1]);
  improved_at_ = static_cast<std::uint64_t>(state[2]);
  stalls_at_ = static_cast<std::uint64_t>(state[3]);
  ladder_.restore(state.subspan(4));
}

}  // namespace tempera::qubo
