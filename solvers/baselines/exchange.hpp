// Swap and cross-exchange (Taillard et al. 1997): up to three consecutive visits change places with up to three others.
#pragma once

#include <algorithm>
#include <utility>

#include "solvers/baselines/move.hpp"

namespace tempera::baselines {

/// Which exchanges a visit shows. `promising` leaves out those whose first two joins alone do not gain: an improving exchange
/// always shows again from another of its four joins, and there they do gain (the gain criterion of Lin and Kernighan 1973).
enum class ExchangeFilter : std::uint8_t { promising, all };

/// Two cuts seen as the start of an exchange: `given` visits follow i.node across its cut, `taken` ones start at j.node.
class ExchangeView {
 public:
  ExchangeView(const LinkedRoutes& routes, Cut i, Cut j, ExchangeFilter filter)
      : routes_(routes), i_(i), j_(j), away_(opposite(j.side)), turned_(i.side == j.side), all_(filter == ExchangeFilter::all),
        same_route_(routes.route_of(i.node) == routes.route_of(j.node)), ti_(routes.neighbour(i)), tj_(routes.neighbour(j)) {}

  bool is_possible() const {
    return (!turned_ || routes_.symmetric()) && ti_ != j_.node && tj_ != i_.node && !routes_.is_depot(j_.node) && !routes_.is_depot(ti_);
  }

  template <class Visitor>
  void show_all(Visitor&& visit) const {
    const std::int64_t fixed = routes_.arc(i_.node, j_.node, i_.side) - routes_.leg(i_) - routes_.leg(j_);
    const std::int64_t straight = fixed + routes_.arc(tj_, ti_, away_);
    if (all_ || straight < 0) show(straight, false, visit);
    if (!routes_.symmetric()) return;
    // Turned, the join of tj is with the last visit given, so each number of given visits has its own first half.
    std::int32_t end = ti_;
    for (int given = 2; given <= longest_segment; ++given) {
      end = routes_.neighbour(end, i_.side);
      if (routes_.is_depot(end)) return;
      const std::int64_t half = fixed + routes_.arc(tj_, end, away_);
      if (all_ || half < 0) show_taken(half, end, given, true, visit);
    }
  }

 private:
  template <class Visitor>
  void show(std::int64_t half, bool turn_given, Visitor&& visit) const {
    std::int32_t end = ti_;
    for (int given = 1; given <= longest_segment && !routes_.is_depot(end); ++given) {
      show_taken(half, end, given, turn_given, visit);
      end = routes_.neighbour(end, i_.side);
    }
  }

  template <class Visitor>
  void show_taken(std::int64_t half, std::int32_t given_end, int given, bool turn_given, Visitor&& visit) const {
    Move move;
    move.kind = Move::Kind::exchange;
    move.i = i_;
    move.j = j_;
    move.given = static_cast<std::int8_t>(given);
    move.given_end = given_end;
    move.turn_given = turn_given;
    const std::int32_t past_given = routes_.neighbour(given_end, i_.side);
    const std::int32_t last_given = turn_given ? ti_ : given_end;
    const std::int64_t base = half - routes_.leg(given_end, i_.side);
    std::int32_t end = j_.node;
    for (int taken = 1; taken <= longest_segment && !routes_.is_depot(end); ++taken) {
      if (same_route_ && !is_apart(given_end, end)) return;
      const std::int32_t past_taken = routes_.neighbour(end, away_);
      if (taken > 1 || !turned_) {  // a single visit has no direction: it is shown for cuts on different sides only
        move.taken = static_cast<std::int8_t>(taken);
        move.taken_end = end;
        move.delta = base - routes_.leg(end, away_) + routes_.arc(end, past_given, i_.side) + routes_.arc(last_given, past_taken, away_);
        visit(std::as_const(move));
      }
      end = past_taken;
    }
  }

  // At least one visit lies between the two segments of one route; touching segments are an or-opt move.
  bool is_apart(std::int32_t given_end, std::int32_t taken_end) const {
    const auto [a, a_end] = std::minmax(routes_.visit(ti_).position, routes_.visit(given_end).position);
    const auto [b, b_end] = std::minmax(routes_.visit(j_.node).position, routes_.visit(taken_end).position);
    return a_end + 1 < b || b_end + 1 < a;
  }

  const LinkedRoutes& routes_;
  Cut i_, j_;
  Side away_;
  bool turned_, all_, same_route_;
  std::int32_t ti_, tj_;
};

/// Shows `visit` the moves that put the 1..longest_segment visits from j.node on (away from its cut) in place of the
/// 1..longest_segment visits that follow i.node across its cut, and these in their place, straight or turned.
template <class Visitor>
void visit_exchange(const LinkedRoutes& routes, Cut i, Cut j, ExchangeFilter filter, Visitor&& visit) {
  const ExchangeView view(routes, i, j, filter);
  if (view.is_possible()) view.show_all(visit);
}

bool exchange_is_feasible(const LinkedRoutes& routes, const Move& move);
void apply_exchange(LinkedRoutes& routes, const Move& move, MoveScratch& scratch);

}  // namespace tempera::baselines
