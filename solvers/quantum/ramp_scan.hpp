// The search for angles of the engines that keep groups: linear ramps of a few slopes.
#pragma once

#include <fmt/format.h>

#include <cstddef>

#include "solvers/core/error.hpp"
#include "solvers/quantum/cost_polynomial.hpp"
#include "solvers/quantum/qaoa.hpp"

namespace tempera::quantum {

/// Leaves the engine in the state of the best ramp of this depth, which is returned with its mean cost.
/// @tparam Engine  has start(), layer(gamma, beta, mixer) and expectation()
/// @throws UserError for a depth below 1
template <class Engine, class Mixer>
SearchResult scan_group_ramps(Engine& engine, const CostPolynomial& cost, int depth, Mixer mixer) {
  if (depth < 1) throw core::UserError(fmt::format("The depth is {}; give at least 1 layer.", depth));
  const double scale = 2 * ising_scale(cost);  // a bit is half a spin, and the complete graph moves faster than single flips
  const auto prepare = [&](const Angles& angles) {
    engine.start();
    for (std::size_t l = 0; l < angles.gamma.size(); ++l) engine.layer(angles.gamma[l], angles.beta[l], mixer);
    return engine.expectation();
  };
  SearchResult best;
  double last_slope = 0;
  for (const double slope : {0.1, 0.2, 0.35, 0.5, 0.7, 1.0, 1.4}) {
    const Angles ramp = linear_ramp(depth, slope, scale);
    const double value = prepare(ramp);
    ++best.evaluations;
    last_slope = slope;
    if (best.slope == 0 || value < best.value) best.angles = ramp, best.value = value, best.slope = slope;
  }
  if (best.slope != last_slope) prepare(best.angles);
  return best;
}

}  // namespace tempera::quantum
