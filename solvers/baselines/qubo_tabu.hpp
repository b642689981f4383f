// The classical comparison for QUBO: one-flip tabu search from greedy starts, with path relinking between the elites.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "solvers/model/qubo_problem.hpp"

namespace tempera::baselines {

struct TabuLimit {
  std::uint64_t flips = 2'000'000;      ///< of all tabu searches together
  std::function<bool()> stop;           ///< may be empty; asked every few hundred flips
  std::int64_t target = INT64_MIN;      ///< energy at which to stop
};

struct QuboBaseline {
  std::vector<std::int32_t> values;
  std::int64_t energy = 0;
  std::uint64_t flips = 0;
  std::string method;
};

/// Flips that lower the energy most, from all zeros, until none does. Time O(n) per flip.
std::vector<std::int32_t> qubo_greedy(const model::QuboProblem& problem);

/// Greedy, then tabu search (tenure n/100 + random up to 10, aspiration by the best) restarted from random states until ten
/// elites are known, then from the best point of a path between two elites. Deterministic in `seed` while `stop` is silent.
/// The problem has no groups. Sources: Palubeckis 2006; Wang, Lü, Glover, Hao, "Path relinking for UBQP" 2012 (PR1)
QuboBaseline qubo_tabu(const model::QuboProblem& problem, std::uint64_t seed, const TabuLimit& limit);

/// For problems with groups: from random feasible states down by single flips and by swaps of a one with a zero of a group,
/// the best of the starts that `limit.flips` allows. Every state is feasible.
QuboBaseline qubo_descent(const model::QuboProblem& problem, std::uint64_t seed, const TabuLimit& limit);

inline constexpr std::int32_t enumerated_variables = 30;

/// The optimum, by visiting all 2^n states in Gray-code order: one flip each. @throws UserError above 30 variables.
/// Groups are respected: states that break one are passed over.
QuboBaseline qubo_enumerate(const model::QuboProblem& problem);

}  // namespace tempera::baselines
