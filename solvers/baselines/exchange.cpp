#include "solvers/baselines/exchange.hpp"

namespace tempera::baselines {

bool exchange_is_feasible(const LinkedRoutes& routes, const Move& move) {
  const std::int32_t a = routes.route_of(move.i.node), b = routes.route_of(move.j.node);
  if (a == b) return routes.fits_length(routes.length(a) + move.delta, routes.size(a));
  const std::int32_t first_given = routes.neighbour(move.i);
  const std::int64_t shift = routes.segment_load(move.j.node, move.taken_end) - routes.segment_load(first_given, move.given_end);
  if (!routes.fits_load(routes.load(a) + shift) || !routes.fits_load(routes.load(b) - shift)) return false;
  if (!routes.has_length_limit()) return true;
  const std::int64_t change = routes.arc(move.i.node, move.j.node, move.i.side) + routes.segment_length(move.j.node, move.taken_end) +
                              routes.arc(move.taken_end, routes.neighbour(move.given_end, move.i.side), move.i.side) - routes.leg(move.i) -
                              routes.segment_length(first_given, move.given_end) - routes.leg(move.given_end, move.i.side);
  const int growth = move.taken - move.given;
  return routes.fits_length(routes.length(a) + change, routes.size(a) + growth) &&
         routes.fits_length(routes.length(b) + move.delta - change, routes.size(b) - growth);
}

void apply_exchange(LinkedRoutes& routes, const Move& move, MoveScratch& scratch) {
  const std::int32_t a = routes.route_of(move.i.node), b = routes.route_of(move.j.node);
  const std::int32_t first_given = routes.neighbour(move.i);
  const auto start = [&](std::int32_t x, std::int32_t y) { return std::min(routes.visit(x).position, routes.visit(y).position); };
  Replacement in_a{start(first_given, move.given_end), move.given, move.j.node, move.taken_end};
  if (move.i.side == before) std::swap(in_a.from, in_a.to);
  Replacement in_b{start(move.j.node, move.taken_end), move.taken, first_given, move.given_end};
  // Straight, the given visits run away from the cut at j; the replacement is written in driving direction.
  if ((move.j.side == after) != move.turn_given) std::swap(in_b.from, in_b.to);
  replace_in_routes(routes, a, in_a, b, in_b, scratch);
}

}  // namespace tempera::baselines
