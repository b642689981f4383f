// SISR for instances with a fleet (Christiaens & Vanden Berghe 2020, sections 5 and 6): vehicles of several types, from several
// depots, few of each, and customers that may stay out. Those out wait in a bank; an iteration takes some of them beside those it
// removes, and leaves out again whom a vehicle costs more than staying out. A chain of its own, so that others pay nothing for it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solvers/core/error.hpp"
#include "solvers/model/routing_solution.hpp"
#include "solvers/routing/absences.hpp"
#include "solvers/routing/ejection_search.hpp"
#include "solvers/routing/fleet_insertion.hpp"
#include "solvers/routing/sisr_engine.hpp"
#include "solvers/routing/string_removal.hpp"
#include "solvers/routing/vehicle_changes.hpp"

namespace tempera::routing {

namespace {
constexpr std::size_t most_from_bank = 10;  // customers that an iteration takes out of the bank
constexpr double retype_chance = 0.15;      // that a ruined route changes its vehicle
constexpr std::int64_t ejection_steps = 5000;  // that an iteration grants while vehicles are saved (as in timed_chain.cpp)
constexpr double patience = 10;             // temperatures by which a solution that serves other required customers may cost more

template <class Dist>
class FleetChain final : public SisrKernel::Engine {
 public:
  FleetChain(const model::RoutingInstance& instance, std::span<const std::int32_t> customers, const SisrSettings& settings)
      : problem_(instance, customers), settings_(settings), insertion_(problem_, settings.blink), routes_(problem_.local.customers), removal_(settings),
        absences_(problem_.local.customers), taken_(static_cast<std::size_t>(problem_.local.customers) + 1, 0), owed_(taken_.size(), 0), vehicles_first_(instance.route_cost.value > 0) {
    for (const LocalVehicle& vehicle : problem_.vehicles) capacities_.push_back(vehicle.type.capacity.value);
    for (std::int32_t c = 1; c <= problem_.local.customers; ++c) owed_[static_cast<std::size_t>(c)] = !problem_.optional[static_cast<std::size_t>(c)] && insertion_.can_be_served(c);
    prized_ = std::ranges::any_of(problem_.optional, [](std::uint8_t optional) { return optional != 0; });
  }

  void allow(std::span<const std::int64_t> vehicles) override {
    TEMPERA_ASSERT(vehicles.empty() || vehicles.size() == problem_.vehicles.size() + 1, fmt::format("{} numbers of vehicles for {} types", vehicles.size(), problem_.vehicles.size()));
    std::vector<std::int64_t> allowed(vehicles.begin(), vehicles.end());
    if (vehicles.empty()) {
      for (const LocalVehicle& vehicle : problem_.vehicles) allowed.push_back(vehicle.type.count);
      allowed.push_back(problem_.most_vehicles);
    }
    stock_.allow(std::move(allowed));
  }

  void load(std::span<const std::int32_t> flat) override {
    begin_with(problem_.local.to_local(flat));
    ejection_credit_ = 0;
    absences_.forget();  // an answer depends on its task alone, not on what this chain worked before
    keep_best();
  }

  void run(std::uint64_t iterations, double temperature, core::RandomStream& random) override {
    if (saving_) begin_with(best_);  // on with the best solution of those that serve everybody whom it serves
    for (std::uint64_t i = 0; i < iterations; ++i) step(temperature, random);
  }

  // A route is dropped, and no other opened, until its customers have found their places; then the next. Ends with the best solution,
  // whatever stage the search has reached. Where vehicles merely have their price, fewer of them are no aim beside the cost.
  void save_vehicles(std::uint64_t iterations, double temperature, core::RandomStream& random) override {
    if (!saving_ && !(vehicles_first_ && drop_route())) return run(iterations, temperature, random);
    for (std::uint64_t i = 0; i < iterations; ++i) {
      step(temperature, random);
      if (missing_ > best_missing_) continue;
      if (cost_ > best_cost_) begin_with(best_);  // where some ways are no ways at all, a vehicle less may cost more
      if (!drop_route()) return run(iterations - i - 1, temperature, random);
    }
  }

