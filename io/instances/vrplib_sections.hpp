// Second pass over a VRPLIB text: the numbers of each section. Nodes are numbered 1 to DIMENSION in the file, 0 to
// DIMENSION - 1 here; the depot still stands where the file has it. Every error is a UserError with file and line.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "io/instances/vrplib_outline.hpp"
#include "solvers/model/routing_instance.hpp"

namespace tempera::instances {

/// Points of NODE_COORD_SECTION or DISPLAY_DATA_SECTION, one per node. Finite; in degree ranges when `geographic`.
std::vector<model::Point> read_points(const VrplibOutline& outline, std::string_view section, int nodes, bool geographic);

/// The one node of DEPOT_SECTION.
int read_depot(const VrplibOutline& outline, int nodes);

/// DEMAND_SECTION: 0 at the depot, 0 to `capacity` elsewhere.
std::vector<model::Load> read_demands(const VrplibOutline& outline, int nodes, int depot, model::Load capacity);

/// EDGE_WEIGHT_SECTION in any of TSPLIB's matrix formats, as nodes x nodes, row = from, diagonal 0 (it is never travelled).
/// Source: Reinelt, TSPLIB 95, section 1.1.6 (EDGE_WEIGHT_FORMAT).
std::vector<double> read_matrix(const VrplibOutline& outline, const VrplibEntry& format, int nodes);

}  // namespace tempera::instances
