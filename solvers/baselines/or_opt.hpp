// Relocate and or-opt (Or 1976): one to three consecutive visits move to another leg, of the same or another route.
#pragma once

#include "solvers/baselines/move.hpp"

namespace tempera::baselines {

/// Shows `visit` the moves that take 1..longest_segment visits, from j.node on and away from its cut, and put them into
/// the leg cut at `i`, j.node next to i.node. A single visit is shown for cuts on different sides only (it has no direction).
template <class Visitor>
void visit_or_opt(const LinkedRoutes& routes, Cut i, Cut j, Visitor&& visit) {
  const bool turned = i.side == j.side;
  if (turned && !routes.symmetric()) return;
  const std::int32_t ti = routes.neighbour(i), tj = routes.neighbour(j);
  if (ti == j.node || routes.is_depot(j.node)) return;
  const Side away = opposite(j.side);
  const std::int64_t fixed = routes.arc(i.node, j.node, i.side) - routes.leg(i) - routes.leg(j);
  Move move;
  move.kind = Move::Kind::or_opt;
  move.i = i;
  move.j = j;
  std::int32_t end = j.node;
  for (int taken = 1; taken <= longest_segment; ++taken) {
    if (end == i.node || end == ti || routes.is_depot(end)) return;
    const std::int32_t beyond = routes.neighbour(end, away);
    if (taken > 1 || !turned) {
      move.taken = static_cast<std::int8_t>(taken);
      move.taken_end = end;
      move.delta = fixed + routes.arc(end, ti, i.side) + routes.arc(tj, beyond, away) - routes.leg(end, away);
      visit(move);
    }
    end = beyond;
  }
}

bool or_opt_is_feasible(const LinkedRoutes& routes, const Move& move);
void apply_or_opt(LinkedRoutes& routes, const Move& move, MoveScratch& scratch);

}  // namespace tempera::baselines
