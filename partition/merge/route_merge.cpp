#include "partition/merge/route_merge.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tempera::merge {

namespace {
std::vector<std::int32_t> sorted_customers(std::span<const std::int32_t> flat) {
  std::vector<std::int32_t> customers;
  customers.reserve(flat.size());
  std::ranges::copy_if(flat, std::back_inserter(customers), [](std::int32_t c) { return c != 0; });
  std::ranges::sort(customers);
  return customers;
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
  for (const model::Route& route : model::unflatten(answer).routes) {
    model::Load load;
    for (const std::int32_t c : route) load += instance.demand[static_cast<std::size_t>(c)];
    if (load > instance.capacity)
      return fmt::format("a route of the answer carries {}, but the capacity is {}", load.value, instance.capacity.value);
  }
  return {};
}

model::RoutingSolution join(std::span<const std::vector<std::int32_t>> flat_parts) {
  model::RoutingSolution whole;
  for (const std::vector<std::int32_t>& part : flat_parts)
    for (model::Route& route : model::unflatten(part).routes) whole.routes.push_back(std::move(route));
  return whole;
}

}  // namespace tempera::merge
