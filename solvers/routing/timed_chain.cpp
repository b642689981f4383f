// SISR for instances with a timetable (Christiaens & Vanden Berghe 2020, sections 5 and 6): the same ruin, a scan that checks
// windows in constant time, and fleet minimisation by absence counters, with ejections between. A chain of its own, so that routes
// without windows pay nothing for it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solvers/core/error.hpp"
#include "solvers/routing/absences.hpp"
#include "solvers/routing/ejection_search.hpp"
#include "solvers/routing/local_problem.hpp"
#include "solvers/routing/sisr_engine.hpp"
#include "solvers/routing/string_removal.hpp"
#include "solvers/routing/timed_routes.hpp"

namespace tempera::routing {

namespace {

constexpr std::int64_t ejection_steps = 5000;  // that an iteration with absent customers grants (figures in README.md)

/// @tparam Limited  whether routes have a longest duration or length beside their windows
template <class Dist, bool Limited>
class TimedChain final : public SisrKernel::Engine {
 public:
  TimedChain(const model::RoutingInstance& instance, std::span<const std::int32_t> customers, const SisrSettings& settings)
      : problem_(instance, customers), settings_(settings), route_cost_(instance.route_cost.value), routes_(problem_.customers),
        absences_(problem_.customers), removal_(settings) {
    const model::Timetable& times = *instance.timetable;
    for (const std::int32_t node : problem_.node) {
      const auto i = static_cast<std::size_t>(node);
      // A window that is open longer than the depot is as good as one that closes with it, and needs no wide numbers.
      times_.latest.push_back(static_cast<Dist>(std::min(times.latest[i], times.latest[0]).value));
      times_.earliest.push_back(static_cast<Dist>(times.earliest[i].value));
      times_.service.push_back(static_cast<Dist>(times.service[i].value));
    }
    if (times.max_duration) times_.max_duration = times.max_duration->value;
    for (std::int32_t c = 1; c <= problem_.customers; ++c) total_demand_ += problem_.demand[static_cast<std::size_t>(c)];
  }

  void load(std::span<const std::int32_t> flat_routes) override {
    put(problem_.to_local(flat_routes));
    for (std::int32_t r = 0; r < routes_.count(); ++r) check(r);
    ejection_credit_ = 0;
    absences_.forget();  // an answer depends on its task alone, not on what this chain worked before
    keep_best();
  }

  void run(std::uint64_t iterations, double temperature, core::RandomStream& random) override {
    if (!absent_.empty()) put(best_);  // a search for a smaller fleet was left: on with the best complete solution
    for (std::uint64_t i = 0; i < iterations; ++i) iterate(temperature, random);
  }

  // Ends with the best complete solution, whatever stage the search for a smaller fleet has reached.
  void save_vehicles(std::uint64_t iterations, double temperature, core::RandomStream& random) override {
    if (absent_.empty() && !(route_cost_ > 0 && drop_route())) return run(iterations, temperature, random);
    for (std::uint64_t i = 0; i < iterations; ++i) {
      iterate_with_absent(temperature, random);
      if (!absent_.empty() && has_short_routes() && may_eject()) eject(random);
      if (!absent_.empty()) continue;
      settle_fleet();
      if (!drop_route()) return run(iterations - i - 1, temperature, random);
    }
    hunting_ = !absent_.empty();
  }

  std::int64_t current_cost() const override { return hunting_ ? best_cost_ : cost_; }
  std::int64_t best_cost() const override { return best_cost_; }
  std::vector<std::int32_t> current() const override { return hunting_ ? best() : problem_.to_nodes(flat()); }
  std::vector<std::int32_t> best() const override { return problem_.to_nodes(best_); }

 private:
  struct Place {
    std::int32_t route = -1;
    std::int32_t at = 0;
    std::int64_t delta = 0;
  };
  enum class Empty : std::uint8_t { closed, open };  // whether a route without stops may be used again

  std::int32_t stop(std::int32_t r, std::int32_t k) const { return routes_[r].stops[static_cast<std::size_t>(k)].node; }

  // ------------------------------------------------------------------------------------------------ loading

