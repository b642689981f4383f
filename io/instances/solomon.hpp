// Solomon's and Gehring and Homberger's files: routing with time windows (VRPTW).
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "solvers/model/routing_instance.hpp"

namespace tempera::instances {

/// How the numbers of a file become a problem. The two conventions of the literature, never mixed in one table: `distance`
/// with Rounding::dimacs (distances cut to 0.1), and `vehicles` with Rounding::none (fewest vehicles first, then the real distance).
struct SolomonOptions {
  std::optional<model::Rounding> rounding = std::nullopt;  ///< nothing: as the objective's convention has it
  model::Objective objective = model::Objective::distance;
};

/// Reads name, VEHICLE (number, capacity) and CUSTOMER (number, x, y, demand, ready time, due date, service time); the depot
/// is customer 0, the others follow in order. Windows and service times are scaled as distances are, so that no rounding ever
/// widens a window. The number of vehicles is information: the literature's instances never need it.
/// @throws UserError "<file>:<line>: <field> ... value ... what to do", for the first problem met; DataError when the file system fails
model::RoutingInstance read_solomon(const std::filesystem::path& path, const SolomonOptions& options = {});

/// The same from a text in memory; `source` opens the messages.
model::RoutingInstance parse_solomon(std::string_view text, std::string_view source, const SolomonOptions& options = {});

}  // namespace tempera::instances
