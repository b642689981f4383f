#include "solvers/routing/sisr.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "solvers/core/error.hpp"
#include "solvers/routing/insertion_scan.hpp"
#include "solvers/routing/local_problem.hpp"
#include "solvers/routing/sisr_engine.hpp"
#include "solvers/routing/string_removal.hpp"

namespace tempera::routing {

namespace {

template <class Dist>
class Chain final : public SisrKernel::Engine {
 public:
  Chain(const model::RoutingInstance& instance, std::span<const std::int32_t> customers, const SisrSettings& settings)
      : problem_(instance, customers), settings_(settings), routes_(problem_.customers, problem_.place[0]), removal_(settings) {
    removed_.reserve(customers.size());
    from_route_.reserve(customers.size());
  }

  void load(std::span<const std::int32_t> flat_routes) override {
    routes_.clear();
    bool inside = false;
    for (const std::int32_t c : problem_.to_local(flat_routes)) {
      if (c > 0) append(inside ? routes_.count() - 1 : routes_.open(), c);
      inside = c > 0;
    }
    cost_ = 0;
    for (std::int32_t r = 0; r < routes_.count(); ++r) {
      const RouteArray<Dist>& route = routes_[r];
      const std::int64_t load = routes_.loads()[static_cast<std::size_t>(r)];
      TEMPERA_ASSERT(load <= problem_.capacity && route.length + problem_.service * route.size <= problem_.longest,
                     fmt::format("route {} carries {} of {} and is {} of {} long", r, load, problem_.capacity, route.length, problem_.longest));
      cost_ += route.length;
    }
    keep_best();
  }

  void run(std::uint64_t iterations, double temperature, core::RandomStream& random) override {
    for (std::uint64_t i = 0; i < iterations; ++i) iterate(temperature, random);
  }

  // Routes cost nothing by themselves here: there is no fleet to make smaller.
  void save_vehicles(std::uint64_t iterations, double temperature, core::RandomStream& random) override { run(iterations, temperature, random); }

  std::int64_t current_cost() const override { return cost_; }
  std::int64_t best_cost() const override { return best_cost_; }
  std::vector<std::int32_t> current() const override { return problem_.to_nodes(flat()); }
  std::vector<std::int32_t> best() const override { return problem_.to_nodes(best_); }

 private:
  void append(std::int32_t r, std::int32_t customer) {
    const std::int32_t at = routes_[r].size;
    insert(r, at, customer);
  }

  void insert(std::int32_t r, std::int32_t at, std::int32_t customer) {
    RouteArray<Dist>& route = routes_.touch(r);
    const auto k = static_cast<std::size_t>(at);
    route.insert(at, customer, problem_.place[static_cast<std::size_t>(customer)], problem_.distance(route.stops[k], customer), problem_.distance(customer, route.stops[k + 1]));
    routes_.add_load(r, problem_.demand[static_cast<std::size_t>(customer)]);
    routes_.assign(customer, r);
  }

  void iterate(double temperature, core::RandomStream& random) {
    routes_.begin();
    // Drawn first, so that recreate can give up as soon as the partial cost passes it (insertions never gain on metric data).
    const double accepted_below = static_cast<double>(cost_) - temperature * std::log(random.uniform());
    std::int64_t cost = cost_;
    ruin(cost, random);
    sort_removed(random);
    if (!recreate(cost, accepted_below, random)) {
      routes_.undo();
      for (std::size_t k = 0; k < removed_.size(); ++k) routes_.assign(removed_[k], from_route_[k]);
      removed_.clear();
      from_route_.clear();
      return;
    }
    routes_.commit();
    cost_ = cost;
    removed_.clear();
    from_route_.clear();
    if (cost_ < best_cost_) keep_best();
  }

  // ------------------------------------------------------------------------------------------------ ruin (section 5.1)

  void ruin(std::int64_t& cost, core::RandomStream& random) {
    removal_.ruin(problem_.customers, routes_.count(), random, [&](std::int32_t c) { return problem_.near(c); },
                  [&](std::int32_t c) { return remove_string(c, cost, random); });
  }

  // Removes a string around a customer unless its route was ruined already; 1 when it did.
  int remove_string(std::int32_t customer, std::int64_t& cost, core::RandomStream& random) {
    const std::int32_t r = routes_.route_of(customer);
    if (r < 0 || removal_.is_ruined(r)) return 0;
    RouteArray<Dist>& route = routes_.touch(r);
    const std::int32_t length = removal_.length(route.size, random);
    const auto position = static_cast<std::int32_t>(std::find(route.stops.data() + 1, route.stops.data() + route.size, customer) - route.stops.data());
    cost -= route.length;
    const auto [later, earlier] = removal_.windows(position, length, route.size, random);
    if (later.count > 0) remove_window(route, r, later.first, later.count);
    if (earlier.count > 0) remove_window(route, r, earlier.first, earlier.count);
    cost += route.length;
    removal_.note_ruined(r);
    return 1;
  }

  void remove_window(RouteArray<Dist>& route, std::int32_t r, std::int32_t first, std::int32_t count) {
    for (std::int32_t k = first; k < first + count; ++k) {
      const std::int32_t c = route.stops[static_cast<std::size_t>(k)];
      removed_.push_back(c);
      from_route_.push_back(r);
      routes_.add_load(r, -problem_.demand[static_cast<std::size_t>(c)]);
      routes_.assign(c, -1);
    }
    const std::int32_t before = route.stops[static_cast<std::size_t>(first - 1)], after = route.stops[static_cast<std::size_t>(first + count)];
    route.erase(first, count, problem_.distance(before, after));
  }

