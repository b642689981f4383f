// Supply networks as text: the normalised form of the Willems chains, and comma-separated stage lists.
#pragma once

#include <filesystem>
#include <string_view>

#include "solvers/model/placement_network.hpp"

namespace tempera::instances {

/// The normalised network: "N A", then per stage "T w cap" (lead time in days; holding cost * z * sigma, so that safety stock
/// costs w * sqrt(net replenishment time); longest outbound service time in days, -1 = none), then per arc "i j" (i supplies
/// j, counted from 0). Blank lines and lines that open with # are skipped.
/// @throws UserError "<file>:<line>: ..." with the value seen, also for a cycle or a sink without cap
model::PlacementNetwork read_network_txt(const std::filesystem::path& path);
model::PlacementNetwork parse_network_txt(std::string_view text, std::string_view source);

/// Stages as comma-separated lines under a heading: stage_id, lead_time, max_s_time, cost or cost_rate (added at the stage;
/// the holding cost is the sum over everything it contains), risk_pool (pooling exponent), ext_demand_mean, ext_demand_std,
/// ext_demand_thres (safety factor z), up_stages (supplier, quantity, supplier, quantity, ... to the end of the line).
/// Pooling adds z * sigma, as the files' authors do.
/// @throws UserError "<file>:<line>: ..." naming the column
model::PlacementNetwork read_network_csv(const std::filesystem::path& path);
model::PlacementNetwork parse_network_csv(std::string_view text, std::string_view source);

}  // namespace tempera::instances
