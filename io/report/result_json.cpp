#include "io/report/result_json.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "io/report/hybrid_text.hpp"
#include "io/report/numbers.hpp"
#include "solvers/model/confidence.hpp"
#include "solvers/model/digest.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::report {

namespace {
using Json = nlohmann::ordered_json;

// A whole number stays an integer: 72355, not 72355.0.
Json number(double value) {
  if (value == static_cast<double>(static_cast<std::int64_t>(value))) return static_cast<std::int64_t>(value);
  return value;
}

Json optional_number(const std::optional<double>& value) { return value ? number(*value) : Json(nullptr); }

Json head(core::ExitCode code, const std::string& error) {
  Json json;
  json["schema_version"] = result_schema_version;
  json["status"] = status_name(code);
  json["exit_code"] = static_cast<int>(code);
  if (!error.empty()) json["error"] = {{"message", error}};
  return json;
}

Json objective(const model::RunRecord& r) {
  const double cost = model::served_answer(r).cost;
  Json json = {{"cost", number(cost)}, {"unit", r.cost_unit}, {"lower_bound", optional_number(r.lower_bound)}, {"gap", nullptr}};
  if (r.sense == model::Sense::maximise) json["sense"] = "maximise";
  if (r.lower_bound) json["gap"] = relative_gap(cost, *r.lower_bound, r.sense);
  if (!r.lower_bound_method.empty()) json["lower_bound_method"] = r.lower_bound_method;
  return json;
}

Json baseline(const model::RunRecord& r) {
  Json json = {{"method", r.baseline.method},
          {"cost", number(r.baseline.answer.cost)},
          {"wall_seconds", r.baseline.wall_seconds},
          {"cpu_seconds", r.baseline.cpu_seconds},
          {"delta", number(model::served_answer(r).cost - r.baseline.answer.cost)},
          {"delta_relative", relative_gap(model::served_answer(r).cost, r.baseline.answer.cost)},
          {"trace", Json::array()}};
  json["trace"].push_back({{"seconds", r.baseline.wall_seconds}, {"cost", number(r.baseline.answer.cost)}});
  if (!r.solver.baseline.empty()) json["asked"]["method"] = r.solver.baseline;
  if (r.solver.baseline_share > 0) json["asked"]["time_share"] = r.solver.baseline_share;
  return json;
}

// Of a QUBO whose variables have names.
Json assignment(const model::RunRecord& r) {
  Json json = Json::object();
  const std::vector<std::string>& names = r.plan_tables.variables;
  const std::vector<std::int32_t>& values = model::served_answer(r).ints;
  for (std::size_t k = 0; k < std::min(names.size(), values.size()); ++k) json[names[k]] = values[k];
  return json;
}

// Of an answer: what the referee said of it.
void add_judgement(Json& json, const model::Judgement& judgement) {
  json["feasible"] = judgement.feasible;
  if (!judgement.feasible) json["violation"] = judgement.violation;
}

// What each figure beside the cost is for the candidate more than for the control.
Json figure_deltas(const model::RunRecord& r) {
  Json json = Json::object();
  const auto add = [&](const std::string& name, const std::string& unit, double control, double found) {
    json[name] = {{"absolute", number(found - control)}, {"relative", control == 0 ? Json(nullptr) : Json((found - control) / std::abs(control))}, {"unit", unit}};
  };
  const std::string own = r.withheld.empty() ? "after" : "candidate";
  if (r.problem_type == "routing") add("routes", "routes", static_cast<double>(model::routes_in(r.baseline.answer.ints)), static_cast<double>(model::routes_in(r.incumbent.ints)));
  for (const model::Figure& control : r.figures) {
    if (control.group != "control") continue;
    const auto found = std::ranges::find_if(r.figures, [&](const model::Figure& f) { return f.group == own && f.name == control.name; });
    if (found != r.figures.end()) add(control.name, control.unit, control.value, found->value);
  }
  return json;
}

// The other half of the pair: the best answer found beside the control, served or not.
Json candidate(const model::RunRecord& r) {
  Json trace = Json::array();
  for (const model::TracePoint& point : r.trace) trace.push_back({{"seconds", point.seconds}, {"iterations", point.iterations}, {"cost", number(point.cost)}});
  return {{"source", r.served_by},
          {"cost", number(r.incumbent.cost)},
          {"wall_seconds", std::max(0.0, r.wall_seconds - r.baseline.wall_seconds)},
          {"cpu_seconds", std::max(0.0, r.cpu_seconds - r.baseline.cpu_seconds)},
          {"delta", number(r.incumbent.cost - r.baseline.answer.cost)},
          {"delta_relative", relative_gap(r.incumbent.cost, r.baseline.answer.cost)},
          {"served", r.withheld.empty()},
          {"figure_deltas", figure_deltas(r)},
          {"trace", std::move(trace)}};
}

Json budget(const model::RunRecord& r) {
  Json json;
  if (r.limit.seconds) json["limit_seconds"] = number(*r.limit.seconds);
  if (r.limit.iterations) json["iterations"] = *r.limit.iterations;
  json["wall_seconds"] = r.wall_seconds;
  json["cpu_seconds"] = r.cpu_seconds;
  return json;
}

// How the seeds agree; null where there was one.
Json confidence(const model::RunRecord& r) {
  const std::optional<model::Confidence> found = model::confidence_of(r);
  if (!found) return nullptr;
  Json seeds = Json::array();
  for (const model::SeedOutcome& seed : r.seeds) seeds.push_back({{"seed", seed.seed}, {"cost", number(seed.cost)}});
  return {{"seeds", found->seeds}, {"within", r.policy.within}, {"agreeing", found->agreeing},
          {"share", static_cast<double>(found->agreeing) / static_cast<double>(found->seeds)},
          {"interval_95", {found->interval.low, found->interval.high}}, {"outcomes", std::move(seeds)}};
}

// What was asked of it; what was not asked stays out.
Json solver(const model::RunRecord& r) {
  Json json = {{"method", r.solver.method}, {"seed", r.seed}, {"seeds", r.policy.seeds}};
  if (r.solver.replicas > 0) json["replicas"] = r.solver.replicas;
  if (r.solver.depth > 0) json.update({{"depth", r.solver.depth}, {"shots", r.solver.shots}});
  json["options_digest"] = model::digest_text(r.solver.digest);
  return json;
}

// How likely the circuit gives the best of its samples, as its shots tell it; null without a circuit.
Json best_sample(const model::RunRecord& r) {
  const std::optional<core::Interval> interval = model::best_sample_interval(r);
  if (!interval) return nullptr;
  return {{"count", r.best_sample.count}, {"shots", r.best_sample.shots},
          {"probability", {{"estimate", static_cast<double>(r.best_sample.count) / static_cast<double>(r.best_sample.shots)}, {"interval_95", {interval->low, interval->high}}}}};
}

// The parts that the cost of an answer is made of, as far as the answer itself shows them.
Json parts(const model::RunRecord& r, const model::Answer& answer) {
  Json json = {{r.cost_unit, number(answer.cost)}};
  if (r.problem_type == "routing") json["routes"] = model::routes_in(answer.ints);
  return json;
}

// Distinct and feasible, best first; the first one without a policy's top_k is the candidate alone.
Json candidates(const model::RunRecord& r) {
  Json list = Json::array();
  for (std::size_t k = 0; k < r.candidates.size(); ++k)
    list.push_back({{"place", k + 1}, {"cost", number(r.candidates[k].cost)}, {"parts", parts(r, r.candidates[k])},
                    {"delta_relative", relative_gap(r.candidates[k].cost, r.baseline.answer.cost)}, {"violations", Json::array()}});
  return list;
}

// Of routing with a fleet: who drives which route, and who is not served for what reason.
void add_fleet(Json& json, const model::FleetReport& fleet) {
  json["complete"] = fleet.missing() == 0;
  json["routes"] = Json::array();
  for (const model::RouteVehicle& r : fleet.routes)
    json["routes"].push_back({{"route", json["routes"].size() + 1}, {"vehicle", r.vehicle}, {"depot", r.depot}, {"cost", number(r.cost)}, {"distance", number(r.distance)},
                              {"load", r.load}, {"capacity", r.capacity}});
  json["unassigned"] = Json::array();
  for (const model::LeftOutCustomer& c : fleet.left_out) {
    Json entry = {{"id", c.id}, {"required", c.required != 0}};
    if (c.required == 0) entry["prize"] = number(c.prize);
    entry.update({{"limit", c.limit}, {"by", number(c.by)}, {"unit", c.unit}, {"insertion_cost", number(c.insertion_cost)}, {"reason", c.reason}});
    json["unassigned"].push_back(std::move(entry));
  }
}

Json rank_trace(const model::RunRecord& r) {
  Json list = Json::array();
  for (const model::RankTracePoint& point : r.rank_trace) list.push_back({{"rank", point.rank}, {"seconds", point.seconds}, {"cost", number(point.cost)}});
  return list;
}

Json timing(const model::RunRecord& r) {
  Json list = Json::array();
  for (const model::RankTiming& t : r.timings)
    list.push_back({{"rank", t.rank}, {"host", t.host}, {"annealing_seconds", t.annealing}, {"waiting_seconds", t.waiting},
                    {"communicating_seconds", t.communicating}, {"writing_seconds", t.writing}, {"iterations", t.iterations}, {"tasks", t.tasks}});
  return list;
}

Json hybrid(const model::HybridStep& step) {
  const auto share = [&](std::uint64_t part) { return step.states == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(step.states); };
  Json runs = Json::array();
  for (const model::HybridRun& run : step.runs) {
    Json json = {{"solver", run.solver}, {"cost", run.decoded ? number(run.cost) : Json(nullptr)}, {"cost_before_repair", run.shots ? number(run.model_cost) : Json(nullptr)},
                 {"wall_seconds", run.wall_seconds}, {"cpu_seconds", run.cpu_seconds}, {"feasible_share", run.feasible_share},
                 {"optimum_probability", run.optimum_probability}, {"shots", run.shots}, {"decoded", run.decoded}, {"accepted", run.accepted == 1}};
    if (run.solver == "tempering") json["sweeps_per_shot"] = run.evaluations;
    if (run.qubits > 0) json.update({{"qubits", run.qubits}, {"depth", run.depth}, {"evaluations", run.evaluations}, {"gamma", run.gamma}, {"beta", run.beta}});
    runs.push_back(std::move(json));
  }
  return {{"subject", step.subject}, {"choices", step.choices}, {"candidates", step.candidates}, {"cost_before", number(step.before)}, {"cost_after", number(step.after)},
          {"optimum", number(step.optimum)}, {"penalty_factor", step.penalty_factor},
          {"uniform", {{"feasible_share", share(step.feasible_states)}, {"optimum_probability", share(step.optimal_states)}}},
          {"states", step.states}, {"feasible_states", step.feasible_states}, {"optimal_states", step.optimal_states}, {"solvers", runs}, {"finding", hybrid_finding(step)}};
}

// Of one ladder. Campaigns of ladders keep more states than that.
std::size_t replicas(const model::RunRecord& r) {
  return (r.problem_type != "qubo" && r.problem_type != "qap") || r.swaps.attempted.empty() ? r.campaign.replicas.size() : r.swaps.attempted.size() + 1;
}
}  // namespace

