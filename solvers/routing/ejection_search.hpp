// Where a customer that fits nowhere could go if others left: ejections, as in the route minimisation of Nagata and Bräysy
// (2009, section 3).
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "solvers/routing/fleet_routes.hpp"
#include "solvers/routing/local_problem.hpp"
#include "solvers/routing/timed_routes.hpp"

namespace tempera::routing {

/// A customer goes into a route, some stops of that leave.
struct Ejection {
  std::int32_t route = -1;          ///< -1: there is none
  std::int32_t at = 0;              ///< between stops[at] and stops[at + 1], counted before anybody has left
  std::vector<std::int32_t> stops;  ///< that leave, ascending, counted likewise
  std::uint64_t weight = 0;         ///< of their customers together
};

/// What an ejection must know of routes with a timetable, all by the same vehicles.
template <class Dist>
struct TimedRules {
  using Route = TimedRoute<Dist>;
  using Time = Dist;
  const LocalProblem<Dist>& problem;
  const LocalTimes<Dist>& times;

  std::int32_t depot(const Route&) const { return 0; }
  std::int64_t demand(std::int32_t customer) const { return problem.demand[static_cast<std::size_t>(customer)]; }
  std::int64_t capacity(const Route&) const { return problem.capacity; }
  std::int64_t longest(const Route&) const { return problem.longest; }
  std::int64_t max_duration(const Route&) const { return times.max_duration; }
  Time earliest(std::int32_t node) const { return times.earliest[static_cast<std::size_t>(node)]; }
  Time latest(std::int32_t node) const { return times.latest[static_cast<std::size_t>(node)]; }
  Time service(std::int32_t node) const { return times.service[static_cast<std::size_t>(node)]; }
  Time drive(const Route&, std::int32_t from, std::int32_t to) const { return problem.distance(from, to); }
  std::int64_t distance(std::int32_t from, std::int32_t to) const { return problem.distance(from, to); }
};

/// The same of a fleet's routes: each has its vehicle's depot, room, speed and limits. Where no time is kept nothing takes any.
template <class Dist>
struct FleetRules {
  using Route = FleetRoute<Dist>;
  using Time = std::int64_t;
  const FleetProblem<Dist>& problem;

  std::int32_t depot(const Route& route) const { return problem.vehicle(route.vehicle).depot; }
  std::int64_t demand(std::int32_t customer) const { return problem.demand(customer); }
  std::int64_t capacity(const Route& route) const { return problem.vehicle(route.vehicle).type.capacity.value; }
  std::int64_t longest(const Route& route) const { return problem.vehicle(route.vehicle).max_distance; }
  std::int64_t max_duration(const Route& route) const { return problem.vehicle(route.vehicle).max_duration; }
  Time earliest(std::int32_t node) const { return problem.times.earliest[static_cast<std::size_t>(node)]; }
  Time latest(std::int32_t node) const { return problem.times.latest[static_cast<std::size_t>(node)]; }
  Time service(std::int32_t node) const { return problem.times.service[static_cast<std::size_t>(node)]; }
  Time drive(const Route& route, std::int32_t from, std::int32_t to) const {
    return problem.timed ? problem.drive(problem.vehicle(route.vehicle), from, to, problem.local.distance(from, to)) : 0;
  }
  std::int64_t distance(std::int32_t from, std::int32_t to) const { return problem.local.distance(from, to); }
};

/// Everything that limits a route holds behind an ejection.
template <class Rules>
class EjectionSearch {
 public:
  using Route = typename Rules::Route;
  using Time = typename Rules::Time;

  /// What the rules refer to must outlive the search.
  explicit EjectionSearch(const Rules& rules) : rules_(rules) {}

  /// With longer routes on average, ejections cost more than they bring (figures in README.md).
  static constexpr std::int32_t usual_stops = 20;
  static constexpr std::int32_t longest_route = 2 * usual_stops;  ///< longer ones are passed over: too many choices
  static constexpr std::int32_t most_stops = 3;  ///< that leave

