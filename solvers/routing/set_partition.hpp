// The cheapest set of pooled routes that visits every customer exactly once: recombination of all good solutions at once.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "solvers/model/routing_solution.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::routing {

struct PartitionLimit {
  double seconds = 1;             ///< infinity: counted by nodes alone, so that the answer depends on the arguments only
  int nodes = 200;                ///< of branch and bound
  std::size_t columns = 5000;     ///< only so many of the pool's first routes enter
  double widest_gap = 0.01;       ///< (incumbent - LP bound) / incumbent above which branching is not tried
};

struct PartitionResult {
  std::optional<model::RoutingSolution> solution;  ///< cheaper than the incumbent; nothing: none was found
  double bound = 0;               ///< LP bound over the columns; 0 when the LP was not solved in time
  std::size_t columns = 0;        ///< that entered
  std::size_t open_columns = 0;   ///< left after fixing by reduced cost
};

/// LP relaxation, columns whose reduced cost passes the gap fixed to 0, then branch and bound below the incumbent's cost, by CBC.
/// @param pool       as RoutePool::routes gives them
/// @param incumbent  flattened routes, whose customers are the rows; the pool should hold them
/// @param incumbent_cost  scaled cost units
PartitionResult cheapest_partition(std::span<const model::PooledRoute> pool, std::span<const std::int32_t> incumbent, std::int64_t incumbent_cost,
                                   const PartitionLimit& limit);

}  // namespace tempera::routing
