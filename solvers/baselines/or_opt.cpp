#include "solvers/baselines/or_opt.hpp"

#include <algorithm>

namespace tempera::baselines {

bool or_opt_is_feasible(const LinkedRoutes& routes, const Move& move) {
  const std::int32_t a = routes.route_of(move.i.node), b = routes.route_of(move.j.node);
  if (a == b) return routes.fits_length(routes.length(a) + move.delta, routes.size(a));
  if (!routes.fits_load(routes.load(a) + routes.segment_load(move.j.node, move.taken_end))) return false;
  if (!routes.has_length_limit()) return true;
  const std::int64_t detour = routes.arc(move.i.node, move.j.node, move.i.side) + routes.segment_length(move.j.node, move.taken_end) +
                              routes.arc(move.taken_end, routes.neighbour(move.i), move.i.side) - routes.leg(move.i);
  return routes.fits_length(routes.length(a) + detour, routes.size(a) + move.taken) &&
         routes.fits_length(routes.length(b) + move.delta - detour, routes.size(b) - move.taken);
}

void apply_or_opt(LinkedRoutes& routes, const Move& move, MoveScratch& scratch) {
  const std::int32_t a = routes.route_of(move.i.node), b = routes.route_of(move.j.node);
  const std::int32_t first = move.i.side == after ? move.j.node : move.taken_end;
  const std::int32_t last = move.i.side == after ? move.taken_end : move.j.node;
  // Put in before the later end of the cut leg; as the end of a route the depot stands behind the last visit.
  const std::int32_t later = move.i.side == after ? routes.neighbour(move.i) : move.i.node;
  const std::int32_t gap = routes.is_depot(later) ? routes.size(a) + 1 : routes.visit(later).position;
  const std::int32_t start = std::min(routes.visit(move.j.node).position, routes.visit(move.taken_end).position);
  replace_in_routes(routes, a, {gap, 0, first, last}, b, {start, move.taken, 0, 0}, scratch);
}

}  // namespace tempera::baselines