  /// The lightest ejection for a customer in no route; lighter than the customer itself. @param weights  per local number
  const Ejection& lightest(std::int32_t customer, const UndoableRoutes<Route>& routes, std::span<const std::uint64_t> weights) {
    customer_ = customer;
    weights_ = weights;
    found_.route = -1;
    found_.weight = weights[static_cast<std::size_t>(customer)];
    steps_ = 0;
    for (std::int32_t r = 0; r < routes.count(); ++r) {
      route_ = &routes[r];
      if (route_->size > longest_route || rules_.demand(customer) > rules_.capacity(*route_)) continue;
      number_ = r;
      leaving_.clear();
      limited_ = rules_.longest(*route_) < no_limit || rules_.max_duration(*route_) < no_limit;
      const std::int32_t depot = rules_.depot(*route_);
      look({.at = 1, .before = depot, .depart = rules_.earliest(depot), .load = route_->load + rules_.demand(customer), .weight = 0, .placed = -1});
    }
    return found_;
  }

  /// Stops looked at by the last search: what it cost.
  std::uint64_t steps() const { return steps_; }

 private:
  static constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max() / 4;

  // The route up to a stop, which is looked at next.
  struct Prefix {
    std::int32_t at;        // that stop
    std::int32_t before;    // the node in front of it
    Time depart;            // from there
    std::int64_t load;      // of the whole route, with the customer
    std::uint64_t weight;   // of those who left
    std::int32_t placed;    // the customer stands behind this stop; -1: not yet
  };

  // Depth first: the customer goes in front of the stop, or the stop leaves, or it stays.
  void look(const Prefix& prefix) {
    ++steps_;
    const auto& stop = route_->stops[static_cast<std::size_t>(prefix.at)];
    const Time arrival = prefix.depart + rules_.drive(*route_, prefix.before, stop.node);
    if (prefix.placed >= 0 && prefix.load <= rules_.capacity(*route_) && arrival <= stop.latest && keeps_limits(prefix)) return keep(prefix);  // who follows may stay
    if (prefix.placed >= 0 && std::ssize(leaving_) == most_stops) return;  // the route stands, and it is none
    if (prefix.placed < 0) place(prefix);
    if (prefix.at > route_->size) return;
    const std::uint64_t weight = prefix.weight + weights_[static_cast<std::size_t>(stop.node)];
    if (std::ssize(leaving_) < most_stops && weight < found_.weight) {
      leaving_.push_back(prefix.at);
      look({prefix.at + 1, prefix.before, prefix.depart, prefix.load - rules_.demand(stop.node), weight, prefix.placed});
      leaving_.pop_back();
    }
    if (const Time start = std::max(arrival, rules_.earliest(stop.node)); start <= rules_.latest(stop.node))
      look({prefix.at + 1, stop.node, static_cast<Time>(start + rules_.service(stop.node)), prefix.load, prefix.weight, prefix.placed});
  }

  void place(const Prefix& prefix) {
    const Time start = std::max<Time>(prefix.depart + rules_.drive(*route_, prefix.before, customer_), rules_.earliest(customer_));
    if (start <= rules_.latest(customer_)) look({prefix.at, customer_, static_cast<Time>(start + rules_.service(customer_)), prefix.load, prefix.weight, prefix.at - 1});
  }

  // Length and duration of the whole route, if everybody from the prefix's stop on stays.
  bool keeps_limits(const Prefix& prefix) {
    if (!limited_) return true;
    steps_ += static_cast<std::uint64_t>(route_->size);
    const auto segment = [&](std::int32_t node) { return model::TimeSegment{rules_.service(node), 0, rules_.earliest(node), rules_.latest(node)}; };
    std::int64_t length = 0;
    std::int32_t at = rules_.depot(*route_);
    model::TimeSegment whole = segment(at);
    const auto go = [&](std::int32_t node) {
      length += rules_.distance(at, node);
      whole = model::concatenate(whole, rules_.drive(*route_, at, node), segment(node));
      at = node;
    };
    for (std::int32_t k = 1; k <= route_->size + 1; ++k) {
      if (prefix.placed == k - 1) go(customer_);
      if (std::ranges::find(leaving_, k) == leaving_.end()) go(route_->stops[static_cast<std::size_t>(k)].node);
    }
    return length <= rules_.longest(*route_) && whole.duration <= rules_.max_duration(*route_);
  }

  void keep(const Prefix& prefix) {
    if (prefix.weight >= found_.weight) return;
    found_.route = number_;
    found_.at = prefix.placed;
    found_.stops = leaving_;
    found_.weight = prefix.weight;
  }

  Rules rules_;
  std::int32_t customer_ = 0, number_ = 0;
  std::span<const std::uint64_t> weights_;
  const Route* route_ = nullptr;
  std::vector<std::int32_t> leaving_;
  Ejection found_;
  std::uint64_t steps_ = 0;
  bool limited_ = false;  // this route has a longest length or duration
};

}  // namespace tempera::routing
