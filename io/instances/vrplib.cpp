#include "io/instances/vrplib.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "io/instances/format.hpp"
#include "io/instances/text_file.hpp"
#include "io/instances/text_scan.hpp"
#include "io/instances/vrplib_outline.hpp"
#include "io/instances/vrplib_sections.hpp"
#include "solvers/core/error.hpp"

namespace tempera::instances {

using model::Distance;
using model::EdgeWeight;
using model::Load;
using model::Rounding;
using model::RoutingInstance;

namespace {
constexpr std::int64_t most_nodes = 10'000'000;
constexpr std::int64_t largest_capacity = 1'000'000'000'000;  // loads of most_nodes customers still add up in 64 bits
constexpr double largest_scaled = 4.0e15;                     // as model::validate allows for distances

void refuse_other_formats(std::string_view text, std::string_view source) {
  const FileFormat format = recognise(text);
  if (format == FileFormat::vrplib || format == FileFormat::unknown) return;
  fail_at(source, 1, fmt::format("the file looks like {}, not like a VRPLIB file (NAME, TYPE, DIMENSION, ...). Give a .vrp file.", description(format)));
}

int read_dimension(const VrplibOutline& outline) {
  const VrplibEntry& entry = outline.required_key("DIMENSION", "Add 'DIMENSION : <number of nodes, the depot included>'.");
  const auto nodes = to_whole(entry.value);
  if (!nodes || *nodes < 2 || *nodes > most_nodes)
    fail_at(outline.source, entry.line, fmt::format("DIMENSION is {}. Give the number of nodes, the depot included: a whole number from 2 to {}.",
                                                    shown(entry.value), most_nodes));
  return static_cast<int>(*nodes);
}

Load read_capacity(const VrplibOutline& outline) {
  const VrplibEntry& entry = outline.required_key("CAPACITY", "Add 'CAPACITY : <load of one vehicle>'.");
  const auto capacity = to_whole(entry.value);
  if (!capacity || *capacity < 1 || *capacity > largest_capacity)
    fail_at(outline.source, entry.line, fmt::format("CAPACITY is {}. Give the load of one vehicle, a whole number from 1 to {}.",
                                                    shown(entry.value), largest_capacity));
  return Load(*capacity);
}

EdgeWeight read_edge_weight(const VrplibOutline& outline) {
  const VrplibEntry& entry = outline.required_key("EDGE_WEIGHT_TYPE", "Add 'EDGE_WEIGHT_TYPE : EUC_2D', CEIL_2D, GEO or EXPLICIT.");
  if (entry.value == "EUC_2D") return EdgeWeight::euclidean;
  if (entry.value == "CEIL_2D") return EdgeWeight::euclidean_ceil;
  if (entry.value == "GEO") return EdgeWeight::geographic;
  if (entry.value == "EXPLICIT") return EdgeWeight::explicit_matrix;
  fail_at(outline.source, entry.line, fmt::format("EDGE_WEIGHT_TYPE is {}. Supported are EUC_2D, CEIL_2D, GEO and EXPLICIT; other distances can be "
                                                  "listed as an EXPLICIT matrix.", shown(entry.value)));
}

// A decimal number in distance units, scaled and cut; a product that misses a whole number by the last bits of a double counts as it.
std::int64_t cut(double value, double units) {
  const double scaled = value * units;
  const double nearest = std::round(scaled);
  return static_cast<std::int64_t>(std::abs(scaled - nearest) <= 1e-9 + 1e-15 * nearest ? nearest : std::floor(scaled));
}

double number_of(const VrplibOutline& outline, std::string_view name, const VrplibEntry& entry, Rounding rounding, std::string_view advice) {
  const auto value = to_number(entry.value);
  const double units = static_cast<double>(model::units_per_distance(rounding));
  if (!value || !(*value >= 0) || *value * units > largest_scaled)
    fail_at(outline.source, entry.line, fmt::format("{} is {}. {}", name, shown(entry.value), advice));
  return *value;
}

void read_route_limits(const VrplibOutline& outline, RoutingInstance& instance) {
  const double units = static_cast<double>(model::units_per_distance(instance.rounding));
  const bool cuts = instance.rounding == Rounding::trunc || instance.rounding == Rounding::dimacs;
  if (const VrplibEntry* entry = outline.key("SERVICE_TIME")) {
    const double value = number_of(outline, "SERVICE_TIME", *entry, instance.rounding, "Give the time at each customer, a finite number, 0 or more.");
    instance.service = Distance(cuts ? cut(value, units) : static_cast<std::int64_t>(std::floor(value * units + 0.5)));
  }
  if (const VrplibEntry* entry = outline.key("DISTANCE")) {
    constexpr std::string_view advice = "Give the longest length of a route, a finite number above 0, or leave it out.";
    instance.max_route_length = Distance(cut(number_of(outline, "DISTANCE", *entry, instance.rounding, advice), units));
    if (instance.max_route_length->value == 0) fail_at(outline.source, entry->line, fmt::format("DISTANCE is {}. {}", shown(entry->value), advice));
  }
  if (const VrplibEntry* entry = outline.key("VEHICLES")) {
    instance.vehicles = to_whole(entry->value);
    if (!instance.vehicles || *instance.vehicles < 1)
      fail_at(outline.source, entry->line, fmt::format("VEHICLES is {}. Give a whole number, 1 or more, or leave it out.", shown(entry->value)));
  }
}

// Keys that only describe other parts of the file: their values are checked, so that none is wrong in silence.
void check_choice(const VrplibOutline& outline, std::string_view name, std::initializer_list<std::string_view> choices) {
  const VrplibEntry* entry = outline.key(name);
  if (entry == nullptr) return;
  for (const std::string_view choice : choices)
    if (entry->value == choice) return;
  fail_at(outline.source, entry->line, fmt::format("{} is {}. Supported are {}.", name, shown(entry->value), fmt::join(choices, ", ")));
}

void check_consistency(const VrplibOutline& outline, EdgeWeight edge_weight) {
  outline.required_key("TYPE", "Add 'TYPE : CVRP', or ACVRP for distances that differ by direction.");
  check_choice(outline, "NODE_COORD_TYPE", {"TWOD_COORDS", "NO_COORDS"});
  check_choice(outline, "DISPLAY_DATA_TYPE", {"COORD_DISPLAY", "TWOD_DISPLAY", "NO_DISPLAY"});
  if (edge_weight == EdgeWeight::explicit_matrix) return;
  check_choice(outline, "EDGE_WEIGHT_FORMAT", {"FUNCTION"});
  if (const VrplibSection* section = outline.section("EDGE_WEIGHT_SECTION"))
    fail_at(outline.source, section->line, fmt::format("EDGE_WEIGHT_SECTION contradicts EDGE_WEIGHT_TYPE {}. Remove the section or give EXPLICIT.",
                                                       outline.key("EDGE_WEIGHT_TYPE")->value));
}

// Distances as the file has them, depot not yet in front.
void read_geometry(const VrplibOutline& outline, RoutingInstance& instance, int nodes) {
  const bool geographic = instance.edge_weight == EdgeWeight::geographic;
  if (instance.edge_weight == EdgeWeight::explicit_matrix) {
    const VrplibEntry& format = outline.required_key("EDGE_WEIGHT_FORMAT", "Add the form of the matrix, such as 'EDGE_WEIGHT_FORMAT : FULL_MATRIX'.");
    instance.matrix = read_matrix(outline, format, nodes);
  }
  std::vector<model::Point> display;
  if (outline.section("DISPLAY_DATA_SECTION")) display = read_points(outline, "DISPLAY_DATA_SECTION", nodes, false);
  if (instance.edge_weight != EdgeWeight::explicit_matrix || outline.section("NODE_COORD_SECTION"))
    instance.points = read_points(outline, "NODE_COORD_SECTION", nodes, geographic);
  else
    instance.points = std::move(display);
}

template <class T>
void move_to_front(std::vector<T>& values, int depot) {
  if (!values.empty()) std::rotate(values.begin(), values.begin() + depot, values.begin() + depot + 1);
}

void put_depot_first(RoutingInstance& instance, int depot) {
  move_to_front(instance.points, depot);
  move_to_front(instance.demand, depot);
  move_to_front(instance.node_ids, depot);
  if (instance.matrix.empty()) return;
  const auto nodes = static_cast<std::ptrdiff_t>(instance.demand.size());
  const auto row = instance.matrix.begin();
  std::rotate(row, row + depot * nodes, row + (depot + 1) * nodes);
  for (std::ptrdiff_t i = 0; i < nodes; ++i) std::rotate(row + i * nodes, row + i * nodes + depot, row + i * nodes + depot + 1);
}

RoutingInstance instance_of(const VrplibOutline& outline, Rounding rounding) {
  RoutingInstance instance;
  if (const VrplibEntry* name = outline.key("NAME")) instance.name = name->value;
  instance.comment = fmt::format("{}", fmt::join(outline.comments, "\n"));
  instance.rounding = rounding;
  const int nodes = read_dimension(outline);
  instance.capacity = read_capacity(outline);
  instance.edge_weight = read_edge_weight(outline);
  check_consistency(outline, instance.edge_weight);
  read_route_limits(outline, instance);
  read_geometry(outline, instance, nodes);
  const int depot = read_depot(outline, nodes);
  instance.demand = read_demands(outline, nodes, depot, instance.capacity);
  instance.node_ids.resize(static_cast<std::size_t>(nodes));
  std::iota(instance.node_ids.begin(), instance.node_ids.end(), 1);
  put_depot_first(instance, depot);
  return instance;
}
}  // namespace

RoutingInstance parse_vrplib(std::string_view text, std::string_view source, std::optional<Rounding> rounding) {
  refuse_other_formats(text, source);
  RoutingInstance instance = instance_of(outline_vrplib(text, source), rounding.value_or(Rounding::nearest));
  model::validate(instance, source);  // what no single line can be blamed for, such as costs beyond 64 bits
  return instance;
}

RoutingInstance read_vrplib(const std::filesystem::path& path, std::optional<Rounding> rounding) {
  RoutingInstance instance = parse_vrplib(read_text(path), path.string(), rounding);
  if (instance.name.empty()) instance.name = path.stem().string();
  return instance;
}

}  // namespace tempera::instances
