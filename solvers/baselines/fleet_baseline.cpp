#include "solvers/baselines/fleet_baseline.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>
#include <tuple>

#include "solvers/baselines/fleet_savings.hpp"
#include "solvers/baselines/fleet_search.hpp"
#include "solvers/model/distances.hpp"
#include "solvers/model/fleet_pricing.hpp"
#include "solvers/model/routing_referee.hpp"

namespace tempera::baselines {

namespace {
constexpr int neighbours_wanted = 20;

struct Entry {
  std::int32_t route = -1;    // -1 with a vehicle: a new one
  std::int32_t vehicle = -1;  // -1: stays out
  std::size_t at = 0;
  std::int64_t cost = 0;
};

struct Tour {
  model::Route stops;
  std::int32_t vehicle = 0;
  model::MeasuredRoute figures;
};

class FleetConstruction {
 public:
  FleetConstruction(const model::RoutingInstance& instance, const model::Distances& distances)
      : instance_(instance), distances_(distances), pricing_(instance, distances), tour_of_(static_cast<std::size_t>(instance.customers()) + 1, -1) {
    for (const model::VehicleType& type : instance.fleet->types) free_.push_back(type.count);
    free_.push_back(instance.fleet->most_vehicles);
  }

  // Required customers, by depot as the sweep of a line around it meets them or, without places, from the farthest on; then the others by prize.
  std::vector<std::int32_t> order() const {
    std::vector<std::int32_t> order(static_cast<std::size_t>(instance_.customers()));
    std::iota(order.begin(), order.end(), 1);
    std::vector<std::tuple<bool, std::int32_t, double>> key(order.size() + 1);
    for (const std::int32_t c : order) {
      const bool optional = instance_.fleet->optional[static_cast<std::size_t>(c)] != 0;
      const std::int32_t depot = nearest_depot(c);
      key[static_cast<std::size_t>(c)] = {optional, optional ? 0 : depot, optional ? -static_cast<double>(instance_.fleet->leaving_out(c)) : sweep(c, depot)};
    }
    std::ranges::stable_sort(order, {}, [&](std::int32_t c) { return key[static_cast<std::size_t>(c)]; });
    return order;
  }

  // Takes over a route as far as its customers are known and nowhere else, if its vehicle is free and keeps its limits.
  void adopt(const model::Route& route, std::int32_t vehicle) {
    if (vehicle < 0 || vehicle >= std::ssize(instance_.fleet->types) || free_[static_cast<std::size_t>(vehicle)] <= 0 || free_.back() <= 0) return;
    Tour tour{.stops = {}, .vehicle = vehicle, .figures = {}};
    for (const std::int32_t c : route)
      if (c >= 1 && c <= instance_.customers() && tour_of_[static_cast<std::size_t>(c)] < 0 && std::ranges::find(tour.stops, c) == tour.stops.end()) tour.stops.push_back(c);
    tour.figures = pricing_.measure(vehicle, tour.stops);
    if (tour.stops.empty() || !pricing_.keeps_limits(vehicle, tour.figures)) return;
    for (const std::int32_t c : tour.stops) tour_of_[static_cast<std::size_t>(c)] = tours();
    tours_.push_back(std::move(tour));
    --free_[static_cast<std::size_t>(vehicle)], --free_.back();
  }

  bool is_out(std::int32_t c) const { return tour_of_[static_cast<std::size_t>(c)] < 0; }

  // Puts a customer that is out where that costs least, or leaves it out.
  void place(std::int32_t c) {
    const Entry entry = cheapest(c);
    if (entry.vehicle >= 0) apply(c, entry);
  }

  std::int32_t tours() const { return static_cast<std::int32_t>(tours_.size()); }

  model::RoutingSolution solution() const {
    model::RoutingSolution solution;
    for (const Tour& tour : tours_) {
      if (tour.stops.empty()) continue;
      solution.routes.push_back(tour.stops);
      solution.vehicles.push_back(tour.vehicle);
    }
    for (std::int32_t c = 1; c <= instance_.customers(); ++c)
      if (tour_of_[static_cast<std::size_t>(c)] < 0) solution.left_out.push_back(c);
    return solution;
  }

 private:
  Tour& tour(std::int32_t r) { return tours_[static_cast<std::size_t>(r)]; }

  std::int32_t nearest_depot(std::int32_t c) const {
    return std::ranges::min(instance_.fleet->types, {}, [&](const model::VehicleType& type) { return distances_(type.depot, c); }).depot;
  }

  double sweep(std::int32_t c, std::int32_t depot) const {
    if (instance_.points.empty()) return -static_cast<double>(distances_(depot, c));
    const model::Point from = instance_.points[static_cast<std::size_t>(depot)], to = instance_.points[static_cast<std::size_t>(c)];
    return std::atan2(to.y - from.y, to.x - from.x);
  }

  // Staying out is the entry with no vehicle.
  Entry cheapest(std::int32_t c) const {
    Entry best{.cost = instance_.fleet->leaving_out(c)};
    const std::int64_t demand = instance_.demand[static_cast<std::size_t>(c)].value;
    for (std::int32_t r = 0; r < tours(); ++r) {
      const Tour& tour = tours_[static_cast<std::size_t>(r)];
      if (!tour.stops.empty() && tour.figures.load + demand <= pricing_.type(tour.vehicle).capacity.value) scan(tour, r, c, best);
    }
    for (std::int32_t v = 0; v < std::ssize(instance_.fleet->types) && free_.back() > 0; ++v) {
      if (free_[static_cast<std::size_t>(v)] <= 0) continue;
      const model::MeasuredRoute alone = pricing_.measure(v, std::span(&c, 1));
      if (pricing_.keeps_limits(v, alone) && pricing_.cost(v, alone) < best.cost) best = {-1, v, 0, pricing_.cost(v, alone)};
    }
    return best;
  }

