#include "solvers/baselines/fleet_search.hpp"

#include <algorithm>
#include <functional>
#include <limits>

#include "solvers/baselines/fleet_tours.hpp"
#include "solvers/baselines/work_queue.hpp"

namespace tempera::baselines {

namespace {
constexpr int longest_segment = 3;

class FleetSearch {
 public:
  FleetSearch(const model::RoutingInstance& instance, const model::Distances& distances, const model::Neighbours& neighbours, const model::RoutingSolution& solution)
      : instance_(instance), distances_(distances), neighbours_(neighbours), tours_(instance, distances, solution), queue_(instance.customers() + 1) {}

  void push_all() {
    for (std::int32_t c = 1; c <= instance_.customers(); ++c) queue_.push(c);
  }

  // Makes the best move around the next customer of the queue. Precondition: there is one.
  bool step() {
    empty_ = tours_.empty_tour();
    best_ = {};
    const std::int32_t c = queue_.pop();
    if (tours_.tour_of(c) < 0) enter(c);
    else look_around(c);
    return make_best();
  }
  bool idle() const { return queue_.empty(); }

  // Any two routes may change vehicles.
  bool exchange_vehicles(const std::function<bool()>& stopped) {
    bool improved = false;
    for (std::int32_t a = 0; a < tours_.count() && !stopped(); ++a) {
      best_ = {};
      for (std::int32_t b = -1; b < a; ++b)
        if (!tours_.tour(a).stops.empty() && (b < 0 || !tours_.tour(b).stops.empty())) propose(a, b, all(a), b < 0 ? TourContent{} : all(b), 0);
      improved = make_best() || improved;
    }
    return improved;
  }

  // Takes a route, or two that are near each other, apart, puts their customers elsewhere, those with the largest demand first, and searches around them;
  // undone unless that saves something.
  bool dissolve(std::int32_t r, bool with_neighbour) {
    if (tours_.tour(r).stops.empty()) return false;
    const std::int64_t cost = tours_.cost();
    FleetTours::State before = tours_.state();
    model::Route moved;
    take_apart(r, moved);
    if (with_neighbour) take_apart(neighbour_of(moved), moved);
    std::ranges::stable_sort(moved, std::greater<>{}, [&](std::int32_t c) { return instance_.demand[static_cast<std::size_t>(c)].value; });
    for (const std::int32_t c : moved) {
      empty_ = tours_.empty_tour();
      best_ = {};
      enter(c);
      make_best();
    }
    while (!idle()) step();
    if (tours_.cost() < cost) return true;
    tours_.restore(std::move(before));
    return false;
  }

  std::int32_t routes() const { return tours_.count(); }
  std::uint64_t moves() const { return moves_; }
  model::RoutingSolution solution() const { return tours_.solution(); }

 private:
  void take_apart(std::int32_t r, model::Route& moved) {
    if (r < 0) return;
    moved.insert(moved.end(), tours_.tour(r).stops.begin(), tours_.tour(r).stops.end());
    tours_.apply({.a = r});
  }

  // The tour of the customer nearest to the middle of this one, if it has one.
  std::int32_t neighbour_of(const model::Route& route) const {
    for (const std::int32_t near : neighbours_.of(route[route.size() / 2]))
      if (tours_.tour_of(near) >= 0) return tours_.tour_of(near);
    return -1;
  }

  TourContent all(std::int32_t r) const { return tours_.content({head_of(tours_.tour(r), tours_.tour(r).size())}); }

  void propose(std::int32_t a, std::int32_t b, const TourContent& for_a, const TourContent& for_b, std::int64_t leaving) {
    FleetChange change{.a = a, .b = b, .for_a = for_a, .for_b = for_b, .leaving = leaving};
    if (tours_.price(change, best_.delta)) best_ = change;
  }
  // One tour alone, with customers that leave it for good or come in.
  void in_one(std::int32_t r, std::initializer_list<TourPiece> pieces, std::int64_t leaving) { propose(r, -1, tours_.content(pieces), {}, leaving); }
  void between(std::int32_t a, std::int32_t b, std::initializer_list<TourPiece> for_a, std::initializer_list<TourPiece> for_b) {
    propose(a, b, tours_.content(for_a), tours_.content(for_b), 0);
  }