  // In local numbers, all customers.
  void put(const std::vector<std::int32_t>& flat) {
    routes_.clear();
    absent_.clear();
    hunting_ = false;
    cost_ = 0;
    bool inside = false;
    for (const std::int32_t c : flat) {
      if (c > 0) {
        if (!inside) routes_.open(times_);
        insert(routes_.count() - 1, routes_[routes_.count() - 1].size, c);
      }
      inside = c > 0;
    }
    for (std::int32_t r = 0; r < routes_.count(); ++r) cost_ += routes_[r].length + route_cost_;
  }

  void check(std::int32_t r) const {
    const TimedRoute<Dist>& route = routes_[r];
    model::TimeSegment whole = times_.segment(0);
    for (std::size_t k = 1; k < route.stops.size(); ++k) whole = model::concatenate(whole, route.stops[k - 1].arc, times_.segment(route.stops[k].node));
    TEMPERA_ASSERT(route.load <= problem_.capacity && route.length <= problem_.longest && whole.time_warp == 0 && whole.duration <= times_.max_duration,
                   fmt::format("route {} carries {} of {}, is {} of {} long, {} late, and takes {} of {}", r, route.load, problem_.capacity, route.length, problem_.longest,
                               whole.time_warp, whole.duration, times_.max_duration));
  }

  void insert(std::int32_t r, std::int32_t at, std::int32_t customer) {
    TimedRoute<Dist>& route = routes_.touch(r);
    const std::int32_t before = route.stops[static_cast<std::size_t>(at)].node, after = route.stops[static_cast<std::size_t>(at) + 1].node;
    route.insert(at, customer, problem_.distance(before, customer), problem_.distance(customer, after), times_);
    if constexpr (Limited) route.update_segments(times_);
    route.load += problem_.demand[static_cast<std::size_t>(customer)];
    routes_.assign(customer, r);
  }

  // ------------------------------------------------------------------------------------------------ iterations

  void iterate(double temperature, core::RandomStream& random) {
    routes_.begin();
    // Drawn first, so that recreate can give up as soon as the partial cost passes it.
    const double accepted_below = static_cast<double>(cost_) - temperature * std::log(random.uniform());
    std::int64_t cost = cost_;
    ruin(cost, random);
    sorted_.assign(removed_.begin(), removed_.end());
    sort(random);
    if (!recreate(cost, accepted_below, random) || !touched_in_time()) return take_back();
    keep(cost);
    if (cost_ < best_cost_) keep_best();
  }

  // Without the triangle inequality a route may take longer after a stop has left it, and be late anywhere behind.
  bool touched_in_time() const {
    return std::ranges::all_of(routes_.touched(), [&](std::int32_t r) {
      const TimedRoute<Dist>& route = routes_[r];
      if (route.size == 0) return true;
      for (std::size_t k = 0; k <= static_cast<std::size_t>(route.size); ++k)
        if (route.stops[k].depart + route.stops[k].arc > route.stops[k + 1].latest) return false;
      if constexpr (Limited) return route.tail[0].duration <= times_.max_duration && route.length <= problem_.longest;
      else return true;
    });
  }

  void take_back() {
    routes_.undo();
    for (std::size_t k = 0; k < removed_.size(); ++k) routes_.assign(removed_[k], from_route_[k]);
    removed_.clear();
    from_route_.clear();
  }

  void keep(std::int64_t cost) {
    routes_.commit();
    cost_ = cost;
    removed_.clear();
    from_route_.clear();
  }

