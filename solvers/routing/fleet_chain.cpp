// SISR for instances with a fleet (Christiaens & Vanden Berghe 2020, sections 5 and 6): vehicles of several types, from several
// depots, few of each, and customers that may stay out. Those out wait in a bank; an iteration takes some of them beside those it
// removes, and leaves out again whom a vehicle costs more than staying out. A chain of its own, so that others pay nothing for it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "solvers/core/error.hpp"
#include "solvers/model/routing_solution.hpp"
#include "solvers/routing/fleet_insertion.hpp"
#include "solvers/routing/sisr_engine.hpp"
#include "solvers/routing/string_removal.hpp"

namespace tempera::routing {

namespace {
constexpr std::size_t most_from_bank = 10;  // customers that an iteration takes out of the bank
constexpr double retype_chance = 0.15;      // that a ruined route changes its vehicle
constexpr std::int64_t any_cost = std::numeric_limits<std::int64_t>::max();
constexpr double patience = 10;             // temperatures by which a solution that serves other required customers may cost more

template <class Dist>
class FleetChain final : public SisrKernel::Engine {
 public:
  FleetChain(const model::RoutingInstance& instance, std::span<const std::int32_t> customers, const SisrSettings& settings)
      : problem_(instance, customers), settings_(settings), insertion_(problem_, settings.blink), routes_(problem_.local.customers), removal_(settings),
        absences_(static_cast<std::size_t>(problem_.local.customers) + 1, 0), taken_(absences_.size(), 0), vehicles_first_(instance.route_cost.value > 0) {
    prized_ = std::ranges::any_of(problem_.optional, [](std::uint8_t optional) { return optional != 0; });
  }

  void allow(std::span<const std::int64_t> vehicles) override {
    TEMPERA_ASSERT(vehicles.empty() || vehicles.size() == problem_.vehicles.size() + 1, fmt::format("{} numbers of vehicles for {} types", vehicles.size(), problem_.vehicles.size()));
    allowed_.assign(vehicles.begin(), vehicles.end());
    if (!vehicles.empty()) return;
    for (const LocalVehicle& vehicle : problem_.vehicles) allowed_.push_back(vehicle.type.count);
    allowed_.push_back(problem_.most_vehicles);
  }

  void load(std::span<const std::int32_t> flat) override {
    begin_with(problem_.local.to_local(flat));
    std::ranges::fill(absences_, 0);  // an answer depends on its task alone, not on what this chain worked before
    keep_best();
  }

  void run(std::uint64_t iterations, double temperature, core::RandomStream& random) override {
    if (saving_) begin_with(best_);  // on with the best solution of those that serve everybody whom it serves
    for (std::uint64_t i = 0; i < iterations; ++i) iterate(temperature, random);
  }

  // A route is dropped, and no other opened, until its customers have found their places; then the next. Ends with the best solution,
  // whatever stage the search has reached. Where vehicles merely have their price, fewer of them are no aim beside the cost.
  void save_vehicles(std::uint64_t iterations, double temperature, core::RandomStream& random) override {
    if (!saving_ && !(vehicles_first_ && drop_route())) return run(iterations, temperature, random);
    for (std::uint64_t i = 0; i < iterations; ++i) {
      iterate(temperature, random);
      if (missing_ > best_missing_) continue;
      keep_best();
      if (!drop_route()) return run(iterations - i - 1, temperature, random);
    }
  }

  std::int64_t current_cost() const override { return saving_ ? best_cost_ : cost_; }
  std::int64_t best_cost() const override { return best_cost_; }
  std::vector<std::int32_t> current() const override { return saving_ ? best() : problem_.local.to_nodes(flat()); }
  std::vector<std::int32_t> best() const override { return problem_.local.to_nodes(best_); }

 private:
  std::int64_t& free_of(std::int32_t vehicle) { return free_[static_cast<std::size_t>(vehicle)]; }
  void take_vehicle(std::int32_t vehicle) { --free_of(vehicle), --free_.back(); }
  void return_vehicle(std::int32_t vehicle) { ++free_of(vehicle), ++free_.back(); }

  void leave(std::int32_t c, std::int64_t& cost, std::int64_t& missing) const {
    cost += problem_.leaving_out[static_cast<std::size_t>(c)];
    missing += problem_.optional[static_cast<std::size_t>(c)] ? 0 : 1;
  }

  // ------------------------------------------------------------------------------------------------ loading and telling

