// One annealing chain on one core, budget in CPU seconds:
//   sisr_bench FILE.vrp|FILE.txt SECONDS SEED [--vehicles 1] [--start T0 | --heat FACTOR] [--saving FACTOR] [--end T1] [--parts P] [--rounds R] [--cut WAY] [--growth G] [--removed C] [--string L] [--blink B] [--split A]
// A Solomon file is read in the DIMACS convention, with --vehicles 1 in the other one (fewest vehicles first).
// --cut is the way to cut for --parts: 0 as in a run, 1 barycentres, 2 sectors, 3 these in turn.
// --heat is the start temperature over the mean arc of the baseline; --saving the same while vehicles are saved, in the first fifth.
// prints: name, seed, CPU seconds, cost, gap to best known in %, iterations per CPU second.
#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <numeric>
#include <string>

#include "io/instances/best_known.hpp"
#include "io/instances/format.hpp"
#include "io/instances/solomon.hpp"
#include "io/instances/vrplib.hpp"
#include "partition/merge/route_merge.hpp"
#include "partition/split/route_clusters.hpp"
#include "solvers/baselines/routing_baseline.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/model/routing_referee.hpp"
#include "solvers/routing/sisr.hpp"
#include "solvers/tempering/cooling.hpp"

using namespace tempera;

namespace {
struct Run {
  const model::RoutingInstance& instance;
  double seconds;
  std::uint64_t seed;
  tempering::Cooling cooling;
  tempering::Cooling saving;
  routing::SisrSettings settings;
  std::uint64_t iterations = 0;
  double started = core::process_cpu_seconds();

  double share() const { return (core::process_cpu_seconds() - started) / seconds; }

  double fleet_share() const { return instance.route_cost.value > 0 ? 0.2 : 0; }

  // Anneals until a share of the budget is spent.
  void anneal(routing::SisrKernel& kernel, double until, core::RandomStream& random) {
    for (double now = share(); now < until; now = share()) {
      if (now < fleet_share()) kernel.save_vehicles(512, saving.at(now / fleet_share()), random);
      else kernel.run(512, cooling.at((now - fleet_share()) / (1 - fleet_share())), random);
      iterations += 512;
    }
  }
};

model::RoutingSolution whole(Run& run, const model::RoutingSolution& start) {
  std::vector<std::int32_t> customers(static_cast<std::size_t>(run.instance.customers()));
  std::iota(customers.begin(), customers.end(), 1);
  routing::SisrKernel kernel(run.instance, customers, run.settings);
  kernel.load(model::flatten(start));
  core::RandomStream random({.seed = run.seed, .domain = core::anneal_routes});
  run.anneal(kernel, 1, random);
  return model::unflatten(kernel.best());
}

std::vector<split::RouteCluster> clusters_of(Run& run, const model::RoutingSolution& current, std::size_t parts, int way, std::uint32_t round) {
  core::RandomStream random({.seed = run.seed, .domain = core::split_routes, .step = round});
  if (way == 0) return split::cluster_routes(run.instance, current, parts, random);
  return split::cluster_routes(run.instance, current, parts, random, static_cast<split::RouteCut>(way == 3 ? round % 2 : static_cast<std::uint32_t>(way - 1)));
}

// Rounds of parts, each annealed from its current solution; the best of the last rounds' merges.
model::RoutingSolution decomposed(Run& run, const model::RoutingSolution& start, std::size_t parts, std::uint32_t rounds, int way) {
  model::RoutingSolution current = start, best = start;
  core::Cost best_cost = model::judge(run.instance, start).cost;
  for (std::uint32_t round = 0; round < rounds; ++round) {
    const auto clusters = clusters_of(run, current, parts, way, round);
    std::vector<std::vector<std::int32_t>> flat, flat_best;
    for (std::size_t p = 0; p < clusters.size(); ++p) {
      model::RoutingSolution part;
      std::vector<std::int32_t> customers;
      for (const std::int32_t r : clusters[p].routes) part.routes.push_back(current.routes[static_cast<std::size_t>(r)]);
      for (const model::Route& route : part.routes) customers.insert(customers.end(), route.begin(), route.end());
      routing::SisrKernel kernel(run.instance, customers, run.settings);
      kernel.load(model::flatten(part));
      core::RandomStream stream({.seed = run.seed, .domain = core::anneal_routes, .part = static_cast<std::uint32_t>(p), .step = round});
      run.anneal(kernel, (round + static_cast<double>(p + 1) / static_cast<double>(clusters.size())) / rounds, stream);
      flat.push_back(kernel.current());
      flat_best.push_back(kernel.best());
    }
    current = merge::join(flat);
    const model::RoutingSolution candidate = merge::join(flat_best);
    if (const core::Cost cost = model::judge(run.instance, candidate).cost; cost < best_cost) best = candidate, best_cost = cost;
  }
  return best;
}
}  // namespace