  std::int64_t current_cost() const override { return saving_ ? best_cost_ : cost_; }
  std::int64_t best_cost() const override { return best_cost_; }
  std::vector<std::int32_t> current() const override { return saving_ ? best() : problem_.local.to_nodes(flat()); }
  std::vector<std::int32_t> best() const override { return problem_.local.to_nodes(best_); }

 private:
  void leave(std::int32_t c, std::int64_t& cost, std::int64_t& missing) const {
    cost += problem_.leaving_out[static_cast<std::size_t>(c)];
    missing += problem_.optional[static_cast<std::size_t>(c)] ? 0 : 1;
  }

  // ------------------------------------------------------------------------------------------------ loading and telling

  // In local numbers, all customers.
  void begin_with(const std::vector<std::int32_t>& flat) {
    routes_.clear();
    bank_.clear();
    stock_.all_are_free();
    saving_ = false;
    put(flat);
    cost_ = missing_ = 0;
    for (std::int32_t r = 0; r < routes_.count(); ++r) {
      TEMPERA_ASSERT(routes_[r].keeps_limits(problem_), fmt::format("route {} breaks a limit of its vehicle", r));
      cost_ += routes_[r].cost(problem_);
    }
    for (const std::int32_t c : bank_) leave(c, cost_, missing_);
    TEMPERA_ASSERT(!stock_.is_overdrawn(), "the routes have more vehicles than are allowed");
  }

  void put(const std::vector<std::int32_t>& flat) {
    std::vector<std::int32_t> customers;
    for (const std::int32_t c : flat) {
      if (c > 0) {
        customers.push_back(c);
        continue;
      }
      close(customers, c);
      customers.clear();
    }
    TEMPERA_ASSERT(customers.empty(), "the last route has no end");
  }

  void close(const std::vector<std::int32_t>& customers, std::int32_t end) {
    if (end == model::left_out_mark) {
      bank_.insert(bank_.end(), customers.begin(), customers.end());
      return;
    }
    TEMPERA_ASSERT(-end < std::ssize(problem_.vehicles), fmt::format("vehicle type {} of {}", -end, problem_.vehicles.size()));
    if (customers.empty()) return;
    stock_.take(-end);
    const std::int32_t r = routes_.open(problem_, -end);
    for (const std::int32_t c : customers) insert(r, routes_[r].size, c);
  }

  std::vector<std::int32_t> flat() const {
    std::vector<std::int32_t> flat;
    for (std::int32_t r = 0; r < routes_.count(); ++r) {
      for (std::int32_t k = 1; k <= routes_[r].size; ++k) flat.push_back(routes_[r].stops[static_cast<std::size_t>(k)].node);
      flat.push_back(-routes_[r].vehicle);
    }
    flat.insert(flat.end(), bank_.begin(), bank_.end());
    if (!bank_.empty()) flat.push_back(model::left_out_mark);
    return flat;
  }

  void keep_best() {
    best_cost_ = cost_;
    best_missing_ = missing_;
    best_ = flat();
  }

  // ------------------------------------------------------------------------------------------------ saving vehicles

  // Puts the customers of the route that was without a place least often into the bank, and lets no more vehicles drive than are
  // left. False, and nothing is saved, when so few cannot carry what the current solution does.
  bool drop_route() {
    saving_ = false;
    stock_.end_limit(routes_.count());
    if (routes_.count() < 2 || load_of_all() > stock_.most_load(routes_.count() - 1, capacities_)) return false;
    const std::int32_t r = absences_.rarest_route(routes_);
    routes_.begin();
    FleetRoute<Dist>& route = routes_.touch(r);
    cost_ -= route.cost(problem_);
    for (std::int32_t k = 1; k <= route.size; ++k) {
      const std::int32_t c = route.stops[static_cast<std::size_t>(k)].node;
      bank_.push_back(c);
      leave(c, cost_, missing_);
      routes_.assign(c, -1);
    }
    stock_.give_back(route.vehicle);
    route.clear(problem_, route.vehicle);
    routes_.commit();
    stock_.limit_to_those_in_use();
    return saving_ = true;
  }

  std::int64_t load_of_all() const {
    std::int64_t load = 0;
    for (std::int32_t r = 0; r < routes_.count(); ++r) load += routes_[r].load;
    return load;
  }

