// Safety-stock placement as a mixed-integer programme, solved by CBC: the general-purpose comparison for small networks.
#pragma once

#include <optional>

#include "solvers/baselines/tree_placement.hpp"

namespace tempera::baselines {

struct CbcLimit {
  double seconds = 30;
  std::size_t most_columns = 200'000;  ///< above that nothing is tried
};

/// One 0/1 column per stage and grid value of the net replenishment time, S and SI continuous: exact on an exact grid. With
/// sites one row each for their storage: then exact among plans on the grid, and no lower bound for those between.
/// Nothing when no grid of `most_columns` is exact, or CBC found no plan in time.
/// `lower_bound` is what CBC proved (its gap tolerance is set to 0).
std::optional<PlacementResult> cbc_placement(const model::PlacementProblem& problem, const CbcLimit& limit);

}  // namespace tempera::baselines
