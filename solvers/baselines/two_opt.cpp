#include "solvers/baselines/two_opt.hpp"

#include <utility>

namespace tempera::baselines {

bool two_opt_is_feasible(const LinkedRoutes& routes, const Move& move) {
  const std::int32_t a = routes.route_of(move.i.node), b = routes.route_of(move.j.node);
  if (a == b) return routes.fits_length(routes.length(a) + move.delta, routes.size(a));
  const std::int64_t load = routes.kept_load(move.i) + routes.kept_load(move.j);
  if (!routes.fits_load(load) || !routes.fits_load(routes.load(a) + routes.load(b) - load)) return false;
  if (!routes.has_length_limit()) return true;
  const std::int64_t size = routes.kept_size(move.i) + routes.kept_size(move.j);
  const std::int64_t length = routes.kept_length(move.i) + routes.kept_length(move.j) + routes.arc(move.i.node, move.j.node, move.i.side);
  return routes.fits_length(length, size) &&
         routes.fits_length(routes.length(a) + routes.length(b) + move.delta - length, routes.size(a) + routes.size(b) - size);
}

namespace {
// The visits between the two cuts are turned round. As the end of a route the depot stands behind the last visit.
void reverse_between(LinkedRoutes& routes, const Move& move, MoveScratch& scratch) {
  const std::int32_t route = routes.route_of(move.i.node);
  const auto position = [&](std::int32_t node) {
    return routes.is_depot(node) && move.i.side == before ? routes.size(route) + 1 : routes.visit(node).position;
  };
  std::int32_t low = move.i.node, high = move.j.node;
  if (position(low) > position(high)) std::swap(low, high);
  const std::int32_t first = move.i.side == after ? routes.neighbour(low, after) : low;
  const std::int32_t last = move.i.side == after ? high : routes.neighbour(high, before);
  const std::int32_t start = routes.visit(first).position;
  const Replacement turned{start, routes.visit(last).position - start + 1, last, first};
  replace_in_routes(routes, route, turned, route, {routes.size(route) + 1, 0, 0, 0}, scratch);
}
}  // namespace

void apply_two_opt(LinkedRoutes& routes, const Move& move, MoveScratch& scratch) {
  Cut i = move.i, j = move.j;
  const std::int32_t a = routes.route_of(i.node), b = routes.route_of(j.node);
  if (a == b) return reverse_between(routes, move, scratch);
  if (i.side == before && j.side == after) std::swap(i, j);
  const std::int32_t ti = routes.neighbour(i), tj = routes.neighbour(j);
  // The visit at the far end of what is kept with i, of what is cut from i, and so on.
  const auto far_end = [&](std::int32_t node, Side side) { return routes.neighbour(routes.depot_of(routes.route_of(node)), side); };
  scratch.new_a.clear();
  append_walk(routes, far_end(i.node, i.side), i.node, scratch.new_a);
  append_walk(routes, j.node, far_end(j.node, j.side), scratch.new_a);
  scratch.new_b.clear();
  if (i.side == after && j.side == before) {
    append_walk(routes, far_end(j.node, after), tj, scratch.new_b);
    append_walk(routes, ti, far_end(i.node, before), scratch.new_b);
  } else {
    append_walk(routes, far_end(i.node, opposite(i.side)), ti, scratch.new_b);
    append_walk(routes, tj, far_end(j.node, opposite(j.side)), scratch.new_b);
  }
  routes.assign(a, scratch.new_a);
  routes.assign(b, scratch.new_b);
}

}  // namespace tempera::baselines
