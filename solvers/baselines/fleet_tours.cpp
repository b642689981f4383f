#include "solvers/baselines/fleet_tours.hpp"

#include <algorithm>
#include <limits>

namespace tempera::baselines {

namespace {
constexpr std::int64_t no_way = std::numeric_limits<std::int64_t>::max() / 4;
}

model::Route TourContent::stops() const {
  model::Route route;
  for (int p = 0; p < count; ++p)
    for (int k = 0; k < pieces[static_cast<std::size_t>(p)].count; ++k) route.push_back(pieces[static_cast<std::size_t>(p)].stop(k));
  return route;
}

FleetTour measured_tour(const model::RoutingInstance& instance, const model::Distances& distances, model::Route stops) {
  FleetTour tour;
  tour.stops = std::move(stops);
  tour.load.push_back(0);
  for (std::size_t k = 0; k < tour.stops.size(); ++k) {
    tour.load.push_back(tour.load.back() + instance.demand[static_cast<std::size_t>(tour.stops[k])].value);
    tour.length.push_back(k == 0 ? 0 : tour.length.back() + distances(tour.stops[k - 1], tour.stops[k]));
  }
  return tour;
}

TourContent content_of(const model::Distances& distances, std::initializer_list<TourPiece> pieces) {
  TourContent content;
  for (const TourPiece& piece : pieces) {
    if (piece.count <= 0) continue;
    const auto from = static_cast<std::size_t>(piece.first), to = from + static_cast<std::size_t>(piece.count);
    if (content.empty()) content.first = piece.stop(0);
    else content.length += distances(content.last, piece.stop(0));
    content.length += piece.tour->length[to - 1] - piece.tour->length[from];
    content.load += piece.tour->load[to] - piece.tour->load[from];
    content.last = piece.stop(piece.count - 1);
    content.pieces[static_cast<std::size_t>(content.count++)] = piece;
  }
  return content;
}

std::optional<std::int64_t> cost_of(const model::Distances& distances, const TourContent& content, const model::VehicleType& type) {
  if (content.load > type.capacity.value) return std::nullopt;
  const std::int64_t length = distances(type.depot, content.first) + content.length + distances(content.last, type.depot);
  if (type.max_distance && length > type.max_distance->value) return std::nullopt;
  return type.fixed_cost.value + type.distance_price * length;
}

FleetTours::FleetTours(const model::RoutingInstance& instance, const model::Distances& distances, const model::RoutingSolution& solution)
    : instance_(instance), distances_(distances), pricing_(instance, distances), turnable_(model::is_symmetric(instance)),
      place_(static_cast<std::size_t>(instance.customers()) + 1) {
  for (const model::VehicleType& type : instance.fleet->types) free_.push_back(type.count);
  free_.push_back(instance.fleet->most_vehicles);
  alone_.resize(place_.size());
  for (std::int32_t c = 1; c <= instance.customers(); ++c) alone_[static_cast<std::size_t>(c)] = measured_tour(instance, distances, {c});
  for (std::size_t r = 0; r < solution.routes.size(); ++r) {
    tours_.emplace_back();
    set(static_cast<std::int32_t>(r), solution.routes[r], solution.vehicle(r));
  }
}

// The tour's vehicle must have been given back before.
void FleetTours::set(std::int32_t r, model::Route stops, std::int32_t vehicle) {
  FleetTour& tour = tours_[static_cast<std::size_t>(r)];
  tour = measured_tour(instance_, distances_, std::move(stops));
  for (int k = 0; k < tour.size(); ++k) place_[static_cast<std::size_t>(tour.stops[static_cast<std::size_t>(k)])] = {r, k};
  if (tour.stops.empty()) return;
  tour.vehicle = vehicle;
  tour.cost = pricing_.cost(vehicle, pricing_.measure(vehicle, tour.stops));
  --free_[static_cast<std::size_t>(vehicle)], --free_.back();
}

std::int32_t FleetTours::empty_tour() {
  const auto found = std::ranges::find_if(tours_, [](const FleetTour& tour) { return tour.stops.empty(); });
  if (found != tours_.end()) return static_cast<std::int32_t>(found - tours_.begin());
  tours_.push_back(measured_tour(instance_, distances_, {}));
  return count() - 1;
}

// Vehicles of a type once the tours of the change have given theirs back.
std::int64_t FleetTours::available(std::size_t type, const FleetChange& change) const {
  const auto own = static_cast<std::int32_t>(type);
  return free_[type] + (tour(change.a).vehicle == own ? 1 : 0) + (change.b >= 0 && tour(change.b).vehicle == own ? 1 : 0);
}

// The two cheapest vehicles for it, windows and durations not looked at.
FleetTours::Offers FleetTours::offers(const TourContent& content, const FleetChange& change) const {
  Offers best{Offer{-1, no_way}, Offer{-1, no_way}};
  if (content.empty()) return {Offer{-1, 0}, Offer{-1, no_way}};
  for (std::int32_t v = 0; v < std::ssize(instance_.fleet->types); ++v) {
    if (available(static_cast<std::size_t>(v), change) <= 0) continue;
    const auto cost = cost_of(distances_, content, pricing_.type(v));
    if (!cost || *cost >= best[1].cost) continue;
    best[1] = {v, *cost};
    if (best[1].cost < best[0].cost) std::swap(best[0], best[1]);
  }
  return best;
}

// The cheapest pair: of each the two best suffice, since only one vehicle can be wanted by both.
bool FleetTours::choose(FleetChange& change, std::int64_t& cost) const {
  const Offers a = offers(change.for_a, change), b = change.b >= 0 ? offers(change.for_b, change) : Offers{Offer{-1, 0}, Offer{-1, no_way}};
  cost = no_way;
  for (const Offer& one : a)
    for (const Offer& other : b) {
      if (one.cost + other.cost >= cost) continue;
      if (one.vehicle >= 0 && one.vehicle == other.vehicle && available(static_cast<std::size_t>(one.vehicle), change) < 2) continue;
      cost = one.cost + other.cost;
      change.vehicle_a = one.vehicle, change.vehicle_b = other.vehicle;
    }
  return cost < no_way;
}

bool FleetTours::keeps_time(const TourContent& content, std::int32_t vehicle) const {
  if (!instance_.timetable || content.empty()) return true;
  const model::Route route = content.stops();
  return pricing_.keeps_limits(vehicle, pricing_.measure(vehicle, route));
}

bool FleetTours::price(FleetChange& change, std::int64_t bound) const {
  const bool two = change.b >= 0;
  const auto used = [&](std::int32_t r) { return tour(r).stops.empty() ? 0 : 1; };
  const int before = used(change.a) + (two ? used(change.b) : 0), after = (change.for_a.empty() ? 0 : 1) + (change.for_b.empty() ? 0 : 1);
  if (after - before > free_.back()) return false;
  const std::int64_t old = tour(change.a).cost + (two ? tour(change.b).cost : 0) - change.leaving;
  std::int64_t cost = 0;
  if (!choose(change, cost) || cost - old >= bound) return false;
  change.delta = cost - old;
  if (keeps_time(change.for_a, change.vehicle_a) && keeps_time(change.for_b, change.vehicle_b)) return true;
  // The vehicles that drive there now may be in time where cheaper ones are not.
  const auto stays = [&](std::int32_t r, const TourContent& content, std::int32_t& vehicle) -> std::optional<std::int64_t> {
    vehicle = content.empty() ? -1 : tour(r).vehicle;
    if (content.empty()) return 0;
    return vehicle >= 0 && keeps_time(content, vehicle) ? cost_of(distances_, content, pricing_.type(vehicle)) : std::nullopt;
  };
  const auto a = stays(change.a, change.for_a, change.vehicle_a), b = two ? stays(change.b, change.for_b, change.vehicle_b) : std::optional<std::int64_t>(0);
  if (!a || !b || *a + *b - old >= bound) return false;
  change.delta = *a + *b - old;
  return true;
}

void FleetTours::apply(const FleetChange& change) {
  model::Route a = change.for_a.stops(), b = change.for_b.stops();
  for (const std::int32_t r : {change.a, change.b}) {
    if (r < 0) continue;
    if (tour(r).vehicle >= 0) ++free_[static_cast<std::size_t>(tour(r).vehicle)], ++free_.back();
    for (const std::int32_t c : tour(r).stops) place_[static_cast<std::size_t>(c)] = {};
  }
  set(change.a, std::move(a), change.vehicle_a);
  if (change.b >= 0) set(change.b, std::move(b), change.vehicle_b);
}

std::int64_t FleetTours::cost() const {
  std::int64_t sum = 0;
  for (const FleetTour& tour : tours_) sum += tour.cost;
  for (std::int32_t c = 1; c <= instance_.customers(); ++c)
    if (tour_of(c) < 0) sum += leaving_out(c);
  return sum;
}

model::RoutingSolution FleetTours::solution() const {
  model::RoutingSolution solution;
  for (const FleetTour& tour : tours_) {
    if (tour.stops.empty()) continue;
    solution.routes.push_back(tour.stops);
    solution.vehicles.push_back(tour.vehicle);
  }
  for (std::int32_t c = 1; c <= instance_.customers(); ++c)
    if (tour_of(c) < 0) solution.left_out.push_back(c);
  return solution;
}

}  // namespace tempera::baselines