  // ------------------------------------------------------------------------------------------------ recreate (5.2)

  void sort_removed(core::RandomStream& random) {
    const std::uint32_t order = random.below(11);  // weights: random 4, demand 4, far 2, close 1
    sorted_.assign(removed_.begin(), removed_.end());
    if (order < 4) {
      shuffle(sorted_, random);
      return;
    }
    const Dist* depot = problem_.from(0);
    const auto key = [&](std::int32_t c) -> std::int64_t {
      if (order < 8) return -problem_.demand[static_cast<std::size_t>(c)];
      return order < 10 ? -std::int64_t{depot[c]} : std::int64_t{depot[c]};
    };
    sort_few(std::span(sorted_), key);
  }

  // False as soon as the cost cannot stay below `accepted_below`.
  bool recreate(std::int64_t& cost, double accepted_below, core::RandomStream& random) {
    for (const std::int32_t c : sorted_) {
      const double slack = accepted_below - static_cast<double>(cost);
      if (slack <= 0) return false;
      // A position must cost less than what is left; a new route stands for all others.
      const double largest = static_cast<double>(std::numeric_limits<Dist>::max() / 4);
      const auto bound = static_cast<Dist>(std::min(std::ceil(slack), largest));
      const InsertionQuery<Dist> query{.to = problem_.to(c), .from = problem_.from(c), .room_needed = problem_.demand[static_cast<std::size_t>(c)],
                                       .capacity = problem_.capacity, .longest = problem_.longest, .service = problem_.service, .blink = settings_.blink,
                                       .place = problem_.place[static_cast<std::size_t>(c)], .depot_distance = problem_.plane_distance(0, c),
                                       .plane_error = problem_.plane_error, .places_exact = problem_.places_exact, .table_error = problem_.table_error};
      const Insertion<Dist> best = scan_.cheapest(routes_, query, bound, random);
      const Dist alone = problem_.from(0)[c] + problem_.to(0)[c];
      if (best.route >= 0 && best.delta <= alone) {
        insert(best.route, best.at, c);
        cost += best.delta;
      } else if (alone < bound) {
        insert(routes_.open(), 0, c);
        cost += alone;
      } else {
        return false;
      }
    }
    return static_cast<double>(cost) < accepted_below;
  }

  std::vector<std::int32_t> flat() const {
    std::vector<std::int32_t> flat;
    for (std::int32_t r = 0; r < routes_.count(); ++r) {
      const auto customers = routes_[r].customers();
      flat.insert(flat.end(), customers.begin(), customers.end());
      flat.push_back(0);
    }
    return flat;
  }

  void keep_best() {
    best_cost_ = cost_;
    best_ = flat();
  }

  LocalProblem<Dist> problem_;
  SisrSettings settings_;
  RouteTable<Dist> routes_;
  InsertionScan<Dist> scan_;
  StringRemoval removal_;
  std::int64_t cost_ = 0;
  std::int64_t best_cost_ = 0;
  std::vector<std::int32_t> best_;        // flattened, local numbers
  std::vector<std::int32_t> removed_;     // in order of removal
  std::vector<std::int32_t> from_route_;  // where each came from
  std::vector<std::int32_t> sorted_;
};

}  // namespace

SisrSettings sisr_settings_for(const model::RoutingInstance& instance) {
  SisrSettings settings;
  if (instance.timetable && !instance.fleet) settings.mean_removed = 15, settings.longest_string = 20;
  return settings;
}

SisrKernel::SisrKernel(const model::RoutingInstance& instance, std::span<const std::int32_t> customers, const SisrSettings& settings) {
  TEMPERA_ASSERT(!customers.empty(), "a subproblem without customers");
  if (instance.fleet) {
    engine_ = make_fleet_engine(instance, customers, settings);
    return;
  }
  if (instance.timetable) {
    engine_ = make_timed_engine(instance, customers, settings);
    return;
  }
  // Three distances and the padding's marker must fit the arithmetic of the scan.
  if (distance_bound_of_part(instance, customers) < (std::int64_t{1} << 27)) engine_ = std::make_unique<Chain<std::int32_t>>(instance, customers, settings);
  else engine_ = std::make_unique<Chain<std::int64_t>>(instance, customers, settings);
}
SisrKernel::~SisrKernel() = default;
SisrKernel::SisrKernel(SisrKernel&&) noexcept = default;
SisrKernel& SisrKernel::operator=(SisrKernel&&) noexcept = default;

void SisrKernel::load(std::span<const std::int32_t> flat_routes, std::span<const std::int64_t> vehicles) {
  engine_->allow(vehicles);
  engine_->load(flat_routes);
}
void SisrKernel::run(std::uint64_t iterations, double temperature, core::RandomStream& random) { engine_->run(iterations, temperature, random); }
void SisrKernel::save_vehicles(std::uint64_t iterations, double temperature, core::RandomStream& random) { engine_->save_vehicles(iterations, temperature, random); }
core::Cost SisrKernel::current_cost() const { return core::Cost(engine_->current_cost()); }
core::Cost SisrKernel::best_cost() const { return core::Cost(engine_->best_cost()); }
std::vector<std::int32_t> SisrKernel::current() const { return engine_->current(); }
std::vector<std::int32_t> SisrKernel::best() const { return engine_->best(); }

}  // namespace tempera::routing
