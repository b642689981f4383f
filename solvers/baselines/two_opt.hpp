// 2-opt within a route (Croes 1958) and 2-opt* between two routes (Potvin, Rousseau 1995), with reversal where distances are symmetric.
#pragma once

#include "solvers/baselines/move.hpp"

namespace tempera::baselines {

/// Shows `visit` the one move that cuts at `i` and `j` and joins their other ends, if it leaves proper routes.
template <class Visitor>
void visit_two_opt(const LinkedRoutes& routes, Cut i, Cut j, Visitor&& visit) {
  const std::int32_t ti = routes.neighbour(i), tj = routes.neighbour(j);
  const bool same_route = routes.route_of(i.node) == routes.route_of(j.node);
  if (same_route ? i.side != j.side || ti == j.node || tj == i.node : i.side == j.side && !routes.symmetric()) return;
  if (same_route && !routes.symmetric()) return;
  Move move;
  move.kind = Move::Kind::two_opt;
  move.i = i;
  move.j = j;
  move.delta = routes.arc(i.node, j.node, i.side) + routes.arc(tj, ti, i.side) - routes.leg(i) - routes.leg(j);
  visit(move);
}

bool two_opt_is_feasible(const LinkedRoutes& routes, const Move& move);
void apply_two_opt(LinkedRoutes& routes, const Move& move, MoveScratch& scratch);

}  // namespace tempera::baselines
