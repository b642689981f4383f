// SISR: slack induction by string removals, the annealing chain on one set of routes.
// Source: Christiaens & Vanden Berghe, "Slack induction by string removals for vehicle routing problems", Transportation Science 2020.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "solvers/core/random.hpp"
#include "solvers/core/units.hpp"
#include "solvers/model/routing_instance.hpp"

namespace tempera::routing {

/// Names as in the paper: c-bar, L-max, alpha, 1 - beta, gamma.
struct SisrSettings {
  double mean_removed = 10;    ///< customers removed per iteration, on average
  int longest_string = 10;
  double split_rate = 0.5;     ///< share of strings that keep a block in their middle
  double block_growth = 0.99;  ///< probability that the kept block grows by one more (the paper's printed beta is 1 - this)
  double blink = 0.01;         ///< probability to overlook an improving position
};

/// What suits the instance: as above, longer strings with time windows (the paper's values for them).
SisrSettings sisr_settings_for(const model::RoutingInstance& instance);

/// One chain. All the work of an iteration is inside the customers' routes: the kernel copies what it needs of the instance.
class SisrKernel {
 public:
  /// @param customers  nodes of the instance, 1..n, no duplicates; the subproblem
  SisrKernel(const model::RoutingInstance& instance, std::span<const std::int32_t> customers, const SisrSettings& settings);
  ~SisrKernel();
  SisrKernel(SisrKernel&&) noexcept;
  SisrKernel& operator=(SisrKernel&&) noexcept;

  /// Sets the current and the best solution. @param flat_routes  routes over exactly the customers, in the form of model::flatten;
  /// with a fleet those left out as well.
  /// @param vehicles  with a fleet: how many of each type may drive, then how many in all; empty: as the instance says
  /// @throws LogicError when a customer is missing, foreign or twice, or a route breaks capacity, length or time.
  void load(std::span<const std::int32_t> flat_routes, std::span<const std::int64_t> vehicles = {});

  /// Iterations of ruin, recreate and acceptance at one temperature (scaled cost units). Deterministic in the stream.
  void run(std::uint64_t iterations, double temperature, core::RandomStream& random);

  /// The same, in search of fewer routes: a route is given up, its customers wait for places, and absence makes them weigh more,
  /// until all have one; then the next route goes. Ends with a solution that serves whom the best one served, whatever happened. Without a cost of routes as `run`.
  void save_vehicles(std::uint64_t iterations, double temperature, core::RandomStream& random);

  core::Cost current_cost() const;
  core::Cost best_cost() const;             ///< lowest since `load`
  std::vector<std::int32_t> current() const;  ///< flattened, nodes of the instance
  std::vector<std::int32_t> best() const;

  class Engine;  ///< the chain behind it, for 32- or 64-bit distances, with or without a timetable or a fleet

 private:
  std::unique_ptr<Engine> engine_;
};

}  // namespace tempera::routing
