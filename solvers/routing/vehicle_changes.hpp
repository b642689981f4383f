// Which vehicle drives which route of a fleet: another of those that are free, or two routes' in exchange.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "solvers/core/random.hpp"
#include "solvers/routing/fleet_routes.hpp"
#include "solvers/routing/undoable_routes.hpp"
#include "solvers/routing/vehicle_stock.hpp"

namespace tempera::routing {

/// Keeps references: all three must outlive it. Routes without stops are left alone.
template <class Dist>
class VehicleChanges {
 public:
  VehicleChanges(const FleetProblem<Dist>& problem, UndoableRoutes<FleetRoute<Dist>>& routes, VehicleStock& stock) : problem_(problem), routes_(routes), stock_(stock) {}

  /// Every route changed since the routes' `begin` takes the cheapest vehicle that is free and does the same, and any two of them exchange
  /// theirs if that is cheaper. @param first_new  routes there were then
  void settle(std::int32_t first_new, std::int64_t& cost) {
    if (problem_.vehicles.size() == 1) return;
    touched_.assign(routes_.touched().begin(), routes_.touched().end());
    for (std::int32_t r = first_new; r < routes_.count(); ++r) touched_.push_back(r);
    for (const std::int32_t r : touched_)
      if (routes_[r].size > 0) settle_one(r, cost);
    for (const std::int32_t a : touched_)
      for (const std::int32_t b : touched_)
        if (a < b) try_exchange(a, b, routes_[a].cost(problem_) + routes_[b].cost(problem_), cost);
  }

  /// A random type, whatever it costs; where no vehicle of it is free, one of another changed route in exchange.
  void change(std::int32_t r, std::int64_t& cost, core::RandomStream& random) {
    const auto wanted = static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(problem_.vehicles.size())));
    const std::int64_t before = routes_[r].cost(problem_);
    if (try_vehicle(r, wanted, any_cost)) {
      cost += routes_[r].cost(problem_) - before;
      return;
    }
    for (const std::int32_t other : routes_.touched())
      if (other != r && routes_[other].vehicle == wanted && try_exchange(r, other, any_cost, cost)) return;
  }

 private:
  static constexpr std::int64_t any_cost = std::numeric_limits<std::int64_t>::max();

  // Two routes exchange their vehicles where both keep the limits and cost less than `below` together. True when they did.
  bool try_exchange(std::int32_t a, std::int32_t b, std::int64_t below, std::int64_t& cost) {
    const std::int32_t of_a = routes_[a].vehicle, of_b = routes_[b].vehicle;
    if (of_a == of_b || routes_[a].size == 0 || routes_[b].size == 0 || routes_[a].load > problem_.vehicle(of_b).type.capacity.value ||
        routes_[b].load > problem_.vehicle(of_a).type.capacity.value) return false;
    FleetRoute<Dist>&first = routes_.touch(a), &second = routes_.touch(b);
    const std::int64_t before = first.cost(problem_) + second.cost(problem_);
    first.retype(of_b, problem_);
    second.retype(of_a, problem_);
    const std::int64_t after = first.cost(problem_) + second.cost(problem_);
    if (after < below && first.keeps_limits(problem_) && second.keeps_limits(problem_)) {
      cost += after - before;
      return true;
    }
    first.retype(of_a, problem_);
    second.retype(of_b, problem_);
    return false;
  }

  void settle_one(std::int32_t r, std::int64_t& cost) {
    for (std::int32_t v = 0; v < std::ssize(problem_.vehicles); ++v) {
      const std::int64_t before = routes_[r].cost(problem_);
      if (try_vehicle(r, v, before)) cost += routes_[r].cost(problem_) - before;
    }
  }

  // Gives a route another vehicle where one is free, keeps the limits and makes the route cost less than `below`.
  bool try_vehicle(std::int32_t r, std::int32_t other, std::int64_t below) {
    const std::int32_t own = routes_[r].vehicle;
    const LocalVehicle& wanted = problem_.vehicle(other);
    if (other == own || stock_.free()[static_cast<std::size_t>(other)] <= 0 || routes_[r].load > wanted.type.capacity.value) return false;
    if (wanted.depot == problem_.vehicle(own).depot && wanted.type.fixed_cost.value + wanted.type.distance_price * routes_[r].length >= below) return false;
    FleetRoute<Dist>& route = routes_.touch(r);
    route.retype(other, problem_);
    if (!route.keeps_limits(problem_) || route.cost(problem_) >= below) {
      route.retype(own, problem_);
      return false;
    }
    stock_.give_back(own);
    stock_.take(other);
    return true;
  }

  const FleetProblem<Dist>& problem_;
  UndoableRoutes<FleetRoute<Dist>>& routes_;
  VehicleStock& stock_;
  std::vector<std::int32_t> touched_;
};

}  // namespace tempera::routing
