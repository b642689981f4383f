#include "solvers/baselines/left_out.hpp"

#include <limits>

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
    take(-1, vehicle, pricing_.cost(vehicle, route), excess);
  }

  void within(std::int32_t c, std::size_t r) {
    const std::int32_t vehicle = solution_.vehicle(r);
    const std::int64_t before = pricing_.cost(vehicle, pricing_.measure(vehicle, solution_.routes[r]));
    for (std::size_t at = 0; at <= solution_.routes[r].size(); ++at) {
      model::Route trial = solution_.routes[r];
      trial.insert(trial.begin() + static_cast<std::ptrdiff_t>(at), c);
      const model::MeasuredRoute route = pricing_.measure(vehicle, trial);
      take(static_cast<std::int32_t>(r), vehicle, pricing_.cost(vehicle, route) - before, pricing_.excess(vehicle, route));
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
