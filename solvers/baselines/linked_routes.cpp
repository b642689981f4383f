#include "solvers/baselines/linked_routes.hpp"

#include <algorithm>

#include "solvers/core/error.hpp"

namespace tempera::baselines {

LinkedRoutes::LinkedRoutes(const model::RoutingInstance& instance, const model::Distances& distances, const model::RoutingSolution& solution)
    : distances_(&distances),
      customers_(instance.customers()),
      symmetric_(model::is_symmetric(instance)),
      has_length_limit_(instance.max_route_length.has_value()),
      capacity_(instance.capacity.value),
      service_(instance.service.value) {
  if (has_length_limit_) length_limit_ = instance.max_route_length->value;
  for (const model::Load demand : instance.demand) demand_.push_back(demand.value);
  visits_.resize(static_cast<std::size_t>(instance.nodes()));
  for (const model::Route& route : solution.routes)
    if (!route.empty()) assign(add_route(), route);
  list_if_empty(add_route());
}

std::int32_t LinkedRoutes::add_route() {
  const auto route = static_cast<std::int32_t>(summaries_.size());
  summaries_.emplace_back();
  visits_.emplace_back();
  assign(route, {});
  return route;
}

void LinkedRoutes::assign(std::int32_t route, std::span<const std::int32_t> sequence) {
  const std::int32_t depot = depot_of(route);
  std::int64_t load = 0, length = 0;
  std::int32_t previous = depot, position = 0;
  for (const std::int32_t node : sequence) {
    Visit& visit = at(node);
    const std::int64_t leg = arc(previous, node, after);
    load += demand(node);
    length += leg;
    visit.link[before] = previous;
    visit.leg[before] = leg;
    visit.route = route;
    visit.position = ++position;
    visit.load = load;
    visit.length = length;
    at(previous).link[after] = node;
    at(previous).leg[after] = leg;
    previous = node;
  }
  Visit& end = at(depot);
  const std::int64_t leg = sequence.empty() ? 0 : arc(previous, depot, after);
  at(previous).link[after] = depot;
  at(previous).leg[after] = leg;
  end.link[before] = previous;
  end.leg[before] = leg;
  end.route = route;
  Summary& sums = summaries_[static_cast<std::size_t>(route)];
  sums.load = load;
  sums.length = length + leg;
  sums.size = position;
}

void LinkedRoutes::list_if_empty(std::int32_t route) {
  Summary& sums = summaries_[static_cast<std::size_t>(route)];
  if (sums.size != 0 || sums.listed_empty) return;
  sums.listed_empty = true;
  empty_.push_back(route);
}

void LinkedRoutes::settle(std::int32_t route_a, std::int32_t route_b) {
  // Only the route on top of the list is ever handed out, so a listed route that was filled is on top.
  while (!empty_.empty() && summary(empty_.back()).size != 0) {
    summaries_[static_cast<std::size_t>(empty_.back())].listed_empty = false;
    empty_.pop_back();
  }
  list_if_empty(route_a);
  list_if_empty(route_b);
  if (empty_.empty()) list_if_empty(add_route());
}

void LinkedRoutes::append_sequence(std::int32_t route, std::vector<std::int32_t>& out) const {
  const std::int32_t depot = depot_of(route);
  for (std::int32_t node = neighbour(depot, after); node != depot; node = neighbour(node, after)) out.push_back(node);
}

model::RoutingSolution LinkedRoutes::solution() const {
  model::RoutingSolution solution;
  for (std::int32_t route = 0; route < routes(); ++route) {
    if (size(route) == 0) continue;
    append_sequence(route, solution.routes.emplace_back());
  }
  return solution;
}

std::int64_t LinkedRoutes::cost() const {
  std::int64_t total = 0;
  for (const Summary& sums : summaries_) total += sums.length;
  return total;
}

std::int64_t LinkedRoutes::kept_load(Cut cut) const {
  if (is_depot(cut.node)) return 0;
  const Visit& v = visit(cut.node);
  return cut.side == after ? v.load : load(v.route) - v.load + demand(cut.node);
}

std::int64_t LinkedRoutes::kept_length(Cut cut) const {
  if (is_depot(cut.node)) return 0;
  const Visit& v = visit(cut.node);
  return cut.side == after ? v.length : length(v.route) - v.length;
}

std::int64_t LinkedRoutes::kept_size(Cut cut) const {
  if (is_depot(cut.node)) return 0;
  const Visit& v = visit(cut.node);
  return cut.side == after ? v.position : size(v.route) - v.position + 1;
}

std::int64_t LinkedRoutes::segment_load(std::int32_t a, std::int32_t b) const {
  const bool forward = visit(a).position <= visit(b).position;
  const std::int32_t first = forward ? a : b, last = forward ? b : a;
  return visit(last).load - visit(first).load + demand(first);
}

std::int64_t LinkedRoutes::segment_length(std::int32_t a, std::int32_t b) const {
  const std::int64_t difference = visit(b).length - visit(a).length;
  return difference < 0 ? -difference : difference;
}

}  // namespace tempera::baselines
