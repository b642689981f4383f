// Routes as doubly linked visits with positions and prefix sums: what every neighbourhood reads and one function changes.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "solvers/model/distances.hpp"
#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::baselines {

/// The two ways to leave a visit. All moves are written once and mirrored by exchanging the two.
enum Side : std::uint8_t { before = 0, after = 1 };
constexpr Side opposite(Side side) { return side == before ? after : before; }

/// One visit of a route: customers are 1..n, the depot of route r is n + 1 + r and closes the ring.
struct Visit {
  std::array<std::int32_t, 2> link{};  ///< the visits before and after
  std::array<std::int64_t, 2> leg{};   ///< distances from the visit before and to the visit after
  std::int32_t route = -1;
  std::int32_t position = 0;           ///< 1 for the first customer, 0 for the depot
  std::int64_t load = 0;               ///< carried from the depot up to and including this visit; 0 for the depot
  std::int64_t length = 0;             ///< driven from the depot up to this visit; 0 for the depot
};

/// The leg between `node` and its neighbour on `side`, as an end to be cut loose: `node` and what lies behind it stay together.
struct Cut {
  std::int32_t node = 0;
  Side side = after;
};

/// A solution under change. Keeps references: instance and distances must outlive it.
class LinkedRoutes {
 public:
  LinkedRoutes(const model::RoutingInstance& instance, const model::Distances& distances, const model::RoutingSolution& solution);

  model::RoutingSolution solution() const;  ///< without empty routes
  std::int64_t cost() const;                ///< sum of all route lengths

  bool symmetric() const { return symmetric_; }
  int customers() const { return customers_; }
  int routes() const { return static_cast<int>(summaries_.size()); }
  bool is_depot(std::int32_t node) const { return node > customers_; }
  std::int32_t depot_of(std::int32_t route) const { return customers_ + 1 + route; }
  /// A route without customers; there always is one.
  std::int32_t empty_route() const { return empty_.back(); }

  const Visit& visit(std::int32_t node) const { return visits_[static_cast<std::size_t>(node)]; }
  std::int32_t route_of(std::int32_t node) const { return visit(node).route; }
  std::int32_t neighbour(std::int32_t node, Side side) const { return visit(node).link[side]; }
  std::int32_t neighbour(Cut cut) const { return visit(cut.node).link[cut.side]; }
  std::int64_t leg(std::int32_t node, Side side) const { return visit(node).leg[side]; }
  std::int64_t leg(Cut cut) const { return visit(cut.node).leg[cut.side]; }

  /// Distance from `a` to `b` when `side` is after, from `b` to `a` when it is before.
  std::int64_t arc(std::int32_t a, std::int32_t b, Side side) const {
    const int from = place(a), to = place(b);
    return side == after ? (*distances_)(from, to) : (*distances_)(to, from);
  }

  std::int64_t capacity() const { return capacity_; }
  std::int64_t demand(std::int32_t node) const { return demand_[static_cast<std::size_t>(place(node))]; }
  std::int64_t load(std::int32_t route) const { return summary(route).load; }
  std::int64_t length(std::int32_t route) const { return summary(route).length; }  ///< driving only
  std::int32_t size(std::int32_t route) const { return summary(route).size; }

  bool has_length_limit() const { return has_length_limit_; }
  bool fits_load(std::int64_t load) const { return load <= capacity_; }
  /// Driving `length` and serving `size` customers keeps the limit.
  bool fits_length(std::int64_t length, std::int64_t size) const { return !has_length_limit_ || length + size * service_ <= length_limit_; }

  /// What stays with `cut.node`: from it to the end of its route away from the cut. Nothing for a depot.
  std::int64_t kept_load(Cut cut) const;
  std::int64_t kept_length(Cut cut) const;
  std::int64_t kept_size(Cut cut) const;
  /// Of the visits from `a` to `b`, both included, in whichever order they stand in their route.
  std::int64_t segment_load(std::int32_t a, std::int32_t b) const;
  std::int64_t segment_length(std::int32_t a, std::int32_t b) const;

  /// Makes `sequence` (customers in visiting order) the whole of `route`.
  void assign(std::int32_t route, std::span<const std::int32_t> sequence);
  /// Call after all assignments of one move: restores the promise of `empty_route`.
  void settle(std::int32_t route_a, std::int32_t route_b);
  /// Appends the customers of `route` in visiting order.
  void append_sequence(std::int32_t route, std::vector<std::int32_t>& out) const;

 private:
  struct Summary {
    std::int64_t load = 0;
    std::int64_t length = 0;
    std::int32_t size = 0;
    bool listed_empty = false;
  };

  int place(std::int32_t node) const { return node > customers_ ? 0 : node; }
  const Summary& summary(std::int32_t route) const { return summaries_[static_cast<std::size_t>(route)]; }
  Visit& at(std::int32_t node) { return visits_[static_cast<std::size_t>(node)]; }
  std::int32_t add_route();
  void list_if_empty(std::int32_t route);

  const model::Distances* distances_;
  int customers_;
  bool symmetric_;
  bool has_length_limit_;
  std::int64_t capacity_;
  std::int64_t service_;
  std::int64_t length_limit_ = 0;
  std::vector<std::int64_t> demand_;
  std::vector<Visit> visits_;
  std::vector<Summary> summaries_;
  std::vector<std::int32_t> empty_;
};

}  // namespace tempera::baselines
