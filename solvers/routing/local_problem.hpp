// A subproblem renumbered for the cache: its customers in Hilbert order as 1..m, the depot as 0, further depots of a fleet behind
// the customers, distances in one flat table.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "solvers/model/routing_instance.hpp"
#include "solvers/routing/route_arrays.hpp"

namespace tempera::routing {

template <class Dist>
struct LocalProblem {
  LocalProblem(const model::RoutingInstance& instance, std::span<const std::int32_t> customers);

  std::int32_t customers = 0;
  std::size_t stride = 0;                 ///< m + number of depots
  std::vector<Dist> outward;              ///< outward[i * stride + j] = d(i, j)
  std::vector<Dist> inward;               ///< inward[i * stride + j] = d(j, i); empty when symmetric
  std::vector<std::int64_t> demand;
  std::vector<std::int32_t> node;         ///< local number -> node of the instance
  std::vector<std::int32_t> neighbours;   ///< per customer `per_node` nearest, nearest first
  std::int32_t per_node = 0;
  std::int64_t capacity = 0;
  std::int64_t service = 0;
  std::vector<Place> place;               ///< per local number; zeros when the plane says nothing of distances
  std::optional<float> plane_error;       ///< |d(i,j) + d(j,k) - (same from places)| is below this; nothing: not in the plane
  bool places_exact = false;              ///< plane_distance is d itself, so that the table, spread over the outer caches, is not needed
  float table_error = 0;                  ///< the same for single-precision sums of the table's distances
  std::int64_t longest = 0;               ///< a huge number when routes are not limited

  const Dist* from(std::int32_t i) const { return outward.data() + static_cast<std::size_t>(i) * stride; }
  const Dist* to(std::int32_t i) const { return (inward.empty() ? outward.data() : inward.data()) + static_cast<std::size_t>(i) * stride; }
  Dist distance(std::int32_t i, std::int32_t j) const { return places_exact ? static_cast<Dist>(plane_distance(i, j)) : from(i)[j]; }
  /// From places; rounded to the nearest whole number where they are exact.
  float plane_distance(std::int32_t i, std::int32_t j) const {
    const Place a = place[static_cast<std::size_t>(i)], b = place[static_cast<std::size_t>(j)];
    const float way = std::sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
    return places_exact ? static_cast<float>(static_cast<std::int32_t>(way + 0.5F)) : way;
  }
  /// Flattened routes (model::flatten; marks, which are 0 or below, stay) from nodes of the instance to local numbers.
  /// @throws LogicError when a customer is missing, foreign or visited twice
  std::vector<std::int32_t> to_local(std::span<const std::int32_t> flat) const;
  std::vector<std::int32_t> to_nodes(std::vector<std::int32_t> local_flat) const;  ///< and back

  std::span<const std::int32_t> near(std::int32_t i) const {
    return {neighbours.data() + static_cast<std::size_t>(i - 1) * static_cast<std::size_t>(per_node), static_cast<std::size_t>(per_node)};
  }
};

/// The longest way between the places of a part, depots included, scaled: an upper bound. A given matrix is not looked at beyond them.
std::int64_t distance_bound_of_part(const model::RoutingInstance& instance, std::span<const std::int32_t> customers);

extern template struct LocalProblem<std::int32_t>;
extern template struct LocalProblem<std::int64_t>;

}  // namespace tempera::routing
