#include "solvers/baselines/left_out.hpp"

#include <functional>
#include <limits>
#include <numeric>

#include "solvers/model/distances.hpp"

namespace tempera::baselines {

namespace {
class Explainer {
 public:
  Explainer(const model::RoutingInstance& instance, const model::RoutingSolution& solution)
      : instance_(instance), solution_(solution), distances_(instance), pricing_(instance, distances_), visited_(instance.demand.size(), false) {
    for (const model::VehicleType& type : instance.fleet->types) free_.push_back(type.count);
    for (std::size_t r = 0; r < solution.routes.size(); ++r) {
      --free_[static_cast<std::size_t>(solution.vehicle(r))];
      for (const std::int32_t c : solution.routes[r]) visited_[static_cast<std::size_t>(c)] = true;
    }
    free_in_all_ = instance.fleet->most_vehicles - std::ssize(solution.routes);
  }

  std::vector<LeftOut> all() {
    std::vector<LeftOut> found;
    for (std::int32_t c = 1; c <= instance_.customers(); ++c)
      if (!visited_[static_cast<std::size_t>(c)]) found.push_back(explain(c));
    return found;
  }

 private:
  LeftOut explain(std::int32_t c) {
    possible_ = barred_ = LeftOut{.customer = c, .required = instance_.fleet->optional[static_cast<std::size_t>(c)] == 0, .cost = std::numeric_limits<std::int64_t>::max()};
    for (std::int32_t v = 0; v < std::ssize(free_); ++v) alone(c, v);
    for (std::size_t r = 0; r < solution_.routes.size(); ++r) within(c, r);
    LeftOut chosen = possible_.cost < std::numeric_limits<std::int64_t>::max() ? possible_ : barred_;
    const std::int64_t prize = instance_.fleet->leaving_out(c);
    if (chosen.limit == model::FleetLimit::none && chosen.cost > prize) chosen.limit = model::FleetLimit::prize, chosen.by = chosen.cost - prize;
    return chosen;
  }

  void alone(std::int32_t c, std::int32_t vehicle) {
    const model::MeasuredRoute route = pricing_.measure(vehicle, std::span(&c, 1));
    model::FleetPricing::Excess excess = pricing_.excess(vehicle, route);
    if (excess.limit == model::FleetLimit::none && (free_[static_cast<std::size_t>(vehicle)] <= 0 || free_in_all_ <= 0)) excess = {model::FleetLimit::vehicles, 1};
    take(-1, vehicle, model::driven(instance_, pricing_.cost(vehicle, route), 1), excess);
  }

  // Only what may still count is measured: behind a full vehicle's door every place is as bad as its price says.
  void within(std::int32_t c, std::size_t r) {
    const std::int32_t vehicle = solution_.vehicle(r);
    const model::VehicleType& type = pricing_.type(vehicle);
    const model::Route& route = solution_.routes[r];
    const std::int64_t load = instance_.demand[static_cast<std::size_t>(c)].value +
                              std::transform_reduce(route.begin(), route.end(), std::int64_t{0}, std::plus<>(), [&](std::int32_t stop) { return instance_.demand[static_cast<std::size_t>(stop)].value; });
    for (std::size_t at = 0; at <= route.size(); ++at) {
      const std::int32_t before = at == 0 ? type.depot : route[at - 1], after = at == route.size() ? type.depot : route[at];
      const std::int64_t cost = type.distance_price * (distances_(before, c) + distances_(c, after) - distances_(before, after));
      if (load > type.capacity.value) {
        take(static_cast<std::int32_t>(r), vehicle, cost, {model::FleetLimit::capacity, load - type.capacity.value});
        continue;
      }
      if (cost >= possible_.cost) continue;
      model::Route trial = route;
      trial.insert(trial.begin() + static_cast<std::ptrdiff_t>(at), c);
      take(static_cast<std::int32_t>(r), vehicle, cost, pricing_.excess(vehicle, pricing_.measure(vehicle, trial)));
    }
  }

  void take(std::int32_t route, std::int32_t vehicle, std::int64_t cost, const model::FleetPricing::Excess& excess) {
    LeftOut& best = excess.limit == model::FleetLimit::none ? possible_ : barred_;
    if (cost >= best.cost) return;
    best.route = route;
    best.vehicle = vehicle;
    best.cost = cost;
    best.limit = excess.limit;
    best.by = excess.by;
  }

  const model::RoutingInstance& instance_;
  const model::RoutingSolution& solution_;
  model::Distances distances_;
  model::FleetPricing pricing_;
  std::vector<bool> visited_;
  std::vector<std::int64_t> free_;
  std::int64_t free_in_all_ = 0;
  LeftOut possible_, barred_;  // the cheapest insertions that keep and break the limits
};
}  // namespace

std::vector<LeftOut> explain_left_out(const model::RoutingInstance& instance, const model::RoutingSolution& solution) {
  return Explainer(instance, solution).all();
}

}  // namespace tempera::baselines
