// What routing tasks and their outcomes say: the one place where the campaign (on the master) and its runners (on every rank)
// agree on the arrays that travel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "solvers/model/campaign.hpp"
#include "solvers/model/routing_solution.hpp"
#include "solvers/tempering/cooling.hpp"

namespace tempera::routing {

/// Anneal a part. Routes are flattened here and below, see model::flatten.
struct PartTask {
  std::uint64_t seed = 0;
  bool saves_vehicles = false;
  tempering::Cooling cooling;          ///< from its begin to its end, scaled cost units
  std::vector<std::int32_t> routes;    ///< with a fleet also the customers left out
  std::vector<std::int64_t> vehicles;  ///< with a fleet: those that the part may use, by type and in all; else empty
};

/// What became of a part.
struct PartAnswer {
  std::int64_t start_cost = 0;         ///< scaled cost units, as is the next
  std::int64_t best_cost = 0;
  std::vector<std::int32_t> current;   ///< where the chain goes on
  std::vector<std::int32_t> best;      ///< empty: the start was not beaten
  std::vector<std::int32_t> visited;   ///< routes for the pool; none with a fleet, whose routes cannot be told apart by customers
};

/// Look for the cheapest solution out of pooled routes. Its answer is the solution, or nothing: none is cheaper.
struct PoolTask {
  std::vector<std::int32_t> incumbent;
  std::int64_t incumbent_cost = 0;     ///< scaled cost units
  std::vector<std::int32_t> pool;
};

/// Set the three arrays of a task, nothing else of it.
void write(PartTask content, model::Task& task);
void write(PoolTask content, model::Task& task);

/// Set the arrays of an outcome.
void write(const PartAnswer& content, model::Outcome& outcome);
void write(const std::optional<model::RoutingSolution>& content, model::Outcome& outcome);

bool is_pool_task(const model::Task& task);
// All readers throw LogicError when the arrays do not hold together.
/// @param vehicle_types  0: no fleet
PartTask read_part_task(const model::Task& task, std::size_t vehicle_types);
PoolTask read_pool_task(const model::Task& task);
PartAnswer read_part_answer(const model::Outcome& outcome);
std::optional<model::RoutingSolution> read_pool_answer(const model::Outcome& outcome);

}  // namespace tempera::routing
