// First prices for the arcs of a placement network, from a linear programme.
#pragma once

#include <vector>

#include "solvers/model/placement_problem.hpp"

namespace tempera::inventory {

struct ChordPrices {
  std::vector<double> arc_price;  ///< money per day that one day of slack on the arc would save; >= 0
  double lower_bound = 0;         ///< the linear programme's value; valid when all costs are concave
};

/// Replaces every cost by its chord over the possible net replenishment times and solves the linear programme that is left.
ChordPrices chord_prices(const model::PlacementProblem& problem);

/// A spanning forest (directions ignored) of the dearest arcs: one flag per arc. Equal prices in order of the arcs.
std::vector<char> dearest_forest(const model::PlacementProblem& problem, const std::vector<double>& arc_price);

}  // namespace tempera::inventory
