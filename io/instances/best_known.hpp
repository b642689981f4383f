// The best cost anybody has published for an instance, from the files that benchmark sets carry beside it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace tempera::instances {

struct BestKnown {
  double cost = 0;     ///< in the instance's distance units
  std::string source;  ///< the file it was found in
};

/// Looks for the instance's stem in column "name" of `BKS.csv` in the same folder (value from column "BKS"; both found by
/// the heading; a field in double quotes may hold commas), else for the cost line of `<stem>.sol` beside the instance.
/// Nothing when neither has it. CVRPLIB values hold for Rounding::nearest alone: do not compare others with them.
/// Throws UserError naming file and line when the value found is no positive number, or the `.sol` cannot be parsed.
std::optional<BestKnown> best_known(const std::filesystem::path& instance_file);

/// The same for a file with time windows: vehicles and distance in the given columns of `BKS.csv`, in the file's folder or the one
/// above; `vehicles` is 0 when its column is empty. Each convention has columns of its own.
struct BestKnownRoutes {
  double distance = 0;
  double vehicles = 0;
  std::string source;
};
std::optional<BestKnownRoutes> best_known_routes(const std::filesystem::path& instance_file, std::string_view vehicles_column, std::string_view distance_column);

/// The same for a supply network: `known_best.csv` in its folder or the one above (columns "name" and "best"), under the
/// file's stem or <folder>_<stem>, e.g. willems_38 for willems/38.txt.
std::optional<BestKnown> best_known_network(const std::filesystem::path& network_file);

/// For QUBO files: the value in column "best" of `best_known.csv` in the file's folder or the one above it.
std::optional<BestKnown> best_known_objective(const std::filesystem::path& instance_file);

}  // namespace tempera::instances
