#include "solvers/baselines/local_search.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "solvers/baselines/exchange.hpp"
#include "solvers/baselines/linked_routes.hpp"
#include "solvers/baselines/move.hpp"
#include "solvers/baselines/near_customers.hpp"
#include "solvers/baselines/or_opt.hpp"
#include "solvers/baselines/swap_star.hpp"
#include "solvers/baselines/two_opt.hpp"
#include "solvers/baselines/work_queue.hpp"

namespace tempera::baselines {

namespace {
// Keeps the best feasible move it is shown.
class BestMove {
 public:
  explicit BestMove(const LinkedRoutes& routes) : routes_(routes) {}
  void operator()(const Move& move) {
    if (move.delta < best_.delta && is_feasible(routes_, move)) best_ = move;
  }
  const Move& move() const { return best_; }
  bool found() const { return best_.delta < 0; }

 private:
  const LinkedRoutes& routes_;
  Move best_;  // delta 0: only improving moves are kept
};

class Search {
 public:
  Search(const model::RoutingInstance& instance, const model::Distances& distances, const model::Neighbours& neighbours,
         const model::RoutingSolution& solution, const LocalSearchLimit& limit)
      : routes_(instance, distances, solution), neighbours_(neighbours), limit_(limit), queue_(instance.nodes()),
        near_customers_(neighbours, instance.customers(), swap_star_reach) {}

  LocalSearchReport run() {
    // Moves change loads, and with them what is possible elsewhere: done when a pass over all visits finds nothing.
    for (;;) {
      const std::uint64_t moves_before = report_.moves;
      fill_queue();
      do {
        if (!drain_queue()) return report_;
        if (!swap_between_routes()) return report_;
      } while (!queue_.empty());
      if (report_.moves == moves_before) break;
    }
    report_.reached_local_optimum = true;
    return report_;
  }

  model::RoutingSolution solution() const { return routes_.solution(); }

 private:
  void fill_queue() {
    for (std::int32_t route = 0; route < routes_.routes(); ++route) {
      const std::int32_t depot = routes_.depot_of(route);
      for (std::int32_t node = routes_.neighbour(depot, after); node != depot; node = routes_.neighbour(node, after)) queue_.push(node);
      if (routes_.size(route) > 0) queue_.push(depot);
    }
  }

  // False when the limit came first.
  bool drain_queue() {
    while (!queue_.empty()) {
      if (out_of_time()) return false;
      const std::int32_t node = queue_.pop();
      BestMove best(routes_);
      ++work_;
      if (routes_.is_depot(node)) look_at_depot(node, best);
      else look_at_customer(node, best);
      if (best.found()) make(best.move());
    }
    return true;
  }

  // The clock is asked every dozen or so visits' worth of work.
  bool out_of_time() {
    if (work_ < work_between_questions || !limit_.stop) return false;
    work_ = 0;
    return limit_.stop();
  }

  void look_at_customer(std::int32_t node, BestMove& best) {
    const std::int32_t own_depot = routes_.depot_of(routes_.route_of(node));
    const std::int32_t new_depot = routes_.depot_of(routes_.empty_route());
    for (const Side side : {before, after}) {
      const Cut cut{node, side};
      look_at_neighbours(cut, best);
      for (const Cut other : {Cut{own_depot, before}, Cut{own_depot, after}, Cut{new_depot, opposite(side)}}) {
        visit_two_opt(routes_, cut, other, best);
        visit_or_opt(routes_, other, cut, best);
      }
    }
  }

  // A join of i and j can pay only if it is shorter than a leg cut at one of its ends, or, where the visits from i on move
  // to j, than what their absence saves. Seen from the right end of the right join this loses no improving move.
  void look_at_neighbours(Cut cut, BestMove& best) {
    const std::int64_t leg = routes_.leg(cut);
    const std::int64_t radius = std::max(leg, largest_saving_of_absence(cut));
    for (const std::int32_t other : neighbours_.of(cut.node)) {
      const std::int64_t join = routes_.arc(cut.node, other, cut.side);
      if (join >= radius) {
        if (routes_.symmetric()) return;
        continue;
      }
      for (const Side side : {before, after}) {
        const Cut there{other, side};
        visit_or_opt(routes_, there, cut, best);
        if (join >= leg) continue;
        visit_two_opt(routes_, cut, there, best);
        visit_or_opt(routes_, cut, there, best);
        visit_exchange(routes_, cut, there, ExchangeFilter::promising, best);
        visit_exchange(routes_, there, cut, ExchangeFilter::promising, best);
      }
    }
  }

  // Over the segments that start at the cut and run away from it.
  std::int64_t largest_saving_of_absence(Cut cut) const {
    const Side away = opposite(cut.side);
    const std::int32_t outside = routes_.neighbour(cut);
    std::int64_t largest = 0;
    std::int32_t end = cut.node;
    for (int k = 0; k < longest_segment && !routes_.is_depot(end); ++k) {
      const std::int32_t beyond = routes_.neighbour(end, away);
      largest = std::max(largest, routes_.leg(cut) + routes_.leg(end, away) - routes_.arc(outside, beyond, away));
      end = beyond;
    }
    return largest;
  }

