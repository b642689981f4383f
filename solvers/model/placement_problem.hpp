// The solvers' view of a placement network: neighbours, limits on every service time, cost functions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "solvers/model/placement_network.hpp"
#include "solvers/model/stage_cost.hpp"

namespace tempera::model {

/// Compressed rows: the arcs at each stage.
class ArcLists {
 public:
  struct Entry {
    std::int32_t stage = 0;  ///< the other end
    std::int32_t arc = 0;    ///< index into PlacementProblem::arcs
  };
  ArcLists() = default;
  /// @param key  the stage of each entry, any order
  ArcLists(std::size_t stages, std::span<const std::int32_t> key, std::span<const std::int32_t> other);
  std::span<const Entry> of(std::size_t stage) const {
    return {entries_.data() + first_[stage], static_cast<std::size_t>(first_[stage + 1] - first_[stage])};
  }

 private:
  std::vector<std::int32_t> first_{0};
  std::vector<Entry> entries_;
};

/// Where a service time may lie, days. Every optimal plan fits.
struct TimeLimits {
  double outbound_most = 0;   ///< min(service limit, longest replenishment); outbound starts at 0
  double inbound_least = 0;   ///< the outside supplier's time
  double inbound_most = 0;    ///< when all suppliers promise their longest
};

/// Stages that share a site's storage.
struct SharedStorage {
  double storage = 0;
  std::vector<std::int32_t> stages;
};

struct PlacementProblem {
  struct Arc {
    std::int32_t from = 0;
    std::int32_t to = 0;
  };
  std::vector<Arc> arcs;                ///< of the network, parallel ones once
  ArcLists suppliers;                   ///< arcs into each stage
  ArcLists customers;                   ///< arcs out of each stage
  std::vector<std::int32_t> order;      ///< topological
  std::vector<std::int32_t> position;   ///< of each stage in `order`
  std::vector<double> lead_time;        ///< planned, days
  std::vector<TimeLimits> limits;
  std::vector<StageCost> cost;
  std::vector<SharedStorage> sites;     ///< as in the network
  std::vector<std::int32_t> site;       ///< of each stage; -1: none
  std::vector<double> volume;           ///< per unit of base stock; 0 without a site

  std::size_t size() const { return lead_time.size(); }
  double longest_replenishment(std::size_t i) const { return limits[i].inbound_most + lead_time[i]; }
};

/// The network must be valid.
PlacementProblem compile(const PlacementNetwork& network);

/// The cheapest plan with outbound times no longer than these: each is cut to what the stage can promise, inbound times
/// follow. Sinks promise as long as they may, since nobody else gains from a shorter time. Always feasible.
PlacementPlan repaired(const PlacementProblem& problem, std::span<const double> outbound);

/// Sum of the stages' costs, by the solvers' own functions.
double plan_cost(const PlacementProblem& problem, const PlacementPlan& plan);

/// What each site stores under `plan`, by volume.
std::vector<double> stored(const PlacementProblem& problem, const PlacementPlan& plan);
/// What a store holds above its limit; 0 within rounding of it (1e-9 of the limit).
inline double excess(double stored, double limit) { return stored > limit * (1 + 1e-9) + 1e-12 ? stored - limit : 0.0; }
/// Sum over the sites of what is stored in excess times the site's price.
/// @param site_price  money per volume, one per site
double storage_penalty(const PlacementProblem& problem, const PlacementPlan& plan, std::span<const double> site_price);

}  // namespace tempera::model
