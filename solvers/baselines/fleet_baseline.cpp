#include "solvers/baselines/fleet_baseline.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <tuple>

#include "solvers/model/distances.hpp"
#include "solvers/model/fleet_pricing.hpp"

namespace tempera::baselines {

namespace {
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
  explicit FleetConstruction(const model::RoutingInstance& instance)
      : instance_(instance), distances_(instance), pricing_(instance, distances_), tour_of_(static_cast<std::size_t>(instance.customers()) + 1, -1) {
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

  // True when the customer's move, or its service, or its leaving, saves something.
  bool improve(std::int32_t c) {
    const std::int32_t r = tour_of_[static_cast<std::size_t>(c)];
    if (r < 0) {
      place(c);
      return tour_of_[static_cast<std::size_t>(c)] >= 0;
    }
    const Tour before = tour(r);
    take_out(c, r);
    const bool usable = tour(r).stops.empty() || pricing_.keeps_limits(tour(r).vehicle, tour(r).figures);
    const std::int64_t saved = cost(before) - cost(tour(r));
    const Entry entry = usable ? cheapest(c) : Entry{};
    if (!usable || entry.cost >= saved) {
      restore(r, before);
      tour_of_[static_cast<std::size_t>(c)] = r;
      return false;
    }
    if (entry.vehicle >= 0) apply(c, entry);
    return true;
  }

  // The cheapest vehicle that is free and does the same.
  bool settle(std::int32_t r) {
    bool changed = false;
    for (std::int32_t v = 0; v < std::ssize(instance_.fleet->types) && !tour(r).stops.empty(); ++v) {
      if (v == tour(r).vehicle || free_[static_cast<std::size_t>(v)] <= 0) continue;
      const model::MeasuredRoute figures = pricing_.measure(v, tour(r).stops);
      if (!pricing_.keeps_limits(v, figures) || pricing_.cost(v, figures) >= cost(tour(r))) continue;
      ++free_[static_cast<std::size_t>(tour(r).vehicle)], --free_[static_cast<std::size_t>(v)];
      tour(r).vehicle = v;
      tour(r).figures = figures;
      changed = true;
    }
    return changed;
  }

  // True when it saves something to take a route apart and place its customers anew, those with the largest demand first.
  bool dissolve(std::int32_t r) {
    if (tour(r).stops.empty()) return false;
    const std::vector<Tour> tours_before = tours_;
    const std::vector<std::int64_t> free_before = free_;
    const std::vector<std::int32_t> tour_of_before = tour_of_;
    const std::int64_t before = total();
    model::Route moved = tour(r).stops;
    std::ranges::stable_sort(moved, std::greater<>{}, [&](std::int32_t c) { return instance_.demand[static_cast<std::size_t>(c)].value; });
    for (const std::int32_t c : moved) tour_of_[static_cast<std::size_t>(c)] = -1;
    ++free_[static_cast<std::size_t>(tour(r).vehicle)], ++free_.back();
    tour(r).stops.clear();
    tour(r).figures = {};
    for (const std::int32_t c : moved) place(c);
    if (total() < before) return true;
    tours_ = tours_before;
    free_ = free_before;
    tour_of_ = tour_of_before;
    return false;
  }

  std::int64_t total() const {
    std::int64_t sum = 0;
    for (const Tour& tour : tours_) sum += cost(tour);
    for (std::int32_t c = 1; c <= instance_.customers(); ++c)
      if (is_out(c)) sum += instance_.fleet->leaving_out(c);
    return sum;
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
  std::int64_t cost(const Tour& tour) const { return tour.stops.empty() ? 0 : pricing_.cost(tour.vehicle, tour.figures); }

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
      r = empty_tour();
      tour(r).vehicle = entry.vehicle;
      --free_[static_cast<std::size_t>(entry.vehicle)], --free_.back();
    }
    tour(r).stops.insert(tour(r).stops.begin() + static_cast<std::ptrdiff_t>(entry.at), c);
    tour(r).figures = pricing_.measure(tour(r).vehicle, tour(r).stops);
    tour_of_[static_cast<std::size_t>(c)] = r;
  }

  std::int32_t empty_tour() {
    const auto found = std::ranges::find_if(tours_, [](const Tour& tour) { return tour.stops.empty(); });
    if (found != tours_.end()) return static_cast<std::int32_t>(found - tours_.begin());
    tours_.emplace_back();
    return tours() - 1;
  }

  void take_out(std::int32_t c, std::int32_t r) {
    std::erase(tour(r).stops, c);
    tour(r).figures = pricing_.measure(tour(r).vehicle, tour(r).stops);
    tour_of_[static_cast<std::size_t>(c)] = -1;
    if (tour(r).stops.empty()) ++free_[static_cast<std::size_t>(tour(r).vehicle)], ++free_.back();
  }

  void restore(std::int32_t r, const Tour& before) {
    if (tour(r).stops.empty()) --free_[static_cast<std::size_t>(before.vehicle)], --free_.back();
    tour(r) = before;
  }

  const model::RoutingInstance& instance_;
  model::Distances distances_;
  model::FleetPricing pricing_;
  std::vector<std::int32_t> tour_of_;
  std::vector<Tour> tours_;
  std::vector<std::int64_t> free_;  // vehicles by type, then in all
  mutable model::Route trial_;
};
}  // namespace

LocalSearchReport fleet_insertion(const model::RoutingInstance& instance, const LocalSearchLimit& limit, model::RoutingSolution& solution) {
  FleetConstruction fleet(instance);
  const std::vector<std::int32_t> order = fleet.order();
  for (const std::int32_t c : order) fleet.place(c);
  const auto stopped = [&] { return limit.stop && limit.stop(); };
  LocalSearchReport report;
  bool improved = true;
  while (improved && !stopped()) {
    improved = false;
    for (std::size_t k = 0; k < order.size() && !stopped(); ++k) improved = fleet.improve(order[k]) || improved;
    for (std::int32_t r = 0; r < fleet.tours() && !stopped(); ++r) improved = fleet.settle(r) || fleet.dissolve(r) || improved;
  }
  report.reached_local_optimum = !improved;
  solution = fleet.solution();
  return report;
}

model::RoutingSolution fleet_repair(const model::RoutingInstance& instance, const model::RoutingSolution& given) {
  FleetConstruction fleet(instance);
  for (std::size_t r = 0; r < given.routes.size(); ++r) fleet.adopt(given.routes[r], given.vehicle(r));
  for (const std::int32_t c : fleet.order())
    if (fleet.is_out(c)) fleet.place(c);
  return fleet.solution();
}

}  // namespace tempera::baselines
