#include "solvers/model/placement_problem.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "solvers/core/error.hpp"

namespace tempera::model {

ArcLists::ArcLists(std::size_t stages, std::span<const std::int32_t> key, std::span<const std::int32_t> other) : first_(stages + 1, 0), entries_(key.size()) {
  for (const std::int32_t k : key) ++first_[static_cast<std::size_t>(k) + 1];
  for (std::size_t i = 0; i < stages; ++i) first_[i + 1] += first_[i];
  std::vector<std::int32_t> next(first_.begin(), first_.end() - 1);
  for (std::size_t a = 0; a < key.size(); ++a)
    entries_[static_cast<std::size_t>(next[static_cast<std::size_t>(key[a])]++)] = {other[a], static_cast<std::int32_t>(a)};
}

namespace {
void link(const PlacementNetwork& network, PlacementProblem& problem) {
  std::vector<std::pair<std::int32_t, std::int32_t>> pairs;
  for (const PlacementArc& arc : network.arcs) pairs.emplace_back(arc.from, arc.to);
  std::ranges::sort(pairs);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  std::vector<std::int32_t> from, to;
  for (const auto& [i, j] : pairs) {
    problem.arcs.push_back({i, j});
    from.push_back(i);
    to.push_back(j);
  }
  problem.suppliers = ArcLists(network.stages.size(), to, from);
  problem.customers = ArcLists(network.stages.size(), from, to);
}

void share_sites(const PlacementNetwork& network, PlacementProblem& problem) {
  for (const PlacementSite& site : network.sites) problem.sites.push_back({site.storage, {}});
  for (std::size_t i = 0; i < network.stages.size(); ++i) {
    const PlacementStage& stage = network.stages[i];
    problem.site.push_back(stage.site);
    problem.volume.push_back(stage.site < 0 ? 0.0 : stage.volume);
    if (stage.site >= 0) problem.sites[static_cast<std::size_t>(stage.site)].stages.push_back(static_cast<std::int32_t>(i));
  }
}
}  // namespace

PlacementProblem compile(const PlacementNetwork& network) {
  PlacementProblem problem;
  const auto order = topological_order(network);
  TEMPERA_ASSERT(order.has_value(), "a network with a cycle was not refused");
  problem.order = *order;
  problem.position.resize(order->size());
  for (std::size_t k = 0; k < order->size(); ++k) problem.position[static_cast<std::size_t>((*order)[k])] = static_cast<std::int32_t>(k);
  link(network, problem);
  problem.cost = stage_costs(network);
  share_sites(network, problem);
  problem.limits.resize(network.stages.size());
  for (int i = 0; i < network.size(); ++i) problem.lead_time.push_back(network.planned_lead_time(i));
  for (const std::int32_t stage : *order) {
    const auto i = static_cast<std::size_t>(stage);
    TimeLimits& limits = problem.limits[i];
    limits.inbound_least = limits.inbound_most = network.stages[i].supplier_time;
    for (const ArcLists::Entry& e : problem.suppliers.of(i))
      limits.inbound_most = std::max(limits.inbound_most, problem.limits[static_cast<std::size_t>(e.stage)].outbound_most);
    limits.outbound_most = std::min(problem.longest_replenishment(i), network.stages[i].service_limit.value_or(std::numeric_limits<double>::infinity()));
  }
  return problem;
}

PlacementPlan repaired(const PlacementProblem& problem, std::span<const double> outbound) {
  constexpr double snap = 1e-6;  // decimals that went through a sum
  PlacementPlan plan{std::vector<double>(outbound.begin(), outbound.end()), std::vector<double>(outbound.size(), 0.0)};
  for (const std::int32_t stage : problem.order) {
    const auto i = static_cast<std::size_t>(stage);
    double& inbound = plan.inbound[i];
    inbound = problem.limits[i].inbound_least;
    for (const ArcLists::Entry& e : problem.suppliers.of(i)) inbound = std::max(inbound, plan.outbound[static_cast<std::size_t>(e.stage)]);
    const double most = std::min(inbound + problem.lead_time[i], problem.limits[i].outbound_most);
    double& s = plan.outbound[i];
    if (problem.customers.of(i).empty() || s > most - snap) s = most;
    s = std::max(s, 0.0);
  }
  return plan;
}

double plan_cost(const PlacementProblem& problem, const PlacementPlan& plan) {
  double sum = 0;
  for (std::size_t i = 0; i < problem.size(); ++i) sum += problem.cost[i](plan.inbound[i] + problem.lead_time[i] - plan.outbound[i]);
  return sum;
}

std::vector<double> stored(const PlacementProblem& problem, const PlacementPlan& plan) {
  std::vector<double> sum(problem.sites.size(), 0.0);
  for (std::size_t k = 0; k < sum.size(); ++k)
    for (const std::int32_t stage : problem.sites[k].stages) {
      const auto i = static_cast<std::size_t>(stage);
      sum[k] += problem.volume[i] * problem.cost[i].base_stock(plan.inbound[i] + problem.lead_time[i] - plan.outbound[i]);
    }
  return sum;
}

double storage_penalty(const PlacementProblem& problem, const PlacementPlan& plan, std::span<const double> site_price) {
  const std::vector<double> sum = stored(problem, plan);
  double penalty = 0;
  for (std::size_t k = 0; k < sum.size(); ++k) penalty += site_price[k] * excess(sum[k], problem.sites[k].storage);
  return penalty;
}

}  // namespace tempera::model
