// A supply network in which safety stock is placed under guaranteed service: raw data, no derived tables.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tempera::model {

/// One stage (an item at a site). Times in days, quantities in units of the stage's item. Demand may enter anywhere and must
/// enter at every sink (a stage that supplies no other).
struct PlacementStage {
  std::string name;
  double lead_time = 0;                  ///< mean processing time; >= 0, may be fractional
  double lead_time_deviation = 0;        ///< standard deviation; planned with PlacementNetwork::lead_time_factor of it on top
  double holding_cost = 0;               ///< money per unit of safety stock over the costed period; >= 0
  double supplier_time = 0;              ///< quoted by an outside supplier: the inbound service time is at least this
  double demand_mean = 0;                ///< own outside demand, units / day
  double demand_deviation = 0;           ///< of own outside demand, units / sqrt(day)
  std::optional<double> service_level;   ///< of own outside demand, above 0 and below 1
  std::optional<double> service_limit;   ///< longest service time promised to customers; every sink has one
  std::optional<double> capacity;        ///< units / day; above the pooled mean demand
  std::optional<double> bound;           ///< z * sigma already pooled, units / sqrt(day); stands for deviation and service level
  std::int32_t site = -1;                ///< index into PlacementNetwork::sites; -1: its room is not counted
  double volume = 0;                     ///< room that one unit of its base stock takes at the site; >= 0
};

/// A place that several stages share. Their base stocks, by volume, never need more than its storage.
struct PlacementSite {
  std::string name;
  double storage = 0;                    ///< in the unit of the stages' volume; >= 0
};

struct PlacementArc {
  std::int32_t from = 0;
  std::int32_t to = 0;
  double quantity = 1;                   ///< units of `from` in one unit of `to`; > 0
};

/// An acyclic network. Whoever makes one calls `validate` before handing it on.
struct PlacementNetwork {
  std::string name;
  std::vector<PlacementStage> stages;
  std::vector<PlacementArc> arcs;        ///< parallel arcs add their quantities
  std::vector<PlacementSite> sites;      ///< those with limited storage
  double pooling_exponent = 2;           ///< p in sigma_i = (own^p + sum_j (phi_ij sigma_j)^p)^(1/p); 2 = independent, 1 = fully correlated
  double lead_time_factor = 0;           ///< k: stages are planned with lead_time + k * lead_time_deviation

  int size() const { return static_cast<int>(stages.size()); }
  double planned_lead_time(int stage) const {
    const PlacementStage& s = stages[static_cast<std::size_t>(stage)];
    return s.lead_time + lead_time_factor * s.lead_time_deviation;
  }
};

/// Throws UserError for the first inconsistency, naming stage or arc, the value seen and what to do: sizes, an arc to an
/// unknown stage or to itself, a cycle, times below 0, a service level outside (0, 1), a sink without demand or without a
/// service limit, negative or non-finite numbers, capacity not above mean demand, an unknown site. `source` opens the message.
void validate(const PlacementNetwork& network, std::string_view source);

/// Stages in an order in which every arc leads forward; of several the one with small numbers first. Nothing for a cycle.
std::optional<std::vector<std::int32_t>> topological_order(const PlacementNetwork& network);

/// Demand seen by each stage: its own and that of everything it supplies.
struct PooledDemand {
  std::vector<double> mean;    ///< units / day
  std::vector<double> bound;   ///< z * sigma, units / sqrt(day): z belongs to the highest service level downstream
};

/// The network must be acyclic. A stage with `bound` keeps it; above such stages only `bound` may be used.
PooledDemand pool_demand(const PlacementNetwork& network);

/// z with P(standard normal <= z) = level, 0 < level < 1, to 1e-14 relative.
double normal_quantile(double level);

/// A decision: service times of every stage, days.
struct PlacementPlan {
  std::vector<double> outbound;  ///< S_i: what the stage promises to those it supplies
  std::vector<double> inbound;   ///< SI_i: when everything it needs has arrived
};

}  // namespace tempera::model
