#include "solvers/model/routing_solution.hpp"

#include <algorithm>

namespace tempera::model {

std::vector<std::int32_t> flatten(const RoutingSolution& solution) {
  std::size_t size = 0;
  for (const Route& route : solution.routes) size += route.size() + 1;
  std::vector<std::int32_t> flat;
  flat.reserve(size);
  for (const Route& route : solution.routes) {
    if (route.empty()) continue;
    flat.insert(flat.end(), route.begin(), route.end());
    flat.push_back(0);
  }
  return flat;
}

RoutingSolution unflatten(std::span<const std::int32_t> flat) {
  RoutingSolution solution;
  Route route;
  for (const std::int32_t customer : flat) {
    if (customer != 0) {
      route.push_back(customer);
    } else if (!route.empty()) {
      solution.routes.push_back(std::move(route));
      route.clear();
    }
  }
  if (!route.empty()) solution.routes.push_back(std::move(route));
  return solution;
}

void normalise(RoutingSolution& solution, bool symmetric) {
  std::erase_if(solution.routes, [](const Route& route) { return route.empty(); });
  if (symmetric)
    for (Route& route : solution.routes)
      if (route.front() > route.back()) std::ranges::reverse(route);
  std::ranges::sort(solution.routes, {}, [](const Route& route) { return route.front(); });
}

}  // namespace tempera::model
