#include "solvers/baselines/fleet_bound.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <vector>

#include "solvers/baselines/priced_tree.hpp"

namespace tempera::baselines {

namespace {
std::vector<const model::VehicleType*> usable_types(const model::Fleet& fleet) {
  std::vector<const model::VehicleType*> usable;
  for (const model::VehicleType& type : fleet.types)
    if (type.count > 0 && fleet.most_vehicles > 0) usable.push_back(&type);
  return usable;
}

// Each customer's share of a vehicle's cost, by type, and what keeps the types to their numbers.
class Shares {
 public:
  // Whole unless `stop` ends it.
  Shares(const model::RoutingInstance& in, const model::Distances& d, const std::vector<const model::VehicleType*>& types, const std::function<bool()>& stop)
      : in_(in), types_(types), load_price_(types.size(), 0), stop_(stop) {
    std::map<std::int32_t, std::vector<double>> round_trip;  // by depot
    for (const model::VehicleType* type : types) {
      if (stopped()) return;
      auto& trips = round_trip[type->depot];
      if (trips.empty()) {
        trips = shortest_ways(d, type->depot, false);
        const std::vector<double> back = shortest_ways(d, type->depot, true);
        for (std::size_t c = 0; c < trips.size(); ++c) trips[c] += back[c];
      }
      auto& cost = whole_.emplace_back(static_cast<std::size_t>(in.customers()) + 1, far_away);
      for (std::size_t c = 1; c < cost.size(); ++c) {
        const bool fits = in.demand[c] <= type->capacity && (!type->max_distance || trips[c] <= static_cast<double>(type->max_distance->value));
        if (fits) cost[c] = static_cast<double>(type->fixed_cost.value) + static_cast<double>(type->distance_price) * trips[c];
      }
    }
  }

  // The best of some steps of subgradient ascent.
  double bound() {
    if (whole_.size() < types_.size()) return 0;
    double best = value();
    if (types_.empty()) return best;
    const double scale = best / std::max(1.0, total_demand());
    for (int k = 0; k < steps && !stopped(); ++k) {
      const double step = 0.5 * scale * std::pow(0.02, static_cast<double>(k) / steps);
      for (std::size_t t = 0; t < types_.size(); ++t) load_price_[t] = std::max(0.0, load_price_[t] + step * (used_load_[t] / supply(t) - 1));
      const auto most = static_cast<double>(in_.fleet->most_vehicles);
      vehicle_price_ = std::max(0.0, vehicle_price_ + step * mean_capacity() * (used_vehicles_ / most - 1));
      best = std::max(best, value());
    }
    return best;
  }

 private:
  static constexpr int steps = 100;

  bool stopped() const { return stop_ && stop_(); }
  double supply(std::size_t t) const { return static_cast<double>(types_[t]->count) * static_cast<double>(types_[t]->capacity.value); }
  double total_demand() const {
    return std::accumulate(in_.demand.begin(), in_.demand.end(), 0.0, [](double sum, model::Load load) { return sum + static_cast<double>(load.value); });
  }
  double mean_capacity() const {
    double sum = 0;
    for (const model::VehicleType* type : types_) sum += static_cast<double>(type->capacity.value) / static_cast<double>(types_.size());
    return sum;
  }

  // For the prices as they are; notes what each type would carry.
  double value() {
    used_load_.assign(types_.size(), 0);
    used_vehicles_ = 0;
    double sum = -vehicle_price_ * static_cast<double>(in_.fleet->most_vehicles);
    for (std::size_t t = 0; t < types_.size(); ++t) sum -= load_price_[t] * supply(t);
    for (std::int32_t c = 1; c <= in_.customers(); ++c) {
      const auto demand = static_cast<double>(in_.demand[static_cast<std::size_t>(c)].value);
      auto least = static_cast<double>(in_.fleet->leaving_out(c));
      std::size_t chosen = types_.size();
      for (std::size_t t = 0; t < types_.size(); ++t) {
        const double whole = whole_[t][static_cast<std::size_t>(c)];
        if (whole == far_away) continue;
        const double share = demand / static_cast<double>(types_[t]->capacity.value), cost = share * (whole + vehicle_price_) + demand * load_price_[t];
        if (cost < least) least = cost, chosen = t;
      }
      sum += least;
      if (chosen == types_.size()) continue;
      used_load_[chosen] += demand;
      used_vehicles_ += demand / static_cast<double>(types_[chosen]->capacity.value);
    }
    return sum;
  }

  const model::RoutingInstance& in_;
  const std::vector<const model::VehicleType*>& types_;
  std::vector<std::vector<double>> whole_;  // [type][customer]: cost of a route to it, at least; far_away: it cannot be served so
  std::vector<double> load_price_;          // of a unit of a type's capacity
  const std::function<bool()>& stop_;
  double vehicle_price_ = 0;
  std::vector<double> used_load_;
  double used_vehicles_ = 0;
};

// Legs between required customers: node 0 is all depots together, node k the k-th required customer. Without the price that puts
// vehicles first, beside which prices of legs could not be steered.
class FleetLegs {
 public:
  FleetLegs(const model::RoutingInstance& in, const model::Distances& d, const std::vector<const model::VehicleType*>& types) : d_(d), types_(types) {
    lowest_price_ = static_cast<double>(std::ranges::min(types, {}, &model::VehicleType::distance_price)->distance_price);
    route_cost_ = in.route_cost;
    lowest_fixed_ = fixed(*std::ranges::min(types, {}, [](const model::VehicleType* type) { return type->fixed_cost.value; }));
    for (std::int32_t c = 1; c <= in.customers(); ++c)
      if (in.fleet->optional[static_cast<std::size_t>(c)] == 0) customer_.push_back(c);
    if (std::ssize(customer_) - 1 < in.customers()) close(in.customers() + 1);
  }

