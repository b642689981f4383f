// Parallel tempering of replicas that live in this process. Over ranks the campaigns use Ladder directly.
#pragma once

#include <concepts>
#include <span>
#include <vector>

#include "solvers/tempering/cooling.hpp"
#include "solvers/tempering/ladder.hpp"

namespace tempera::tempering {

/// One copy of the system. `energy` and the temperature share a unit; `sample` makes `steps` steps at a temperature.
template <class R>
concept Replica = requires(R& replica, const R& constant, double temperature, std::uint64_t steps) {
  { constant.energy() } -> std::convertible_to<double>;
  { replica.sample(temperature, steps) };
};

struct DriverPlan {
  Cooling cooling;                  ///< of the coldest rung
  std::uint32_t rounds = 1;         ///< swap passes
  std::uint64_t steps_per_round = 1;
  double target_acceptance = 0;     ///< 0: the ratio stays fixed
  double largest_ratio = 2;
};

/// Runs all rounds: every replica samples at its rung's temperature, then one even-odd swap pass. `after_round(round)` is
/// called behind each and ends the run early by returning false. Deterministic in `seed` if the replicas are.
template <Replica R, std::predicate<std::uint32_t> AfterRound>
void temper(std::span<R> replicas, Ladder& ladder, const DriverPlan& plan, std::uint64_t seed, AfterRound after_round) {
  std::vector<double> energy(replicas.size());
  for (std::uint32_t round = 0; round < plan.rounds; ++round) {
    const double base = plan.cooling.at(plan.rounds > 1 ? static_cast<double>(round) / (plan.rounds - 1) : 1.0);
    for (std::size_t i = 0; i < replicas.size(); ++i) {
      replicas[i].sample(ladder.temperature(i, base), plan.steps_per_round);
      energy[i] = replicas[i].energy();
    }
    ladder.swap(energy, base, seed, round);
    if (plan.target_acceptance > 0) ladder.adapt(plan.target_acceptance, plan.largest_ratio);
    if (!after_round(round)) return;
  }
}

}  // namespace tempera::tempering
