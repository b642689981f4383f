// Capacitated vehicle routing: CVRPLIB files in and out, savings and local search as the classical comparison.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "io/instances/solution_file.hpp"
#include "io/instances/solomon.hpp"
#include "io/instances/vrplib.hpp"
#include "io/report/numbers.hpp"
#include "jobs/app/control_time.hpp"
#include "jobs/app/fleet_report.hpp"
#include "jobs/app/load.hpp"
#include "jobs/app/problem_kind.hpp"
#include "jobs/app/routing_check.hpp"
#include "jobs/app/stop_signal.hpp"
#include "jobs/descriptor/routing_problem.hpp"
#include "solvers/core/atomic_file.hpp"
#include "solvers/baselines/fleet_baseline.hpp"
#include "solvers/baselines/repair.hpp"
#include "solvers/baselines/routing_baseline.hpp"
#include "solvers/baselines/routing_bound.hpp"
#include "solvers/hybrid/route_choice.hpp"
#include "solvers/model/digest.hpp"
#include "solvers/model/routing_referee.hpp"
#include "solvers/model/time_windows.hpp"

namespace tempera::app {

namespace {
// The local search may take this share of a time budget; what it improves the annealer would improve as well.
constexpr double baseline_share = 0.15;
constexpr double bound_share = 0.02;  // and the lower bound this one
constexpr double bound_seconds_per_pair = 2e-8;  // of its first step, on a slow machine

model::Answer answer_of(const model::RoutingInstance& instance, const model::RoutingSolution& solution, core::Cost cost) {
  return {.cost = static_cast<double>(cost.value) / model::units_per_cost(instance), .cost_units = cost.value,
          .ints = model::flatten(solution), .reals = {}};
}

const model::RoutingInstance& instance_of(const registry::Problem& problem) { return std::get<model::RoutingInstance>(problem); }

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

model::RoutingInstance read_instance(const std::filesystem::path& file, const LoadOptions& options) {
  const instances::FileFormat format = options.format.value_or(instances::recognise_file(file));
  const model::Objective objective = options.objective.value_or(model::Objective::distance);
  if (format == instances::FileFormat::solomon) return instances::read_solomon(file, {.rounding = options.rounding, .objective = objective});
  model::RoutingInstance instance = instances::read_vrplib(file, options.rounding);
  model::set_objective(instance, objective);
  model::validate(instance, file.string());  // with the timetable that the objective may have made
  return instance;
}

// Of the two conventions of the time-window literature, the one that the problem is in.
std::optional<instances::BestKnown> best_known_in_time(const std::filesystem::path& file, const model::RoutingInstance& instance) {
  const bool vehicles = model::objective_of(instance) == model::Objective::vehicles;
  if (instance.rounding != (vehicles ? model::Rounding::none : model::Rounding::dimacs)) return std::nullopt;
  const auto known = vehicles ? instances::best_known_routes(file, "veh_hier", "BKS_hier_double")
                              : instances::best_known_routes(file, "veh_DIMACS", "BKS_dist_DIMACS_trunc1dec");
  if (!known || (vehicles && known->vehicles == 0)) return std::nullopt;
  const double per_route = static_cast<double>(instance.route_cost.value) / static_cast<double>(model::units_per_distance(instance.rounding));
  return instances::BestKnown{known->distance + known->vehicles * per_route, known->source};
}

// In the unit that the job gave its times in: seconds, or the file's own.
std::string time_text(const model::RoutingInstance& instance, std::int64_t units) {
  const double per_second = instance.timetable->units_per_second;
  const double scale = per_second > 0 ? per_second : static_cast<double>(model::units_per_distance(instance.rounding));
  return fmt::format("{:.10g}", std::round(static_cast<double>(units) / scale * 1000) / 1000);
}

void add_figures(const char* group, const model::RoutingInstance& instance, const model::Answer& answer, std::vector<model::Figure>& figures) {
  const model::RoutingVerdict verdict = model::judge(instance, model::unflatten(answer.ints));
  const double units = static_cast<double>(model::units_per_distance(instance.rounding)), per_second = instance.timetable->units_per_second;
  const auto add = [&](const char* name, const char* unit, double value) { figures.push_back({.group = group, .name = name, .unit = unit, .value = value}); };
  add("vehicles", "routes", verdict.routes);
  add("distance", "distance", static_cast<double>(verdict.distance.value) / units);
  add("waiting", per_second > 0 ? "s" : "time", static_cast<double>(verdict.waiting.value) / (per_second > 0 ? per_second : units));
  add("late", "stops", verdict.late);
}

// One line per visit: route and place in it, both from 1, the customer's name, its demand, and the load when the vehicle leaves it
// after a delivery tour, i.e. what is still on board; with a timetable also when it arrives and begins to serve, and when its
// vehicle leaves the depot and is back.
std::string routes_csv(const model::RoutingInstance& instance, const model::RoutingSolution& solution) {
  const bool timed = instance.timetable.has_value();
  std::string text = instance.fleet ? "route,vehicle,depot,stop,customer,demand,load_on_board" : "route,stop,customer,demand,load_on_board";
  text += !timed ? "\n" : instance.timetable->units_per_second > 0 ? ",arrival_s,service_start_s,route_leaves_s,route_returns_s\n" : ",arrival,service_start,route_leaves,route_returns\n";
  for (std::size_t r = 0; r < solution.routes.size(); ++r) {
    std::int64_t load = 0;
    const model::RouteTimes times = timed ? model::times_of(instance, solution.routes[r], solution.vehicle(r)) : model::RouteTimes{};
    std::string vehicle;
    if (instance.fleet) {
      const model::VehicleType& type = instance.fleet->types[static_cast<std::size_t>(solution.vehicle(r))];
      vehicle = fmt::format(",{},{}", csv_cell(type.id), csv_cell(node_name(instance, type.depot)));
    }
    for (const std::int32_t c : solution.routes[r]) load += instance.demand[static_cast<std::size_t>(c)].value;
    for (std::size_t k = 0; k < solution.routes[r].size(); ++k) {
      const auto c = static_cast<std::size_t>(solution.routes[r][k]);
      load -= instance.demand[c].value;
      text += fmt::format("{}{},{},{},{},{}", r + 1, vehicle, k + 1, csv_cell(node_name(instance, solution.routes[r][k])), instance.demand[c].value, load);
      text += timed ? fmt::format(",{},{},{},{}\n", time_text(instance, times.arrival[k]), time_text(instance, times.start[k]), time_text(instance, times.leaves), time_text(instance, times.returns)) : "\n";
    }
  }
  return text;
}

void take_bound(const model::RoutingInstance& instance, const core::Budget& budget, model::RunRecord& record) {
  const double allowed = bound_share * budget.remaining_seconds(), until = budget.elapsed_seconds() + allowed;
  const double nodes = instance.customers() + 1.0;  // the first step of a bound is not cut short: one spanning tree, or the ways from one depot and back
  if (nodes * nodes * bound_seconds_per_pair > allowed) return;
  const baselines::RoutingBound bound = baselines::routing_bound(instance, [&] { return stop_requested() || (budget.is_timed() && budget.elapsed_seconds() > until); });
  if (bound.cost <= 0) return;
  record.lower_bound_method = bound.method;
  record.lower_bound = static_cast<double>(bound.cost) / model::units_per_cost(instance);
}

baselines::RoutingControl control_named(std::string_view baseline) {
  using enum baselines::RoutingControl;
  return baseline == "savings" ? savings : baseline == "insertion" ? insertion : local_search;
}

class RoutingKind final : public ProblemKind {
 public:
  std::string_view type() const override { return "routing"; }
  // What is not clearly something else goes to this reader, whose message names the line.
  bool reads(instances::FileFormat format) const override {
    return format == instances::FileFormat::vrplib || format == instances::FileFormat::solomon || format == instances::FileFormat::unknown;
  }
  std::string_view solution_file() const override { return "solution.sol"; }