  // Section 6: no route is opened, customers may stay absent, and who was absent often is worth more.
  void iterate_with_absent(double temperature, core::RandomStream& random) {
    routes_.begin();
    const double accepted_below = static_cast<double>(cost_) - temperature * std::log(random.uniform());
    std::int64_t cost = cost_;
    ruin(cost, random);
    sorted_.assign(removed_.begin(), removed_.end());
    sorted_.insert(sorted_.end(), absent_.begin(), absent_.end());
    sort(random);
    left_out_.clear();
    for (const std::int32_t c : sorted_) {
      const Place best = cheapest(c, std::numeric_limits<std::int64_t>::max() / 4, Empty::open, random);
      if (best.route < 0) {
        left_out_.push_back(c);
      } else {
        if (routes_[best.route].size == 0) cost += route_cost_;
        insert(best.route, best.at, c);
        cost += best.delta;
      }
    }
    const bool better = left_out_.size() < absent_.size() || absences_.sum(left_out_) < absences_.sum(absent_);
    const bool accepted = (better || (left_out_.size() == absent_.size() && static_cast<double>(cost) < accepted_below)) && touched_in_time();
    for (const std::int32_t c : left_out_) absences_.count(c);
    if (accepted) {
      absent_.swap(left_out_);
      keep(cost);
      return;
    }
    for (const std::int32_t c : absent_) routes_.assign(c, -1);
    take_back();
  }

  bool has_short_routes() const { return problem_.customers <= EjectionSearch<TimedRules<Dist>>::usual_stops * routes_.count(); }

  // Every iteration grants the same; what one search overdraws, the next ones wait for.
  bool may_eject() {
    ejection_credit_ = std::min(ejection_credit_ + ejection_steps, ejection_steps);
    return ejection_credit_ > 0;
  }

  // An absent customer takes the place of up to three that were absent less often in all.
  void eject(core::RandomStream& random) {
    const std::size_t which = random.below(static_cast<std::uint32_t>(absent_.size()));
    const std::int32_t customer = absent_[which];
    const Ejection& found = ejections_.lightest(customer, routes_, absences_.by_customer());
    ejection_credit_ -= static_cast<std::int64_t>(ejections_.steps());
    if (found.route < 0) return;
    routes_.begin();
    TimedRoute<Dist>& route = routes_.touch(found.route);
    const std::int64_t before = route.length;
    for (auto leaving = found.stops.rbegin(); leaving != found.stops.rend(); ++leaving) remove_window(route, found.route, *leaving, 1);
    const auto ahead = std::ranges::count_if(found.stops, [&](std::int32_t k) { return k <= found.at; });
    insert(found.route, found.at - static_cast<std::int32_t>(ahead), customer);
    if (!touched_in_time()) {
      routes_.assign(customer, -1);
      return take_back();
    }
    absent_.erase(absent_.begin() + static_cast<std::ptrdiff_t>(which));
    absent_.insert(absent_.end(), removed_.begin(), removed_.end());
    keep(cost_ + route.length - before);
  }

  // Everybody has found a place again: with a vehicle less, but where some ways are no ways at all not always for less.
  void settle_fleet() {
    hunting_ = false;
    if (cost_ < best_cost_) keep_best();
    else put(best_);
  }

  // Makes the customers of the route that was absent least often absent. False when no fleet can be smaller.
  bool drop_route() {
    if (routes_.count() < 2 || std::int64_t{routes_.count() - 1} * problem_.capacity < total_demand_) return false;
    const std::int32_t chosen = absences_.rarest_route(routes_);
    routes_.begin();
    TimedRoute<Dist>& route = routes_.touch(chosen);
    cost_ -= route.length + route_cost_;
    for (std::int32_t k = 1; k <= route.size; ++k) {
      absent_.push_back(stop(chosen, k));
      routes_.assign(stop(chosen, k), -1);
    }
    route.clear(times_);
    routes_.commit();
    return true;
  }

  // ------------------------------------------------------------------------------------------------ ruin (section 5.1)

  void ruin(std::int64_t& cost, core::RandomStream& random) {
    removal_.ruin(problem_.customers, routes_.count(), random, [&](std::int32_t c) { return problem_.near(c); },
                  [&](std::int32_t c) { return remove_string(c, cost, random); });
  }

  // Removes a string around a customer unless it is absent or its route was ruined already; 1 when it did.
  int remove_string(std::int32_t customer, std::int64_t& cost, core::RandomStream& random) {
    const std::int32_t r = routes_.route_of(customer);
    if (r < 0 || removal_.is_ruined(r)) return 0;
    TimedRoute<Dist>& route = routes_.touch(r);
    const std::int32_t length = removal_.length(route.size, random);
    std::int32_t position = 1;
    while (route.stops[static_cast<std::size_t>(position)].node != customer) ++position;
    cost -= route.length;
    const auto [later, earlier] = removal_.windows(position, length, route.size, random);
    if (later.count > 0) remove_window(route, r, later.first, later.count);
    if (earlier.count > 0) remove_window(route, r, earlier.first, earlier.count);
    cost += route.length;
    if (route.size == 0) cost -= route_cost_;
    if constexpr (Limited) route.update_segments(times_);
    removal_.note_ruined(r);
    return 1;
  }

