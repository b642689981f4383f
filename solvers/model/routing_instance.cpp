#include "solvers/model/routing_instance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solvers/core/error.hpp"
#include "solvers/model/distances.hpp"
#include "solvers/model/time_windows.hpp"

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
    if (d > in.capacity && !in.fleet)
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
// A time in seconds, or in the file's own unit.
std::string shown(const RoutingInstance& in, std::int64_t time) {
  const double per_second = in.timetable->units_per_second;
  return per_second > 0 ? fmt::format("{:.10g} s", static_cast<double>(time) / per_second) : fmt::format("{:.10g}", static_cast<double>(time) / static_cast<double>(units_per_distance(in.rounding)));
}

void validate_windows(const RoutingInstance& in, std::string_view source) {
  const Timetable& times = *in.timetable;
  const std::size_t nodes = in.demand.size();
  if (times.earliest.size() != nodes || times.latest.size() != nodes || times.service.size() != nodes)
    throw UserError(fmt::format("{}: {} opening, {} closing and {} service times for {} nodes.", source, times.earliest.size(), times.latest.size(),
                                times.service.size(), nodes));
  if (in.service.value != 0) throw UserError(fmt::format("{}: SERVICE_TIME stands beside service times of the nodes. Leave one of them out.", source));
  for (std::size_t i = 0; i < nodes; ++i) {
    const auto says = [&](const char* what, Distance value, const char* advice) {
      throw UserError(fmt::format("{}: {} of {} is {}. {}", source, what, in_words(in, static_cast<std::int32_t>(i)), shown(in, value.value), advice));
    };
    const std::int64_t largest = latest_time(nodes);
    if (times.earliest[i].value < 0) says("the window's start", times.earliest[i], "Give 0 or more.");
    if (times.latest[i] < times.earliest[i]) says("the window's end", times.latest[i], "Give a time not before its start.");
    if (times.latest[i].value > largest) says("the window's end", times.latest[i], "Give an earlier one, or a coarser --round.");
    if (times.service[i].value < 0 || times.service[i].value > largest) says("the service time", times.service[i], "Give 0 or more.");
  }
  if (!times.travel.empty() && (times.travel.size() != nodes * nodes || !in.fleet))
    throw UserError(fmt::format("{}: {} travel times for {} nodes {} a fleet. Give {}, and vehicles.", source, times.travel.size(), nodes, in.fleet ? "with" : "without", nodes * nodes));
  if (const auto negative = std::ranges::find_if(times.travel, [](std::int32_t t) { return t < 0; }); negative != times.travel.end())
    throw UserError(fmt::format("{}: a travel time is {}. Give 0 or more.", source, *negative));
  if (times.service[0].value != 0) throw UserError(fmt::format("{}: the service time of the depot is {}. It must be 0.", source, shown(in, times.service[0].value)));
  if (times.max_duration && times.max_duration->value <= 0)
    throw UserError(fmt::format("{}: the longest duration of a route is {}. Give a positive number or leave it out.", source, shown(in, times.max_duration->value)));
}

// Every customer by a vehicle of its own: what every construction starts from.
void validate_reach(const RoutingInstance& in, std::string_view source) {
  const Timetable& times = *in.timetable;
  const Distances d(in, 0);
  const double units = static_cast<double>(units_per_distance(in.rounding));
  // A job has a way to go on without the customer.
  const std::string_view otherwise = in.labels.empty() ? " or remove the customer" : ", remove the customer, or give the vehicles as a list: then who cannot be served is left out, with the reason";
  for (std::size_t i = 1; i < in.demand.size(); ++i) {
    const int c = static_cast<int>(i);
    const std::int64_t out = d(0, c), home = d(c, 0), whole = out + times.service[i].value + home;
    const std::int64_t arrival = times.earliest[0].value + out, start = std::max(arrival, times.earliest[i].value);
    const auto refuse = [&](const std::string& what, std::string_view advice) { throw UserError(fmt::format("{}: {}. {}{}.", source, what, advice, otherwise)); };
    const std::string customer = in_words(in, c);
    if (times.max_duration && whole > times.max_duration->value)  // before the hours, which may follow from it
      refuse(fmt::format("serving {} alone takes {}, above the longest duration of a route, {}", customer, shown(in, whole), shown(in, times.max_duration->value)), "Give a longer one");
    if (start > times.latest[i].value)
      refuse(fmt::format("{} cannot be reached in time: a vehicle that leaves the depot when it opens is there at {}, and the window closes at {}", customer, shown(in, arrival), shown(in, times.latest[i].value)), "Give a later end");
    const std::int64_t back = start + times.service[i].value + home;
    if (back > times.latest[0].value)
      refuse(fmt::format("{} cannot be served before the depot closes: the vehicle is back at {}, and it closes at {}", customer, shown(in, back), shown(in, times.latest[0].value)), "Give a later closing");
    if (in.max_route_length && out + home > in.max_route_length->value)
      refuse(fmt::format("serving {} alone takes a route of length {}, above the limit {}", customer, static_cast<double>(out + home) / units, static_cast<double>(in.max_route_length->value) / units), "Give a longer limit");
  }
}