  registry::Problem load(const std::filesystem::path& file, const LoadOptions& options) const override { return read_instance(file, options); }

  registry::Problem load_job(const descriptor::Descriptor& job) const override {
    if (!descriptor::names_a_file(job)) return descriptor::routing_problem(job);
    return read_instance(descriptor::named_file(job), {.rounding = descriptor::asked_rounding(job), .objective = descriptor::asked_objective(job)});
  }

  void describe(const registry::Problem& problem, model::RunRecord& record) const override {
    const model::RoutingInstance& instance = instance_of(problem);
    record.problem_name = instance.name;
    record.rounding = model::name_of(instance.rounding);
    record.problem_digest = model::digest(instance);
    record.problem_size = instance.customers();
    record.vehicle_price = static_cast<double>(instance.route_cost.value) / model::units_per_cost(instance);
    record.missing_price = instance.fleet && instance.route_cost.value > 0 ? static_cast<double>(instance.fleet->missing_price.value) / model::units_per_cost(instance) : 0;
    record.cost_unit = instance.fleet ? fleet_cost_unit(instance) : "distance";
    if (record.vehicle_price > 0) record.cost_unit = fmt::format("{}, and for every route {:.0f}", record.cost_unit, record.vehicle_price);
  }
  LoadOptions load_options(const model::RunRecord& record) const override {
    return {.rounding = model::rounding_from_name(record.rounding),
            .objective = record.vehicle_price > 0 ? model::Objective::vehicles : model::Objective::distance};
  }

