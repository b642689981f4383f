// The annealing of one routing problem as the scheduler sees it: rounds of tasks, merges, ladder swaps, the incumbent.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "solvers/model/campaign.hpp"
#include "solvers/model/routing_solution.hpp"
#include "solvers/routing/plan.hpp"
#include "solvers/routing/round_parts.hpp"
#include "solvers/routing/route_pool.hpp"
#include "solvers/routing/schedule.hpp"
#include "solvers/tempering/ladder.hpp"

namespace tempera::routing {

/// A round: every replica's current solution is cut into parts, each part is annealed at its rung's temperature by some
/// rank, the parts' *current* solutions are merged (so the chain goes on), neighbours on the ladder swap. The incumbent
/// takes the parts' *best* solutions as soon as together they beat it; the referee prices it before it counts.
/// Where vehicles come first, the first rounds save them, every replica for itself at the same temperature, without swaps;
/// who then has more than the best goes on from it.
///
/// A last round has one task, which looks for the cheapest solution out of pooled routes. What tasks and outcomes say: task_content.hpp.
class RoutingCampaign final : public model::Campaign {
 public:
  /// `instance` must outlive the campaign. `start` must be feasible; `started_from` says in one word who made it.
  RoutingCampaign(const model::RoutingInstance& instance, const RoutingPlan& plan, const model::RoutingSolution& start, std::string started_from);

  /// Goes on where `record` was written. Throws UserError when it has another number of replicas, LogicError when its answers do not fit the instance.
  void restore(const model::RunRecord& record);

  std::optional<model::Task> next_task(double elapsed_seconds) override;
  void on_outcome(const model::Outcome& outcome, double elapsed_seconds) override;
  void on_lost(const model::Task& task, double elapsed_seconds) override;
  double longest_task_seconds(double elapsed_seconds) const override;
  bool finished(double elapsed_seconds) const override;
  model::CampaignProgress progress() const override;
  void describe(model::RunRecord& record) const override;

  /// Routes of good solutions, seen last first; as of the last round closed.
  std::vector<model::PooledRoute> pooled_routes() const { return pool_.routes(); }

 private:
  struct Priced {
    model::RoutingSolution solution;
    std::int64_t cost = 0;
  };
  const RoutingPlan& plan() const { return schedule_.plan(); }
  bool out_of_time(double elapsed) const;
  double task_seconds_left(double elapsed) const;
  void open_recombination();
  void take_recombined(const model::Outcome& outcome, double elapsed);
  void close_recombination();
  void give_up_waiting(double elapsed);
  void open_round(double elapsed);
  model::Task make_task(std::uint32_t replica, std::uint32_t part);
  Part& part_of(std::uint32_t round, std::uint32_t replica, std::uint32_t part, std::uint64_t task);
  void offer_candidate(std::uint32_t replica, double elapsed);
  void close_part(Part& part, double elapsed);
  void close_round(double elapsed);
  void share_fewest_vehicles(const Priced& best);
  void swap_neighbours();
  void restart_worst();
  void note_trace(double elapsed);
  Priced price(model::RoutingSolution solution, const char* what) const;
  model::Answer answer_of(const Priced& priced) const;

  const model::RoutingInstance& instance_;
  Schedule schedule_;
  tempering::Ladder ladder_;
  std::vector<Priced> replicas_;
  Priced incumbent_;
  std::string served_by_;
  RoutePool pool_;

  RoundPlan open_;                        // of the open round, or the last; before the first what the plan says
  bool round_open_ = false;
  bool recombined_ = false;               // the last round was opened
  std::optional<std::uint64_t> recombining_;  // its task
  std::vector<std::vector<Part>> parts_;  // [replica][part] of the open round
  std::deque<model::Task> ready_;
  std::size_t parts_left_ = 0;            // not yet answered in the open round
  std::size_t in_flight_ = 0;
  std::uint64_t next_task_id_ = 0;
  std::uint64_t iterations_ = 0;
  std::uint64_t round_iterations_ = 0;    // of outcomes in the open round, added when it closes
  std::optional<std::int64_t> offered_;   // cost of what the latest outcome became part of
  std::vector<model::TracePoint> trace_;
};

}  // namespace tempera::routing
