// Every neighbour of a routing solution, spelt out on plain vectors: slow, and independent of the local search it checks.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "solvers/model/distances.hpp"
#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::tests {

/// Looks for a feasible neighbour that costs less. `Route` arguments are whole routes; an empty route is always among them.
class NeighbourhoodScan {
 public:
  NeighbourhoodScan(const model::RoutingInstance& in, const model::RoutingSolution& solution)
      : in_(in), d_(in), symmetric_(model::is_symmetric(in)), routes_(solution.routes) {
    routes_.emplace_back();
  }

  /// Names of the improving moves found, e.g. "or-opt 812: 3 4 | 7".
  std::vector<std::string> improving() {
    for (std::size_t a = 0; a < routes_.size(); ++a) {
      within(routes_[a]);
      for (std::size_t b = 0; b < routes_.size(); ++b)
        if (a != b) between(routes_[a], routes_[b]);
    }
    return found_;
  }

  /// Least change of cost when a customer of `a` and one of `b` change routes, each put anywhere; 0 when none is feasible and improves.
  std::int64_t best_swap_star(const model::Route& a, const model::Route& b) const {
    std::int64_t best = 0;
    for (std::size_t p = 0; p < a.size(); ++p)
      for (std::size_t x = 0; x < b.size(); ++x) {
        const Route rest_a = joined({part(a, 0, p), part(a, p + 1, a.size())}), rest_b = joined({part(b, 0, x), part(b, x + 1, b.size())});
        const std::int64_t change = cheapest_with(rest_a, b[x]) + cheapest_with(rest_b, a[p]) - length(a) - length(b);
        best = std::min(best, change);
      }
    return best;
  }

 private:
  using Route = model::Route;
  static constexpr std::size_t longest = 5;  // visits that or-opt and exchange move at most

  static Route part(const Route& route, std::size_t from, std::size_t to) {
    return {route.begin() + static_cast<std::ptrdiff_t>(from), route.begin() + static_cast<std::ptrdiff_t>(to)};
  }
  static Route joined(std::initializer_list<Route> parts) {
    Route whole;
    for (const Route& p : parts) whole.insert(whole.end(), p.begin(), p.end());
    return whole;
  }
  static Route reversed(Route route) {
    std::ranges::reverse(route);
    return route;
  }
  std::vector<Route> orientations(const Route& segment) const {
    return symmetric_ && segment.size() > 1 ? std::vector<Route>{segment, reversed(segment)} : std::vector<Route>{segment};
  }

  std::int64_t length(const Route& route) const {
    std::int64_t sum = 0;
    int last = 0;
    for (const int c : route) sum += d_(last, c), last = c;
    return route.empty() ? 0 : sum + d_(last, 0);
  }
  bool fits(const Route& route) const {
    std::int64_t load = 0;
    for (const int c : route) load += in_.demand[static_cast<std::size_t>(c)].value;
    const std::int64_t time = length(route) + in_.service.value * static_cast<std::int64_t>(route.size());
    return load <= in_.capacity.value && (!in_.max_route_length || time <= in_.max_route_length->value);
  }

  // Length with the customer at its best place, or far too much when it does not fit.
  std::int64_t cheapest_with(const Route& route, std::int32_t customer) const {
    std::int64_t best = std::int64_t{1} << 50;
    for (std::size_t at = 0; at <= route.size(); ++at) {
      const Route with = joined({part(route, 0, at), {customer}, part(route, at, route.size())});
      if (fits(with)) best = std::min(best, length(with));
    }
    return best;
  }

  void offer(const char* kind, std::initializer_list<const Route*> before, std::initializer_list<Route> after) {
    std::int64_t change = 0;
    for (const Route* route : before) change -= length(*route);
    for (const Route& route : after) change += length(route);
    if (change >= 0 || !std::ranges::all_of(after, [&](const Route& r) { return fits(r); })) return;
    std::string text = std::string(kind) + " " + std::to_string(change) + ":";
    for (const Route& route : after) {
      for (const int c : route) text += " " + std::to_string(c);
      text += " |";
    }
    found_.push_back(text);
  }

  void within(const Route& r) {
    const std::size_t n = r.size();
    for (std::size_t p = 0; p < n; ++p)
      for (std::size_t q = p + 1; q <= n; ++q) {
        if (symmetric_) offer("2-opt", {&r}, {joined({part(r, 0, p), reversed(part(r, p, q)), part(r, q, n)})});
        if (q - p > longest) continue;
        const Route rest = joined({part(r, 0, p), part(r, q, n)});
        for (std::size_t at = 0; at <= rest.size(); ++at)
          for (const Route& s : orientations(part(r, p, q)))
            offer("or-opt within", {&r}, {joined({part(rest, 0, at), s, part(rest, at, rest.size())})});
        for (std::size_t x = q + 1; x < n; ++x)
          for (std::size_t y = x + 1; y <= std::min(n, x + longest); ++y)
            for (const Route& s : orientations(part(r, p, q)))
              for (const Route& t : orientations(part(r, x, y)))
                offer("exchange within", {&r}, {joined({part(r, 0, p), t, part(r, q, x), s, part(r, y, n)})});
      }
  }

  void between(const Route& a, const Route& b) {
    for (std::size_t p = 0; p <= a.size(); ++p)
      for (std::size_t x = 0; x <= b.size(); ++x) {
        const Route head_a = part(a, 0, p), tail_a = part(a, p, a.size()), head_b = part(b, 0, x), tail_b = part(b, x, b.size());
        offer("2-opt*", {&a, &b}, {joined({head_a, tail_b}), joined({head_b, tail_a})});
        if (symmetric_) offer("2-opt* reversed", {&a, &b}, {joined({head_a, reversed(head_b)}), joined({reversed(tail_a), tail_b})});
        for (std::size_t q = p + 1; q <= std::min(a.size(), p + longest); ++q) {
          const Route rest = joined({head_a, part(a, q, a.size())});
          for (const Route& s : orientations(part(a, p, q))) {
            offer("or-opt", {&a, &b}, {rest, joined({head_b, s, tail_b})});
            for (std::size_t y = x + 1; y <= std::min(b.size(), x + longest); ++y)
              for (const Route& t : orientations(part(b, x, y)))
                offer("exchange", {&a, &b}, {joined({head_a, t, part(a, q, a.size())}), joined({head_b, s, part(b, y, b.size())})});
          }
        }
      }
  }

  const model::RoutingInstance& in_;
  model::Distances d_;
  bool symmetric_;
  std::vector<Route> routes_;
  std::vector<std::string> found_;
};

}  // namespace tempera::tests