  void insert(std::int32_t r, std::int32_t at, std::int32_t customer) {
    routes_.touch(r).insert(at, customer, problem_);
    routes_.assign(customer, r);
  }

  // ------------------------------------------------------------------------------------------------ iterations

  void step(double temperature, core::RandomStream& random) {
    iterate(temperature, random);
    if (may_eject()) eject(random);
  }

  void iterate(double temperature, core::RandomStream& random) {
    begin();
    const double accepted_below = static_cast<double>(cost_) - temperature * std::log(random.uniform());
    std::int64_t cost = cost_, missing = missing_;
    ruin(cost, missing, random);
    sort(random);
    // While required customers are out, whom it serves may count more than what it costs: no giving up early then.
    const bool hunting = missing_ > 0;
    const bool made = recreate(cost, missing, hunting ? std::numeric_limits<double>::max() : accepted_below, random);
    const bool accepted = made && touched_keep_limits() &&
                          (static_cast<double>(cost) < accepted_below || (hunting && serves_rarer(missing) && static_cast<double>(cost) < static_cast<double>(cost_) + patience * temperature));
    if (hunting)
      for (const std::int32_t c : left_)
        if (!problem_.optional[static_cast<std::size_t>(c)]) absences_.count(c);
    if (!accepted) return take_back();
    changes_.settle(first_new_, cost);
    keep(cost, missing);
    if (cost_ < best_cost_) keep_best();
  }

  bool has_short_routes() const { return problem_.local.customers <= EjectionSearch<FleetRules<Dist>>::usual_stops * routes_.count(); }

  // Every iteration grants the same; what one search overdraws, the next ones wait for. Only while vehicles are saved: where a fleet
  // merely is too small, the search for room ends dearer with it (figures in README.md).
  bool may_eject() {
    if (!saving_ || missing_ <= best_missing_ || !has_short_routes()) return false;
    ejection_credit_ = std::min(ejection_credit_ + ejection_steps, ejection_steps);
    return ejection_credit_ > 0;
  }

  // A required customer without a place takes that of up to three that were out less often in all (ejection_search.hpp).
  void eject(core::RandomStream& random) {
    const std::int32_t customer = bank_[random.below(static_cast<std::uint32_t>(bank_.size()))];
    if (!owed_[static_cast<std::size_t>(customer)]) return;
    const Ejection& found = ejections_.lightest(customer, routes_, absences_.by_customer());
    ejection_credit_ -= static_cast<std::int64_t>(ejections_.steps());
    if (found.route < 0) return;
    begin();
    std::int64_t cost = cost_ - problem_.leaving_out[static_cast<std::size_t>(customer)], missing = missing_ - 1;
    take_from_bank(customer);
    FleetRoute<Dist>& route = routes_.touch(found.route);
    cost -= route.cost(problem_);
    for (auto leaving = found.stops.rbegin(); leaving != found.stops.rend(); ++leaving) remove_window(route, found.route, *leaving, 1);
    const auto ahead = std::ranges::count_if(found.stops, [&](std::int32_t k) { return k <= found.at; });
    insert(found.route, found.at - static_cast<std::int32_t>(ahead), customer);
    cost += route.cost(problem_);
    for (const std::int32_t c : removed_) leave_out(c, cost, missing);
    if (!touched_keep_limits()) return take_back();
    keep(cost, missing);
    if (cost_ < best_cost_) keep_best();
  }

  void begin() {
    routes_.begin();
    stock_.begin();
    first_new_ = routes_.count();
    removed_.clear();
    from_route_.clear();
    from_bank_.clear();
    left_.clear();
    ++epoch_;
  }

  void take_back() {
    routes_.undo();
    for (const std::int32_t c : from_bank_) routes_.assign(c, -1);
    for (std::size_t k = 0; k < removed_.size(); ++k) routes_.assign(removed_[k], from_route_[k]);
    stock_.undo();
  }

  void keep(std::int64_t cost, std::int64_t missing) {
    routes_.commit();
    cost_ = cost;
    missing_ = missing;
    if (!from_bank_.empty()) std::erase_if(bank_, [&](std::int32_t c) { return is_taken(c); });
    bank_.insert(bank_.end(), left_.begin(), left_.end());
  }