  // In local numbers, all customers.
  void begin_with(const std::vector<std::int32_t>& flat) {
    routes_.clear();
    bank_.clear();
    free_ = allowed_;
    saving_ = false;
    put(flat);
    cost_ = missing_ = 0;
    for (std::int32_t r = 0; r < routes_.count(); ++r) {
      TEMPERA_ASSERT(routes_[r].keeps_limits(problem_), fmt::format("route {} breaks a limit of its vehicle", r));
      cost_ += routes_[r].cost(problem_);
    }
    for (const std::int32_t c : bank_) leave(c, cost_, missing_);
    TEMPERA_ASSERT(std::ranges::all_of(free_, [](std::int64_t left) { return left >= 0; }), "the routes have more vehicles than are allowed");
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
    take_vehicle(-end);
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
    free_.back() = allowed_.back() - routes_.count();
    if (routes_.count() < 2 || load_of_all() > most_load(routes_.count() - 1)) return false;
    const std::int32_t r = rarest_route();
    routes_.begin();
    FleetRoute<Dist>& route = routes_.touch(r);
    cost_ -= route.cost(problem_);
    for (std::int32_t k = 1; k <= route.size; ++k) {
      const std::int32_t c = route.stops[static_cast<std::size_t>(k)].node;
      bank_.push_back(c);
      leave(c, cost_, missing_);
      routes_.assign(c, -1);
    }
    const std::int32_t vehicle = route.vehicle;
    route.clear(problem_, vehicle);
    routes_.commit();
    return_vehicle(vehicle);
    free_.back() = 0;
    return saving_ = true;
  }

  std::int64_t load_of_all() const {
    std::int64_t load = 0;
    for (std::int32_t r = 0; r < routes_.count(); ++r) load += routes_[r].load;
    return load;
  }

  // What so many vehicles carry at most.
  std::int64_t most_load(std::int64_t vehicles) const {
    std::vector<std::pair<std::int64_t, std::int64_t>> kinds;  // capacity, how many
    for (std::size_t v = 0; v < problem_.vehicles.size(); ++v) kinds.emplace_back(problem_.vehicles[v].type.capacity.value, allowed_[v]);
    std::ranges::sort(kinds, std::greater<>());
    std::int64_t load = 0;
    for (const auto& [capacity, count] : kinds) {
      const std::int64_t taken = std::min(vehicles, count);
      load += taken * capacity;
      vehicles -= taken;
    }
    return load;
  }

  // Whose customers were out least often, and of equals the shortest.
  std::int32_t rarest_route() const {
    std::int32_t chosen = 0;
    std::pair<std::uint64_t, std::int32_t> least{std::numeric_limits<std::uint64_t>::max(), 0};
    for (std::int32_t r = 0; r < routes_.count(); ++r) {
      std::uint64_t sum = 0;
      for (std::int32_t k = 1; k <= routes_[r].size; ++k) sum += absences_[static_cast<std::size_t>(routes_[r].stops[static_cast<std::size_t>(k)].node)];
      if (const std::pair key{sum, routes_[r].size}; key < least) least = key, chosen = r;
    }
    return chosen;
  }

  void insert(std::int32_t r, std::int32_t at, std::int32_t customer) {
    routes_.touch(r).insert(at, customer, problem_);
    routes_.assign(customer, r);
  }

  // ------------------------------------------------------------------------------------------------ iterations

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
      for (const std::int32_t c : left_) absences_[static_cast<std::size_t>(c)] += problem_.optional[static_cast<std::size_t>(c)] ? 0 : 1;
    if (!accepted) return take_back();
    settle(cost);
    keep(cost, missing);
    if (cost_ < best_cost_) keep_best();
  }

  void begin() {
    routes_.begin();
    saved_free_.assign(free_.begin(), free_.end());
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
    free_.swap(saved_free_);
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
    const auto weight = [&](const std::vector<std::int32_t>& customers) {
      return std::transform_reduce(customers.begin(), customers.end(), std::uint64_t{0}, std::plus<>(), [&](std::int32_t c) { return absences_[static_cast<std::size_t>(c)]; });
    };
    return missing == missing_ && weight(left_) < weight(from_bank_);
  }

  // Every changed route takes the cheapest vehicle that is free and does the same, and any two of them exchange theirs if that is cheaper.
  void settle(std::int64_t& cost) {
    if (problem_.vehicles.size() == 1) return;
    touched_.assign(routes_.touched().begin(), routes_.touched().end());
    for (std::int32_t r = first_new_; r < routes_.count(); ++r) touched_.push_back(r);
    for (const std::int32_t r : touched_)
      if (routes_[r].size > 0) settle_one(r, cost);
    for (const std::int32_t a : touched_)
      for (const std::int32_t b : touched_)
        if (a < b) try_exchange(a, b, routes_[a].cost(problem_) + routes_[b].cost(problem_), cost);
  }

