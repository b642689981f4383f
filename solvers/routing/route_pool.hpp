// The routes that good solutions used, from all ranks: what set partitioning and other recombinations choose from.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "solvers/model/distances.hpp"
#include "solvers/model/routing_instance.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::routing {

/// At most one route per set of customers: the cheapest order seen. Sets are told apart by a 64-bit hash that does not
/// depend on the order (a collision, once in 10^19 pairs, would lose one route). Bounded in stops; when full, the routes
/// not seen for longest go first: the chain cools, so what was seen last was seen in the best solutions.
/// The content follows from the sequence of calls alone.
class RoutePool {
 public:
  /// @param most_stops  customers in all pooled routes together. `instance` must outlive the pool.
  RoutePool(const model::RoutingInstance& instance, std::size_t most_stops);

  /// Prices the routes (each closed by 0) and takes those that are new or cheaper. Routes that break capacity, length or time,
  /// or name no customer of the instance, are passed over.
  void add(std::span<const std::int32_t> flat_routes, std::uint32_t round);

  std::size_t size() const { return routes_.size(); }
  std::size_t stops() const { return stops_; }

  /// All routes, seen last first; equally old ones in a fixed order.
  std::vector<model::PooledRoute> routes() const;
  /// The same, each closed by 0.
  std::vector<std::int32_t> flat() const;
  void restore(std::span<const model::PooledRoute> routes);

 private:
  using Entry = std::pair<std::uint64_t, const model::PooledRoute*>;
  void add_one(std::span<const std::int32_t> route, std::uint32_t round);
  std::vector<Entry> newest_first() const;
  void drop_oldest();

  const model::RoutingInstance& instance_;
  model::Distances distances_;
  std::size_t most_stops_;
  std::size_t stops_ = 0;
  std::unordered_map<std::uint64_t, model::PooledRoute> routes_;
};

/// The same for every order of the customers.
std::uint64_t hash_of_set(std::span<const std::int32_t> customers);

/// About forty solutions' worth, at most a million stops.
std::size_t pool_stops_for(int customers);

}  // namespace tempera::routing
