#include "solvers/baselines/swap_star.hpp"

#include <limits>

namespace tempera::baselines {

namespace {
constexpr std::int64_t nowhere = std::numeric_limits<std::int64_t>::max() / 4;
}

void SwapStar::gather(const LinkedRoutes& routes, std::int32_t route, std::int32_t other, std::vector<Candidate>& candidates) {
  candidates.clear();
  const std::int32_t depot = routes.depot_of(route), other_depot = routes.depot_of(other);
  for (std::int32_t node = routes.neighbour(depot, after); node != depot; node = routes.neighbour(node, after)) {
    const Visit& v = routes.visit(node);
    Candidate c{node, v.leg[before] + v.leg[after] - routes.arc(v.link[before], v.link[after], after), routes.demand(node), {}};
    c.places.fill({nowhere, other_depot});
    std::int32_t place = other_depot;
    std::int64_t there = routes.arc(place, node, after);
    std::int64_t back = routes.symmetric() ? there : routes.arc(node, place, after);
    const std::int64_t back_to_depot = back;
    do {
      const std::int32_t next = routes.neighbour(place, after);
      const std::int64_t next_there = next == other_depot ? 0 : routes.arc(next, node, after);
      back = next == other_depot ? back_to_depot : routes.symmetric() ? next_there : routes.arc(node, next, after);
      const std::int64_t cost = there + back - routes.leg(place, after);
      if (cost < c.places[2].cost) {
        std::size_t k = 2;
        for (; k > 0 && cost < c.places[k - 1].cost; --k) c.places[k] = c.places[k - 1];
        c.places[k] = {cost, place};
      }
      place = next;
      there = next_there;
    } while (place != other_depot);
    candidates.push_back(c);
  }
}

// Three places are enough: the leaver touches two of them at most, and its own gap is tried beside them.
SwapStar::Place SwapStar::best_place(const LinkedRoutes& routes, const Candidate& mover, const Candidate& leaver) {
  const Visit& gone = routes.visit(leaver.node);
  const std::int64_t joined = gone.leg[before] + gone.leg[after] - leaver.absence;
  Place best{routes.arc(gone.link[before], mover.node, after) + routes.arc(mover.node, gone.link[after], after) - joined, gone.link[before]};
  for (const Place& place : mover.places) {
    if (place.after == leaver.node || place.after == gone.link[before]) continue;
    if (place.cost < best.cost) best = place;
    break;
  }
  return best;
}

std::optional<SwapStarMove> SwapStar::best(const LinkedRoutes& routes, std::int32_t route_a, std::int32_t route_b) {
  if (std::int64_t{routes.size(route_a)} * routes.size(route_b) > largest_pair) return std::nullopt;
  gather(routes, route_a, route_b, a_);
  gather(routes, route_b, route_a, b_);
  SwapStarMove best;
  for (const Candidate& u : a_) {
    for (const Candidate& v : b_) {
      const std::int64_t shift = v.demand - u.demand;
      const std::int64_t saved = u.absence + v.absence;
      if (!routes.fits_load(routes.load(route_a) + shift) || !routes.fits_load(routes.load(route_b) - shift)) continue;
      const Place u_place = best_place(routes, u, v);
      const Place v_place = best_place(routes, v, u);
      const std::int64_t delta = u_place.cost + v_place.cost - saved;
      if (delta >= best.delta) continue;
      if (!routes.fits_length(routes.length(route_a) + v_place.cost - u.absence, routes.size(route_a)) ||
          !routes.fits_length(routes.length(route_b) + u_place.cost - v.absence, routes.size(route_b))) continue;
      best = {u.node, v.node, u_place.after, v_place.after, delta};
    }
  }
  return best.delta < 0 ? std::optional(best) : std::nullopt;
}

namespace {
// The route of `leaver` with it gone and `comer` after `place`.
void write_swapped(const LinkedRoutes& routes, std::int32_t leaver, std::int32_t comer, std::int32_t place, std::vector<std::int32_t>& out) {
  out.clear();
  const std::int32_t depot = routes.depot_of(routes.route_of(leaver));
  std::int32_t node = depot;
  do {
    if (node != depot && node != leaver) out.push_back(node);
    if (node == place) out.push_back(comer);
    node = routes.neighbour(node, after);
  } while (node != depot);
}
}  // namespace

void apply_swap_star(LinkedRoutes& routes, const SwapStarMove& move, MoveScratch& scratch) {
  const std::int32_t a = routes.route_of(move.u), b = routes.route_of(move.v);
  write_swapped(routes, move.u, move.v, move.v_after, scratch.new_a);
  write_swapped(routes, move.v, move.u, move.u_after, scratch.new_b);
  routes.assign(a, scratch.new_a);
  routes.assign(b, scratch.new_b);
  routes.settle(a, b);
}

}  // namespace tempera::baselines
