// The parts that a round cuts a replica into, and what became of each.
#pragma once

#include <cstdint>
#include <vector>

#include "solvers/core/random.hpp"
#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"
#include "solvers/routing/task_content.hpp"

namespace tempera::routing {

struct Part {
  std::vector<std::int32_t> start;       ///< flattened
  std::vector<std::int64_t> vehicles;    ///< with a fleet: those that it may use, by type and in all
  std::uint64_t task = 0;                ///< that works it
  PartAnswer answer{};                   ///< empty until it is there
  bool closed = false;

  const std::vector<std::int32_t>& best() const { return answer.best.empty() ? start : answer.best; }
  /// best - start, as the answer says: 0 or below; scaled cost units.
  std::int64_t best_gain() const { return answer.best.empty() ? 0 : answer.best_cost - answer.start_cost; }
  /// Takes an answer about exactly its customers and vehicles, whose best is below its start. Throws LogicError otherwise, and
  /// keeps what it had.
  void take(const model::RoutingInstance& instance, PartAnswer given);
};

/// Whole routes of the solution; with a fleet also whom it leaves out, and a share of the spare vehicles. At least one part.
std::vector<Part> cut_into_parts(const model::RoutingInstance& instance, const model::RoutingSolution& solution, std::uint32_t parts, core::RandomStream& random);

/// The whole solution with every part's best routes so far.
model::RoutingSolution join_best(const std::vector<Part>& parts);
/// The same with those where the chains go on; every part must be closed.
model::RoutingSolution join_current(const std::vector<Part>& parts);

}  // namespace tempera::routing
