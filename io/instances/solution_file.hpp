// CVRPLIB `.sol` files: "Route #1: 3 5 ...", one line per route, then "Cost 27591".
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::instances {

/// What a `.sol` file says; nobody has checked it against an instance.
///
/// Customers are counted without the depot, in order of the file's node numbers: number k is customer k of our
/// RoutingInstance. With the depot as node 1 that is node k + 1 of the `.vrp` file, the CVRPLIB convention; with the depot
/// at node d it is node k for k < d and node k + 1 from there on (RoutingInstance::node_ids[k] either way).
///
/// With a fleet a line "Vehicle #1: van" behind each route names the type of its vehicle.
struct SolutionFile {
  model::RoutingSolution solution;
  std::vector<std::string> vehicles{};  ///< per route the type named, empty where none is; no entries where no route has one
  std::optional<double> cost;  ///< as written, in the user's units
};

/// Lenient about what is said: routes may be partial, overloaded, or visit a customer twice or an unknown one
/// (baselines::repair makes them usable). Strict about how: throws UserError "<file>:<line>: ..." for anything that is not a
/// route line of whole numbers 1 and up, a cost line or blank, for a second cost line, and for a file without a route.
/// A vehicle line names the route before it.
SolutionFile read_solution(const std::filesystem::path& path);
SolutionFile parse_solution(std::string_view text, std::string_view source);

/// The text of a solution; empty routes are left out. `cost` should come from the referee (model::judge); it is printed in
/// the user's units: whole for nearest and trunc, exact decimals for the scaled roundings.
std::string solution_text(const model::RoutingSolution& solution, core::Cost cost, model::Rounding rounding);

/// The same with a fleet. @param vehicles  names of types @param cost  in the user's units
std::string fleet_solution_text(const model::RoutingSolution& solution, std::span<const std::string> vehicles, std::string_view cost);

/// Writes solution_text atomically: a reader sees the previous file or the new one. Throws DataError when it cannot.
void write_solution(const std::filesystem::path& path, const model::RoutingSolution& solution, core::Cost cost, model::Rounding rounding);

}  // namespace tempera::instances
