// Supply networks and backtests as JSON: the full form, in the user's words, with names instead of numbers.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "solvers/model/placement_network.hpp"
#include "solvers/model/supply_system.hpp"

namespace tempera::instances {

/// The value of "type" at the top of a JSON text, e.g. "placement" or "backtest"; empty when there is none.
/// @throws UserError where the text is no JSON object
std::string json_type(std::string_view text, std::string_view source);

/// {"type": "placement", "stages": [{"name", "lead_time", …}], "arcs": [{"from", "to", "quantity"}], …}: the fields of
/// model::PlacementStage, PlacementArc and PlacementNetwork under their own names; arcs name stages.
/// @throws UserError "<file> /stages/3/lead_time is …": unknown or missing fields, wrong types, unknown stages, and all that
/// model::validate refuses
model::PlacementNetwork parse_placement_json(std::string_view text, std::string_view source);
model::PlacementNetwork read_placement_json(const std::filesystem::path& path);

/// {"type": "backtest", "nodes": [{"name", …, "demand": {"kind", …}}], "lanes": [{"from", "to", …}], "policies": [{"name",
/// "kind", "levels": {node: units}, …}], "periods", "warm_up", "scenarios", "seed", "correlation"}: the fields of
/// model::BacktestJob under their own names; a lane from "outside" has a supplier who always has stock.
model::BacktestJob parse_backtest_json(std::string_view text, std::string_view source);
model::BacktestJob read_backtest_json(const std::filesystem::path& path);

}  // namespace tempera::instances
