// The classical comparison for quadratic assignment.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "solvers/model/qap_problem.hpp"

namespace tempera::baselines {

struct QapBaseline {
  std::vector<std::int32_t> place;
  std::int64_t cost = 0;
};

/// From random permutations down by the first improving swap of two places, until none improves; the best of `starts`, or of
/// what `stop` (may be empty; asked before every start but the first) allows. Deterministic in `seed` while it is silent.
QapBaseline qap_descent(const model::QapProblem& problem, std::uint64_t seed, std::uint64_t starts, const std::function<bool()>& stop);

}  // namespace tempera::baselines