  void look_at_depot(std::int32_t depot, BestMove& best) {
    if (routes_.size(routes_.route_of(depot)) == 0) return;
    for (const Side side : {before, after}) {
      const Cut cut{depot, side};
      for (const std::int32_t other : neighbours_.of(0)) {
        if (routes_.arc(depot, other, side) >= routes_.leg(cut)) {
          if (routes_.symmetric()) break;
          continue;
        }
        for (const Side there : {before, after}) {
          visit_two_opt(routes_, cut, {other, there}, best);
          visit_or_opt(routes_, cut, {other, there}, best);
          visit_exchange(routes_, cut, {other, there}, ExchangeFilter::promising, best);
        }
      }
    }
  }

  // One pass of SWAP* over all pairs of near routes of which one has changed since the last pass. False when the limit came first.
  bool swap_between_routes() {
    const std::uint64_t since = std::exchange(last_swap_pass_, ++clock_);
    for (std::int32_t a = 0; a < routes_.routes(); ++a) {
      find_near_routes(a);
      for (const std::int32_t b : near_routes_) {
        if (changed(a) <= since && changed(b) <= since) continue;
        if (out_of_time()) return false;
        work_ += std::int64_t{routes_.size(a)} * routes_.size(b) / swap_pairs_per_look;
        if (const auto move = swap_star_.best(routes_, a, b)) make(*move);
      }
    }
    return true;
  }

  // Those behind `route` in number that hold a near customer of one of its own.
  void find_near_routes(std::int32_t route) {
    near_routes_.clear();
    const std::int32_t depot = routes_.depot_of(route);
    for (std::int32_t node = routes_.neighbour(depot, after); node != depot; node = routes_.neighbour(node, after))
      for (const std::int32_t other : near_customers_.of(node))
        if (routes_.route_of(other) > route) near_routes_.push_back(routes_.route_of(other));
    std::ranges::sort(near_routes_);
    const auto repeated = std::ranges::unique(near_routes_);
    near_routes_.erase(repeated.begin(), repeated.end());
    work_ += 1 + routes_.size(route) / 8;
  }

  std::uint64_t changed(std::int32_t route) {
    if (static_cast<std::size_t>(route) >= changed_.size()) changed_.resize(static_cast<std::size_t>(route) + 1, clock_);
    return changed_[static_cast<std::size_t>(route)];
  }
  void note_change(std::int32_t route) {
    changed(route);
    changed_[static_cast<std::size_t>(route)] = ++clock_;
    queue_.push(routes_.depot_of(route));
  }

  void make(const SwapStarMove& move) {
    for (const std::int32_t node : {move.u, move.v, move.u_after, move.v_after})
      for (const std::int32_t end : {node, routes_.neighbour(node, before), routes_.neighbour(node, after)})
        if (!routes_.is_depot(end)) queue_.push(end);
    const std::int32_t a = routes_.route_of(move.u), b = routes_.route_of(move.v);
    work_ += (routes_.size(a) + routes_.size(b)) / visits_rebuilt_per_look;
    apply_swap_star(routes_, move, scratch_);
    ++report_.moves;
    note_change(a);
    note_change(b);
  }

  void make(const Move& move) {
    push_ends(move);
    const std::int32_t a = routes_.route_of(move.i.node), b = routes_.route_of(move.j.node);
    work_ += (routes_.size(a) + routes_.size(b)) / visits_rebuilt_per_look;
    apply(routes_, move, scratch_);
    ++report_.moves;
    note_change(a);
    note_change(b);
  }

  // The ends of all legs that the move cuts.
  void push_ends(const Move& move) {
    const auto push = [&](std::int32_t node) { if (!routes_.is_depot(node)) queue_.push(node); };
    for (const Cut cut : {move.i, move.j}) {
      push(cut.node);
      push(routes_.neighbour(cut));
    }
    if (move.kind == Move::Kind::two_opt) return;
    push(move.taken_end);
    push(routes_.neighbour(move.taken_end, opposite(move.j.side)));
    if (move.kind == Move::Kind::or_opt) return;
    push(move.given_end);
    push(routes_.neighbour(move.given_end, move.i.side));
  }

  static constexpr std::int64_t work_between_questions = 16;
  static constexpr std::int64_t visits_rebuilt_per_look = 32;
  static constexpr std::int64_t swap_pairs_per_look = 128;
  static constexpr std::size_t swap_star_reach = 10;

  LinkedRoutes routes_;
  const model::Neighbours& neighbours_;
  const LocalSearchLimit& limit_;
  WorkQueue queue_;
  MoveScratch scratch_;
  LocalSearchReport report_;
  std::int64_t work_ = 0;
  SwapStar swap_star_;
  std::vector<std::int32_t> near_routes_;
  NearCustomers near_customers_;
  std::vector<std::uint64_t> changed_;  // per route: clock_ when it changed last
  std::uint64_t clock_ = 1;             // counts changes and passes
  std::uint64_t last_swap_pass_ = 0;
};
}  // namespace

LocalSearchReport local_search(const model::RoutingInstance& instance, const model::Distances& distances,
                               const model::Neighbours& neighbours, model::RoutingSolution& solution, const LocalSearchLimit& limit) {
  Search search(instance, distances, neighbours, solution, limit);
  const LocalSearchReport report = search.run();
  solution = search.solution();
  return report;
}

}  // namespace tempera::baselines