  // Two routes exchange their vehicles where both keep the limits and cost less than `below` together. True when they did.
  bool try_exchange(std::int32_t a, std::int32_t b, std::int64_t below, std::int64_t& cost) {
    const std::int32_t of_a = routes_[a].vehicle, of_b = routes_[b].vehicle;
    if (of_a == of_b || routes_[a].size == 0 || routes_[b].size == 0 || routes_[a].load > problem_.vehicle(of_b).type.capacity.value ||
        routes_[b].load > problem_.vehicle(of_a).type.capacity.value) return false;
    FleetRoute<Dist>&first = routes_.touch(a), &second = routes_.touch(b);
    const std::int64_t before = first.cost(problem_) + second.cost(problem_);
    first.retype(of_b, problem_);
    second.retype(of_a, problem_);
    const std::int64_t after = first.cost(problem_) + second.cost(problem_);
    if (after < below && first.keeps_limits(problem_) && second.keeps_limits(problem_)) {
      cost += after - before;
      return true;
    }
    first.retype(of_a, problem_);
    second.retype(of_b, problem_);
    return false;
  }

  void settle_one(std::int32_t r, std::int64_t& cost) {
    for (std::int32_t v = 0; v < std::ssize(problem_.vehicles); ++v) {
      const std::int64_t before = routes_[r].cost(problem_);
      if (try_vehicle(r, v, before)) cost += routes_[r].cost(problem_) - before;
    }
  }

  // Gives a route another vehicle where one is free, keeps the limits and makes the route cost less than `below`.
  bool try_vehicle(std::int32_t r, std::int32_t other, std::int64_t below) {
    const std::int32_t own = routes_[r].vehicle;
    const LocalVehicle& wanted = problem_.vehicle(other);
    if (other == own || free_of(other) <= 0 || routes_[r].load > wanted.type.capacity.value) return false;
    if (wanted.depot == problem_.vehicle(own).depot && wanted.type.fixed_cost.value + wanted.type.distance_price * routes_[r].length >= below) return false;
    FleetRoute<Dist>& route = routes_.touch(r);
    route.retype(other, problem_);
    if (!route.keeps_limits(problem_) || route.cost(problem_) >= below) {
      route.retype(own, problem_);
      return false;
    }
    return_vehicle(own);
    take_vehicle(other);
    return true;
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
    if (route.size == 0) return_vehicle(route.vehicle);
    cost += route.cost(problem_);
    if (problem_.vehicles.size() > 1 && route.size > 0 && random.chance(retype_chance)) change_vehicle(r, cost, random);
    removal_.note_ruined(r);
    return 1;
  }

  // A random type; where no vehicle of it is free, one of a route ruined before in exchange.
  void change_vehicle(std::int32_t r, std::int64_t& cost, core::RandomStream& random) {
    const auto wanted = static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(problem_.vehicles.size())));
    const std::int64_t before = routes_[r].cost(problem_);
    if (try_vehicle(r, wanted, any_cost)) {
      cost += routes_[r].cost(problem_) - before;
      return;
    }
    for (const std::int32_t other : routes_.touched())
      if (other != r && routes_[other].vehicle == wanted && try_exchange(r, other, any_cost, cost)) return;
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
      const FleetOpening opening = insertion_.opening(c, free_, random);
      const FleetPlace best = insertion_.cheapest(routes_, c, std::min(most, opening.cost + 1), random);
      if (best.route >= 0) {
        insert(best.route, best.at, c);
        cost += best.delta;
      } else if (opening.vehicle >= 0 && opening.cost < most) {
        take_vehicle(opening.vehicle);
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
  std::vector<std::int64_t> allowed_;     // vehicles by type, then in all
  std::vector<std::int64_t> free_, saved_free_;  // of them without a route
  std::vector<std::int32_t> bank_;        // customers left out
  std::vector<std::uint64_t> absences_;   // by customer: iterations in which a required one had no place
  std::vector<std::uint64_t> taken_;      // by customer: the iteration that last removed it or took it from the bank
  std::uint64_t epoch_ = 0;
  std::int32_t first_new_ = 0;
  std::int64_t cost_ = 0, missing_ = 0;   // missing: required customers in the bank
  std::int64_t best_cost_ = 0, best_missing_ = 0;
  std::vector<std::int32_t> best_;        // flattened, local numbers
  bool vehicles_first_ = false;
  bool saving_ = false;                   // the current solution looks for one with a vehicle less: the best one stands for it
  std::vector<std::int32_t> removed_, from_route_;  // in order of removal, and where each came from
  std::vector<std::int32_t> from_bank_, left_, sorted_, touched_;
};
}  // namespace

std::unique_ptr<SisrKernel::Engine> make_fleet_engine(const model::RoutingInstance& instance, std::span<const std::int32_t> customers,
                                                      const SisrSettings& settings) {
  // The table alone is narrow: sums and times are 64 bits wide.
  if (distance_bound_of_part(instance, customers) < (std::int64_t{1} << 30)) return std::make_unique<FleetChain<std::int32_t>>(instance, customers, settings);
  return std::make_unique<FleetChain<std::int64_t>>(instance, customers, settings);
}

}  // namespace tempera::routing
