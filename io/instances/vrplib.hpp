// VRPLIB / CVRPLIB / TSPLIB 95 `.vrp` files: capacitated routing problems, read and written.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "solvers/model/routing_instance.hpp"

namespace tempera::instances {

/// Reads TYPE CVRP or ACVRP with EDGE_WEIGHT_TYPE EUC_2D, CEIL_2D, GEO or EXPLICIT (every matrix form of TSPLIB).
/// The depot may be any node and becomes node 0; the customers follow in order of their numbers; node_ids are the
/// file's numbers, 1 to DIMENSION. No n x n matrix is made unless the file lists one.
/// SERVICE_TIME is rounded as distances are; DISTANCE (longest route) is cut to the distance unit, which excludes no route.
/// VEHICLES is kept as information. DISPLAY_DATA_SECTION gives the points of an EXPLICIT instance without NODE_COORD_SECTION.
/// NAME may be absent: the file's stem then. COMMENT may be repeated: lines of one comment.
/// @param rounding  nearest when not given, the CVRPLIB convention
/// @throws UserError "<file>:<line>: <field> ... value ... what to do", for the first problem met; nothing in the file is
///         skipped: an unknown key or section is an error. DataError when the file system fails.
model::RoutingInstance read_vrplib(const std::filesystem::path& path, std::optional<model::Rounding> rounding = std::nullopt);

/// The same from a text in memory; `source` opens the messages.
model::RoutingInstance parse_vrplib(std::string_view text, std::string_view source, std::optional<model::Rounding> rounding = std::nullopt);

/// The instance as a `.vrp` text; a matrix is written as FULL_MATRIX. parse_vrplib gives the same instance back when its
/// name and comment hold no line ends at their edges and node_ids are a permutation of 1..nodes with the customers
/// ascending (as every reader and generator here makes them); any other ids are written as 1..nodes, depot first.
std::string vrplib_text(const model::RoutingInstance& instance);

/// Writes vrplib_text atomically. Throws DataError when it cannot.
void write_vrplib(const model::RoutingInstance& instance, const std::filesystem::path& path);

}  // namespace tempera::instances