  void summarise(const registry::Problem& problem, model::RunRecord& record) const override {
    const model::RoutingInstance& instance = instance_of(problem);
    record.figures.clear();
    if (instance.fleet) {
      add_fleet_figures("control", instance, record.baseline.answer, record.figures);
      add_fleet_figures("after", instance, model::served_answer(record), record.figures);
      if (has_withheld_candidate(record)) add_fleet_figures("candidate", instance, record.incumbent, record.figures);
      record.fleet = fleet_report(instance, model::served_answer(record));
    }
    if (!instance.timetable || instance.fleet) return;
    add_figures("control", instance, record.baseline.answer, record.figures);
    add_figures("after", instance, model::served_answer(record), record.figures);
    if (has_withheld_candidate(record)) add_figures("candidate", instance, record.incumbent, record.figures);
  }

  std::optional<instances::BestKnown> best_known(const std::filesystem::path& file, const registry::Problem& problem) const override {
    if (instance_of(problem).fleet) return std::nullopt;
    if (instance_of(problem).timetable) return best_known_in_time(file, instance_of(problem));
    if (instance_of(problem).rounding != model::Rounding::nearest) return std::nullopt;
    return instances::best_known(file);
  }

  std::string why_no_baseline(const registry::Problem& problem, const std::string& baseline) const override {
    const model::RoutingInstance& instance = instance_of(problem);
    if (baseline == "savings" && instance.timetable && !instance.fleet) return "but savings know nothing of a timetable; give insertion or local_search";
    if (baseline == "insertion" && !instance.timetable && !instance.fleet) return "but insertion is for time windows and fleets; give savings or local_search";
    return {};
  }

  void compute_baseline(const registry::Problem& problem, const core::Budget& budget, model::RunRecord& record) const override {
    const model::RoutingInstance& instance = instance_of(problem);
    const core::Stopwatch watch;
    const double cpu_before = core::process_cpu_seconds();
    baselines::LocalSearchLimit limit;
    const double until = budget.is_timed() ? budget.elapsed_seconds() + control_seconds(record.solver, budget, {.share = baseline_share}) : 0;
    limit.stop = [&] { return stop_requested() || (budget.is_timed() && budget.elapsed_seconds() > until); };
    const baselines::BaselineResult result = baselines::routing_baseline(instance, limit, control_named(record.solver.baseline));
    record.baseline = {.method = result.method, .answer = answer_of(instance, result.solution, result.cost), .wall_seconds = watch.seconds(),
                       .cpu_seconds = core::process_cpu_seconds() - cpu_before};
    record.incumbent = record.baseline.answer;
    record.served_by = "baseline";
    take_bound(instance, budget, record);
  }

  model::Answer warm_start(const std::filesystem::path& file, const registry::Problem& problem, Console& console) const override {
    const model::RoutingInstance& instance = instance_of(problem);
    if (instance.fleet) {
      const model::RoutingSolution mended = baselines::fleet_repair(instance, load_routes(file, problem));
      console.note(fmt::format("warm start {}: {} routes taken over or made", file.string(), mended.routes.size()));
      return answer_of(instance, mended, model::judge(instance, mended).cost);
    }
    const baselines::RepairReport repaired = baselines::repair(instance, load_routes(file, problem));
    const model::RoutingVerdict verdict = model::judge(instance, repaired.solution);
    TEMPERA_ASSERT(verdict.feasible, "the repaired warm start is infeasible");
    console.note(fmt::format("warm start {}: {}", file.string(), repaired.summary));
    return answer_of(instance, repaired.solution, verdict.cost);
  }

