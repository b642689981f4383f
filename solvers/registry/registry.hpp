// The single list of what can be solved: from a problem to its campaign (master) and its runner (every rank).
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <variant>

#include "solvers/core/budget.hpp"
#include "solvers/model/campaign.hpp"
#include "solvers/model/placement_network.hpp"
#include "solvers/model/qap_problem.hpp"
#include "solvers/model/qubo_problem.hpp"
#include "solvers/model/rebalancing_problem.hpp"
#include "solvers/model/routing_instance.hpp"
#include "solvers/model/supply_system.hpp"

namespace tempera::registry {

/// Everything that can be handed to the ranks. A new problem type is one alternative here and one entry in each function below.
using Problem = std::variant<model::RoutingInstance, model::PlacementNetwork, model::QuboProblem, model::QapProblem, model::BacktestJob, model::RebalancingProblem>;

std::string_view problem_type(const Problem& problem);  ///< as in result.json, e.g. "routing"

/// What the campaign may spend and where it starts.
struct CampaignRequest {
  core::BudgetLimit limit;
  std::uint64_t seed = 0;
  int ranks = 1;
  int campaigns_per_rank = 1;            ///< that share a rank's time
  std::uint32_t replicas = 0;            ///< 0: the campaign chooses
  bool spanning = false;                 ///< QUBO and QAP: one temperature ladder over all blocks of replicas
  double elapsed_seconds = 0;            ///< of the budget, when the campaign can begin
  model::Answer start;                   ///< feasible; usually the baseline
  std::string_view started_from = "baseline";
  const model::Answer* baseline = nullptr;  ///< by whose routes a plan sizes its parts, so that a resumed run cuts as before; nothing: `start`
  std::uint32_t seeds = 1;               ///< independent campaigns, seed, seed + 1, ..., that share limit and ranks; see independent_seeds.hpp
  std::optional<double> target = std::nullopt;  ///< objective at which the run may end; routing has none
  const model::RunRecord* resume = nullptr;  ///< a checkpoint to go on from
};

/// `problem` must outlive what these return.
std::unique_ptr<model::Campaign> make_campaign(const Problem& problem, const CampaignRequest& request);
std::unique_ptr<model::TaskRunner> make_runner(const Problem& problem);

/// True when the answer is feasible for the problem, judged by its referee; `cost_units` is what the referee adds up.
struct Verdict {
  bool feasible = false;
  std::int64_t cost_units = 0;
  std::string reason;  ///< first violation
};
Verdict judge(const Problem& problem, const model::Answer& answer);

}  // namespace tempera::registry
