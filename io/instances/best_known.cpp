#include "io/instances/best_known.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "io/instances/solution_file.hpp"
#include "io/instances/text_file.hpp"
#include "io/instances/text_scan.hpp"

namespace tempera::instances {

namespace fs = std::filesystem;

namespace {
// One line of a CSV file (RFC 4180; a quoted field may hold commas and doubled quotes, but no line end).
std::vector<std::string> csv_fields(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') fields.back() += line[i++];
    else if (c == '"') quoted = !quoted;
    else if (c == ',' && !quoted) fields.emplace_back();
    else fields.back() += c;
  }
  for (std::string& field : fields) field = trimmed(field);
  return fields;
}

std::optional<BestKnown> from_table(const fs::path& table, std::string_view name, std::string_view value_name, double least) {
  const std::string text = read_text(table);
  LineReader lines(text);
  if (!lines.next()) return std::nullopt;
  const std::vector<std::string> heading = csv_fields(lines.line());
  const auto name_column = static_cast<std::size_t>(std::ranges::find(heading, "name") - heading.begin());
  const auto value_column = static_cast<std::size_t>(std::ranges::find(heading, value_name) - heading.begin());
  if (name_column == heading.size() || value_column == heading.size()) return std::nullopt;
  while (lines.next()) {
    const std::vector<std::string> fields = csv_fields(lines.line());
    if (std::max(name_column, value_column) >= fields.size() || fields[name_column] != name || fields[value_column].empty()) continue;
    const auto value = to_number(fields[value_column]);
    if (!value || !std::isfinite(*value) || *value <= least)
      fail_at(table.string(), lines.number(),
              fmt::format("{} of {} is {}. Give a {}number or leave the field empty.", value_name, name, shown(fields[value_column]), least == 0 ? "positive " : ""));
    return BestKnown{*value, table.string()};
  }
  return std::nullopt;
}
}  // namespace

std::optional<BestKnown> best_known(const fs::path& instance_file) {
  std::error_code ignored;
  const fs::path table = instance_file.parent_path() / "BKS.csv";
  if (fs::is_regular_file(table, ignored))
    if (auto found = from_table(table, instance_file.stem().string(), "BKS", 0)) return found;
  fs::path solution = instance_file;
  solution.replace_extension(".sol");
  if (!fs::is_regular_file(solution, ignored)) return std::nullopt;
  const std::optional<double> cost = read_solution(solution).cost;
  if (!cost) return std::nullopt;
  return BestKnown{*cost, solution.string()};
}

std::optional<BestKnownRoutes> best_known_routes(const fs::path& instance_file, std::string_view vehicles_column, std::string_view distance_column) {
  const fs::path folder = fs::absolute(instance_file).parent_path();
  for (const fs::path& place : {folder, folder.parent_path()}) {
    std::error_code ignored;
    if (!fs::is_regular_file(place / "BKS.csv", ignored)) continue;
    const std::string stem = instance_file.stem().string();
    const auto distance = from_table(place / "BKS.csv", stem, distance_column, 0);
    if (!distance) continue;
    const auto vehicles = from_table(place / "BKS.csv", stem, vehicles_column, 0);
    return BestKnownRoutes{distance->cost, vehicles ? vehicles->cost : 0, distance->source};
  }
  return std::nullopt;
}

std::optional<BestKnown> best_known_network(const fs::path& network_file) {
  std::error_code ignored;
  const fs::path folder = fs::absolute(network_file, ignored).parent_path();
  const std::string stem = network_file.stem().string();
  for (const fs::path& table : {folder / "known_best.csv", folder.parent_path() / "known_best.csv"}) {
    if (!fs::is_regular_file(table, ignored)) continue;
    if (auto found = from_table(table, stem, "best", 0)) return found;
    if (auto found = from_table(table, folder.filename().string() + "_" + stem, "best", 0)) return found;
  }
  return std::nullopt;
}

std::optional<BestKnown> best_known_objective(const fs::path& instance_file) {
  const fs::path folder = fs::absolute(instance_file).parent_path();
  for (const fs::path& place : {folder, folder.parent_path()}) {
    std::error_code ignored;
    if (!fs::is_regular_file(place / "best_known.csv", ignored)) continue;
    if (auto found = from_table(place / "best_known.csv", instance_file.stem().string(), "best", -1e300)) return found;
  }
  return std::nullopt;
}

}  // namespace tempera::instances
