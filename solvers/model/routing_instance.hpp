// A routing problem as it was given: capacity, route length, time windows; raw data, no derived tables. Node 0 is the depot,
// nodes 1..n the customers; further depots of a fleet are nodes n + 1 and up.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "solvers/core/units.hpp"
#include "solvers/model/fleet.hpp"

namespace tempera::model {

/// How a distance follows from the raw data (VRPLIB EDGE_WEIGHT_TYPE).
enum class EdgeWeight : std::uint8_t {
  euclidean,       ///< EUC_2D, rounded by the instance's Rounding
  euclidean_ceil,  ///< CEIL_2D: rounded up, whatever the Rounding
  geographic,      ///< GEO: TSPLIB's great-circle distance in whole km; coordinates are DDD.MM
  explicit_matrix, ///< EXPLICIT: given, may be asymmetric
};

/// From a real distance d to integer units. The unit is 1 / units_per_distance(rounding).
enum class Rounding : std::uint8_t {
  nearest,  ///< floor(d + 0.5), unit 1: the CVRPLIB convention
  trunc,    ///< floor(d), unit 1
  dimacs,   ///< floor(10 d), unit 0.1: the DIMACS VRPTW convention
  exact,    ///< floor(1000 d + 0.5), unit 0.001
  none,     ///< no rounding that matters: floor(10^6 d + 0.5), unit 10^-6
};

std::int64_t units_per_distance(Rounding rounding);
std::string_view name_of(Rounding rounding);
std::optional<Rounding> rounding_from_name(std::string_view name);

struct Point {
  double x = 0;
  double y = 0;
};

/// When every node may be served and how long that takes. Times count in distance units: driving a distance d takes d (with a
/// fleet: as VehicleType says), unless travel times are given. All three arrays have an entry per node; those of a depot say when a vehicle may leave at the earliest and must be back at the latest.
struct Timetable {
  std::vector<Distance> earliest;        ///< service does not begin before; a vehicle that comes earlier waits
  std::vector<Distance> latest;          ///< service does not begin after
  std::vector<Distance> service;         ///< 0 for the depot
  std::optional<Distance> max_duration;  ///< from leaving the depot until the return, waiting included
  double units_per_second = 0;           ///< time units in a second, where times were given in seconds; else 0
  std::vector<std::int32_t> travel{};    ///< given travel times, nodes x nodes, row = from; only with a fleet; empty: they follow from the distance

  /// From one node to the next by a vehicle of normal speed. @param distance  between them
  std::int64_t normal_time(std::int32_t from, std::int32_t to, std::int64_t distance) const {
    return travel.empty() ? distance : travel[static_cast<std::size_t>(from) * earliest.size() + static_cast<std::size_t>(to)];
  }

  friend bool operator==(const Timetable&, const Timetable&) = default;
};

/// What a solution is to have least of.
enum class Objective : std::uint8_t {
  distance,  ///< driven in all
  vehicles,  ///< routes first, then distance
};

std::string_view name_of(Objective objective);
std::optional<Objective> objective_from_name(std::string_view name);

/// Plain data. Whoever makes one calls `validate` before handing it on.
struct RoutingInstance {
  std::string name;
  std::string comment;
  EdgeWeight edge_weight = EdgeWeight::euclidean;
  Rounding rounding = Rounding::nearest;
  std::vector<Point> points;             ///< n + 1 raw coordinates; may be empty for explicit_matrix
  std::vector<double> matrix;            ///< explicit_matrix only: (n+1) x (n+1) raw distances, row = from
  std::vector<Load> demand;              ///< n + 1; demand[0] = 0
  Load capacity;                         ///< of each vehicle
  Distance service;                      ///< time spent at every customer, scaled; counts toward max_route_length only; 0 with a timetable
  std::optional<Distance> max_route_length;  ///< VRPLIB DISTANCE, scaled: driving + service of one route
  std::optional<std::int64_t> vehicles;  ///< VRPLIB VEHICLES: information only, the number of routes is free
  std::optional<Timetable> timetable;    ///< nothing: no time is kept
  Cost route_cost;                       ///< of every route, beside its distance; above 0 only with a timetable, or as part of a fleet's fixed costs
  std::optional<Fleet> fleet;            ///< nothing: as many equal vehicles as are needed, all customers required, cost is distance
  std::vector<std::int64_t> node_ids;    ///< one per node: identifiers of the file, for messages and output
  std::vector<std::string> labels;       ///< one per node: names of a job file, or empty; only the master has them

  int depots() const { return fleet ? fleet->depots : 1; }
  int customers() const { return static_cast<int>(demand.size()) - depots(); }
  int nodes() const { return static_cast<int>(demand.size()); }
};

/// A node as messages name it: 'label', or node and its number in the file.
std::string in_words(const RoutingInstance& instance, std::int32_t node);

/// Throws UserError naming the field and the value for the first inconsistency: sizes, capacity <= 0, demand above
/// capacity, negative demand, NaN or infinite coordinates, negative weights, a matrix that is not (n+1)^2.
/// With a timetable also: windows that close before they open, a customer that no vehicle can serve by itself in time.
/// With a fleet a customer that no vehicle can serve is no mistake: it stays unassigned, for a reason.
/// `source` opens the message (a file name or job pointer).
void validate(const RoutingInstance& instance, std::string_view source);

/// Sets the objective: `vehicles` makes a route cost more than all distances of any sensible solution together (a power of
/// ten in the user's units), and gives an instance without a timetable an open one, its service times and route length in it.
/// Precondition: no fleet (put_vehicles_first).
void set_objective(RoutingInstance& instance, Objective objective);
Objective objective_of(const RoutingInstance& instance);

/// Cost units in one unit of what the user pays in: distance, or money with a fleet.
double units_per_cost(const RoutingInstance& instance);

/// `cost` without the price that puts vehicles first, when it is the whole cost of so many routes.
inline std::int64_t driven(const RoutingInstance& instance, std::int64_t cost, std::int64_t routes) { return cost - routes * instance.route_cost.value; }

/// True when d(i, j) = d(j, i) for all pairs (always for coordinates).
bool is_symmetric(const RoutingInstance& instance);

/// Largest possible distance between two nodes, scaled; an upper bound, from the bounding box for coordinates.
std::int64_t distance_bound(const RoutingInstance& instance);

}  // namespace tempera::model