  bool make_best() {
    if (best_.delta >= 0) return false;
    const auto push_ends = [&](const TourContent& content) {
      for (int p = 0; p < content.count; ++p) {
        const TourPiece& piece = content.pieces[static_cast<std::size_t>(p)];
        for (const int k : {0, 1, piece.count - 2, piece.count - 1})
          if (k >= 0 && k < piece.count) queue_.push(piece.stop(k));
      }
    };
    push_ends(best_.for_a);
    push_ends(best_.for_b);
    for (const std::int32_t r : {best_.a, best_.b})
      if (r >= 0 && best_.leaving > 0)
        for (const std::int32_t c : tours_.tour(r).stops) queue_.push(c);
    tours_.apply(best_);
    ++moves_;
    return true;
  }

  std::int64_t leaving_out(const TourPiece& piece) const {
    std::int64_t sum = 0;
    for (int k = 0; k < piece.count; ++k) sum += tours_.leaving_out(piece.stop(k));
    return sum;
  }

  // A customer that is out comes in: by itself, beside a near one, or in the place of up to two beside that.
  void enter(std::int32_t c) {
    const TourPiece own = head_of(tours_.alone(c), 1);
    const std::int64_t gain = tours_.leaving_out(c);
    in_one(empty_, {own}, -gain);
    const bool required = instance_.fleet->optional[static_cast<std::size_t>(c)] == 0;
    for (const std::int32_t near : neighbours_.of(c)) enter_beside(own, near, gain, 2);
    if (!required || best_.delta < 0) return;
    for (std::int32_t near = 1; near <= instance_.customers(); ++near) enter_beside(own, near, gain, 0);
  }

  void enter_beside(const TourPiece& own, std::int32_t near, std::int64_t gain, int most_replaced) {
    const std::int32_t r = tours_.tour_of(near);
    if (r < 0) return;
    const FleetTour& tour = tours_.tour(r);
    const int at = tours_.position_of(near);
    for (int replaced = 0; replaced <= most_replaced; ++replaced) {
      if (at + 1 + replaced <= tour.size())
        in_one(r, {head_of(tour, at + 1), own, tail_of(tour, at + 1 + replaced)}, leaving_out({&tour, at + 1, replaced}) - gain);
      if (at - replaced >= 0) in_one(r, {head_of(tour, at - replaced), own, tail_of(tour, at)}, leaving_out({&tour, at - replaced, replaced}) - gain);
    }
  }

  void look_around(std::int32_t c) {
    const std::int32_t r = tours_.tour_of(c);
    leave_or_split(r, tours_.position_of(c));
    for (const std::int32_t near : neighbours_.of(c)) {
      const std::int32_t other = tours_.tour_of(near);
      if (other == r) {
        within(r, tours_.position_of(c), tours_.position_of(near));
      } else if (other >= 0) {
        exchange_tails(r, tours_.position_of(c), other, tours_.position_of(near));
        exchange_segments(r, tours_.position_of(c), other, tours_.position_of(near));
      }
    }
  }

  // Up to three customers leave for good or for a route of their own, or the route is cut in two.
  void leave_or_split(std::int32_t r, int i) {
    const FleetTour& tour = tours_.tour(r);
    for (int count = 1; count <= longest_segment && i + count <= tour.size(); ++count) {
      const TourPiece segment{&tour, i, count};
      in_one(r, {head_of(tour, i), tail_of(tour, i + count)}, leaving_out(segment));
      if (count < tour.size()) between(r, empty_, {head_of(tour, i), tail_of(tour, i + count)}, {segment});
    }
    if (i > 0) between(r, empty_, {head_of(tour, i)}, {tail_of(tour, i)});
  }

  // Stop i of tour a and stop j of tour b become neighbours, whole ends change over (2-opt*).
  void exchange_tails(std::int32_t ra, int i, std::int32_t rb, int j) {
    const FleetTour &a = tours_.tour(ra), &b = tours_.tour(rb);
    between(ra, rb, {head_of(a, i + 1), tail_of(b, j)}, {head_of(b, j), tail_of(a, i + 1)});
    between(ra, rb, {head_of(a, i), tail_of(b, j + 1)}, {head_of(b, j + 1), tail_of(a, i)});
    if (!tours_.is_turnable()) return;
    between(ra, rb, {head_of(a, i + 1), turned(head_of(b, j + 1))}, {turned(tail_of(a, i + 1)), tail_of(b, j + 1)});
    between(ra, rb, {turned(tail_of(a, i)), tail_of(b, j)}, {head_of(a, i), turned(head_of(b, j))});
  }

