#include "partition/merge/route_merge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "solvers/model/distances.hpp"
#include "solvers/model/time_segment.hpp"

namespace tempera::merge {

namespace {
std::vector<std::int32_t> sorted_customers(std::span<const std::int32_t> flat) {
  std::vector<std::int32_t> customers;
  customers.reserve(flat.size());
  std::ranges::copy_if(flat, std::back_inserter(customers), [](std::int32_t c) { return c != 0; });
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
}  // namespace

std::string why_not_mergeable(const model::RoutingInstance& instance, std::span<const std::int32_t> given,
                              std::span<const std::int32_t> answer) {
  const std::vector<std::int32_t> wanted = sorted_customers(given), got = sorted_customers(answer);
  if (wanted != got) {
    const auto [w, g] = std::ranges::mismatch(wanted, got);
    if (w == wanted.end()) return fmt::format("the answer visits customer {} twice or without being asked to", *g);
    return fmt::format("the answer has {} customers for {}; the first difference is at customer {}", got.size(), wanted.size(), *w);
  }
  const model::Distances distances(instance, 0);
  for (const model::Route& route : model::unflatten(answer).routes)
    if (std::string reason = why_not_feasible(instance, distances, route); !reason.empty()) return reason;
  return {};
}

model::RoutingSolution join(std::span<const std::vector<std::int32_t>> flat_parts) {
  model::RoutingSolution whole;
  for (const std::vector<std::int32_t>& part : flat_parts)
    for (model::Route& route : model::unflatten(part).routes) whole.routes.push_back(std::move(route));
  return whole;
}

}  // namespace tempera::merge