  void scan(const Tour& tour, std::int32_t r, std::int32_t c, Entry& best) const {
    const model::VehicleType& type = pricing_.type(tour.vehicle);
    for (std::size_t at = 0; at <= tour.stops.size(); ++at) {
      const std::int32_t before = at == 0 ? type.depot : tour.stops[at - 1], after = at == tour.stops.size() ? type.depot : tour.stops[at];
      const std::int64_t longer = distances_(before, c) + distances_(c, after) - distances_(before, after);
      if (longer * type.distance_price >= best.cost || (type.max_distance && tour.figures.length + longer > type.max_distance->value)) continue;
      if (instance_.timetable && !in_time(tour, c, at)) continue;
      best = {r, tour.vehicle, at, longer * type.distance_price};
    }
  }

  bool in_time(const Tour& tour, std::int32_t c, std::size_t at) const {
    trial_ = tour.stops;
    trial_.insert(trial_.begin() + static_cast<std::ptrdiff_t>(at), c);
    return pricing_.keeps_limits(tour.vehicle, pricing_.measure(tour.vehicle, trial_));
  }

  void apply(std::int32_t c, const Entry& entry) {
    std::int32_t r = entry.route;
    if (r < 0) {
      r = tours();
      tours_.emplace_back();
      tour(r).vehicle = entry.vehicle;
      --free_[static_cast<std::size_t>(entry.vehicle)], --free_.back();
    }
    tour(r).stops.insert(tour(r).stops.begin() + static_cast<std::ptrdiff_t>(entry.at), c);
    tour(r).figures = pricing_.measure(tour(r).vehicle, tour(r).stops);
    tour_of_[static_cast<std::size_t>(c)] = r;
  }

  const model::RoutingInstance& instance_;
  const model::Distances& distances_;
  model::FleetPricing pricing_;
  std::vector<std::int32_t> tour_of_;
  std::vector<Tour> tours_;
  std::vector<std::int64_t> free_;  // vehicles by type, then in all
  mutable model::Route trial_;
};

model::RoutingSolution repaired(const model::RoutingInstance& instance, const model::Distances& distances, const model::RoutingSolution& given, const std::function<bool()>& stopped) {
  FleetConstruction fleet(instance, distances);
  for (std::size_t r = 0; r < given.routes.size(); ++r) fleet.adopt(given.routes[r], given.vehicle(r));
  for (const std::int32_t c : fleet.order()) {
    if (stopped()) break;
    if (fleet.is_out(c)) fleet.place(c);
  }
  return fleet.solution();
}

struct Priced {
  model::RoutingSolution solution;
  core::Cost cost;
};

Priced priced(const model::RoutingInstance& instance, model::RoutingSolution solution) {
  const core::Cost cost = model::judge(instance, solution).cost;
  return {std::move(solution), cost};
}

// Of both kinds of savings and all rounds, everybody placed.
Priced best_savings(const model::RoutingInstance& instance, const model::Distances& distances, const model::Neighbours& neighbours, const std::function<bool()>& stopped) {
  std::optional<Priced> best;
  for (const bool opportunity : {false, true}) {
    if (best && stopped()) break;
    fleet_savings(instance, distances, neighbours, {.opportunity = opportunity}, [&](const model::RoutingSolution& routes) {
      Priced own = priced(instance, repaired(instance, distances, routes, stopped));
      if (!best || own.cost < best->cost) best = std::move(own);
      return !stopped();
    });
  }
  return std::move(*best);
}
}  // namespace

LocalSearchReport fleet_control(const model::RoutingInstance& instance, const LocalSearchLimit& limit, model::RoutingSolution& solution) {
  const model::Distances distances(instance);
  const model::Neighbours neighbours(instance, neighbours_wanted);
  const std::function<bool()> stopped = [&] { return limit.stop && limit.stop(); };
  std::uint64_t moves = 0;
  const auto improved = [&](model::RoutingSolution start) {
    moves += fleet_search(instance, distances, neighbours, start, TakeApart::nothing, limit).moves;
    return priced(instance, std::move(start));
  };
  Priced best = improved(best_savings(instance, distances, neighbours, stopped).solution);
  const bool small = instance.customers() <= taken_apart_customers;
  if (small && !stopped())
    if (Priced other = improved(repaired(instance, distances, {}, stopped)); other.cost < best.cost) best = std::move(other);
  LocalSearchReport report = fleet_search(instance, distances, neighbours, best.solution, small ? TakeApart::routes : TakeApart::nothing, limit);
  report.moves += moves;
  solution = std::move(best.solution);
  return report;
}

model::RoutingSolution fleet_savings_start(const model::RoutingInstance& instance, const LocalSearchLimit& limit) {
  const model::Distances distances(instance);
  return best_savings(instance, distances, model::Neighbours(instance, neighbours_wanted), [&] { return limit.stop && limit.stop(); }).solution;
}

model::RoutingSolution fleet_repair(const model::RoutingInstance& instance, const model::RoutingSolution& given, const LocalSearchLimit& limit) {
  return repaired(instance, model::Distances(instance), given, [&] { return limit.stop && limit.stop(); });
}

}  // namespace tempera::baselines
