#include "solvers/model/fleet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "solvers/core/error.hpp"
#include "solvers/model/distances.hpp"

namespace tempera::model {

using core::UserError;

namespace {
constexpr double largest_sum = 4.0e18;

void validate_type(const RoutingInstance& in, const VehicleType& type, std::size_t number, std::string_view source) {
  const auto says = [&](std::string_view what, std::int64_t value, std::string_view advice) {
    throw UserError(fmt::format("{}: {} of vehicle type {} is {}. {}", source, what, type.id.empty() ? std::to_string(number + 1) : "'" + type.id + "'", value, advice));
  };
  if (type.count < 0) says("the count", type.count, "Give 0 or more.");
  if (type.capacity.value <= 0) says("the capacity", type.capacity.value, "Give 1 or more.");
  if (type.fixed_cost.value < 0) says("the fixed cost", type.fixed_cost.value, "Give 0 or more.");
  if (type.distance_price < 0) says("the cost per distance", type.distance_price, "Give 0 or more.");
  if (type.slowness <= 0) says("the slowness", type.slowness, "Give a speed above 0.");
  if (type.depot != 0 && (type.depot <= in.customers() || type.depot >= in.nodes())) says("the depot", type.depot, "Give a depot's node.");
  if (type.max_distance && type.max_distance->value <= 0) says("the longest distance", type.max_distance->value, "Give a positive number or leave it out.");
  if (type.max_duration && type.max_duration->value <= 0) says("the longest duration", type.max_duration->value, "Give a positive number or leave it out.");
  if (type.max_duration && !in.timetable) says("the longest duration", type.max_duration->value, "It needs a timetable.");
  if (static_cast<double>(type.distance_price) * static_cast<double>(distance_bound(in)) * in.nodes() > largest_sum)
    says("the cost per distance", type.distance_price, "Times the longest distances it leaves 64 bits: give costs with fewer digits, or smaller distances for what cannot be driven.");
  if (static_cast<double>(type.slowness) * static_cast<double>(distance_bound(in)) > largest_sum)
    says("the slowness", type.slowness, "Give a coarser rounding or speeds that differ less.");
}

// What serving everybody may cost at most, unless the shortest way is no way at all.
double dearest_service(const RoutingInstance& in) {
  const Fleet& fleet = *in.fleet;
  const Distances d(in, 0);
  double sum = 0, dearest_vehicle = 0;
  for (const VehicleType& type : fleet.types) dearest_vehicle = std::max(dearest_vehicle, static_cast<double>(type.fixed_cost.value));
  for (std::int32_t c = 1; c <= in.customers(); ++c) {
    double dearest = 0;
    for (const VehicleType& type : fleet.types) dearest = std::max(dearest, static_cast<double>(type.distance_price) * static_cast<double>(d(type.depot, c) + d(c, type.depot)));
    sum += dearest + static_cast<double>(fleet.prize[static_cast<std::size_t>(c)].value);
  }
  return sum + dearest_vehicle * static_cast<double>(std::min<std::int64_t>(in.customers(), fleet.most_vehicles));
}

void check_distances(const RoutingInstance& in, std::string_view source) {
  if (const auto far = static_cast<double>(distance_bound(in)); far > 1e18)
    throw UserError(fmt::format("{}: distances of up to {:.3g} units leave 64 bits. Give places that are nearer to each other, or a coarser rounding.", source, far));
}

// The smallest power of ten in money above an amount.
double power_above(const Fleet& fleet, double amount) {
  double price = static_cast<double>(fleet.money_scale);
  while (price <= amount) price *= 10;
  return price;
}
}  // namespace

void put_vehicles_first(RoutingInstance& instance, std::string_view source) {
  check_distances(instance, source);
  instance.route_cost = Cost(static_cast<std::int64_t>(std::min(power_above(*instance.fleet, dearest_service(instance) + 1), largest_sum)));
  for (VehicleType& type : instance.fleet->types) type.fixed_cost = Cost(std::min(type.fixed_cost.value, static_cast<std::int64_t>(largest_sum)) + instance.route_cost.value);
}

void price_missing_customers(RoutingInstance& instance, std::string_view source) {
  Fleet& fleet = *instance.fleet;
  check_distances(instance, source);
  const double above = dearest_service(instance) + 1;
  const double price = power_above(fleet, above);
  if (price * (instance.customers() + 1) > largest_sum)
    throw UserError(fmt::format("{}: costs of up to {:.3g} in units of 1/{} leave 64 bits with {} customers. Give costs with fewer digits behind the point, or in larger units{}.", source, above,
                                fleet.money_scale, instance.customers(), instance.route_cost.value > 0 ? ", a coarser rounding, or the objective distance: fewest vehicles first needs prices above all of them" : ""));
  fleet.missing_price = Cost(static_cast<std::int64_t>(price));
}

void validate_fleet(const RoutingInstance& instance, std::string_view source) {
  const Fleet& fleet = *instance.fleet;
  const std::size_t nodes = instance.demand.size();
  if (fleet.types.empty()) throw UserError(fmt::format("{}: the fleet has no vehicles. Give at least one type.", source));
  if (fleet.depots < 1 || instance.customers() < 1) throw UserError(fmt::format("{}: {} depots among {} nodes. Give a depot and at least one customer.", source, fleet.depots, nodes));
  if (fleet.prize.size() != nodes || fleet.optional.size() != nodes)
    throw UserError(fmt::format("{}: {} prizes and {} marks of optional customers for {} nodes.", source, fleet.prize.size(), fleet.optional.size(), nodes));
  for (std::size_t t = 0; t < fleet.types.size(); ++t) validate_type(instance, fleet.types[t], t, source);
  for (std::size_t i = 0; i < nodes; ++i)
    if (fleet.prize[i].value < 0) throw UserError(fmt::format("{}: the prize of {} is {}. Give 0 or more.", source, in_words(instance, static_cast<std::int32_t>(i)), fleet.prize[i].value));
  if (fleet.most_vehicles < 0 || fleet.money_scale < 1 || instance.max_route_length || instance.service.value != 0)
    throw UserError(fmt::format("{}: a fleet stands beside limits or costs of a single kind of vehicle. Give them with the vehicles.", source));
  for (const VehicleType& type : fleet.types)
    if (instance.route_cost > type.fixed_cost)
      throw UserError(fmt::format("{}: a vehicle costs {} units, but every route {}. Let the price of routes be part of what vehicles cost.", source, type.fixed_cost.value, instance.route_cost.value));
  if (instance.route_cost.value > 0 && std::ranges::count(fleet.optional, std::uint8_t{1}) > 0)
    throw UserError(fmt::format("{}: with the fewest vehicles first nobody optional would be served. Give no prizes, or another objective.", source));
  if (fleet.missing_price.value <= 0 || static_cast<double>(fleet.missing_price.value) * static_cast<double>(nodes) > largest_sum || dearest_service(instance) > largest_sum)
    throw UserError(fmt::format("{}: a required customer left out costs {} units, which leaves 64 bits for {} nodes or is too little.", source, fleet.missing_price.value, nodes));
}

}  // namespace tempera::model
