// What the neighbourhoods have in common: a change of routes, written as cuts and what is joined instead.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "solvers/baselines/linked_routes.hpp"

namespace tempera::baselines {

inline constexpr int longest_segment = 5;

/// Every move cuts the legs at `i` and `j` (see Cut) and joins i.node to j.node.
///   two_opt   the two other ends are joined: 2-opt within a route, 2-opt* (with or without reversal) between two
///   or_opt    `taken` visits from j.node on, away from its cut, go between i.node and its neighbour: relocate, or-opt
///   exchange  as or_opt, and the `given` visits that followed i.node take their place: swap, cross-exchange
struct Move {
  enum class Kind : std::uint8_t { two_opt, or_opt, exchange };
  Kind kind = Kind::two_opt;
  Cut i, j;
  std::int8_t taken = 0;
  std::int8_t given = 0;
  bool turn_given = false;    ///< exchange: the given visits are put down the other way round
  std::int32_t taken_end = 0; ///< last visit taken
  std::int32_t given_end = 0; ///< last visit given
  std::int64_t delta = 0;     ///< change of cost
};

/// Working memory of `apply`, kept by the caller so that no move allocates.
struct MoveScratch {
  std::vector<std::int32_t> new_a, new_b;
};

/// True when all routes after the move keep capacity and length limit. The routes before it must.
bool is_feasible(const LinkedRoutes& routes, const Move& move);

/// Makes the move. Its delta is not looked at.
void apply(LinkedRoutes& routes, const Move& move, MoveScratch& scratch);

// For the neighbourhoods' own use.

/// Takes out `removed` visits of a route from `position` on and puts in those from `from` to `to` (none when `from` is 0),
/// in that order, as they stand in their route before the move.
struct Replacement {
  std::int32_t position = 1;
  std::int32_t removed = 0;
  std::int32_t from = 0, to = 0;
};

void replace_in_routes(LinkedRoutes& routes, std::int32_t route_a, const Replacement& a, std::int32_t route_b, const Replacement& b,
                       MoveScratch& scratch);

/// Appends the visits from `from` to `to`, both included, of one route in whichever direction; nothing when either is a depot.
void append_walk(const LinkedRoutes& routes, std::int32_t from, std::int32_t to, std::vector<std::int32_t>& out);

}  // namespace tempera::baselines
