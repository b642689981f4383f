// SWAP*: two customers of different routes change routes, each to its best place there.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "solvers/baselines/move.hpp"

namespace tempera::baselines {

/// Customer u leaves its route and follows `u_after` in the route of v; v follows `v_after` in the route of u.
/// Both are visits (or the depot) that stay, as they stand before the move.
struct SwapStarMove {
  std::int32_t u = 0, v = 0;
  std::int32_t u_after = 0, v_after = 0;
  std::int64_t delta = 0;
};

/// Finds exchanges between two routes of a and b customers in O(a b): with each customer's three cheapest places in the other
/// route known, a pair is priced in constant time. Keeps its working memory.
/// Source: Vidal, "Hybrid genetic search for the CVRP: open-source implementation and SWAP* neighborhood" (2022), section 4
class SwapStar {
 public:
  /// Pairs of routes with a larger product of sizes are passed over, so that one look takes milliseconds at most.
  static constexpr std::int64_t largest_pair = 250'000;

  /// The best improving feasible exchange, if any.
  std::optional<SwapStarMove> best(const LinkedRoutes& routes, std::int32_t route_a, std::int32_t route_b);

 private:
  struct Place {
    std::int64_t cost;   // of going there
    std::int32_t after;
  };
  struct Candidate {
    std::int32_t node;
    std::int64_t absence;  // saved when it leaves its route
    std::int64_t demand;
    std::array<Place, 3> places;
  };

  static void gather(const LinkedRoutes& routes, std::int32_t route, std::int32_t other, std::vector<Candidate>& candidates);
  static Place best_place(const LinkedRoutes& routes, const Candidate& mover, const Candidate& leaver);

  std::vector<Candidate> a_, b_;
};

/// Makes the move. Its delta is not looked at.
void apply_swap_star(LinkedRoutes& routes, const SwapStarMove& move, MoveScratch& scratch);

}  // namespace tempera::baselines
