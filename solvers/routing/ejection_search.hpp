// Where a customer that fits nowhere could go if others left: ejections, as in the route minimisation of Nagata and Bräysy
// (2009, section 3).
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

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

/// Loads, windows and the depot's hours hold behind an ejection; longest lengths and durations are not looked at.
template <class Dist>
class EjectionSearch {
 public:
  /// Both must outlive the search.
  EjectionSearch(const LocalProblem<Dist>& problem, const LocalTimes<Dist>& times) : problem_(problem), times_(times) {}

  /// With longer routes on average, ejections cost more than they bring (figures in README.md).
  static constexpr std::int32_t usual_stops = 20;
  static constexpr std::int32_t longest_route = 2 * usual_stops;  ///< longer ones are passed over: too many choices
  static constexpr std::int32_t most_stops = 3;  ///< that leave

  /// The lightest ejection for a customer in no route; lighter than the customer itself. @param weights  per local number
  const Ejection& lightest(std::int32_t customer, const TimedTable<Dist>& routes, std::span<const std::uint64_t> weights) {
    customer_ = customer;
    weights_ = weights;
    found_.route = -1;
    found_.weight = weights[static_cast<std::size_t>(customer)];
    steps_ = 0;
    for (std::int32_t r = 0; r < routes.count(); ++r) {
      route_ = &routes[r];
      if (route_->size > longest_route) continue;
      number_ = r;
      leaving_.clear();
      look({.at = 1, .before = 0, .depart = times_.earliest[0], .load = route_->load + problem_.demand[static_cast<std::size_t>(customer)], .weight = 0, .placed = -1});
    }
    return found_;
  }

  /// Stops looked at by the last search: what it cost.
  std::uint64_t steps() const { return steps_; }

 private:
  // The route up to a stop, which is looked at next.
  struct Prefix {
    std::int32_t at;        // that stop
    std::int32_t before;    // the node in front of it
    Dist depart;            // from there
    std::int64_t load;      // of the whole route, with the customer
    std::uint64_t weight;   // of those who left
    std::int32_t placed;    // the customer stands behind this stop; -1: not yet
  };

  // Depth first: the customer goes in front of the stop, or the stop leaves, or it stays.
  void look(const Prefix& prefix) {
    ++steps_;
    const TimedStop<Dist>& stop = route_->stops[static_cast<std::size_t>(prefix.at)];
    const Dist arrival = prefix.depart + problem_.distance(prefix.before, stop.node);
    if (prefix.placed >= 0 && prefix.load <= problem_.capacity && arrival <= stop.latest) return keep(prefix);  // who follows may stay
    if (prefix.placed < 0) place(prefix);
    if (prefix.at > route_->size) return;
    const auto node = static_cast<std::size_t>(stop.node);
    if (std::ssize(leaving_) < most_stops && prefix.weight + weights_[node] < found_.weight) {
      leaving_.push_back(prefix.at);
      look({prefix.at + 1, prefix.before, prefix.depart, prefix.load - problem_.demand[node], prefix.weight + weights_[node], prefix.placed});
      leaving_.pop_back();
    }
    if (const Dist start = std::max(arrival, times_.earliest[node]); start <= times_.latest[node])
      look({prefix.at + 1, stop.node, static_cast<Dist>(start + times_.service[node]), prefix.load, prefix.weight, prefix.placed});
  }

  void place(const Prefix& prefix) {
    const auto c = static_cast<std::size_t>(customer_);
    const Dist start = std::max<Dist>(prefix.depart + problem_.distance(prefix.before, customer_), times_.earliest[c]);
    if (start <= times_.latest[c]) look({prefix.at, customer_, static_cast<Dist>(start + times_.service[c]), prefix.load, prefix.weight, prefix.at - 1});
  }

  void keep(const Prefix& prefix) {
    if (prefix.weight >= found_.weight) return;
    found_.route = number_;
    found_.at = prefix.placed;
    found_.stops = leaving_;
    found_.weight = prefix.weight;
  }

  const LocalProblem<Dist>& problem_;
  const LocalTimes<Dist>& times_;
  std::int32_t customer_ = 0, number_ = 0;
  std::span<const std::uint64_t> weights_;
  const TimedRoute<Dist>* route_ = nullptr;
  std::vector<std::int32_t> leaving_;
  Ejection found_;
  std::uint64_t steps_ = 0;
};

}  // namespace tempera::routing
