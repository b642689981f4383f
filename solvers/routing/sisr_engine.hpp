// The chain behind a SisrKernel: one per kind of instance, chosen when the kernel is made.
#pragma once

#include <memory>

#include "solvers/routing/sisr.hpp"

namespace tempera::routing {

/// What SisrKernel promises, for one kind of distances and constraints.
class SisrKernel::Engine {
 public:
  virtual ~Engine() = default;
  virtual void allow(std::span<const std::int64_t> /*vehicles*/) {}
  virtual void load(std::span<const std::int32_t> flat_routes) = 0;
  virtual void run(std::uint64_t iterations, double temperature, core::RandomStream& random) = 0;
  virtual void save_vehicles(std::uint64_t iterations, double temperature, core::RandomStream& random) = 0;
  virtual std::int64_t current_cost() const = 0;
  virtual std::int64_t best_cost() const = 0;
  virtual std::vector<std::int32_t> current() const = 0;
  virtual std::vector<std::int32_t> best() const = 0;
};

/// The chain for instances with a timetable.
std::unique_ptr<SisrKernel::Engine> make_timed_engine(const model::RoutingInstance& instance, std::span<const std::int32_t> customers,
                                                      const SisrSettings& settings);

/// The chain for instances with a fleet.
std::unique_ptr<SisrKernel::Engine> make_fleet_engine(const model::RoutingInstance& instance, std::span<const std::int32_t> customers,
                                                      const SisrSettings& settings);

}  // namespace tempera::routing
