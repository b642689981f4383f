#include "solvers/baselines/repair.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <limits>

#include "solvers/baselines/timed_insertion.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/distances.hpp"
#include "solvers/model/neighbours.hpp"

namespace tempera::baselines {

using model::Route;
using model::RoutingInstance;
using model::RoutingSolution;

namespace {
constexpr int neighbours_tried = 40;
constexpr std::int32_t no_route = -1;

// Where a customer may go: behind `before` (0 = at the start) in `route`; no_route = in a route of its own.
struct Place {
  std::int64_t delta = std::numeric_limits<std::int64_t>::max();
  std::int32_t route = no_route;
  std::int32_t before = 0;
  std::int32_t after = 0;
  bool exists() const { return delta != std::numeric_limits<std::int64_t>::max(); }
};

// Routes as linked lists that end in the depot, 0, on both sides.
class Repairer {
 public:
  explicit Repairer(const RoutingInstance& instance)
      : in_(instance), distance_(instance), neighbours_(instance, neighbours_tried), route_of_(instance.demand.size(), no_route),
        next_(instance.demand.size(), 0), previous_(instance.demand.size(), 0), waits_(instance.demand.size(), false),
        seen_(instance.demand.size(), false) {}

  RepairReport run(const RoutingSolution& given) {
    if (in_.timetable) {
      repair_in_time(given);
    } else {
      for (const Route& route : given.routes) take_over(route);
      insert_missing();
      report_.solution = solution();
    }
    report_.summary = in_words();
    return std::move(report_);
  }

 private:
  struct Summary {
    std::int32_t first = 0;
    std::int64_t load = 0;
    std::int64_t length = 0;  ///< driving and service
  };

  std::size_t at(std::int32_t node) const { return static_cast<std::size_t>(node); }
  std::int64_t demand(std::int32_t customer) const { return in_.demand[at(customer)].value; }
  std::int64_t alone(std::int32_t customer) const { return distance_(0, customer) + distance_(customer, 0) + in_.service.value; }
  bool fits(std::int64_t load, std::int64_t length) const {
    return load <= in_.capacity.value && (!in_.max_route_length || length <= in_.max_route_length->value);
  }

  // Routes lose the visits that come late or do not fit; those and the missing are inserted where they cost least.
  void repair_in_time(const RoutingSolution& given) {
    std::vector<std::int32_t> missing;
    for (const Route& route : given.routes) {
      const Route customers = usable(route);
      Route kept = kept_in_time(in_, distance_, customers, missing);
      report_.kept += static_cast<int>(kept.size());
      report_.split += kept.size() < customers.size();
      if (!kept.empty()) report_.solution.routes.push_back(std::move(kept));
    }
    for (std::int32_t c = 1; c < in_.nodes(); ++c)
      if (!seen_[at(c)]) missing.push_back(c);
    report_.inserted = static_cast<int>(missing.size());
    insert_in_time(in_, distance_, missing, report_.solution);
  }

  // First visits to known customers, in their order.
  Route usable(const Route& route) {
    Route customers;
    for (const std::int32_t c : route) {
      if (c < 1 || c >= in_.nodes()) ++report_.unknown;
      else if (seen_[at(c)]) ++report_.repeated;
      else {
        seen_[at(c)] = true;
        customers.push_back(c);
      }
    }
    return customers;
  }

  void take_over(const Route& given) {
    const Route customers = usable(given);
    if (customers.empty()) return;
    std::int64_t load = 0, length = distance_(customers.back(), 0);
    for (std::size_t k = 0; k < customers.size(); ++k) {
      load += demand(customers[k]);
      length += distance_(k == 0 ? 0 : customers[k - 1], customers[k]) + in_.service.value;
    }
    if (fits(load, length)) return append(customers);
    ++report_.split;
    cut(customers);
  }

  // Fills one route after another. A customer too far to be served alone is left for the insertion.
  void cut(const Route& customers) {
    Route piece;
    std::int64_t load = 0, driven = 0;  // up to the last customer of the piece
    for (const std::int32_t c : customers) {
      const std::int64_t onward = piece.empty() ? 0 : driven + distance_(piece.back(), c) + in_.service.value;
      if (!piece.empty() && fits(load + demand(c), onward + distance_(c, 0))) {
        driven = onward;
      } else {
        append(piece);
        piece.clear();
        load = 0;
        if (!fits(demand(c), alone(c))) continue;
        driven = distance_(0, c) + in_.service.value;
      }
      piece.push_back(c);
      load += demand(c);
    }
    append(piece);
  }

  void append(const Route& customers) {
    Place place{.delta = 0};
    for (const std::int32_t c : customers) {
      place.delta = alone(c) - in_.service.value;
      if (place.route != no_route) place.delta = distance_(place.before, c) + distance_(c, 0) - distance_(place.before, 0);
      put(c, place);
      place.route = route_of_[at(c)];
      place.before = c;
    }
    report_.kept += static_cast<int>(customers.size());
  }

