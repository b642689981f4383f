#include "solvers/baselines/move.hpp"

#include <algorithm>
#include <array>

#include "solvers/baselines/exchange.hpp"
#include "solvers/baselines/or_opt.hpp"
#include "solvers/baselines/two_opt.hpp"

namespace tempera::baselines {

bool is_feasible(const LinkedRoutes& routes, const Move& move) {
  switch (move.kind) {
    case Move::Kind::two_opt: return two_opt_is_feasible(routes, move);
    case Move::Kind::or_opt: return or_opt_is_feasible(routes, move);
    default: return exchange_is_feasible(routes, move);
  }
}

void apply(LinkedRoutes& routes, const Move& move, MoveScratch& scratch) {
  const std::int32_t a = routes.route_of(move.i.node), b = routes.route_of(move.j.node);
  switch (move.kind) {
    case Move::Kind::two_opt: apply_two_opt(routes, move, scratch); break;
    case Move::Kind::or_opt: apply_or_opt(routes, move, scratch); break;
    default: apply_exchange(routes, move, scratch); break;
  }
  routes.settle(a, b);
}

void append_walk(const LinkedRoutes& routes, std::int32_t from, std::int32_t to, std::vector<std::int32_t>& out) {
  if (routes.is_depot(from) || routes.is_depot(to)) return;
  const Side side = routes.visit(from).position <= routes.visit(to).position ? after : before;
  for (std::int32_t node = from; node != to; node = routes.neighbour(node, side)) out.push_back(node);
  out.push_back(to);
}

namespace {
// Writes `route` with the replacements made; they are in order of position and do not overlap.
void write_replaced(const LinkedRoutes& routes, std::int32_t route, std::span<const Replacement> replacements, std::vector<std::int32_t>& out) {
  out.clear();
  const std::int32_t depot = routes.depot_of(route);
  std::int32_t node = routes.neighbour(depot, after);
  std::int32_t position = 1;
  for (const Replacement& r : replacements) {
    for (; position < r.position; ++position, node = routes.neighbour(node, after)) out.push_back(node);
    if (r.from != 0) append_walk(routes, r.from, r.to, out);
    for (int k = 0; k < r.removed; ++k, ++position) node = routes.neighbour(node, after);
  }
  for (; node != depot; node = routes.neighbour(node, after)) out.push_back(node);
}
}  // namespace

void replace_in_routes(LinkedRoutes& routes, std::int32_t route_a, const Replacement& a, std::int32_t route_b, const Replacement& b,
                       MoveScratch& scratch) {
  if (route_a == route_b) {
    std::array<Replacement, 2> both = {a, b};
    if (both[1].position < both[0].position) std::swap(both[0], both[1]);
    write_replaced(routes, route_a, both, scratch.new_a);
    routes.assign(route_a, scratch.new_a);
    return;
  }
  write_replaced(routes, route_a, {&a, 1}, scratch.new_a);
  write_replaced(routes, route_b, {&b, 1}, scratch.new_b);
  routes.assign(route_a, scratch.new_a);
  routes.assign(route_b, scratch.new_b);
}

}  // namespace tempera::baselines
