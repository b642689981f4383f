#include "solvers/routing/plan.hpp"

#include <algorithm>
#include <cmath>

#include "solvers/model/time_windows.hpp"

namespace tempera::routing {

namespace {
constexpr int whole_below = 1500;       // customers: one rank anneals these whole
constexpr int part_customers = 300;     // of a large instance
constexpr double part_routes = 18;      // at least: fewer leave nowhere to go (figures in README.md)
constexpr double fleet_part_routes = 12, timed_part_routes = 5;  // the same where the scan has no short cut
constexpr double full_part_routes = 12;  // and there, where vehicles come first and are full
constexpr double vehicles_first_heat = 5;  // the start's with windows, over that of shortest distance
constexpr int timed_whole_below = 500;  // with time windows: the scan has no short cut, so that an iteration costs what its part is long
constexpr double largest_part = 3000;   // customers: its table of distances takes 36 MB
constexpr int smallest_part = 250;      // customers: below, a part loses more by its borders than a rank gains
constexpr double replica_iterations = 20'000;  // per customer: with fewer a replica of a ladder cools too fast
constexpr std::uint32_t most_replicas = 8;
constexpr double fleet_share = 0.2;  // twice the paper's: no distance outweighs a vehicle (figures in README.md)
constexpr double longest_fleet_task = 10;  // seconds: what a lost rank may lose
constexpr double recombining_share = 0.01, least_recombining_seconds = 0.1, most_recombining_seconds = 2;

std::uint32_t divide_up(std::uint64_t a, std::uint64_t b) { return static_cast<std::uint32_t>((a + b - 1) / b); }

// The most parts that share the ranks out evenly, so that none idles: replicas take the rest.
std::uint32_t largest_divisor(std::uint32_t ranks, std::uint32_t most) {
  std::uint32_t divisor = std::min(ranks, most);
  while (ranks % divisor != 0) --divisor;
  return divisor;
}

// Below, one rank anneals an instance whole.
int whole_customers(const model::RoutingInstance& instance) { return instance.timetable || instance.fleet ? timed_whole_below : whole_below; }

// What a plan can go by before there is a solution.
double customers_of_full_vehicle(const model::RoutingInstance& instance) {
  double demand = 0, room = static_cast<double>(instance.capacity.value), vehicles = 1;
  for (const model::Load d : instance.demand) demand += static_cast<double>(d.value);
  if (instance.fleet) {
    room = vehicles = 0;
    for (const model::VehicleType& type : instance.fleet->types) {
      room += static_cast<double>(type.count) * static_cast<double>(type.capacity.value);
      vehicles += static_cast<double>(type.count);
    }
  }
  const double customers = instance.customers();
  return demand > 0 && vehicles > 0 ? std::clamp(customers * room / vehicles / demand, 1.0, customers) : customers;
}

// How much larger parts must be than they are for short routes.
double part_scale(const model::RoutingInstance& instance, double route_customers) {
  const double timed = instance.route_cost.value > 0 ? full_part_routes : timed_part_routes;
  const double routes = instance.fleet ? fleet_part_routes : instance.timetable ? timed : part_routes;
  return std::clamp(routes * route_customers / part_customers, 1.0, largest_part / part_customers);
}

// The most parts that are worth cutting, and those of a large instance on few ranks; at least one.
struct PartCounts {
  std::uint32_t most = 1;
  std::uint32_t usual = 1;
};
PartCounts part_counts(const model::RoutingInstance& instance, double route_customers) {
  const double unit = part_scale(instance, route_customers), n = instance.customers();
  return {static_cast<std::uint32_t>(std::max(1.0, std::floor(n / (smallest_part * unit)))), static_cast<std::uint32_t>(std::max(1.0, std::ceil(n / (part_customers * unit))))};
}

std::uint32_t parts_for(const model::RoutingInstance& instance, PartCounts counts, std::uint32_t ranks) {
  if (instance.customers() < whole_customers(instance) || ranks >= counts.most) return largest_divisor(ranks, counts.most);
  return divide_up(counts.usual, ranks) * ranks;
}

// Room behind the last task: merging, pricing, writing the results, and the launcher's own end.
double closing_seconds(const model::RoutingInstance& instance, double limit) {
  return 0.05 + std::min(0.1, 0.01 * limit) + 1.0e-5 * instance.customers();
}

void plan_time(const model::RoutingInstance& instance, const PlanRequest& request, RoutingPlan& plan) {
  plan.annealing_ends = *request.limit.seconds - closing_seconds(instance, *request.limit.seconds);
  double available = std::max(0.0, plan.annealing_ends - request.now);
  plan.recombining_seconds = std::min(most_recombining_seconds, recombining_share * available);
  plan.recombines = !instance.fleet && request.campaigns_per_rank == 1 && instance.customers() < whole_below && plan.recombining_seconds >= least_recombining_seconds;
  if (!plan.recombines) plan.recombining_seconds = 0;
  available -= plan.recombining_seconds;
  const std::uint32_t waves = divide_up(std::uint64_t{plan.replicas} * plan.parts, static_cast<std::uint64_t>(request.ranks));
  // About 100 rounds, so that borders move often, but no task shorter than what setting it up is worth,
  // and none longer than a second, so that an improvement is known within one.
  plan.task_seconds = std::clamp(available / (100.0 * waves), 0.05, 0.8);
  plan.round_seconds = plan.task_seconds * waves;
  const std::uint32_t fleet_waves = divide_up(std::uint64_t{plan.replicas} * plan.fleet_parts, static_cast<std::uint64_t>(request.ranks));
  const double turns = static_cast<double>(fleet_waves) * request.campaigns_per_rank, phase = plan.fleet_share * available / turns;  // of a task's place
  plan.fleet_task_seconds = std::max(plan.task_seconds, phase / std::max(1.0, std::ceil(phase / longest_fleet_task)));
  plan.fleet_round_seconds = plan.fleet_task_seconds * turns;
}

void plan_iterations(const PlanRequest& request, RoutingPlan& plan) {
  constexpr std::uint64_t task_iterations = 20'000;
  plan.iterations = *request.limit.iterations;
  const std::uint64_t fewest = plan.fleet_share > 0 ? 5 : 1;  // one of them saves vehicles
  plan.rounds = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(plan.iterations / (task_iterations * plan.parts * plan.replicas), fewest, 100'000));
}

// Of all ranks; the rate is a fair one for a core of a few years ago, and only sets a temperature.
double timed_iterations(const PlanRequest& request, double ends) {
  constexpr double iterations_per_second = 400'000;
  return std::max(0.0, ends - request.now) * iterations_per_second * request.ranks / request.campaigns_per_rank;
}
double expected_iterations(const PlanRequest& request, const RoutingPlan& plan) {
  return plan.is_timed() ? timed_iterations(request, plan.annealing_ends) : static_cast<double>(plan.iterations);
}

// A ladder as long as the time feeds, in whole multiples of the ranks where it outnumbers them.
std::uint32_t ladder_for(const model::RoutingInstance& instance, const PlanRequest& request, std::uint32_t ranks) {
  if (instance.customers() >= whole_customers(instance)) return 1;
  const double fed = timed_iterations(request, *request.limit.seconds) / instance.customers() / replica_iterations;
  const auto replicas = static_cast<std::uint32_t>(std::clamp(fed, 1.0, double{most_replicas}));
  return replicas > ranks ? replicas / ranks * ranks : replicas;
}
}  // namespace

tempering::Cooling cooling_for(double mean_arc, double route_customers, double iterations_per_customer) {
  const double scarcity = std::pow(std::clamp(iterations_per_customer / 1000, 1e-3, 1.0), 1.5);
  const double unit = std::max(1e-4, mean_arc * scarcity);
  return {0.6 * unit * std::max(1.0, (route_customers + 1) / 20 - 1), 0.006 * unit};
}

RoutingPlan make_plan(const model::RoutingInstance& instance, const PlanRequest& request) {
  RoutingPlan plan;
  plan.seed = request.seed;
  if (instance.route_cost.value > 0) plan.fleet_share = fleet_share;
  const auto ranks = static_cast<std::uint32_t>(std::max(1, request.ranks));
  const double route_customers = request.route_customers > 0 ? request.route_customers : customers_of_full_vehicle(instance);
  const PartCounts counts = part_counts(instance, route_customers);
  if (request.limit.iterations) {
    plan.parts = counts.most;
    plan.replicas = std::max(1u, request.replicas);
    plan.fleet_parts = instance.customers() < whole_below ? 1 : plan.parts;
    plan_iterations(request, plan);
  } else {
    const std::uint32_t ladder = request.replicas > 0 ? request.replicas : ladder_for(instance, request, ranks);
    plan.parts = parts_for(instance, counts, divide_up(ranks, ladder));
    plan.replicas = request.replicas > 0 ? request.replicas : std::max(ladder, ranks / plan.parts);
    plan.fleet_parts = instance.customers() < whole_below ? largest_divisor(ranks, plan.parts) : plan.parts;
    plan_time(instance, request, plan);
  }
  // Insertion packs routes with windows fuller than those of the answer (R2_10_1: 52 and 30 customers).
  const double settled = instance.timetable && !instance.fleet ? std::max(0.0, route_customers - 20) : route_customers;
  plan.cooling = cooling_for(request.mean_arc, settled, expected_iterations(request, plan) / instance.customers() / plan.replicas);
  if (plan.fleet_share > 0 && instance.timetable && model::windows_in(*instance.timetable) > 0) {
    plan.cooling.start *= vehicles_first_heat;
    plan.saving = {0.5, 0.1};
  }
  return plan;
}

}  // namespace tempera::routing