  // Without the triangle inequality a route may be longer after a stop has left it.
  bool touched_keep_limits() const {
    return std::ranges::all_of(routes_.touched(), [&](std::int32_t r) { return routes_[r].keeps_limits(problem_); });
  }

  // Section 6: of equally many, those required customers that were out least often.
  bool serves_rarer(std::int64_t missing) const {
    return missing == missing_ && absences_.sum(left_) < absences_.sum(from_bank_);
  }

  // ------------------------------------------------------------------------------------------------ ruin (section 5.1)

  void ruin(std::int64_t& cost, std::int64_t& missing, core::RandomStream& random) {
    removal_.ruin(problem_.local.customers, std::max(1, routes_.count()), random, [&](std::int32_t c) { return problem_.local.near(c); },
                  [&](std::int32_t c) { return remove_string(c, cost, random); });
    for (std::size_t k = 0; k < bank_.size() && k < most_from_bank; ++k)
      take_from_bank(bank_[bank_.size() <= most_from_bank ? k : random.below(static_cast<std::uint32_t>(bank_.size()))]);
    for (const std::int32_t c : from_bank_) {
      cost -= problem_.leaving_out[static_cast<std::size_t>(c)];
      missing -= problem_.optional[static_cast<std::size_t>(c)] ? 0 : 1;
    }
  }

  bool is_taken(std::int32_t c) const { return taken_[static_cast<std::size_t>(c)] == epoch_; }
  void take_from_bank(std::int32_t c) {
    if (from_bank_.size() >= most_from_bank || is_taken(c)) return;
    taken_[static_cast<std::size_t>(c)] = epoch_;
    from_bank_.push_back(c);
  }

  // Removes a string around a customer unless its route was ruined already; 1 when it did. One of the bank is taken along.
  int remove_string(std::int32_t customer, std::int64_t& cost, core::RandomStream& random) {
    const std::int32_t r = routes_.route_of(customer);
    if (r < 0) {
      take_from_bank(customer);
      return 0;
    }
    if (removal_.is_ruined(r)) return 0;
    FleetRoute<Dist>& route = routes_.touch(r);
    cost -= route.cost(problem_);
    const std::int32_t length = removal_.length(route.size, random);
    std::int32_t position = 1;
    while (route.stops[static_cast<std::size_t>(position)].node != customer) ++position;
    const auto [later, earlier] = removal_.windows(position, length, route.size, random);
    if (later.count > 0) remove_window(route, r, later.first, later.count);
    if (earlier.count > 0) remove_window(route, r, earlier.first, earlier.count);
    if (route.size == 0) stock_.give_back(route.vehicle);
    cost += route.cost(problem_);
    if (problem_.vehicles.size() > 1 && route.size > 0 && random.chance(retype_chance)) changes_.change(r, cost, random);
    removal_.note_ruined(r);
    return 1;
  }

  void remove_window(FleetRoute<Dist>& route, std::int32_t r, std::int32_t first, std::int32_t count) {
    for (std::int32_t k = first; k < first + count; ++k) {
      const std::int32_t c = route.stops[static_cast<std::size_t>(k)].node;
      removed_.push_back(c);
      from_route_.push_back(r);
      taken_[static_cast<std::size_t>(c)] = epoch_;
      routes_.assign(c, -1);
    }
    route.erase(first, count, problem_);
  }

  // ------------------------------------------------------------------------------------------------ recreate (5.2)

  // Weights: random 4, demand 4, far 2, close 1; for windows narrow first 2, early start 2, late end 2; for prizes dear first 3, dear
  // for their demand 3.
  void sort(core::RandomStream& random) {
    sorted_.assign(removed_.begin(), removed_.end());
    sorted_.insert(sorted_.end(), from_bank_.begin(), from_bank_.end());
    const std::uint32_t timed = problem_.timed ? 6 : 0, prized = prized_ ? 6 : 0;
    std::uint32_t order = random.below(11 + timed + prized);
    if (order < 4) {
      shuffle(sorted_, random);
      return;
    }
    if (order >= 11 && !problem_.timed) order += 6;
    sort_few(std::span(sorted_), [&](std::int32_t c) { return key_of(c, order); });
  }