namespace {
model::RoutingInstance read(const char* file, bool vehicles) {
  if (instances::recognise_file(file) != instances::FileFormat::solomon) return instances::read_vrplib(file);
  return instances::read_solomon(file, {.objective = vehicles ? model::Objective::vehicles : model::Objective::distance});
}

// Of distance alone: gaps in vehicles show in the number of routes.
double gap(const char* file, const model::RoutingInstance& instance, const model::RoutingVerdict& verdict) {
  const double distance = static_cast<double>(verdict.distance.value) / static_cast<double>(model::units_per_distance(instance.rounding));
  std::optional<double> known;
  if (!instance.timetable) {
    if (const auto found = instances::best_known(file)) known = found->cost;
  } else {
    const bool vehicles = instance.route_cost.value > 0;
    if (const auto found = instances::best_known_routes(file, vehicles ? "veh_hier" : "veh_DIMACS", vehicles ? "BKS_hier_double" : "BKS_dist_DIMACS_trunc1dec")) {
      known = found->distance;
      if (vehicles) fmt::print("best known {} vehicles; ", found->vehicles);
    }
  }
  return known ? 100 * (distance / *known - 1) : 0;
}
}  // namespace

int main(int count, char** values) {
  if (count < 4) {
    fmt::print(stderr, "usage: sisr_bench FILE.vrp SECONDS SEED [--start T0 | --heat FACTOR] [--saving FACTOR] [--end T1] [--parts P] [--rounds R] [--cut WAY] [--growth G] [--removed C] [--string L] [--blink B] [--split A]\n");
    return 2;
  }
  std::map<std::string, double> options;
  for (int k = 4; k + 1 < count; k += 2) options[values[k]] = std::atof(values[k + 1]);
  const auto option = [&](const char* name, double otherwise) { return options.contains(name) ? options[name] : otherwise; };

  const model::RoutingInstance instance = read(values[1], option("--vehicles", 0) > 0);
  const model::RoutingSolution start = baselines::routing_baseline(instance, {}).solution;
  const double mean_arc = static_cast<double>(model::judge(instance, start).distance.value) / static_cast<double>(instance.customers() + std::ssize(start.routes));
  Run run{.instance = instance, .seconds = std::atof(values[2]), .seed = std::strtoull(values[3], nullptr, 10), .cooling = {}, .saving = {}, .settings = routing::sisr_settings_for(instance)};
  const double start_temperature = option("--start", mean_arc * option("--heat", 0.6));
  run.cooling = {start_temperature, option("--end", start_temperature / 100)};
  run.saving = {mean_arc * option("--saving", 1.5), mean_arc * option("--saving", 1.5) / 5};
  run.settings.block_growth = option("--growth", run.settings.block_growth);
  run.settings.longest_string = static_cast<int>(option("--string", run.settings.longest_string));
  run.settings.blink = option("--blink", run.settings.blink);
  run.settings.split_rate = option("--split", run.settings.split_rate);
  run.settings.mean_removed = option("--removed", run.settings.mean_removed);
  const auto parts = static_cast<std::size_t>(option("--parts", 1));
  const model::RoutingSolution best = parts > 1 ? decomposed(run, start, parts, static_cast<std::uint32_t>(option("--rounds", 100)), static_cast<int>(option("--cut", 0))) : whole(run, start);

  const model::RoutingVerdict verdict = model::judge(instance, best);
  const double cpu = core::process_cpu_seconds() - run.started;
  const double from_best = gap(values[1], instance, verdict);
  fmt::print("{} seed {} T {:.1f}..{:.2f} parts {} cpu {:.1f} cost {} {} routes {} gap {:.3f} it/s {:.0f}\n", instance.name, run.seed, run.cooling.start, run.cooling.end,
             parts, cpu, verdict.distance.value, verdict.feasible ? "feasible" : "INFEASIBLE", verdict.routes, from_best, static_cast<double>(run.iterations) / cpu);
  return verdict.feasible ? 0 : 1;
}
