// Instances made from a seed: the scheme of the CVRPLIB X set, and a parcel carrier in peak season.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "solvers/model/rebalancing_problem.hpp"
#include "solvers/model/routing_instance.hpp"

namespace tempera::instances {

enum class DepotPosition : std::uint8_t {
  random,
  centric,   ///< (500, 500)
  cornered,  ///< (0, 0)
};

enum class CustomerPosition : std::uint8_t {
  random,
  clustered,         ///< around seeds, which are customers themselves
  random_clustered,  ///< half of the customers clustered, half random
};

enum class DemandKind : std::uint8_t {
  unitary,
  from_1_to_10,
  from_5_to_10,
  from_1_to_100,
  from_50_to_100,
  quadrant,              ///< 51-100 in the upper right and lower left quadrant, 1-50 in the other two
  many_small_few_large,  ///< a share of 1.5 / route size, within 5 to 30 %, is 50-100, the others 1-10
};

/// Names for the command line, in the order of the enumerators: "centric", "random-clustered", "50-100", ...
std::span<const std::string_view> depot_position_names();
std::span<const std::string_view> customer_position_names();
std::span<const std::string_view> demand_kind_names();
std::optional<DepotPosition> depot_position_from_name(std::string_view name);
std::optional<CustomerPosition> customer_position_from_name(std::string_view name);
std::optional<DemandKind> demand_kind_from_name(std::string_view name);

constexpr int most_generated_customers = 100'000;

struct UchoaOptions {
  int customers = 100;          ///< 1 to most_generated_customers
  DepotPosition depot = DepotPosition::random;
  CustomerPosition positions = CustomerPosition::random;
  int seeds = 0;                ///< cluster seeds, 0 = drawn from 3 to 8
  DemandKind demand = DemandKind::from_1_to_100;
  double route_size = 0;        ///< r, wanted customers per route; 0 = drawn from the triangular distribution (3, 6, 25)
  std::uint64_t seed = 1;
};

/// Distinct whole points on the grid [0, 1000]^2; capacity ceil(r * total demand / n), at least the largest demand; named
/// X-n<nodes>-k<fewest vehicles by load>. Depot, positions and demands come from streams of their own: changing one
/// option leaves the others' draws as they were.
///
/// A point is accepted for a cluster with probability min(1, sum over seeds of exp(-distance / decay)), decay 40 as
/// published. Where that gives the seeds room (2 pi decay^2 points each) for less than twice the clustered customers (from
/// about 5,000 customers per seed on), decay grows with the square root of the customers until it does: published sizes
/// (n <= 1,000) are untouched, and 100,000 customers stay quick and clustered.
/// @throws UserError naming the option outside its range
/// Source: Uchoa, Pecin, Pessoa, Poggi, Vidal, Subramanian, "New benchmark instances for the capacitated vehicle routing
/// problem", EJOR 257 (2017), section 3.
model::RoutingInstance generate_uchoa(const UchoaOptions& options);

struct PeakSeasonOptions {
  int customers = 400;  ///< 1 to most_generated_customers
  int towns = 6;        ///< 1 to 50
  std::uint64_t seed = 1;
};

/// A parcel carrier before the holidays: stops around town centres of falling size (the k-th town has a share ~ 1/k, a
/// twelfth of the stops lie in the country between), a depot at the edge of the region, most stops with 1 to 3 parcels, one
/// in seven a shop with 4 to 12, one in twenty a business with 15 to 60; vans take 180 parcels. Coordinates are whole
/// tens of metres in a square of 50 km; two stops may share an address.
/// @throws UserError naming the option outside its range
model::RoutingInstance generate_peak_season(const PeakSeasonOptions& options);

struct RebalancingOptions {
  int skus = 20;  ///< 1 to 100,000
  int dcs = 5;    ///< regional sites, 1 to 200
  int days = 14;  ///< 2 to 366
  std::uint64_t seed = 1;
};

/// Stock before a peak, two echelons: a supplier with limited output, a central site, regional sites of falling size around it and
/// lanes between neighbours. Demand has weekdays, a peak at two thirds of the days, promotions of single SKUs, and three scenarios in
/// which all SKUs move together and each has its own luck. Stock covers very unequal numbers of days; pallets take about 1.4 m3;
/// vehicles fit the lanes' mean volume; output, handling, trucks and storage bind at the peak. Money is whole cents or finer.
/// @throws UserError naming the option outside its range
model::RebalancingProblem generate_rebalancing(const RebalancingOptions& options);

}  // namespace tempera::instances