  // Its cost is what is driven, as everybody else's files have it, without the price that puts vehicles first.
  void write_solution(const std::filesystem::path& file, const registry::Problem& problem, const model::Answer& answer) const override {
    const core::Cost driven(model::driven(instance_of(problem), answer.cost_units, model::routes_in(answer.ints)));
    if (instance_of(problem).fleet) return core::write_text_atomically(file, fleet_solution(instance_of(problem), answer, driven));
    instances::write_solution(file, model::unflatten(answer.ints), driven, instance_of(problem).rounding);
  }

  std::vector<report::ConstraintLine> constraints(const registry::Problem& problem, const model::Answer& answer) const override { return routing_constraints(instance_of(problem), answer); }

  double memory_mebibytes(const registry::Problem& problem, double budget_seconds, int ranks) const override {
    return routing_mebibytes(instance_of(problem), budget_seconds, ranks);
  }

  // With the job's own names, and with times, for spreadsheets.
  void write_more(const std::filesystem::path& folder, const registry::Problem& problem, const model::RunRecord& record) const override {
    const model::RoutingInstance& instance = instance_of(problem);
    if (!instance.labels.empty() || instance.timetable) core::write_text_atomically(folder / "routes.csv", routes_csv(instance, model::unflatten(model::served_answer(record).ints)));
  }

  // Every route of the baseline, the replicas and the pool.
  bool has_top_choice(const registry::Problem& problem) const override { return !instance_of(problem).fleet; }
  std::unique_ptr<model::TopChoice> top_choice(const registry::Problem& problem, const model::RunRecord& record, int choices) const override {
    if (instance_of(problem).fleet) return nullptr;  // a choice of routes alone would know nothing of vehicles
    std::vector<model::Route> pool = model::unflatten(record.baseline.answer.ints).routes;
    for (const model::ReplicaState& replica : record.campaign.replicas) std::ranges::move(model::unflatten(replica.answer.ints).routes, std::back_inserter(pool));
    for (const model::PooledRoute& route : record.campaign.pool) pool.push_back(route.customers);
    return hybrid::route_choice(instance_of(problem), pool, model::unflatten(record.incumbent.ints), choices);
  }

  std::optional<report::MapData> map_data(const registry::Problem& problem) const override {
    const model::RoutingInstance& instance = instance_of(problem);
    if (instance.points.empty()) return std::nullopt;
    report::MapData map{.places = instance.points, .demand = {}, .capacity = instance.capacity.value};
    for (const model::Load d : instance.demand) map.demand.push_back(d.value);
    if (instance.fleet)
      for (const model::VehicleType& type : instance.fleet->types) map.depots.push_back(type.depot);
    return map;
  }

  core::ExitCode check_plan(const CheckOptions& options, const Invocation& invocation, const registry::Problem& problem) const override {
    return check_routing_plan(options, invocation, instance_of(problem));
  }
  core::ExitCode check_solution(const CheckOptions& options, const Invocation& invocation, const registry::Problem& problem) const override {
    return check_routes(options, invocation, problem);
  }

  nlohmann::ordered_json facts(const registry::Problem& problem) const override {
    const model::RoutingInstance& in = instance_of(problem);
    std::int64_t demand = 0, largest = 0;
    for (const model::Load d : in.demand) demand += d.value, largest = std::max(largest, d.value);
    nlohmann::ordered_json json = {{"name", in.name}, {"type", "routing"}, {"customers", in.customers()}, {"capacity", in.capacity.value},
                 {"demand", demand}, {"largest_demand", largest}, {"fewest_routes", (demand + in.capacity.value - 1) / in.capacity.value}};
    if (in.fleet) {
      json["fleet"] = {{"vehicles", vehicles_in(*in.fleet)}, {"types", in.fleet->types.size()}, {"depots", in.fleet->depots}, {"optional_customers", std::ranges::count(in.fleet->optional, std::uint8_t{1})},
                       {"money_unit", 1.0 / static_cast<double>(in.fleet->money_scale)}};
    }
    json["symmetric"] = model::is_symmetric(in);
    if (in.timetable) {
      json["time_windows"] = model::windows_in(*in.timetable);
      if (in.timetable->max_duration) json["longest_duration"] = in.timetable->max_duration->value;
    }
    if (in.timetable || in.fleet) json["objective"] = model::name_of(model::objective_of(in));
    if (in.max_route_length) json["longest_route"] = in.max_route_length->value;
    if (in.service.value > 0) json["service_time"] = in.service.value;
    if (!in.comment.empty()) json["comment"] = in.comment;
    return json;
  }
};
}  // namespace

const ProblemKind& routing_kind() {
  static const RoutingKind kind;
  return kind;
}

}  // namespace tempera::app
