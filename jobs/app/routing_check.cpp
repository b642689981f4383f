#include "jobs/app/routing_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/instances/solution_file.hpp"
#include "io/report/numbers.hpp"
#include "jobs/app/fleet_report.hpp"
#include "jobs/app/load.hpp"
#include "solvers/model/routing_referee.hpp"
#include "solvers/routing/plan.hpp"

namespace tempera::app {

namespace {
const model::RoutingInstance& instance_of(const registry::Problem& problem) { return std::get<model::RoutingInstance>(problem); }

double planned_mebibytes(const model::RoutingInstance& instance, const routing::RoutingPlan& plan) {
  const double customers = instance.customers();
  const double part = customers / plan.parts + 1;
  const double per_customer = 16 + 8 + 8 + 4 * 100 + 400;
  return 30 + (customers * per_customer + part * part * 4 + part * 100 * 4 + static_cast<double>(instance.matrix.size()) * 8 + (instance.timetable ? static_cast<double>(instance.timetable->travel.size()) * 4 : 0)) / (1 << 20);
}

std::string fleet_text(const model::RoutingInstance& instance) {
  const model::Fleet& fleet = *instance.fleet;
  std::int64_t room = 0;
  for (const model::VehicleType& type : fleet.types) room += type.count * type.capacity.value;
  const auto optional = std::ranges::count(fleet.optional, std::uint8_t{1});
  return fmt::format("  {} vehicle{} of {} type{} with room for {}, {} depot{}, {} optional customer{}\n", report::grouped(vehicles_in(fleet)), vehicles_in(fleet) == 1 ? "" : "s", fleet.types.size(),
                     fleet.types.size() == 1 ? "" : "s", report::grouped(room), fleet.depots, fleet.depots == 1 ? "" : "s", optional, optional == 1 ? "" : "s");
}

}  // namespace

model::RoutingSolution load_routes(const std::filesystem::path& file, const registry::Problem& problem) {
  if (instances::recognise_file(file) != instances::FileFormat::hdf5) {
    instances::SolutionFile read = instances::read_solution(file);
    return instance_of(problem).fleet ? with_vehicles(instance_of(problem), std::move(read), file.string()) : std::move(read.solution);
  }
  return model::unflatten(load_run_answer(file, problem).ints);
}

double routing_mebibytes(const model::RoutingInstance& instance, double budget_seconds, int ranks) {
  return planned_mebibytes(instance, routing::make_plan(instance, {.limit = {.seconds = budget_seconds, .iterations = {}}, .seed = 1, .ranks = ranks}));
}

std::int64_t vehicles_in(const model::Fleet& fleet) {
  std::int64_t vehicles = 0;
  for (const model::VehicleType& type : fleet.types) vehicles += type.count;
  return std::min(vehicles, fleet.most_vehicles);
}

std::vector<report::ConstraintLine> routing_constraints(const model::RoutingInstance& instance, const model::Answer& answer) {
  const model::RoutingSolution solution = model::unflatten(answer.ints);
  const model::RoutingVerdict verdict = model::judge(instance, solution);
  const auto units = static_cast<double>(model::units_per_distance(instance.rounding));
  std::int64_t served = 0, fullest = 0, longest = 0;
  for (std::size_t r = 0; r < solution.routes.size(); ++r) {
    std::int64_t load = 0;
    for (const std::int32_t customer : solution.routes[r]) load += instance.demand[static_cast<std::size_t>(customer)].value;
    served += std::ssize(solution.routes[r]);
    fullest = std::max(fullest, load);
    if (instance.max_route_length) longest = std::max(longest, model::length_of(instance, solution.routes[r], solution.vehicle(r)).value + instance.service.value * std::ssize(solution.routes[r]));
  }
  std::vector<report::ConstraintLine> lines;
  if (instance.fleet) {
    lines.push_back({"vehicles at once", report::grouped(vehicles_in(*instance.fleet)), report::grouped(std::int64_t{verdict.routes})});
    lines.push_back({"required customers left out", "0", report::grouped(std::ssize(verdict.missing))});
  } else {
    lines.push_back({"customers served", report::grouped(std::int64_t{instance.customers()}), report::grouped(served)});
    lines.push_back({"load of a vehicle", report::grouped(instance.capacity.value) + " at most", "fullest " + report::grouped(fullest)});
  }
  if (instance.vehicles) lines.push_back({"vehicles", report::grouped(*instance.vehicles) + " in the file, which is no limit here", report::grouped(std::int64_t{verdict.routes})});
  if (instance.max_route_length) lines.push_back({"length of a route, service included", report::grouped(static_cast<double>(instance.max_route_length->value) / units, 3) + " at most", "longest " + report::grouped(static_cast<double>(longest) / units, 3)});
  if (instance.timetable) lines.push_back({"stops served after their window", "0", report::grouped(std::int64_t{verdict.late})});
  return lines;
}

core::ExitCode check_routing_plan(const CheckOptions& options, const Invocation& invocation, const model::RoutingInstance& instance) {
  const routing::RoutingPlan plan = routing::make_plan(instance, {.limit = {.seconds = options.budget_seconds, .iterations = {}}, .seed = 1, .ranks = options.ranks});
  std::int64_t demand = 0;
  for (const model::Load d : instance.demand) demand += d.value;
  const std::int64_t fewest = (demand + instance.capacity.value - 1) / instance.capacity.value;
  const std::string fleet = instance.fleet ? fleet_text(instance) : "";
  const double memory = planned_mebibytes(instance, plan);
  if (invocation.output == OutputMode::json) {
    const nlohmann::ordered_json json = {
        {"schema_version", 1}, {"status", "valid"}, {"exit_code", 0},
        {"problem", {{"type", "routing"}, {"name", instance.name}, {"size", instance.customers()}, {"fewest_routes", fewest}}},
        {"plan", {{"ranks", options.ranks}, {"replicas", plan.replicas}, {"parts", plan.parts}, {"memory_mebibytes_per_rank", memory}}}};
    fmt::print("{}\n", json.dump(2));
  } else if (invocation.output == OutputMode::text) {
    fmt::print("{}: valid\n  {} customers, demand {} for vehicles of {}: at least {} routes\n{}  on {} rank{}: {} replica{} of {} part{}, about {:.0f} MiB per rank\n",
               options.file.string(), report::grouped(std::int64_t{instance.customers()}), report::grouped(demand), report::grouped(instance.capacity.value),
               report::grouped(fewest), fleet, options.ranks, options.ranks == 1 ? "" : "s", plan.replicas, plan.replicas == 1 ? "" : "s", plan.parts,
               plan.parts == 1 ? "" : "s", memory);
  }
  return core::ExitCode::solved;
}

core::ExitCode check_routes(const CheckOptions& options, const Invocation& invocation, const registry::Problem& problem) {
  const model::RoutingInstance& instance = instance_of(problem);
  const model::RoutingVerdict verdict = model::judge(instance, load_routes(*options.solution, problem));
  const double cost = static_cast<double>(verdict.cost.value) / model::units_per_cost(instance);
  const bool good = verdict.feasible && verdict.complete;
  const core::ExitCode code = good ? core::ExitCode::solved : core::ExitCode::bad_input;
  if (invocation.output == OutputMode::json) {
    nlohmann::ordered_json json = {{"schema_version", 1}, {"status", good ? "feasible" : verdict.feasible ? "incomplete" : "infeasible"}, {"exit_code", static_cast<int>(code)},
                                   {"cost", cost}, {"routes", verdict.routes}, {"violations", verdict.violations}};
    if (instance.fleet) json["required_left_out"] = verdict.missing.size(), json["optional_left_out"] = verdict.skipped.size();
    fmt::print("{}\n", json.dump(2));
  } else if (invocation.output == OutputMode::text) {
    fmt::print("{}: {}, cost {}, {} routes\n", options.solution->string(), good ? "feasible" : verdict.feasible ? "INCOMPLETE" : "INFEASIBLE", report::grouped(cost, 6), verdict.routes);
    for (const std::string& violation : verdict.violations) fmt::print("  {}\n", violation);
    for (std::size_t k = 0; k < std::min<std::size_t>(20, verdict.missing.size()); ++k) fmt::print("  customer '{}' is required, and nobody serves it\n", node_name(instance, verdict.missing[k]));
  }
  return code;
}

}  // namespace tempera::app
