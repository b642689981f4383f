// tempera check: an instance without solving it, or a solution against its instance.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "io/report/numbers.hpp"
#include "jobs/app/commands.hpp"
#include "jobs/app/load.hpp"
#include "solvers/model/routing_referee.hpp"
#include "solvers/routing/plan.hpp"

namespace tempera::app {

namespace {
// What one rank holds at most: the instance, the baseline's lists, and the distance table of the largest part.
double planned_mebibytes(const model::RoutingInstance& instance, const routing::RoutingPlan& plan) {
  const double customers = instance.customers();
  const double part = customers / plan.parts + 1;
  const double per_customer = 16 + 8 + 8 + 4 * 100 + 400;
  return 30 + (customers * per_customer + part * part * 4 + part * 100 * 4 + static_cast<double>(instance.matrix.size()) * 8) / (1 << 20);
}

core::ExitCode check_plan(const CheckOptions& options, const Invocation& invocation, const model::RoutingInstance& instance) {
  const routing::RoutingPlan plan = routing::make_plan(instance, {.limit = {.seconds = options.budget_seconds, .iterations = {}}, .seed = 1, .ranks = options.ranks});
  std::int64_t demand = 0;
  for (const model::Load d : instance.demand) demand += d.value;
  const std::int64_t fewest = (demand + instance.capacity.value - 1) / instance.capacity.value;
  const double memory = planned_mebibytes(instance, plan);
  if (invocation.output == OutputMode::json) {
    const nlohmann::ordered_json json = {
        {"schema_version", 1}, {"status", "valid"}, {"exit_code", 0},
        {"problem", {{"type", "routing"}, {"name", instance.name}, {"size", instance.customers()}, {"fewest_routes", fewest}}},
        {"plan", {{"ranks", options.ranks}, {"replicas", plan.replicas}, {"parts", plan.parts}, {"memory_mebibytes_per_rank", memory}}}};
    fmt::print("{}\n", json.dump(2));
  } else if (invocation.output == OutputMode::text) {
    fmt::print("{}: valid\n  {} customers, demand {} for vehicles of {}: at least {} routes\n  on {} rank{}: {} replica{} of {} part{}, about {:.0f} MiB per rank\n",
               options.file.string(), report::grouped(std::int64_t{instance.customers()}), report::grouped(demand), report::grouped(instance.capacity.value),
               report::grouped(fewest), options.ranks, options.ranks == 1 ? "" : "s", plan.replicas, plan.replicas == 1 ? "" : "s", plan.parts,
               plan.parts == 1 ? "" : "s", memory);
  }
  return core::ExitCode::solved;
}

core::ExitCode check_solution(const CheckOptions& options, const Invocation& invocation, const model::RoutingInstance& instance) {
  const model::RoutingVerdict verdict = model::judge(instance, load_solution(*options.solution, instance));
  const double cost = static_cast<double>(verdict.cost.value) / static_cast<double>(model::units_per_distance(instance.rounding));
  const core::ExitCode code = verdict.feasible ? core::ExitCode::solved : core::ExitCode::bad_input;
  if (invocation.output == OutputMode::json) {
    nlohmann::ordered_json json = {{"schema_version", 1}, {"status", verdict.feasible ? "feasible" : "infeasible"}, {"exit_code", static_cast<int>(code)},
                                   {"cost", cost}, {"routes", verdict.routes}, {"violations", verdict.violations}};
    fmt::print("{}\n", json.dump(2));
  } else if (invocation.output == OutputMode::text) {
    fmt::print("{}: {}, cost {}, {} routes\n", options.solution->string(), verdict.feasible ? "feasible" : "INFEASIBLE", report::grouped(cost, 6), verdict.routes);
    for (const std::string& violation : verdict.violations) fmt::print("  {}\n", violation);
  }
  return code;
}
}  // namespace

core::ExitCode check(const CheckOptions& options, const Invocation& invocation) {
  const model::RoutingInstance instance = load_instance(options.file, options.rounding);
  return options.solution ? check_solution(options, invocation, instance) : check_plan(options, invocation, instance);
}

}  // namespace tempera::app
