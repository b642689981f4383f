#include "partition/merge/route_merge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "solvers/model/distances.hpp"
#include "solvers/model/fleet_pricing.hpp"
#include "solvers/model/time_segment.hpp"

namespace tempera::merge {

namespace {
std::vector<std::int32_t> sorted_customers(std::span<const std::int32_t> flat) {
  std::vector<std::int32_t> customers;
  customers.reserve(flat.size());
  std::ranges::copy_if(flat, std::back_inserter(customers), [](std::int32_t c) { return c > 0; });
  std::ranges::sort(customers);
  return customers;
}

std::string why_not_feasible(const model::RoutingInstance& instance, const model::Distances& distances, const model::Route& route) {
  model::Load load;
  for (const std::int32_t c : route) load += instance.demand[static_cast<std::size_t>(c)];
  if (load > instance.capacity)
    return fmt::format("a route of the answer carries {}, but the capacity is {}", load.value, instance.capacity.value);
  if (instance.timetable) {
    const model::TimeSegment whole = model::route_segment(*instance.timetable, distances, route);
    if (whole.time_warp > 0) return fmt::format("a route of the answer, from customer {} on, is {} units late", route.front(), whole.time_warp);
    if (!model::keeps_time(*instance.timetable, whole)) return fmt::format("a route of the answer takes {} units of time, too long", whole.duration);
  }
  if (!instance.max_route_length) return {};
  std::int64_t length = instance.service.value * std::ssize(route) + distances(0, route.front()) + distances(route.back(), 0);
  for (std::size_t k = 1; k < route.size(); ++k) length += distances(route[k - 1], route[k]);
  if (length > instance.max_route_length->value)
    return fmt::format("a route of the answer is {} units long with service, but the limit is {}", length, instance.max_route_length->value);
  return {};
}

std::string why_not_in_fleet(const model::RoutingInstance& instance, const model::RoutingSolution& answer, std::span<const std::int64_t> vehicles) {
  const model::Distances distances(instance, 0);
  const model::FleetPricing pricing(instance, distances);
  std::vector<std::int64_t> left(vehicles.begin(), vehicles.end());
  left.resize(instance.fleet->types.size() + 1, 0);
  for (std::size_t r = 0; r < answer.routes.size(); ++r) {
    const std::int32_t vehicle = answer.vehicle(r);
    if (vehicle < 0 || vehicle >= std::ssize(instance.fleet->types)) return fmt::format("a route of the answer has a vehicle of type {}, which there is not", vehicle + 1);
    if (--left[static_cast<std::size_t>(vehicle)] < 0) return fmt::format("the answer has more than {} vehicles of type {}", vehicles.empty() ? 0 : vehicles[static_cast<std::size_t>(vehicle)], vehicle + 1);
    if (--left.back() < 0) return "the answer has more vehicles than its part may use";
    const auto broken = pricing.excess(vehicle, pricing.measure(vehicle, answer.routes[r]));
    if (broken.limit != model::FleetLimit::none)
      return fmt::format("a route of the answer, from customer {} on, breaks {} of its vehicle by {} units", answer.routes[r].front(), model::name_of(broken.limit), broken.by);
  }
  return {};
}
}  // namespace

std::string why_not_mergeable(const model::RoutingInstance& instance, std::span<const std::int32_t> given,
                              std::span<const std::int32_t> answer, std::span<const std::int64_t> vehicles) {
  const std::vector<std::int32_t> wanted = sorted_customers(given), got = sorted_customers(answer);
  if (wanted != got) {
    const auto [w, g] = std::ranges::mismatch(wanted, got);
    if (w == wanted.end()) return fmt::format("the answer visits customer {} twice or without being asked to", *g);
    return fmt::format("the answer has {} customers for {}; the first difference is at customer {}", got.size(), wanted.size(), *w);
  }
  if (instance.fleet) return why_not_in_fleet(instance, model::unflatten(answer), vehicles);
  const model::Distances distances(instance, 0);
  for (const model::Route& route : model::unflatten(answer).routes)
    if (std::string reason = why_not_feasible(instance, distances, route); !reason.empty()) return reason;
  return {};
}

model::RoutingSolution join(std::span<const std::vector<std::int32_t>> flat_parts) {
  std::vector<std::int32_t> all;
  for (const std::vector<std::int32_t>& part : flat_parts) {
    all.insert(all.end(), part.begin(), part.end());
    if (!part.empty() && part.back() > 0) all.push_back(0);
  }
  return model::unflatten(all);
}

}  // namespace tempera::merge
