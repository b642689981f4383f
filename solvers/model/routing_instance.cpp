#include "solvers/model/routing_instance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solvers/core/error.hpp"

namespace tempera::model {

using core::UserError;

std::int64_t units_per_distance(Rounding rounding) {
  switch (rounding) {
    case Rounding::nearest:
    case Rounding::trunc: return 1;
    case Rounding::dimacs: return 10;
    case Rounding::exact: return 1000;
    case Rounding::none: return 1'000'000;
  }
  TEMPERA_ASSERT(false, "unknown rounding");
}

namespace {
constexpr std::pair<Rounding, std::string_view> rounding_names[] = {
    {Rounding::nearest, "nearest"}, {Rounding::trunc, "trunc"}, {Rounding::dimacs, "dimacs"},
    {Rounding::exact, "exact"},     {Rounding::none, "none"}};

// Sums of a few thousand distances must stay far inside 64 bits, one distance inside 2^52 (exact in double).
constexpr double largest_scaled_distance = 4.0e15;

void validate_sizes(const RoutingInstance& in, std::string_view source) {
  const std::size_t nodes = in.demand.size();
  if (nodes < 2) throw UserError(fmt::format("{}: the instance has {} nodes. Give a depot and at least one customer.", source, nodes));
  if (in.node_ids.size() != nodes)
    throw UserError(fmt::format("{}: {} node ids for {} nodes.", source, in.node_ids.size(), nodes));
  if (in.edge_weight == EdgeWeight::explicit_matrix) {
    if (in.matrix.size() != nodes * nodes)
      throw UserError(fmt::format("{}: the distance matrix holds {} values, but {} nodes need {}.", source, in.matrix.size(), nodes, nodes * nodes));
  } else if (in.points.size() != nodes) {
    throw UserError(fmt::format("{}: {} coordinates for {} nodes.", source, in.points.size(), nodes));
  }
}

void validate_loads(const RoutingInstance& in, std::string_view source) {
  if (in.capacity.value <= 0)
    throw UserError(fmt::format("{}: CAPACITY is {}. Give the load of one vehicle, 1 or more.", source, in.capacity.value));
  if (in.demand[0].value != 0)
    throw UserError(fmt::format("{}: DEMAND of the depot (node {}) is {}. It must be 0.", source, in.node_ids[0], in.demand[0].value));
  for (int i = 1; i < in.nodes(); ++i) {
    const Load d = in.demand[i];
    if (d.value < 0)
      throw UserError(fmt::format("{}: DEMAND of node {} is {}. Give 0 or more.", source, in.node_ids[i], d.value));
    if (d > in.capacity)
      throw UserError(fmt::format("{}: DEMAND of node {} is {}, above CAPACITY {}. Split the customer or give larger vehicles.",
                                  source, in.node_ids[i], d.value, in.capacity.value));
  }
}

void validate_distances(const RoutingInstance& in, std::string_view source) {
  for (std::size_t i = 0; i < in.points.size(); ++i)
    if (!std::isfinite(in.points[i].x) || !std::isfinite(in.points[i].y))
      throw UserError(fmt::format("{}: coordinate of node {} is ({}, {}). Give finite numbers.", source, in.node_ids[i], in.points[i].x, in.points[i].y));
  const std::size_t nodes = in.demand.size();
  for (std::size_t k = 0; k < in.matrix.size(); ++k)
    if (!(in.matrix[k] >= 0) || !std::isfinite(in.matrix[k]))
      throw UserError(fmt::format("{}: EDGE_WEIGHT from node {} to node {} is {}. Give a finite number, 0 or more.", source,
                                  in.node_ids[k / nodes], in.node_ids[k % nodes], in.matrix[k]));
  if (in.service.value < 0)
    throw UserError(fmt::format("{}: SERVICE_TIME is negative. Give 0 or more.", source));
  if (in.max_route_length && in.max_route_length->value <= 0)
    throw UserError(fmt::format("{}: DISTANCE (longest route) is {}. Give a positive number or leave it out.", source, in.max_route_length->value));
}
}  // namespace

std::string_view name_of(Rounding rounding) {
  for (const auto& [value, name] : rounding_names)
    if (value == rounding) return name;
  TEMPERA_ASSERT(false, "unknown rounding");
}

std::optional<Rounding> rounding_from_name(std::string_view wanted) {
  for (const auto& [value, name] : rounding_names)
    if (name == wanted) return value;
  return std::nullopt;
}

void validate(const RoutingInstance& instance, std::string_view source) {
  validate_sizes(instance, source);
  validate_loads(instance, source);
  validate_distances(instance, source);
  if (static_cast<double>(distance_bound(instance)) > largest_scaled_distance / static_cast<double>(instance.nodes()))
    throw UserError(fmt::format("{}: distances up to {} units with --round {} overflow 64-bit costs. Use smaller coordinates or --round nearest.",
                                source, distance_bound(instance), name_of(instance.rounding)));
}

bool is_symmetric(const RoutingInstance& instance) {
  if (instance.edge_weight != EdgeWeight::explicit_matrix) return true;
  const std::size_t nodes = instance.demand.size();
  for (std::size_t i = 0; i < nodes; ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (instance.matrix[i * nodes + j] != instance.matrix[j * nodes + i]) return false;
  return true;
}

std::int64_t distance_bound(const RoutingInstance& instance) {
  const double units = static_cast<double>(units_per_distance(instance.rounding));
  double longest = 0;
  if (instance.edge_weight == EdgeWeight::explicit_matrix) {
    for (const double d : instance.matrix) longest = std::max(longest, d);
  } else if (instance.edge_weight == EdgeWeight::geographic) {
    longest = 20040;  // half the circumference of TSPLIB's sphere (radius 6378.388 km)
  } else {
    const auto [left, right] = std::minmax_element(instance.points.begin(), instance.points.end(), [](Point a, Point b) { return a.x < b.x; });
    const auto [low, high] = std::minmax_element(instance.points.begin(), instance.points.end(), [](Point a, Point b) { return a.y < b.y; });
    longest = std::hypot(right->x - left->x, high->y - low->y);
  }
  const double scaled = std::min(longest * units + 1, 9.0e18);
  return static_cast<std::int64_t>(scaled);
}

}  // namespace tempera::model