std::string status_name(core::ExitCode code) {
  switch (code) {
    case core::ExitCode::solved: return "solved";
    case core::ExitCode::our_fault: return "internal_error";
    case core::ExitCode::bad_input: return "bad_input";
    case core::ExitCode::stopped_early: return "stopped_early";
    case core::ExitCode::requeue: return "requeue";
  }
  return "unknown";
}

std::string result_json(const model::RunRecord& r, core::ExitCode exit_code, const std::string& error) {
  Json json = head(exit_code, error);
  if (!r.job_id.empty()) json["job_id"] = r.job_id;
  json["problem"] = {{"type", r.problem_type}, {"name", r.problem_name}, {"size", r.problem_size}, {"source", r.problem_source}, {"rounding", r.rounding}};
  json["objective"] = objective(r);
  if (r.best_known)
    json["best_known"] = {{"cost", number(*r.best_known)}, {"source", r.best_known_source}, {"gap", relative_gap(model::served_answer(r).cost, *r.best_known, r.sense)}};
  json["baseline"] = baseline(r);
  add_judgement(json["baseline"], r.baseline.judgement);
  json["candidate"] = candidate(r);
  add_judgement(json["candidate"], r.judgement);
  json["policy"] = {{"mode", model::name_of(r.policy.mode)}, {"min_improvement", r.policy.min_improvement}, {"min_confidence", r.policy.min_confidence}, {"within", r.policy.within}, {"top_k", r.policy.top_k}};
  json["solver"] = solver(r);
  if (Json found = best_sample(r); !found.is_null()) json["best_sample"] = std::move(found);
  if (Json found = confidence(r); !found.is_null()) json["confidence"] = std::move(found);
  if (!r.candidates.empty()) json["candidates"] = candidates(r);
  json["served_by"] = model::served_source(r);
  const std::string reason = model::why_baseline(r);
  json["fallback_reason"] = reason.empty() ? Json(nullptr) : Json(reason);
  for (const model::Figure& f : r.figures) json["figures"][f.group][f.name] = {{"value", number(f.value)}, {"unit", f.unit}};
  if (r.problem_type == "qubo" && !r.plan_tables.variables.empty()) json["assignment"] = assignment(r);
  if (!r.fleet.empty()) add_fleet(json, r.fleet);
  json["budget"] = budget(r);
  json["seed"] = r.seed;
  json["ranks"] = r.ranks;
  json["iterations"] = r.iterations;
  json["timing_per_rank"] = timing(r);
  if (!r.rank_trace.empty()) json["trace_per_rank"] = rank_trace(r);
  json["replica_exchange"] = {{"replicas", replicas(r)}, {"attempted", r.swaps.attempted}, {"accepted", r.swaps.accepted}, {"round_trips", r.swaps.round_trips}};
  for (const model::HybridStep& step : r.hybrid) json["hybrid"].push_back(hybrid(step));
  json["lost_tasks"] = r.lost_tasks;
  json["warnings"] = r.warnings;
  if (!r.audit_head.empty()) json["audit_head"] = r.audit_head;
  json["software"] = {{"name", "tempera"}, {"version", r.software_version}};
  json["created_utc"] = r.created_utc;
  json["command_line"] = r.command_line;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string failure_json(core::ExitCode exit_code, const std::string& error, const std::string& command_line) {
  Json json = head(exit_code, error);
  json["command_line"] = command_line;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tempera::report