constexpr std::pair<Objective, std::string_view> objective_names[] = {{Objective::distance, "distance"}, {Objective::vehicles, "vehicles"}};
}  // namespace

std::int64_t latest_time(std::size_t nodes) { return static_cast<std::int64_t>(largest_scaled_distance / static_cast<double>(nodes)); }

std::string in_words(const RoutingInstance& instance, std::int32_t node) {
  const auto i = static_cast<std::size_t>(node);
  return instance.labels.empty() ? fmt::format("node {}", instance.node_ids[i]) : fmt::format("'{}'", instance.labels[i]);
}

std::string_view name_of(Objective objective) {
  for (const auto& [value, name] : objective_names)
    if (value == objective) return name;
  TEMPERA_ASSERT(false, "unknown objective");
}

std::optional<Objective> objective_from_name(std::string_view wanted) {
  for (const auto& [value, name] : objective_names)
    if (name == wanted) return value;
  return std::nullopt;
}

Objective objective_of(const RoutingInstance& instance) { return instance.route_cost.value > 0 ? Objective::vehicles : Objective::distance; }

void set_objective(RoutingInstance& instance, Objective objective) {
  instance.route_cost = Cost(0);
  if (objective == Objective::distance) return;
  if (!instance.timetable) {
    const auto nodes = instance.demand.size();
    // Late enough for any route: all customers one after another, each over the longest arc.
    const Distance end((distance_bound(instance) + instance.service.value + 1) * static_cast<std::int64_t>(nodes + 1));
    instance.timetable = Timetable{.earliest = std::vector<Distance>(nodes), .latest = std::vector<Distance>(nodes, end),
                                   .service = std::vector<Distance>(nodes, instance.service), .max_duration = instance.max_route_length, .units_per_second = 0};
    instance.timetable->service[0] = Distance(0);
    instance.service = Distance(0);
    instance.max_route_length.reset();
  }
  // A tour through everything over the longest arcs, and a vehicle for every customer: no distance outweighs a route.
  const std::int64_t units = units_per_distance(instance.rounding);
  std::int64_t farthest = 1;
  const Distances d(instance, 0);
  for (int c = 1; c < instance.nodes(); ++c) farthest = std::max({farthest, d(0, c), d(c, 0)});
  std::int64_t cost = units;
  while (cost <= 2 * farthest * instance.customers()) cost *= 10;
  instance.route_cost = Cost(cost);
}

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
  if (instance.route_cost.value < 0 || instance.route_cost.value > std::int64_t{1'000'000'000'000'000'000} / instance.nodes() || (instance.route_cost.value > 0 && !instance.timetable && !instance.fleet))
    throw UserError(fmt::format("{}: a route costs {} units. Give 0 or more, and a timetable.", source, instance.route_cost.value));
  if (instance.fleet) validate_fleet(instance, source);
  if (!instance.timetable) return;
  validate_windows(instance, source);
  if (!instance.fleet) validate_reach(instance, source);
}

double units_per_cost(const RoutingInstance& instance) {
  return static_cast<double>(instance.fleet ? instance.fleet->money_scale : units_per_distance(instance.rounding));
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