  std::int64_t key_of(std::int32_t c, std::uint32_t order) const {
    const auto i = static_cast<std::size_t>(c);
    if (order < 8) return -problem_.demand(c);
    if (order < 10) return -std::int64_t{problem_.from_depot[i]};
    if (order < 11) return std::int64_t{problem_.from_depot[i]};
    if (order < 13) return problem_.times.latest[i] - problem_.times.earliest[i];
    if (order < 15) return problem_.times.earliest[i];
    if (order < 17) return -problem_.times.latest[i];
    return order < 20 ? -problem_.leaving_out[i] : -problem_.leaving_out[i] / (problem_.demand(c) + 1);
  }

  // False as soon as the cost cannot stay below `accepted_below`.
  bool recreate(std::int64_t& cost, std::int64_t& missing, double accepted_below, core::RandomStream& random) {
    for (const std::int32_t c : sorted_) {
      const double slack = accepted_below - static_cast<double>(cost);
      if (slack <= 0) return false;
      const auto i = static_cast<std::size_t>(c);
      const auto bound = static_cast<std::int64_t>(std::min(std::ceil(slack), 4.0e18));
      const std::int64_t out = problem_.leaving_out[i], most = std::min(bound, out + 1);
      if (problem_.optional[i] && random.chance(settings_.blink)) {
        leave_out(c, cost, missing);
        continue;
      }
      const FleetOpening opening = insertion_.opening(c, stock_.free(), random);
      const FleetPlace best = insertion_.cheapest(routes_, c, std::min(most, opening.cost + 1), random);
      if (best.route >= 0) {
        insert(best.route, best.at, c);
        cost += best.delta;
      } else if (opening.vehicle >= 0 && opening.cost < most) {
        stock_.take(opening.vehicle);
        insert(routes_.open(problem_, opening.vehicle), 0, c);
        cost += opening.cost;
      } else if (out < bound) {
        leave_out(c, cost, missing);
      } else {
        return false;
      }
    }
    return static_cast<double>(cost) < accepted_below;
  }

  void leave_out(std::int32_t c, std::int64_t& cost, std::int64_t& missing) {
    left_.push_back(c);
    leave(c, cost, missing);
  }

  FleetProblem<Dist> problem_;
  SisrSettings settings_;
  FleetInsertion<Dist> insertion_;
  UndoableRoutes<FleetRoute<Dist>> routes_;
  StringRemoval removal_;
  bool prized_ = false;                   // some customers are optional
  VehicleStock stock_;
  VehicleChanges<Dist> changes_{problem_, routes_, stock_};
  std::vector<std::int64_t> capacities_;  // of vehicles by type
  std::vector<std::int32_t> bank_;        // customers left out
  Absences absences_;                     // iterations in which a required customer had no place
  std::vector<std::uint64_t> taken_;      // by customer: the iteration that last removed it or took it from the bank
  std::uint64_t epoch_ = 0;
  std::int32_t first_new_ = 0;
  std::int64_t cost_ = 0, missing_ = 0;   // missing: required customers in the bank
  std::int64_t best_cost_ = 0, best_missing_ = 0;
  std::vector<std::int32_t> best_;        // flattened, local numbers
  std::vector<std::uint8_t> owed_;        // by customer: required, and some vehicle could serve it
  EjectionSearch<FleetRules<Dist>> ejections_{{problem_}};
  std::int64_t ejection_credit_ = 0;      // steps that it may take
  bool vehicles_first_ = false;
  bool saving_ = false;                   // the current solution looks for one with a vehicle less: the best one stands for it
  std::vector<std::int32_t> removed_, from_route_;  // in order of removal, and where each came from
  std::vector<std::int32_t> from_bank_, left_, sorted_;
};
}  // namespace

std::unique_ptr<SisrKernel::Engine> make_fleet_engine(const model::RoutingInstance& instance, std::span<const std::int32_t> customers,
                                                      const SisrSettings& settings) {
  // The table alone is narrow: sums and times are 64 bits wide.
  if (distance_bound_of_part(instance, customers) < (std::int64_t{1} << 30)) return std::make_unique<FleetChain<std::int32_t>>(instance, customers, settings);
  return std::make_unique<FleetChain<std::int64_t>>(instance, customers, settings);
}

}  // namespace tempera::routing