  void remove_window(TimedRoute<Dist>& route, std::int32_t r, std::int32_t first, std::int32_t count) {
    for (std::int32_t k = first; k < first + count; ++k) {
      const std::int32_t c = route.stops[static_cast<std::size_t>(k)].node;
      removed_.push_back(c);
      from_route_.push_back(r);
      route.load -= problem_.demand[static_cast<std::size_t>(c)];
      routes_.assign(c, -1);
    }
    const std::int32_t before = route.stops[static_cast<std::size_t>(first - 1)].node, after = route.stops[static_cast<std::size_t>(first + count)].node;
    route.erase(first, count, problem_.distance(before, after), times_);
  }

  // ------------------------------------------------------------------------------------------------ recreate (5.2)

  // Weights: random 4, demand 4, far 2, close 1; for windows narrow first 2, early start 2, late end 2.
  void sort(core::RandomStream& random) {
    const std::uint32_t order = random.below(17);
    if (order < 4) {
      shuffle(sorted_, random);
      return;
    }
    const Dist* depot = problem_.from(0);
    const auto key = [&](std::int32_t c) -> std::int64_t {
      const auto i = static_cast<std::size_t>(c);
      if (order < 8) return -problem_.demand[i];
      if (order < 10) return -std::int64_t{depot[c]};
      if (order < 11) return std::int64_t{depot[c]};
      if (order < 13) return std::int64_t{times_.latest[i]} - times_.earliest[i];
      return order < 15 ? std::int64_t{times_.earliest[i]} : -std::int64_t{times_.latest[i]};
    };
    sort_few(std::span(sorted_), key);
  }

  // False as soon as the cost cannot stay below `accepted_below`.
  bool recreate(std::int64_t& cost, double accepted_below, core::RandomStream& random) {
    for (const std::int32_t c : sorted_) {
      const double slack = accepted_below - static_cast<double>(cost);
      if (slack <= 0) return false;
      const auto bound = static_cast<std::int64_t>(std::min(std::ceil(slack), 4.0e18));
      const std::int64_t alone = std::int64_t{problem_.distance(0, c)} + problem_.distance(c, 0) + route_cost_;
      const Place best = cheapest(c, std::min(bound, alone + 1), Empty::closed, random);
      if (best.route >= 0) {
        insert(best.route, best.at, c);
        cost += best.delta;
      } else if (alone < bound) {
        insert(routes_.open(times_), 0, c);
        cost += alone;
      } else {
        return false;
      }
    }
    return static_cast<double>(cost) < accepted_below;
  }

  // The cheapest position below `bound` that keeps load and time, over all routes; an improving one is overlooked with
  // probability `blink`.
  Place cheapest(std::int32_t c, std::int64_t bound, Empty empty, core::RandomStream& random) const {
    const auto i = static_cast<std::size_t>(c);
    const std::int64_t most_load = problem_.capacity - problem_.demand[i];
    Place best{-1, 0, bound};
    for (std::int32_t r = 0; r < routes_.count(); ++r) {
      const TimedRoute<Dist>& route = routes_[r];
      if (route.load > most_load || (route.size == 0 && empty == Empty::closed)) continue;
      scan(route, r, c, best, random);
    }
    return best;
  }

