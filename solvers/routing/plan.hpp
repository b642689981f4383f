// How one routing run uses its ranks: replicas, parts, rounds, cooling. Decided once, on the master.
#pragma once

#include <cstdint>

#include "solvers/core/budget.hpp"
#include "solvers/model/routing_instance.hpp"
#include "solvers/tempering/cooling.hpp"

namespace tempera::routing {

struct RoutingPlan {
  std::uint64_t seed = 0;
  std::uint32_t replicas = 1;        ///< whole solutions on the ladder
  std::uint32_t parts = 1;           ///< subproblems per replica and round
  std::uint32_t fleet_parts = 1;     ///< of them while vehicles are saved: few, because spare room anywhere can save one
  tempering::Cooling cooling;        ///< of the coldest rung, scaled cost units; behind the saving of vehicles
  tempering::Cooling saving{1, 0.6}; ///< while vehicles are saved, of all rungs, over cooling.start: never scaled, so that a resumed run has it, too
  double ladder_ratio = 1.1;         ///< first temperature ratio of neighbouring rungs
  bool recombines = false;           ///< one more round at the end, in which set partitioning looks over the pooled routes
  double fleet_share = 0;            ///< share of the budget, at its start, spent on fewer routes
  // Counted in iterations: these, and replicas and parts, follow from the job alone, never from the ranks.
  std::uint64_t iterations = 0;      ///< of the whole run; 0 when timed
  std::uint32_t rounds = 0;          ///< of annealing
  // Timed
  double annealing_ends = 0;         ///< seconds of the job at which the last task must be back
  double recombining_seconds = 0;    ///< of that time, kept back for set partitioning
  double task_seconds = 0;           ///< of one task; ceil(replicas * parts / ranks) tasks of a round follow each other on a rank
  double round_seconds = 0;          ///< wall time of a full round
  double fleet_task_seconds = 0;     ///< of a task that saves vehicles: as long as the phase, at most ten, since each begins its search anew
  double fleet_round_seconds = 0;    ///< of a round of these, with those of other campaigns on the rank

  bool is_timed() const { return iterations == 0; }
};

/// Cooling that fits a chain of so many iterations per customer.
/// Starts at 0.6 mean arcs (0.5 and 1 were the best of 0.25, 0.5, 1, 2 on the X set, from 2 to 20 CPU-s), hotter where routes
/// have more than 40 arcs (2.4 mean arcs at 100), since which of them a customer belongs to is settled at the scale of routes (figures in README.md); colder below
/// 1,000 iterations per customer, where a hot start only undoes the baseline (best of three: 0.4 arcs at 700 iterations per
/// customer, Flanders1; 0.02 or less at 120, 100,000 customers). Ends at 0.006 mean arcs, or what is left of them.
/// @param mean_arc  of a good solution, scaled cost units  @param route_customers  of its routes, on average
tempering::Cooling cooling_for(double mean_arc, double route_customers, double iterations_per_customer);

struct PlanRequest {
  core::BudgetLimit limit;
  std::uint64_t seed = 0;
  int ranks = 1;
  int campaigns_per_rank = 1;        ///< independent ones that share a rank's time
  std::uint32_t replicas = 0;        ///< 0: chosen here
  double now = 0;                    ///< seconds of the job already spent when annealing can begin
  double mean_arc = 1;               ///< of the start solution, scaled cost units
  double route_customers = 0;        ///< of its routes, on average; 0: not known, as many as fill a vehicle
};

/// Timed, below 1,500 customers: one replica for every 20,000 iterations per customer that the ranks can be expected to make, eight
/// at most, cooled as a ladder; ranks that are left share the replicas by parts of at least 250 customers. Above 1,500 customers
/// parts hold about 300 customers, or 18 routes where that is more, on any number of ranks;
/// with time windows 300 customers or five routes (twelve where vehicles come first), with a fleet 300 or twelve, already from 500 customers on.
/// Where vehicles come first, a fifth of the budget saves them, every replica for itself, and cooling then begins hotter if there are windows.
/// Set partitioning ends a timed run below 1,500 customers, unless the budget is too short to spare it a tenth of a second
/// or several campaigns share a rank; never with a fleet, whose routes need more than a cover.
/// In iterations (no set partitioning: without a clock CBC took minutes on a pool of early solutions): parts follow from the size alone, and there is one replica unless asked for more.
RoutingPlan make_plan(const model::RoutingInstance& instance, const PlanRequest& request);

}  // namespace tempera::routing