  std::size_t nodes() const { return customer_.size(); }
  double leg(std::size_t a, std::size_t b) const {
    const std::int32_t i = customer_[a], j = customer_[b];
    return way_.empty() ? direct(i, j) : way_[static_cast<std::size_t>(i) * width_ + static_cast<std::size_t>(j)];
  }
  double last_leg(std::size_t c) const {
    if (!way_.empty()) return lowest_fixed_ + leg(0, c);
    double least = far_away;
    for (const model::VehicleType* type : types_) least = std::min(least, fixed(*type) + priced(*type, customer_[c]));
    return least;
  }

 private:
  double fixed(const model::VehicleType& type) const { return static_cast<double>((type.fixed_cost - route_cost_).value); }
  double priced(const model::VehicleType& type, std::int32_t c) const {
    return static_cast<double>(type.distance_price) * static_cast<double>(std::min(d_(type.depot, c), d_(c, type.depot)));
  }
  double direct(std::int32_t i, std::int32_t j) const {
    if (i != 0 && j != 0) return lowest_price_ * static_cast<double>(std::min(d_(i, j), d_(j, i)));
    double least = far_away;
    for (const model::VehicleType* type : types_) least = std::min(least, priced(*type, std::max(i, j)));
    return least;
  }

  // Shortest ways between all customers and the depots (Floyd, Warshall).
  void close(std::int32_t nodes) {
    width_ = static_cast<std::size_t>(nodes);
    way_.assign(width_ * width_, 0);
    for (std::int32_t i = 0; i < nodes; ++i)
      for (std::int32_t j = 0; j < nodes; ++j)
        if (i != j) way_[static_cast<std::size_t>(i) * width_ + static_cast<std::size_t>(j)] = direct(i, j);
    for (std::size_t k = 0; k < width_; ++k)
      for (std::size_t i = 0; i < width_; ++i)
        for (std::size_t j = 0; j < width_; ++j) way_[i * width_ + j] = std::min(way_[i * width_ + j], way_[i * width_ + k] + way_[k * width_ + j]);
  }

  const model::Distances& d_;
  const std::vector<const model::VehicleType*>& types_;
  std::vector<std::int32_t> customer_{0};
  double lowest_price_ = 0, lowest_fixed_ = 0;
  model::Cost route_cost_;
  std::size_t width_ = 0;
  std::vector<double> way_;  // empty: legs are direct
};

// Vehicles that all required demand needs, the largest first.
std::size_t fewest_routes(const model::RoutingInstance& in, std::vector<const model::VehicleType*> types) {
  std::int64_t demand = 0;
  for (std::int32_t c = 1; c <= in.customers(); ++c)
    if (in.fleet->optional[static_cast<std::size_t>(c)] == 0) demand += in.demand[static_cast<std::size_t>(c)].value;
  std::ranges::stable_sort(types, std::greater<>{}, [](const model::VehicleType* type) { return type->capacity.value; });
  std::int64_t routes = 0;
  for (const model::VehicleType* type : types) {
    const std::int64_t needed = std::min(type->count, (demand + type->capacity.value - 1) / type->capacity.value);
    routes += needed;
    demand -= needed * type->capacity.value;
    if (demand <= 0) break;
  }
  return static_cast<std::size_t>(std::max<std::int64_t>(1, routes));
}

double required_tree(const model::RoutingInstance& in, const model::Distances& d, const std::vector<const model::VehicleType*>& types, const std::function<bool()>& stop) {
  const bool all_required = std::ranges::none_of(in.fleet->optional, [](std::uint8_t optional) { return optional != 0; });
  if (!all_required && in.customers() >= closed_nodes) return 0;
  const FleetLegs legs(in, d, types);
  if (legs.nodes() < 2) return 0;
  const std::size_t fewest = fewest_routes(in, types);
  const double vehicles = static_cast<double>(fewest) * static_cast<double>(in.route_cost.value);
  return std::min(tree_bound(PricedTree(legs, legs.nodes(), fewest), stop) + vehicles, static_cast<double>(in.fleet->missing_price.value));
}
}  // namespace

RoutingBound fleet_bound(const model::RoutingInstance& instance, const std::function<bool()>& stop) {
  const model::Distances d(instance);
  const std::vector<const model::VehicleType*> types = usable_types(*instance.fleet);
  Shares shares(instance, d, types, stop);
  const double by_shares = shares.bound();
  double by_tree = 0;
  if (!types.empty() && !(stop && stop())) by_tree = required_tree(instance, d, types, stop);
  const double larger = std::max(by_shares, by_tree);
  const auto cost = static_cast<std::int64_t>(std::ceil(larger - 1e-6 - 1e-9 * std::abs(larger)));
  return {std::max<std::int64_t>(0, cost), by_shares >= by_tree ? "shares of vehicles" : "priced tree"};
}

}  // namespace tempera::baselines