  void put(std::int32_t customer, Place place) {
    if (place.route == no_route) {
      place.route = static_cast<std::int32_t>(routes_.size());
      routes_.emplace_back();
    }
    Summary& route = routes_[at(place.route)];
    route_of_[at(customer)] = place.route;
    previous_[at(customer)] = place.before;
    next_[at(customer)] = place.after;
    if (place.before == 0) route.first = customer;
    else next_[at(place.before)] = customer;
    if (place.after != 0) previous_[at(place.after)] = customer;
    route.load += demand(customer);
    route.length += place.delta + in_.service.value;
  }

  void consider(std::int32_t customer, std::int32_t route, std::int32_t before, std::int32_t after, Place& best) const {
    const std::int64_t delta = distance_(before, customer) + distance_(customer, after) - distance_(before, after);
    if (delta < best.delta && fits(0, routes_[at(route)].length + delta + in_.service.value)) best = {delta, route, before, after};
  }

  /// Beside a neighbour or, where that is cheaper, alone; nothing when no neighbour has a fitting place.
  Place best_place(std::int32_t customer) const {
    Place best;
    for (const std::int32_t near : neighbours_.of(customer)) {
      const std::int32_t route = route_of_[at(near)];
      if (route == no_route || routes_[at(route)].load + demand(customer) > in_.capacity.value) continue;
      consider(customer, route, previous_[at(near)], near, best);
      consider(customer, route, near, next_[at(near)], best);
    }
    const std::int64_t own = alone(customer);
    if (best.exists() && own - in_.service.value < best.delta && fits(0, own)) return {.delta = own - in_.service.value};
    return best;
  }

  void insert(std::int32_t customer, const Place& place, std::deque<std::int32_t>& queue) {
    put(customer, place);
    ++report_.inserted;
    for (const std::int32_t near : neighbours_.of(customer)) enqueue(near, queue);
  }

  void enqueue(std::int32_t customer, std::deque<std::int32_t>& queue) {
    if (route_of_[at(customer)] != no_route || waits_[at(customer)]) return;
    waits_[at(customer)] = true;
    queue.push_back(customer);
  }

  void insert_from(std::deque<std::int32_t>& queue) {
    while (!queue.empty()) {
      const std::int32_t customer = queue.front();
      queue.pop_front();
      waits_[at(customer)] = false;
      if (const Place place = best_place(customer); place.exists()) insert(customer, place, queue);
    }
  }

  void insert_missing() {
    std::deque<std::int32_t> queue;
    for (std::int32_t c = 1; c < in_.nodes(); ++c) enqueue(c, queue);
    std::ranges::stable_sort(queue, std::greater<>{}, [&](std::int32_t c) { return demand(c); });  // the large fit in fewer places
    std::vector<std::int32_t> openers(queue.begin(), queue.end());
    insert_from(queue);
    std::erase_if(openers, [&](std::int32_t c) { return route_of_[at(c)] != no_route; });
    std::ranges::stable_sort(openers, std::greater<>{}, [&](std::int32_t c) { return alone(c); });
    for (const std::int32_t c : openers) {
      if (route_of_[at(c)] != no_route || !fits(0, alone(c))) continue;
      insert(c, {.delta = alone(c) - in_.service.value}, queue);
      insert_from(queue);
    }
    for (const std::int32_t c : openers)
      if (route_of_[at(c)] == no_route)
        throw core::UserError(fmt::format("{}: serving {} alone takes a route of length {}, above the limit DISTANCE {}. "
                                          "Give a longer limit or remove the customer.",
                                          in_.name, model::in_words(in_, c), alone(c), in_.max_route_length->value));
  }

  RoutingSolution solution() const {
    RoutingSolution out;
    for (const Summary& route : routes_) {
      Route& visits = out.routes.emplace_back();
      for (std::int32_t c = route.first; c != 0; c = next_[at(c)]) visits.push_back(c);
    }
    return out;
  }

  std::string in_words() const {
    const auto some = [](int count, std::string_view one, std::string_view many) { return fmt::format("{} {}", count, count == 1 ? one : many); };
    std::string words = fmt::format("kept {} of {}", report_.kept, some(in_.customers(), "customer", "customers"));
    if (report_.repeated > 0) words += fmt::format(", dropped {}", some(report_.repeated, "repeated visit", "repeated visits"));
    if (report_.unknown > 0) words += fmt::format(", dropped {}", some(report_.unknown, "unknown number", "unknown numbers"));
    if (report_.split > 0) words += fmt::format(fmt::runtime(in_.timetable ? ", thinned out {} over capacity or time" : ", split {} over capacity or length"), some(report_.split, "route", "routes"));
    if (report_.inserted > 0) words += fmt::format(", inserted {}", some(report_.inserted, "missing customer", "missing customers"));
    return words + fmt::format("; now {}", some(static_cast<int>(report_.solution.routes.size()), "route", "routes"));
  }

  const RoutingInstance& in_;
  model::Distances distance_;
  model::Neighbours neighbours_;
  std::vector<std::int32_t> route_of_;  ///< no_route while missing
  std::vector<std::int32_t> next_;
  std::vector<std::int32_t> previous_;
  std::vector<bool> waits_;  ///< in the queue of customers to be inserted
  std::vector<bool> seen_;   ///< in the given solution
  std::vector<Summary> routes_;
  RepairReport report_;
};
}  // namespace

RepairReport repair(const RoutingInstance& instance, const RoutingSolution& given) { return Repairer(instance).run(given); }

}  // namespace tempera::baselines
