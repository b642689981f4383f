// Local search on routes with a timetable: 2-opt*, relocate, or-opt, exchange and cross-exchange, each checked in constant time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "solvers/baselines/local_search.hpp"
#include "solvers/baselines/timed_route.hpp"

namespace tempera::baselines {

/// Stops [a_first, a_first + a_count) of route a and [b_first, b_first + b_count) of another route b change places. With counts
/// that reach to the ends of both routes this is 2-opt*, with one count 0 it moves stops, else it exchanges them. Where a and b
/// are one route, the a_count stops move in front of stop b_first (b_count is 0).
struct TimedMove {
  std::int32_t a = 0, b = 0;
  int a_first = 0, a_count = 0, b_first = 0, b_count = 0;
  std::int64_t delta = 0;  ///< of the cost, routes that fall away included
};

/// All routes of a solution, with what is needed to price and check a move.
class TimedSolution {
 public:
  static constexpr int longest_segment = 3;

  TimedSolution(const model::RoutingInstance& instance, const model::Distances& distances, const model::RoutingSolution& solution);

  model::RoutingSolution solution() const;  ///< without empty routes
  const TimedRoute& route(std::int32_t r) const { return routes_[static_cast<std::size_t>(r)]; }
  int routes() const { return static_cast<int>(routes_.size()); }
  std::int32_t route_of(std::int32_t customer) const { return route_of_[static_cast<std::size_t>(customer)]; }
  int position_of(std::int32_t customer) const { return position_of_[static_cast<std::size_t>(customer)]; }

  /// Sets move.delta in constant time.
  void price(TimedMove& move) const;
  /// True when both routes keep load, length and time afterwards; constant time between two routes, in the length of one route else.
  bool is_feasible(const TimedMove& move) const;
  void apply(const TimedMove& move);

  /// Shows `visit` every priced move that makes `customer` and `near` neighbours, in either order.
  template <class Visitor>
  void visit_moves(std::int32_t customer, std::int32_t near, Visitor&& visit) const {
    const std::int32_t a = route_of(customer), b = route_of(near);
    const int i = position_of(customer), j = position_of(near);
    const auto show = [&](TimedMove move) {
      price(move);
      visit(std::as_const(move));
    };
    if (a == b) {
      for (int count = 1; count <= longest_segment; ++count) {
        if (i + count <= route(a).size() && (j < i || j >= i + count)) {
          show({a, a, i, count, j + 1, 0});                      // behind near
          if (count > 1 || j != i + 1) show({a, a, i, count, j, 0});
        }
        if (const int first = i - count + 1; count > 1 && first >= 0 && (j < first || j > i)) show({a, a, first, count, j, 0});  // in front of near
      }
      return;
    }
    const int ends_a = route(a).size(), ends_b = route(b).size();
    show({a, b, i + 1, ends_a - i - 1, j, ends_b - j});  // customer, then near and its tail
    show({a, b, i, ends_a - i, j + 1, ends_b - j - 1});  // near, then customer and its tail
    for (int given = 0; given <= longest_segment; ++given)
      for (int taken = 0; taken <= longest_segment; ++taken) {
        if (taken > 0 && i + 1 + given <= ends_a && j + taken <= ends_b) show({a, b, i + 1, given, j, taken});        // near follows customer
        if (taken > 0 && i - given >= 0 && j + 1 - taken >= 0) show({a, b, i - given, given, j + 1 - taken, taken});  // near precedes it
      }
  }

 private:
  std::int64_t leg(const TimedRoute& route, int k) const { return distances_(route.at(k - 1), route.at(k)); }  // to stop k
  model::TimeSegment with_replaced(const TimedRoute& into, int first, int count, const TimedRoute& from, int from_first, int from_count) const;
  std::int64_t length_with_replaced(const TimedRoute& into, int first, int count, const TimedRoute& from, int from_first, int from_count) const;
  model::Route moved_within(const TimedMove& move) const;
  void set(std::int32_t r, model::Route stops);

  const model::RoutingInstance& instance_;
  const model::Distances& distances_;
  std::vector<TimedRoute> routes_;
  std::vector<std::int32_t> route_of_, position_of_;
};

/// Improves `solution` in place; never worsens it. `solution` must be feasible and stays so whenever the search ends. Makes the
/// best move around one customer, then looks at both routes again, until no customer has an improving one.
LocalSearchReport timed_search(const model::RoutingInstance& instance, const model::Distances& distances, const model::Neighbours& neighbours,
                               model::RoutingSolution& solution, const LocalSearchLimit& limit);

}  // namespace tempera::baselines
