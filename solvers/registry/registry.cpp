#include "solvers/registry/registry.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "solvers/inventory/backtest_campaign.hpp"
#include "solvers/inventory/campaign.hpp"
#include "solvers/inventory/rebalancing_campaign.hpp"
#include "solvers/inventory/rebalancing_runner.hpp"
#include "solvers/inventory/runner.hpp"
#include "solvers/model/placement_referee.hpp"
#include "solvers/model/qubo_penalties.hpp"
#include "solvers/model/qubo_referee.hpp"
#include "solvers/model/rebalancing_referee.hpp"
#include "solvers/model/routing_referee.hpp"
#include "solvers/qubo/campaign.hpp"
#include "solvers/qubo/choose.hpp"
#include "solvers/qubo/runner.hpp"
#include "solvers/registry/independent_seeds.hpp"
#include "solvers/routing/campaign.hpp"
#include "solvers/routing/runner.hpp"

namespace tempera::registry {

namespace {
// Of the start solution, in cost units: what temperatures are measured in.
double mean_arc(const model::RoutingInstance& instance, const model::Answer& start) {
  const std::int64_t routes = model::routes_in(start.ints);
  if (!instance.fleet) return static_cast<double>(model::driven(instance, start.cost_units, routes)) / static_cast<double>(instance.customers() + routes);
  const model::RoutingVerdict verdict = model::judge(instance, model::unflatten(start.ints));
  const auto served = static_cast<std::int64_t>(instance.customers()) - std::ssize(verdict.missing) - std::ssize(verdict.skipped);
  if (served > 0 && verdict.driving.value > 0) return static_cast<double>(verdict.driving.value) / static_cast<double>(served + routes);
  return 0.1 * static_cast<double>(instance.fleet->types.front().distance_price) * static_cast<double>(model::distance_bound(instance));  // nobody is served yet
}

double route_customers(const model::RoutingInstance& instance, const model::Answer& answer) {
  return static_cast<double>(instance.customers()) / static_cast<double>(std::max<std::int64_t>(1, model::routes_in(answer.ints)));
}

std::unique_ptr<model::Campaign> campaign_of(const model::RoutingInstance& instance, const CampaignRequest& request) {
  routing::PlanRequest plan{.limit = request.limit, .seed = request.seed, .ranks = request.ranks, .campaigns_per_rank = request.campaigns_per_rank,
                            .replicas = request.replicas, .now = request.elapsed_seconds, .mean_arc = mean_arc(instance, request.start),
                            .route_customers = route_customers(instance, request.baseline ? *request.baseline : request.start)};
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

// The energy at which the objective is as good as the target.
std::int64_t energy_target(const model::QuboProblem& problem, std::optional<double> target) {
  if (!target) return std::numeric_limits<std::int64_t>::min();
  const double energy = (problem.sense == model::Sense::maximise ? problem.offset - *target : *target - problem.offset) / problem.unit;
  return static_cast<std::int64_t>(std::clamp(std::floor(energy + 1e-6), -0x1p62, 0x1p62));
}
std::unique_ptr<model::Campaign> ladder_campaign(const CampaignRequest& request, std::int64_t target, std::int64_t moves, std::size_t variables, bool penalised,
                                                 qubo::LadderCampaign::Referee referee, qubo::LadderCampaign::SettleSlack settle = {}) {
  qubo::LadderPlanRequest plan{.limit = request.limit, .seed = request.seed, .ranks = request.ranks, .ladders = request.replicas, .spanning = request.spanning,
                               .now = request.elapsed_seconds, .moves = moves, .target = target, .penalised = penalised};
  // A resumed run keeps its ladders whatever the ranks are now.
  if (request.resume) {
    const auto count = [&](std::uint32_t kind) { return std::ranges::count(request.resume->campaign.replicas, kind, &model::ReplicaState::rung); };
    plan.ladders = static_cast<std::uint32_t>(count(qubo::ladder_image));
    plan.spanning = count(qubo::spanning_state) > 0;
  }
  auto campaign = std::make_unique<qubo::LadderCampaign>(qubo::make_plan(plan), std::move(referee), std::move(settle), variables, request.start, std::string(request.started_from));
  if (request.resume) campaign->restore(*request.resume);
  return campaign;
}

std::unique_ptr<model::Campaign> campaign_of(const model::BacktestJob& job, const CampaignRequest& request) {
  return std::make_unique<inventory::BacktestCampaign>(job, request.ranks);
}

Verdict verdict_of(const model::BacktestJob&, const model::Answer&) { return {false, 0, "a backtest is played, not solved"}; }

std::unique_ptr<model::Campaign> campaign_of(const model::RebalancingProblem& problem, const CampaignRequest& request) {
  const inventory::RebalancingRequest plan{.limit = request.limit, .seed = request.seed, .ranks = request.ranks};
  auto campaign = std::make_unique<inventory::RebalancingCampaign>(problem, plan, model::shipments_of(request.start.ints), std::string(request.started_from));
  if (request.resume) campaign->restore(*request.resume);
  return campaign;
}

Verdict verdict_of(const model::RebalancingProblem& problem, const model::Answer& answer) {
  if (answer.ints.size() % 4 != 0) return {false, 0, "the answer is cut short: four numbers stand for one shipment"};
  const model::RebalancingVerdict verdict = model::judge(problem, model::shipments_of(answer.ints));
  return {verdict.feasible, inventory::cost_units(verdict.cost.total()), verdict.violations.empty() ? "" : verdict.violations.front()};
}

Verdict verdict_of(const model::PlacementNetwork& network, const model::Answer& answer) {
  if (answer.reals.size() != network.stages.size()) return {false, 0, "the answer has not one service time per stage"};
  const model::PlacementVerdict verdict = model::judge(network, model::repaired(model::compile(network), answer.reals));
  return {verdict.feasible, inventory::cost_units(verdict.cost), verdict.violations.empty() ? "" : verdict.violations.front()};
}

std::unique_ptr<model::Campaign> campaign_of(const model::QuboProblem& problem, const CampaignRequest& request) {
  return ladder_campaign(request, energy_target(problem, request.target), std::int64_t{32} * problem.variables(), static_cast<std::size_t>(problem.variables()), !problem.constraints.empty(),
                         [&problem](std::span<const std::int32_t> values) { return model::judge(problem, values); },
                         [&problem](std::vector<std::int32_t> values) { return model::with_settled_slack(problem, std::move(values)); });
}

std::unique_ptr<model::Campaign> campaign_of(const model::QapProblem& problem, const CampaignRequest& request) {
  const std::int64_t target = request.target ? static_cast<std::int64_t>(std::clamp(std::floor(*request.target), -0x1p62, 0x1p62)) : std::numeric_limits<std::int64_t>::min();
  return ladder_campaign(request, target, std::int64_t{24} * problem.size * problem.size * problem.size, static_cast<std::size_t>(problem.size), false,
                         [&problem](std::span<const std::int32_t> places) { return model::judge(problem, places); });
}

template <class LadderProblem>
Verdict ladder_verdict(const LadderProblem& problem, const model::Answer& answer) {
  const model::QuboVerdict verdict = model::judge(problem, answer.ints);
  return {verdict.feasible, verdict.energy, verdict.violations.empty() ? "" : verdict.violations.front()};
}
Verdict verdict_of(const model::QuboProblem& problem, const model::Answer& answer) { return ladder_verdict(problem, answer); }
Verdict verdict_of(const model::QapProblem& problem, const model::Answer& answer) { return ladder_verdict(problem, answer); }

Verdict verdict_of(const model::RoutingInstance& instance, const model::Answer& answer) {
  const model::RoutingVerdict verdict = model::judge(instance, model::unflatten(answer.ints));
  return {verdict.feasible, verdict.cost.value, verdict.violations.empty() ? "" : verdict.violations.front()};
}
}  // namespace

std::string_view problem_type(const Problem& problem) {
  struct Name {
    std::string_view operator()(const model::RoutingInstance&) const { return "routing"; }
    std::string_view operator()(const model::PlacementNetwork&) const { return "inventory_placement"; }
    std::string_view operator()(const model::QuboProblem&) const { return "qubo"; }
    std::string_view operator()(const model::QapProblem&) const { return "qap"; }
    std::string_view operator()(const model::BacktestJob&) const { return "backtest"; }
    std::string_view operator()(const model::RebalancingProblem&) const { return "inventory_rebalancing"; }
  };
  return std::visit(Name{}, problem);
}

std::unique_ptr<model::Campaign> make_campaign(const Problem& problem, const CampaignRequest& request) {
  const auto one = [&problem](const CampaignRequest& own) { return std::visit([&](const auto& instance) { return campaign_of(instance, own); }, problem); };
  if (request.seeds <= 1 || request.resume) return one(request);
  const auto* qubo_problem = std::get_if<model::QuboProblem>(&problem);
  return std::make_unique<IndependentSeeds>(request, qubo_problem ? qubo_problem->sense : model::Sense::minimise, one);
}

std::unique_ptr<model::TaskRunner> make_runner(const Problem& problem) {
  struct Make {
    std::unique_ptr<model::TaskRunner> operator()(const model::RoutingInstance& instance) const {
      return std::make_unique<routing::RoutingRunner>(instance);
    }
    std::unique_ptr<model::TaskRunner> operator()(const model::PlacementNetwork& network) const {
      return std::make_unique<inventory::PlacementRunner>(network);
    }
    std::unique_ptr<model::TaskRunner> operator()(const model::QapProblem& qap) const { return std::make_unique<qubo::LadderRunner>(qubo::make_ladder(qap)); }
    std::unique_ptr<model::TaskRunner> operator()(const model::QuboProblem& qubo_problem) const {
      return std::make_unique<qubo::LadderRunner>(qubo::make_ladder(qubo_problem, qubo::engine_for(qubo_problem)));
    }
    std::unique_ptr<model::TaskRunner> operator()(const model::RebalancingProblem& rebalancing) const { return std::make_unique<inventory::RebalancingRunner>(rebalancing); }
    std::unique_ptr<model::TaskRunner> operator()(const model::BacktestJob& job) const { return std::make_unique<inventory::BacktestRunner>(job); }
  };
  return std::visit(Make{}, problem);
}

Verdict judge(const Problem& problem, const model::Answer& answer) {
  return std::visit([&](const auto& instance) { return verdict_of(instance, answer); }, problem);
}

}  // namespace tempera::registry
