#include "solvers/registry/registry.hpp"

#include <algorithm>

#include "solvers/inventory/campaign.hpp"
#include "solvers/inventory/runner.hpp"
#include "solvers/model/placement_referee.hpp"
#include "solvers/model/routing_referee.hpp"
#include "solvers/routing/campaign.hpp"
#include "solvers/routing/runner.hpp"

namespace tempera::registry {

namespace {
std::unique_ptr<model::Campaign> campaign_of(const model::RoutingInstance& instance, const CampaignRequest& request) {
  routing::PlanRequest plan{.limit = request.limit, .seed = request.seed, .ranks = request.ranks, .replicas = request.replicas,
                            .now = request.elapsed_seconds,
                            .mean_arc = static_cast<double>(request.start.cost_units) /
                                        static_cast<double>(instance.customers() + std::ranges::count(request.start.ints, 0))};
  // A resumed ladder keeps its size whatever the ranks are now.
  if (request.resume) plan.replicas = static_cast<std::uint32_t>(request.resume->campaign.replicas.size());
  auto campaign = std::make_unique<routing::RoutingCampaign>(instance, routing::make_plan(instance, plan), model::unflatten(request.start.ints),
                                                             std::string(request.started_from));
  if (request.resume) campaign->restore(*request.resume);
  return campaign;
}

std::unique_ptr<model::Campaign> campaign_of(const model::PlacementNetwork& network, const CampaignRequest& request) {
  inventory::PlacementPlanRequest plan{.limit = request.limit, .seed = request.seed, .ranks = request.ranks, .replicas = request.replicas};
  if (request.resume) plan = inventory::resumed(plan, *request.resume);
  auto campaign = std::make_unique<inventory::PlacementCampaign>(network, plan, request.start.reals, std::string(request.started_from));
  if (request.resume) campaign->restore(*request.resume);
  return campaign;
}

Verdict verdict_of(const model::PlacementNetwork& network, const model::Answer& answer) {
  if (answer.reals.size() != network.stages.size()) return {false, 0, "the answer has not one service time per stage"};
  const model::PlacementVerdict verdict = model::judge(network, model::repaired(model::compile(network), answer.reals));
  return {verdict.feasible, inventory::cost_units(verdict.cost), verdict.violations.empty() ? "" : verdict.violations.front()};
}

Verdict verdict_of(const model::RoutingInstance& instance, const model::Answer& answer) {
  const model::RoutingVerdict verdict = model::judge(instance, model::unflatten(answer.ints));
  return {verdict.feasible, verdict.cost.value, verdict.violations.empty() ? "" : verdict.violations.front()};
}
}  // namespace

std::string_view problem_type(const Problem& problem) {
  struct Name {
    std::string_view operator()(const model::RoutingInstance&) const { return "routing"; }
    std::string_view operator()(const model::PlacementNetwork&) const { return "placement"; }
  };
  return std::visit(Name{}, problem);
}

std::unique_ptr<model::Campaign> make_campaign(const Problem& problem, const CampaignRequest& request) {
  return std::visit([&](const auto& instance) { return campaign_of(instance, request); }, problem);
}

std::unique_ptr<model::TaskRunner> make_runner(const Problem& problem) {
  struct Make {
    std::unique_ptr<model::TaskRunner> operator()(const model::RoutingInstance& instance) const {
      return std::make_unique<routing::RoutingRunner>(instance);
    }
    std::unique_ptr<model::TaskRunner> operator()(const model::PlacementNetwork& network) const {
      return std::make_unique<inventory::PlacementRunner>(network);
    }
  };
  return std::visit(Make{}, problem);
}

Verdict judge(const Problem& problem, const model::Answer& answer) {
  return std::visit([&](const auto& instance) { return verdict_of(instance, answer); }, problem);
}

}  // namespace tempera::registry