  void scan(const TimedRoute<Dist>& route, std::int32_t r, std::int32_t c, Place& best, core::RandomStream& random) const {
    const auto i = static_cast<std::size_t>(c);
    const Dist* to = problem_.to(c);
    const Dist* from = problem_.from(c);
    const Dist opens = times_.earliest[i], closes = times_.latest[i], service = times_.service[i];
    const TimedStop<Dist>* stop = route.stops.data();
    const TimedStop<Dist>* const last = stop + route.size;
    // In front of a stop that must be served before this customer can be, there is no position: `latest` never falls.
    const Dist soonest = opens + service;
    while (stop <= last && stop[1].latest < soonest) ++stop;
    for (; stop <= last && stop->depart <= closes; ++stop) {  // nor behind one that is left too late: `depart` never falls
      const Dist in = to[stop->node], out = from[stop[1].node];
      const std::int64_t delta = std::int64_t{in} + out - stop->arc;
      if (delta >= best.delta) continue;
      const Dist start = std::max<Dist>(stop->depart + in, opens);
      if (start > closes || start + service + out > stop[1].latest) continue;
      if constexpr (Limited) {
        const auto k = static_cast<std::size_t>(stop - route.stops.data());
        const model::TimeSegment whole = model::concatenate(model::concatenate(head_of(route, k), in, times_.segment(c)), out, tail_of(route, k + 1));
        if (whole.duration > times_.max_duration || route.length + delta > problem_.longest) continue;
      }
      if (settings_.blink > 0 && random.chance(settings_.blink)) continue;
      best = {r, static_cast<std::int32_t>(stop - route.stops.data()), delta};
    }
  }

  model::TimeSegment head_of(const TimedRoute<Dist>& route, std::size_t k) const { return route.size == 0 ? times_.segment(0) : route.head[k]; }
  model::TimeSegment tail_of(const TimedRoute<Dist>& route, std::size_t k) const { return route.size == 0 ? times_.segment(0) : route.tail[k]; }

  std::vector<std::int32_t> flat() const {
    std::vector<std::int32_t> flat;
    for (std::int32_t r = 0; r < routes_.count(); ++r) {
      for (std::int32_t k = 1; k <= routes_[r].size; ++k) flat.push_back(stop(r, k));
      flat.push_back(0);
    }
    return flat;
  }

  void keep_best() {
    best_cost_ = cost_;
    best_ = flat();
  }

  LocalProblem<Dist> problem_;
  LocalTimes<Dist> times_;
  SisrSettings settings_;
  std::int64_t route_cost_;
  std::int64_t total_demand_ = 0;
  TimedTable<Dist> routes_;
  Absences absences_;                     // iterations in which a customer had no place
  StringRemoval removal_;
  EjectionSearch<TimedRules<Dist>> ejections_{{problem_, times_}};
  std::int64_t ejection_credit_ = 0;      // steps that it may take
  std::int64_t cost_ = 0;
  std::int64_t best_cost_ = 0;
  bool hunting_ = false;                  // the current solution lacks customers: the best one stands for it
  std::vector<std::int32_t> best_;        // flattened, local numbers
  std::vector<std::int32_t> absent_, left_out_;
  std::vector<std::int32_t> removed_;     // in order of removal
  std::vector<std::int32_t> from_route_;  // where each came from
  std::vector<std::int32_t> sorted_;
};

template <class Dist>
std::unique_ptr<SisrKernel::Engine> make_engine(const model::RoutingInstance& instance, std::span<const std::int32_t> customers, const SisrSettings& settings) {
  if (instance.max_route_length || instance.timetable->max_duration) return std::make_unique<TimedChain<Dist, true>>(instance, customers, settings);
  return std::make_unique<TimedChain<Dist, false>>(instance, customers, settings);
}
}  // namespace

std::unique_ptr<SisrKernel::Engine> make_timed_engine(const model::RoutingInstance& instance, std::span<const std::int32_t> customers,
                                                      const SisrSettings& settings) {
  const model::Timetable& times = *instance.timetable;
  // A time, a service and an arc must add up in the arithmetic of the scan.
  std::int64_t largest = std::max(distance_bound_of_part(instance, customers), times.latest[0].value);
  for (const std::int32_t c : customers) {
    const auto i = static_cast<std::size_t>(c);
    largest = std::max({largest, times.earliest[i].value, times.service[i].value});
  }
  return largest < (std::int64_t{1} << 28) ? make_engine<std::int32_t>(instance, customers, settings) : make_engine<std::int64_t>(instance, customers, settings);
}

}  // namespace tempera::routing
