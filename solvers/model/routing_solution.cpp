#include "solvers/model/routing_solution.hpp"

#include <algorithm>
#include <numeric>

namespace tempera::model {

std::vector<std::int32_t> flatten(const RoutingSolution& solution) {
  std::size_t size = solution.left_out.size() + 1;
  for (const Route& route : solution.routes) size += route.size() + 1;
  std::vector<std::int32_t> flat;
  flat.reserve(size);
  for (std::size_t r = 0; r < solution.routes.size(); ++r) {
    const Route& route = solution.routes[r];
    if (route.empty()) continue;
    flat.insert(flat.end(), route.begin(), route.end());
    flat.push_back(-solution.vehicle(r));
  }
  if (solution.left_out.empty()) return flat;
  flat.insert(flat.end(), solution.left_out.begin(), solution.left_out.end());
  flat.push_back(left_out_mark);
  return flat;
}

std::int64_t routes_in(std::span<const std::int32_t> flat) {
  return std::ranges::count_if(flat, [](std::int32_t v) { return v <= 0 && v != left_out_mark; });
}

RoutingSolution unflatten(std::span<const std::int32_t> flat) {
  RoutingSolution solution;
  Route route;
  const auto close = [&](std::int32_t end) {
    if (route.empty()) return;
    if (end == left_out_mark) {
      solution.left_out.insert(solution.left_out.end(), route.begin(), route.end());
    } else {
      if (end != 0) solution.vehicles.resize(solution.routes.size(), 0);
      solution.routes.push_back(std::move(route));
      if (end != 0 || !solution.vehicles.empty()) solution.vehicles.push_back(-end);
    }
    route.clear();
  };
  for (const std::int32_t customer : flat) {
    if (customer > 0) route.push_back(customer);
    else close(customer);
  }
  close(0);
  return solution;
}

void normalise(RoutingSolution& solution, bool symmetric) {
  std::vector<std::pair<Route, std::int32_t>> kept;
  for (std::size_t r = 0; r < solution.routes.size(); ++r)
    if (!solution.routes[r].empty()) kept.emplace_back(std::move(solution.routes[r]), solution.vehicle(r));
  if (symmetric)
    for (auto& [route, vehicle] : kept)
      if (route.front() > route.back()) std::ranges::reverse(route);
  std::ranges::sort(kept, {}, [](const auto& entry) { return entry.first.front(); });
  const bool mixed = std::ranges::any_of(kept, [](const auto& entry) { return entry.second != 0; });
  solution.routes.clear();
  solution.vehicles.clear();
  for (auto& [route, vehicle] : kept) {
    solution.routes.push_back(std::move(route));
    if (mixed) solution.vehicles.push_back(vehicle);
  }
  std::ranges::sort(solution.left_out);
}

}  // namespace tempera::model
