#include "solvers/baselines/timed_search.hpp"

#include <algorithm>
#include <utility>

#include "solvers/baselines/work_queue.hpp"

namespace tempera::baselines {

using model::Route;
using model::TimeSegment;

TimedSolution::TimedSolution(const model::RoutingInstance& instance, const model::Distances& distances, const model::RoutingSolution& solution)
    : instance_(instance), distances_(distances), route_of_(instance.demand.size(), -1), position_of_(instance.demand.size(), 0) {
  for (const Route& route : solution.routes) {
    if (route.empty()) continue;
    routes_.emplace_back();
    set(static_cast<std::int32_t>(routes_.size()) - 1, route);
  }
}

void TimedSolution::set(std::int32_t r, Route stops) {
  for (int k = 0; k < static_cast<int>(stops.size()); ++k) {
    route_of_[static_cast<std::size_t>(stops[static_cast<std::size_t>(k)])] = r;
    position_of_[static_cast<std::size_t>(stops[static_cast<std::size_t>(k)])] = k;
  }
  routes_[static_cast<std::size_t>(r)].assign(std::move(stops), instance_, distances_);
}

model::RoutingSolution TimedSolution::solution() const {
  model::RoutingSolution solution;
  for (const TimedRoute& route : routes_)
    if (route.size() > 0) solution.routes.push_back(route.stops);
  return solution;
}

// What `into` drives when [first, first + count) are replaced by the given stops of `from`.
std::int64_t TimedSolution::length_with_replaced(const TimedRoute& into, int first, int count, const TimedRoute& from, int from_first, int from_count) const {
  if (into.size() - count + from_count == 0) return 0;
  const std::int64_t head = into.length[static_cast<std::size_t>(first)];
  const std::int64_t tail = first + count < into.size() ? into.total_length() - into.length[static_cast<std::size_t>(first + count + 1)] : 0;
  const std::int32_t before = into.at(first - 1), after = into.at(first + count);
  if (from_count == 0) return head + distances_(before, after) + tail;
  const std::int64_t middle = from.length[static_cast<std::size_t>(from_first + from_count)] - from.length[static_cast<std::size_t>(from_first + 1)];
  return head + distances_(before, from.at(from_first)) + middle + distances_(from.at(from_first + from_count - 1), after) + tail;
}

void TimedSolution::price(TimedMove& move) const {
  const TimedRoute& a = route(move.a);
  if (move.a == move.b) {
    const int last = move.a_first + move.a_count;
    const std::int32_t before = a.at(move.a_first - 1), first = a.at(move.a_first), end = a.at(last - 1), after = a.at(last);
    const std::int32_t left = a.at(move.b_first - 1), right = a.at(move.b_first);
    const bool stays = move.b_first >= move.a_first && move.b_first <= last;
    move.delta = stays ? 0
                       : distances_(before, after) + distances_(left, first) + distances_(end, right) - distances_(before, first) - distances_(end, after) -
                             distances_(left, right);
    return;
  }
  const TimedRoute& b = route(move.b);
  move.delta = length_with_replaced(a, move.a_first, move.a_count, b, move.b_first, move.b_count) +
               length_with_replaced(b, move.b_first, move.b_count, a, move.a_first, move.a_count) - a.total_length() - b.total_length();
  if (a.size() - move.a_count + move.b_count == 0) move.delta -= instance_.route_cost.value;
  if (b.size() - move.b_count + move.a_count == 0) move.delta -= instance_.route_cost.value;
}

// Long replacements reach to the end of `from`: its tail, in one piece.
TimeSegment TimedSolution::with_replaced(const TimedRoute& into, int first, int count, const TimedRoute& from, int from_first, int from_count) const {
  const model::Timetable& times = *instance_.timetable;
  TimeSegment whole = into.head_of(first);
  std::int32_t at = into.at(first - 1);
  if (from_count > longest_segment) return model::concatenate(whole, distances_(at, from.at(from_first)), from.tail_of(from_first));
  for (int k = from_first; k < from_first + from_count; ++k) {
    whole = model::concatenate(whole, distances_(at, from.at(k)), model::time_segment(times, from.at(k)));
    at = from.at(k);
  }
  return model::concatenate(whole, distances_(at, into.at(first + count)), into.tail_of(first + count));
}

Route TimedSolution::moved_within(const TimedMove& move) const {
  Route stops = route(move.a).stops;
  const auto begin = stops.begin(), first = begin + move.a_first, last = first + move.a_count, to = begin + move.b_first;
  if (to < first) std::rotate(to, first, last);
  else if (to > last) std::rotate(first, last, to);
  return stops;
}

bool TimedSolution::is_feasible(const TimedMove& move) const {
  const TimedRoute& a = route(move.a);
  const auto fits_length = [&](std::int64_t length) { return !instance_.max_route_length || length <= instance_.max_route_length->value; };
  if (move.a == move.b) {
    if (!fits_length(a.total_length() + move.delta)) return false;
    TimedRoute changed;
    changed.assign(moved_within(move), instance_, distances_);
    return model::keeps_time(*instance_.timetable, model::concatenate(changed.head_of(0), distances_(0, changed.at(0)), changed.tail_of(0)));
  }
  const TimedRoute& b = route(move.b);
  const std::int64_t given = a.load_of(move.a_first + move.a_count) - a.load_of(move.a_first), taken = b.load_of(move.b_first + move.b_count) - b.load_of(move.b_first);
  if (a.total_load() - given + taken > instance_.capacity.value || b.total_load() - taken + given > instance_.capacity.value) return false;
  // Two tails that change places leave their own depots behind: replaced to the end, each ends with the other's.
  if (!model::keeps_time(*instance_.timetable, with_replaced(a, move.a_first, move.a_count, b, move.b_first, move.b_count)) ||
      !model::keeps_time(*instance_.timetable, with_replaced(b, move.b_first, move.b_count, a, move.a_first, move.a_count))) return false;
  return !instance_.max_route_length || (fits_length(length_with_replaced(a, move.a_first, move.a_count, b, move.b_first, move.b_count)) &&
                                         fits_length(length_with_replaced(b, move.b_first, move.b_count, a, move.a_first, move.a_count)));
}

void TimedSolution::apply(const TimedMove& move) {
  if (move.a == move.b) return set(move.a, moved_within(move));
  const Route& a = route(move.a).stops;
  const Route& b = route(move.b).stops;
  const auto spliced = [](const Route& into, int first, int count, const Route& from, int from_first, int from_count) {
    Route stops(into.begin(), into.begin() + first);
    stops.insert(stops.end(), from.begin() + from_first, from.begin() + from_first + from_count);
    stops.insert(stops.end(), into.begin() + first + count, into.end());
    return stops;
  };
  Route new_a = spliced(a, move.a_first, move.a_count, b, move.b_first, move.b_count);
  Route new_b = spliced(b, move.b_first, move.b_count, a, move.a_first, move.a_count);
  set(move.a, std::move(new_a));
  set(move.b, std::move(new_b));
}

LocalSearchReport timed_search(const model::RoutingInstance& instance, const model::Distances& distances, const model::Neighbours& neighbours,
                               model::RoutingSolution& solution, const LocalSearchLimit& limit) {
  TimedSolution state(instance, distances, solution);
  LocalSearchReport report;
  WorkQueue queue(instance.nodes());
  for (std::int32_t c = 1; c < instance.nodes(); ++c) queue.push(c);
  report.reached_local_optimum = true;
  while (!queue.empty()) {
    if (limit.stop && limit.stop()) {
      report.reached_local_optimum = false;
      break;
    }
    const std::int32_t customer = queue.pop();
    TimedMove best;
    for (const std::int32_t near : neighbours.of(customer))
      state.visit_moves(customer, near, [&](const TimedMove& move) {
        if (move.delta < best.delta && state.is_feasible(move)) best = move;
      });
    if (best.delta >= 0) continue;
    state.apply(best);
    ++report.moves;
    for (const std::int32_t r : {best.a, best.b})
      for (const std::int32_t c : state.route(r).stops) queue.push(c);
  }
  solution = state.solution();
  return report;
}

}  // namespace tempera::baselines
