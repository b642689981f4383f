// Rebalancing problems and plans as tables.
#pragma once

#include <filesystem>
#include <string>

#include "solvers/model/rebalancing_problem.hpp"

namespace tempera::instances {

/// Writes the job `path` and its tables beside it (STEM_sites.csv, STEM_skus.csv, …); reading them gives the problem again,
/// scenarios named s1, s2, … @throws DataError
void write_rebalancing_job(const model::RebalancingProblem& problem, const std::filesystem::path& path);

enum class ShipmentKind { all, orders, transfers };
/// lane, sku, from, to, departs, arrives (days from 1), pallets, units, m3; by day.
std::string shipment_table(const model::RebalancingProblem& problem, const model::RebalancingPlan& plan, ShipmentKind kind);
/// lane, from, to, departs, trucks, m3, pallets: lanes and days with anything on them.
std::string truck_table(const model::RebalancingProblem& problem, const model::RebalancingPlan& plan);

/// What `shipment_table` wrote; the columns lane (from 1), sku, departs and pallets are read.
/// @throws UserError naming file, line and column
model::RebalancingPlan read_rebalancing_plan(const std::filesystem::path& path, const model::RebalancingProblem& problem);

}  // namespace tempera::instances
