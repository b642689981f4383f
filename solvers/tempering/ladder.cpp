#include "solvers/tempering/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "solvers/core/error.hpp"
#include "solvers/core/random.hpp"

namespace tempera::tempering {

Ladder::Ladder(std::size_t replicas, double ratio) : ratio_(ratio), rung_of_(replicas), replica_at_(replicas), trip_(replicas, 0) {
  if (replicas < 1) throw core::UserError("A temperature ladder has 0 replicas. Give 1 or more.");
  if (!(ratio >= 1)) throw core::UserError(fmt::format("The temperature ratio of neighbouring rungs is {}. Give 1 or more.", ratio));
  std::iota(rung_of_.begin(), rung_of_.end(), 0u);
  std::iota(replica_at_.begin(), replica_at_.end(), 0u);
  statistics_.attempted.assign(replicas - 1, 0);
  statistics_.accepted.assign(replicas - 1, 0);
  note_trips();
}

double Ladder::temperature(std::size_t replica, double base) const { return base * std::pow(ratio_, rung_of_[replica]); }

std::size_t Ladder::swap(std::span<const double> energy, double base, std::uint64_t seed, std::uint32_t round) {
  TEMPERA_ASSERT(energy.size() == replicas(), fmt::format("{} energies for {} replicas", energy.size(), replicas()));
  last_attempts_ = last_accepts_ = 0;
  for (std::size_t cold = round % 2; cold + 1 < replicas(); cold += 2) {
    const std::uint32_t a = replica_at_[cold], b = replica_at_[cold + 1];
    const double beta_gap = 1 / temperature(a, base) - 1 / temperature(b, base);
    core::RandomStream random({.seed = seed, .domain = core::swap_replicas, .replica = static_cast<std::uint32_t>(cold), .step = round});
    ++statistics_.attempted[cold];
    ++last_attempts_;
    if (std::log(random.uniform()) >= beta_gap * (energy[a] - energy[b])) continue;
    std::swap(replica_at_[cold], replica_at_[cold + 1]);
    std::swap(rung_of_[a], rung_of_[b]);
    ++statistics_.accepted[cold];
    ++last_accepts_;
  }
  note_trips();
  return last_accepts_;
}

void Ladder::note_trips() {
  if (replicas() < 2) return;
  std::uint32_t& coldest = trip_[replica_at_.front()];
  if (coldest == 2) ++statistics_.round_trips;
  coldest = 1;
  std::uint32_t& hottest = trip_[replica_at_.back()];
  if (hottest == 1) hottest = 2;
}

void Ladder::adapt(double target, double largest) {
  // In log space the gap between rungs grows while swaps are easy and shrinks while they are rare.
  constexpr double gain = 0.05;
  const double surplus = static_cast<double>(last_accepts_) - target * static_cast<double>(last_attempts_);
  const double gap = std::log(ratio_) * (1 + gain * surplus);
  ratio_ = std::clamp(std::exp(gap), 1.001, largest);
}

Ladder::State Ladder::state() const { return {ratio_, rung_of_, trip_, statistics_}; }

void Ladder::restore(const State& state) {
  const std::size_t n = replicas();
  TEMPERA_ASSERT(state.rung_of.size() == n && state.trip.size() == n && state.statistics.attempted.size() == n - 1 &&
                     state.statistics.accepted.size() == n - 1,
                 fmt::format("a ladder of {} replicas restored from one of {}", n, state.rung_of.size()));
  std::vector<std::uint32_t> replica_at(n, static_cast<std::uint32_t>(n));
  for (std::size_t i = 0; i < n; ++i) {
    TEMPERA_ASSERT(state.rung_of[i] < n && replica_at[state.rung_of[i]] == n, "the rungs of a restored ladder are not a permutation");
    replica_at[state.rung_of[i]] = static_cast<std::uint32_t>(i);
  }
  ratio_ = state.ratio;
  rung_of_ = state.rung_of;
  replica_at_ = std::move(replica_at);
  trip_ = state.trip;
  statistics_ = state.statistics;
}

}  // namespace tempera::tempering
