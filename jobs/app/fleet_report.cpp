#include "jobs/app/fleet_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "io/report/numbers.hpp"
#include "solvers/baselines/left_out.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/routing_referee.hpp"

namespace tempera::app {

namespace {
double money(const model::RoutingInstance& instance, std::int64_t units) { return static_cast<double>(units) / model::units_per_cost(instance); }

// How much, in the user's unit, and the unit.
std::pair<double, std::string> amount(const model::RoutingInstance& instance, const baselines::LeftOut& why) {
  const double units = static_cast<double>(model::units_per_distance(instance.rounding)), by = static_cast<double>(why.by);
  switch (why.limit) {
    case model::FleetLimit::max_distance: return {by / units, "m"};
    case model::FleetLimit::time_window:
    case model::FleetLimit::max_duration: {
      const double per_second = instance.timetable->units_per_second;
      return per_second > 0 ? std::pair{by / per_second, std::string("s")} : std::pair{by / units, std::string("time")};
    }
    case model::FleetLimit::vehicles: return {by, "vehicles"};
    case model::FleetLimit::prize: return {money(instance, why.by), fleet_cost_unit(instance)};
    default: return {by, "load"};
  }
}

std::string sentence(const model::RoutingInstance& instance, const baselines::LeftOut& why, double by, const std::string& unit) {
  const std::string& vehicle = instance.fleet->types[static_cast<std::size_t>(why.vehicle)].id;
  const std::string way = why.route >= 0 ? fmt::format("the cheapest way in, route {} of '{}',", why.route + 1, vehicle) : fmt::format("the cheapest way in, a route of its own by '{}',", vehicle);
  const std::string cost = report::grouped(money(instance, why.cost), 2), much = report::grouped(by, 2);
  switch (why.limit) {
    case model::FleetLimit::capacity: return fmt::format("{} costs {} and is {} above the vehicle's capacity", way, cost, much);
    case model::FleetLimit::max_distance: return fmt::format("{} costs {} and is {} {} above the longest distance", way, cost, much, unit);
    case model::FleetLimit::time_window: return fmt::format("{} costs {} and comes {} {} too late for a time window", way, cost, much, unit);
    case model::FleetLimit::max_duration: return fmt::format("{} costs {} and is {} {} above the longest duration", way, cost, much, unit);
    case model::FleetLimit::vehicles: return fmt::format("{} costs {}, and no vehicle is left for it", way, cost);
    case model::FleetLimit::prize: return fmt::format("{} costs {}, which is {} more than the prize", way, cost, much);
    case model::FleetLimit::none: return fmt::format("{} costs {}; nothing stands against it, it was not found in the time given", way, cost);
  }
  TEMPERA_ASSERT(false, "unknown limit");
}
}  // namespace

std::string node_name(const model::RoutingInstance& instance, std::int32_t node) {
  const auto i = static_cast<std::size_t>(node);
  return instance.labels.empty() ? std::to_string(instance.node_ids[i]) : instance.labels[i];
}

model::FleetReport fleet_report(const model::RoutingInstance& instance, const model::Answer& answer) {
  const model::RoutingSolution solution = model::unflatten(answer.ints);
  const double units = static_cast<double>(model::units_per_distance(instance.rounding));
  model::FleetReport report;
  for (std::size_t r = 0; r < solution.routes.size(); ++r) {
    const model::VehicleType& type = instance.fleet->types[static_cast<std::size_t>(solution.vehicle(r))];
    const std::int64_t length = model::length_of(instance, solution.routes[r], solution.vehicle(r)).value;
    model::RouteVehicle& route = report.routes.emplace_back(model::RouteVehicle{.vehicle = type.id, .depot = node_name(instance, type.depot)});
    route.cost = money(instance, model::driven(instance, type.fixed_cost.value + type.distance_price * length, 1));
    route.distance = static_cast<double>(length) / units;
    route.capacity = type.capacity.value;
    for (const std::int32_t c : solution.routes[r]) route.load += instance.demand[static_cast<std::size_t>(c)].value;
  }
  for (const baselines::LeftOut& why : baselines::explain_left_out(instance, solution)) {
    const auto [by, unit] = amount(instance, why);
    report.left_out.push_back({.id = node_name(instance, why.customer), .required = why.required ? 1 : 0,
                               .prize = why.required ? 0 : money(instance, instance.fleet->leaving_out(why.customer)), .insertion_cost = money(instance, why.cost),
                               .limit = std::string(model::name_of(why.limit)), .by = by, .unit = unit, .reason = sentence(instance, why, by, unit)});
  }
  return report;
}

void add_fleet_figures(const char* group, const model::RoutingInstance& instance, const model::Answer& answer, std::vector<model::Figure>& figures) {
  const model::RoutingSolution solution = model::unflatten(answer.ints);
  const model::RoutingVerdict verdict = model::judge(instance, solution);
  const std::string unit = fleet_cost_unit(instance);
  const auto add = [&](std::string name, std::string of, double value) { figures.push_back({.group = group, .name = std::move(name), .unit = std::move(of), .value = value}); };
  for (std::size_t t = 0; t < instance.fleet->types.size(); ++t) {
    std::int64_t used = 0;
    for (std::size_t r = 0; r < solution.routes.size(); ++r) used += solution.vehicle(r) == static_cast<std::int32_t>(t) ? 1 : 0;
    add("routes of " + instance.fleet->types[t].id, fmt::format("of {}", instance.fleet->types[t].count), static_cast<double>(used));
  }
  if (instance.route_cost.value > 0) add("vehicles", "routes", verdict.routes);
  add("fixed_costs", unit, money(instance, model::driven(instance, verdict.fixed.value, verdict.routes)));
  add("driving_costs", unit, money(instance, verdict.driving.value));
  add("prizes_forgone", unit, money(instance, verdict.forgone.value));
  add("distance", "distance", static_cast<double>(verdict.distance.value) / static_cast<double>(model::units_per_distance(instance.rounding)));
  add("optional_left_out", "customers", static_cast<double>(verdict.skipped.size()));
  add("required_left_out", "customers", static_cast<double>(verdict.missing.size()));
  if (!verdict.missing.empty()) add("price_of_required_left_out", unit, money(instance, instance.fleet->missing_price.value * std::ssize(verdict.missing)));
}

std::string fleet_cost_unit(const model::RoutingInstance& instance) {
  const model::Fleet& fleet = *instance.fleet;
  const bool driven = std::ranges::all_of(fleet.types, [&](const model::VehicleType& type) {
    return type.fixed_cost == instance.route_cost && type.distance_price * model::units_per_distance(instance.rounding) == fleet.money_scale;
  });
  return driven && std::ranges::all_of(fleet.prize, [](model::Cost prize) { return prize.value == 0; }) ? "distance" : "money";
}

model::RoutingSolution with_vehicles(const model::RoutingInstance& instance, instances::SolutionFile file, const std::string& source) {
  const std::vector<model::VehicleType>& types = instance.fleet->types;
  model::RoutingSolution solution = std::move(file.solution);
  for (std::size_t r = 0; r < solution.routes.size(); ++r) {
    const std::string name = file.vehicles.empty() ? "" : file.vehicles[r];
    const auto type = name.empty() && types.size() == 1 ? types.begin() : std::ranges::find(types, name, &model::VehicleType::id);
    if (type == types.end())
      throw core::UserError(fmt::format("{}: route #{} {}. Name the vehicle of every route in a line behind it, as in 'Vehicle #{}: {}'.", source, r + 1,
                                        name.empty() ? "names no vehicle" : fmt::format("has the vehicle '{}', which the problem does not have", name), r + 1, types.front().id));
    solution.vehicles.push_back(static_cast<std::int32_t>(type - types.begin()));
  }
  return solution;
}

std::string fleet_solution(const model::RoutingInstance& instance, const model::Answer& answer, core::Cost cost) {
  std::vector<std::string> names;
  for (const model::VehicleType& type : instance.fleet->types) names.push_back(type.id);
  return instances::fleet_solution_text(model::unflatten(answer.ints), names, fmt::format("{:.10g}", money(instance, cost.value)));
}

}  // namespace tempera::app