  // Two stops, where the leg behind or before each is cut: shorter than one of these. Legs to the depot may always go, since vehicles go with them.
  bool is_worth_joining(const FleetTour& a, int i, bool behind_i, const FleetTour& b, int j, bool behind_j) const {
    const std::int64_t leg = distances_(a.stops[static_cast<std::size_t>(i)], b.stops[static_cast<std::size_t>(j)]);
    return leg < leg_of(a, i, behind_i) || leg < leg_of(b, j, behind_j);
  }
  static std::int64_t leg_of(const FleetTour& tour, int k, bool behind) {
    const auto from = static_cast<std::size_t>(behind ? k : k - 1);
    const bool to_depot = behind ? k + 1 >= tour.size() : k == 0;
    return to_depot ? std::numeric_limits<std::int64_t>::max() : tour.length[from + 1] - tour.length[from];
  }

  // A segment that begins or ends at stop i comes to stand beside stop j, in the place of up to as many stops.
  void exchange_segments(std::int32_t ra, int i, std::int32_t rb, int j) {
    const FleetTour &a = tours_.tour(ra), &b = tours_.tour(rb);
    for (int given = 1; given <= longest_segment; ++given)
      for (const bool ahead : {true, false}) {
        const int first = ahead ? i : i - given + 1;
        if (first < 0 || first + given > a.size()) continue;
        for (const bool behind : {true, false}) {  // of stop j
          if (!is_worth_joining(a, i, !ahead, b, j, behind)) continue;
          for (int taken = 0; taken <= given; ++taken) {
            const int at = behind ? j + 1 : j - taken;
            const bool turns = given > 1 && ahead != behind;  // so that stop i comes beside stop j
            if (at < 0 || at + taken > b.size() || (turns && !tours_.is_turnable())) continue;
            between(ra, rb, {head_of(a, first), TourPiece{&b, at, taken}, tail_of(a, first + given)},
                    {head_of(b, at), TourPiece{&a, first, given, turns}, tail_of(b, at + taken)});
          }
        }
      }
  }

  // Or-opt and 2-opt in one route.
  void within(std::int32_t r, int i, int j) {
    const FleetTour& tour = tours_.tour(r);
    for (int count = 1; count <= longest_segment; ++count)
      for (const bool ahead : {true, false}) {
        const int first = ahead ? i : i - count + 1;
        if (first < 0 || first + count > tour.size() || (j >= first && j < first + count)) continue;
        for (const bool behind : {true, false}) {
          if (!is_worth_joining(tour, i, !ahead, tour, j, behind)) continue;
          const int at = behind ? j + 1 : j;
          const bool turns = count > 1 && ahead != behind;
          if (turns && !tours_.is_turnable()) continue;
          const TourPiece segment{&tour, first, count, turns};
          if (at <= first) in_one(r, {head_of(tour, at), segment, TourPiece{&tour, at, first - at}, tail_of(tour, first + count)}, 0);
          else in_one(r, {head_of(tour, first), TourPiece{&tour, first + count, at - first - count}, segment, tail_of(tour, at)}, 0);
        }
      }
    if (!tours_.is_turnable()) return;
    const auto [from, to] = std::minmax(i, j);
    in_one(r, {head_of(tour, from + 1), TourPiece{&tour, from + 1, to - from, true}, tail_of(tour, to + 1)}, 0);
    in_one(r, {head_of(tour, from), TourPiece{&tour, from, to - from, true}, tail_of(tour, to)}, 0);
  }

  static TourPiece turned(TourPiece piece) {
    piece.turned = true;
    return piece;
  }

  const model::RoutingInstance& instance_;
  const model::Distances& distances_;
  const model::Neighbours& neighbours_;
  FleetTours tours_;
  WorkQueue queue_;
  std::int32_t empty_ = -1;
  FleetChange best_;
  std::uint64_t moves_ = 0;
};
}  // namespace

LocalSearchReport fleet_search(const model::RoutingInstance& instance, const model::Distances& distances, const model::Neighbours& neighbours,
                               model::RoutingSolution& solution, TakeApart take_apart, const LocalSearchLimit& limit) {
  FleetSearch search(instance, distances, neighbours, solution);
  bool cut_short = false;
  const std::function<bool()> stopped = [&] { return cut_short = cut_short || (limit.stop && limit.stop()); };
  bool improved = true;
  while (improved && !stopped()) {
    improved = false;
    search.push_all();
    while (!search.idle() && !stopped()) improved = search.step() || improved;
    improved = search.exchange_vehicles(stopped) || improved;
    if (improved || take_apart == TakeApart::nothing) continue;  // the cheap moves first
    for (const bool with_neighbour : {false, true})
      for (std::int32_t r = 0; r < search.routes() && !stopped(); ++r) improved = search.dissolve(r, with_neighbour) || improved;
  }
  solution = search.solution();
  return {.reached_local_optimum = !improved && !cut_short, .moves = search.moves()};
}

}  // namespace tempera::baselines
