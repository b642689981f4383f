// Placement plans as comma-separated files: what a spreadsheet opens.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "solvers/model/placement_network.hpp"

namespace tempera::instances {

/// One line per stage under the heading
/// stage,name,outbound_days,inbound_days,net_replenishment_days,safety_stock_units,cost_money
/// with service times to the micro-day; stage counts from 0.
std::string placement_plan_text(const model::PlacementNetwork& network, const model::PlacementPlan& plan);

/// Writes it atomically. Throws DataError when it cannot.
void write_placement_plan(const std::filesystem::path& path, const model::PlacementNetwork& network, const model::PlacementPlan& plan);

/// Reads columns stage and outbound_days of such a file (others are ignored, inbound_days is taken where it stands; where it
/// does not, the longest outbound time of the suppliers). Not checked against limits.
/// @throws UserError "<file>:<line>: ..." for an unknown, missing or repeated stage, or a value that is no number
model::PlacementPlan read_placement_plan(const std::filesystem::path& path, const model::PlacementNetwork& network);
model::PlacementPlan parse_placement_plan(std::string_view text, std::string_view source, const model::PlacementNetwork& network);

}  // namespace tempera::instances
