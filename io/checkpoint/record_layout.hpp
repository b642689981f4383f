// The layout of a run file: every group, attribute and dataset, once, for writing, reading and digesting.
// README.md says the same in a table; change both together, and `format_version` when old files can no longer be read.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "solvers/core/error.hpp"
#include "solvers/model/routing_solution.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::checkpoint {

inline constexpr std::uint32_t format_version = 7;
inline constexpr const char* format_name = "tempera-run";

// `Record` is RunRecord, const when writing or digesting.

/// A flag attribute and, when set, the value.
template <class Archive, class Optional>
void optional_attribute(Archive& a, const char* name, Optional& value) {
  const std::string flag = std::string("has_") + name;
  std::uint32_t present = value.has_value() ? 1 : 0;
  a.attribute(flag.c_str(), present);
  if (!present) return;
  if constexpr (Archive::reading) value.emplace();
  a.attribute(name, *value);
}

/// Routes in compressed rows: route r visits customers[route_offsets[r] .. route_offsets[r + 1]). With a fleet also the type of each
/// route's vehicle, where not all are of the first.
template <class Archive, class Ints>
void routes(Archive& a, Ints& flat) {
  std::vector<std::int32_t> customers, vehicles;
  std::vector<std::int64_t> offsets;
  bool mixed = false;
  if constexpr (!Archive::reading) {
    offsets.push_back(0);
    for (const std::int32_t c : flat) {
      if (c > 0) {
        customers.push_back(c);
        continue;
      }
      offsets.push_back(static_cast<std::int64_t>(customers.size()));
      vehicles.push_back(c == model::left_out_mark ? -1 : -c);
      mixed = mixed || c != 0;
    }
  } else {
    mixed = a.has_group("route_vehicles");
  }
  a.dataset("customers", customers, "customer number, 1 is the first node behind the depot");
  a.dataset("route_offsets", offsets, "index into customers");
  if (mixed) a.dataset("route_vehicles", vehicles, "type of the route's vehicle, 0 is the first; -1: these customers are left out");
  if constexpr (Archive::reading) {
    flat.clear();
    if (mixed && vehicles.size() + 1 != offsets.size()) throw core::DataError("route_vehicles is not as long as the routes are many.");
    for (std::size_t r = 0; r + 1 < offsets.size(); ++r) {
      if (offsets[r] < 0 || offsets[r] > offsets[r + 1] || offsets[r + 1] > static_cast<std::int64_t>(customers.size()))
        throw core::DataError("route_offsets are damaged: they do not ascend within the customers.");
      flat.insert(flat.end(), customers.begin() + offsets[r], customers.begin() + offsets[r + 1]);
      flat.push_back(!mixed ? 0 : vehicles[r] < 0 ? model::left_out_mark : -vehicles[r]);
    }
  }
}

/// The shipments of a rebalancing plan, a dataset per column; all count from 0.
template <class Archive, class Ints>
void shipments(Archive& a, Ints& flat) {
  std::vector<std::int32_t> column[4];
  constexpr const char* names[] = {"sku", "lane", "day", "pallets"};
  constexpr const char* units[] = {"index into /plan/skus", "index into /plan/lanes", "day of departure, 0 is the first", "pallet"};
  if constexpr (!Archive::reading)
    for (std::size_t k = 0; k < flat.size(); ++k) column[k % 4].push_back(flat[k]);
  for (std::size_t c = 0; c < 4; ++c) a.dataset(names[c], column[c], units[c]);
  if constexpr (Archive::reading) {
    flat.clear();
    for (std::size_t k = 0; k < column[0].size(); ++k)
      for (const std::vector<std::int32_t>& c : column) {
        if (c.size() != column[0].size()) throw core::DataError("the columns of a plan are not equally long.");
        flat.push_back(c[k]);
      }
  }
}

template <class Archive, class Answer>
void answer(Archive& a, Answer& value, const std::string& problem_type) {
  a.attribute("cost", value.cost);
  a.attribute("cost_units", value.cost_units);
  if (problem_type == "routing") routes(a, value.ints);
  else if (problem_type == "inventory_rebalancing") shipments(a, value.ints);
  else a.dataset("values", value.ints, "1");
  a.dataset("service_times", value.reals, "period");
}

template <class Archive, class Judgement>
void judgement(Archive& a, Judgement& value) {
  std::uint32_t feasible = value.feasible ? 1 : 0;
  a.attribute("feasible", feasible);
  if constexpr (Archive::reading) value.feasible = feasible != 0;
  a.attribute("violation", value.violation);
}

template <class Archive, class Record>
void provenance(Archive& a, Record& r) {
  a.attribute("software_version", r.software_version);
  a.attribute("libraries", r.libraries);
  a.attribute("date", r.created_utc);
  a.attribute("host", r.host);
  a.attribute("command_line", r.command_line);
  a.attribute("seed", r.seed);
  a.attribute("ranks", r.ranks);
}

template <class Archive, class Record>
void problem(Archive& a, Record& r) {
  a.attribute("type", r.problem_type);
  a.attribute("name", r.problem_name);
  a.attribute("source", r.problem_source);
  a.attribute("rounding", r.rounding);
  a.attribute("digest", r.problem_digest);
  a.attribute("size", r.problem_size);
  a.attribute("cost_unit", r.cost_unit);
  if (r.problem_type == "qubo") {  // the others always minimise
    std::uint32_t maximise = r.sense == model::Sense::maximise ? 1 : 0;
    a.attribute("maximise", maximise);
    if constexpr (Archive::reading) r.sense = maximise ? model::Sense::maximise : model::Sense::minimise;
  }
  a.attribute("vehicle_price", r.vehicle_price);
  a.attribute("missing_price", r.missing_price);
  optional_attribute(a, "lower_bound", r.lower_bound);
  a.attribute("lower_bound_method", r.lower_bound_method);
  optional_attribute(a, "best_known", r.best_known);
  a.attribute("best_known_source", r.best_known_source);
}

template <class Archive, class Record>
void budget(Archive& a, Record& r) {
  optional_attribute(a, "limit_seconds", r.limit.seconds);
  optional_attribute(a, "limit_iterations", r.limit.iterations);
  a.attribute("wall_seconds", r.wall_seconds);
  a.attribute("cpu_seconds", r.cpu_seconds);
  a.attribute("iterations", r.iterations);
}

/// One dataset per member of a list of structs, so that any HDF5 reader takes the columns without a compound type.
template <class Archive, class Rows>
class Columns {
 public:
  Columns(Archive& a, Rows& rows) : archive_(a), rows_(rows) {}

  template <class Row, class T>
  void column(const char* name, T Row::*member, const char* unit) {
    std::vector<T> values;
    if constexpr (Archive::reading) {
      archive_.dataset(name, values, unit);
      if (first_) rows_.resize(values.size());
      if (values.size() != rows_.size()) throw core::DataError(std::string("the column ") + name + " has another length than its neighbours.");
      for (std::size_t k = 0; k < values.size(); ++k) rows_[k].*member = values[k];
    } else {
      values.reserve(rows_.size());
      for (const auto& row : rows_) values.push_back(row.*member);
      archive_.dataset(name, values, unit);
    }
    first_ = false;
  }

 private:
  Archive& archive_;
  Rows& rows_;
  bool first_ = true;
};

template <class Archive, class Record>
void trace(Archive& a, Record& r) {
  using Point = model::TracePoint;
  Columns columns(a, r.trace);
  columns.column("iterations", &Point::iterations, "1");
  columns.column("round", &Point::round, "1");
  columns.column("cost", &Point::cost, "cost unit");
  columns.column("temperature", &Point::temperature, "cost unit");
  columns.column("seconds", &Point::seconds, "s");
}

template <class Archive, class Record>
void rank_trace(Archive& a, Record& r) {
  using Point = model::RankTracePoint;
  Columns columns(a, r.rank_trace);
  columns.column("rank", &Point::rank, "1");
  columns.column("seconds", &Point::seconds, "s");
  columns.column("cost", &Point::cost, "cost unit");
}

template <class Archive, class Record>
void seeds(Archive& a, Record& r) {
  Columns columns(a, r.seeds);
  columns.column("seed", &model::SeedOutcome::seed, "1");
  columns.column("cost", &model::SeedOutcome::cost, "cost unit");
}

template <class Archive, class Record>
void candidates(Archive& a, Record& r) {
  auto count = static_cast<std::uint32_t>(r.candidates.size());
  a.attribute("count", count);
  if constexpr (Archive::reading) r.candidates.resize(count);
  for (std::size_t k = 0; k < r.candidates.size(); ++k)
    a.group(("candidate_" + std::to_string(k)).c_str(), [&] { answer(a, r.candidates[k], r.problem_type); });
}

template <class Archive, class Record>
void rank_times(Archive& a, Record& r) {
  using Timing = model::RankTiming;
  Columns columns(a, r.timings);
  columns.column("rank", &Timing::rank, "1");
  columns.column("annealing", &Timing::annealing, "s");
  columns.column("waiting", &Timing::waiting, "s");
  columns.column("communicating", &Timing::communicating, "s");
  columns.column("writing", &Timing::writing, "s");
  columns.column("iterations", &Timing::iterations, "1");
  columns.column("tasks", &Timing::tasks, "1");
  std::vector<std::string> hosts;
  if constexpr (!Archive::reading)
    for (const Timing& t : r.timings) hosts.push_back(t.host);
  a.texts("host", hosts);
  if constexpr (Archive::reading)
    for (std::size_t k = 0; k < std::min(hosts.size(), r.timings.size()); ++k) r.timings[k].host = hosts[k];
}

template <class Archive, class Record>
void exchange(Archive& a, Record& r) {
  a.dataset("attempted", r.swaps.attempted, "1");
  a.dataset("accepted", r.swaps.accepted, "1");
  std::vector<double> acceptance;
  if constexpr (!Archive::reading)
    for (std::size_t k = 0; k < r.swaps.attempted.size(); ++k)
      acceptance.push_back(r.swaps.attempted[k] == 0 ? 0.0 : static_cast<double>(r.swaps.accepted[k]) / static_cast<double>(r.swaps.attempted[k]));
  a.dataset("acceptance", acceptance, "1");  // for readers of the file; follows from the two above
  a.attribute("round_trips", r.swaps.round_trips);
}

template <class Archive, class Record>
void campaign(Archive& a, Record& r) {
  auto& state = r.campaign;
  a.attribute("next_round", state.next_round);
  a.attribute("next_task_id", state.next_task_id);
  a.attribute("iterations", state.iterations);
  a.attribute("ladder_ratio", state.ladder_ratio);
  a.attribute("annealing_started", state.annealing_started);
  a.attribute("cooling_start", state.cooling_start);
  a.attribute("cooling_end", state.cooling_end);
  using Replica = model::ReplicaState;
  Columns columns(a, state.replicas);
  columns.column("rung", &Replica::rung, "1");
  columns.column("trip", &Replica::trip, "1");
  for (std::size_t k = 0; k < state.replicas.size(); ++k)
    a.group(("replica_" + std::to_string(k)).c_str(), [&] { answer(a, state.replicas[k].answer, r.problem_type); });
}

// As one flattened list, so that it is laid out like every other set of routes.
template <class Archive, class Record>
void route_pool(Archive& a, Record& r) {
  std::vector<std::int32_t> flat;
  if constexpr (!Archive::reading)
    for (const model::PooledRoute& route : r.campaign.pool) {
      flat.insert(flat.end(), route.customers.begin(), route.customers.end());
      flat.push_back(0);
    }
  routes(a, flat);
  if constexpr (Archive::reading) {
    r.campaign.pool.emplace_back();
    for (const std::int32_t customer : flat) {
      if (customer != 0) r.campaign.pool.back().customers.push_back(customer);
      else r.campaign.pool.emplace_back();
    }
    r.campaign.pool.pop_back();
  }
  Columns columns(a, r.campaign.pool);
  columns.column("cost", &model::PooledRoute::cost, "cost unit");
  columns.column("last_round", &model::PooledRoute::round, "1");
}

template <class Archive, class Record>
void outcome(Archive& a, Record& r) {
  auto status = static_cast<std::uint32_t>(r.status);
  a.attribute("status", status);
  if constexpr (Archive::reading) r.status = static_cast<model::RunStatus>(status);
  a.attribute("served_by", r.served_by);
  a.attribute("fallback_reason", r.fallback_reason);
  a.attribute("withheld", r.withheld);
  a.attribute("audit_head", r.audit_head);
  a.attribute("lost_tasks", r.lost_tasks);
  a.texts("warnings", r.warnings);
}

template <class Archive, class Record>
void job(Archive& a, Record& r) {
  a.attribute("id", r.job_id);
  auto mode = static_cast<std::uint32_t>(r.policy.mode);
  a.attribute("serving_mode", mode);
  if constexpr (Archive::reading) r.policy.mode = static_cast<model::ServingMode>(mode);
  a.attribute("min_improvement", r.policy.min_improvement);
  a.attribute("min_confidence", r.policy.min_confidence);
  a.attribute("within", r.policy.within);
  a.attribute("seeds", r.policy.seeds);
  a.attribute("top_k", r.policy.top_k);
}

template <class Archive, class Record>
void solver(Archive& a, Record& r) {
  a.attribute("method", r.solver.method);
  a.attribute("replicas", r.solver.replicas);
  a.attribute("depth", r.solver.depth);
  a.attribute("shots", r.solver.shots);
  a.attribute("baseline", r.solver.baseline);
  a.attribute("baseline_share", r.solver.baseline_share);
  a.attribute("options_digest", r.solver.digest);
  a.attribute("best_sample_count", r.best_sample.count);
  a.attribute("best_sample_shots", r.best_sample.shots);
}

/// What the numbers of the plans mean and the trucks of the served one, of rebalancing, or of a QUBO with named variables; the figures told of an answer.
template <class Archive, class Record>
void plan(Archive& a, Record& r) {
  a.texts("variables", r.plan_tables.variables);
  a.texts("skus", r.plan_tables.skus);
  a.texts("lanes", r.plan_tables.lanes);
  a.dataset("trucks", r.plan_tables.trucks, "trucks of the served plan, lane after lane, day by day");
  std::vector<std::string> words[3];
  if constexpr (!Archive::reading)
    for (const model::Figure& f : r.figures) {
      words[0].push_back(f.group);
      words[1].push_back(f.name);
      words[2].push_back(f.unit);
    }
  a.texts("figure_groups", words[0]);
  a.texts("figure_names", words[1]);
  a.texts("figure_units", words[2]);
  Columns columns(a, r.figures);
  columns.column("figures", &model::Figure::value, "as figure_units says");
  if constexpr (Archive::reading)
    for (std::size_t k = 0; k < r.figures.size() && k < words[0].size() && k < words[1].size() && k < words[2].size(); ++k)
      r.figures[k] = {words[0][k], words[1][k], words[2][k], r.figures[k].value};
}

/// Values of all profiles one behind the other, each as long as profile_lengths says.
template <class Archive, class Record>
void profiles(Archive& a, Record& r) {
  std::vector<std::string> words[4];
  std::vector<std::uint64_t> lengths;
  std::vector<double> values;
  if constexpr (!Archive::reading)
    for (const model::Profile& p : r.profiles) {
      words[0].push_back(p.group);
      words[1].push_back(p.name);
      words[2].push_back(p.unit);
      words[3].push_back(p.axis);
      lengths.push_back(p.values.size());
      values.insert(values.end(), p.values.begin(), p.values.end());
    }
  constexpr const char* names[] = {"profile_groups", "profile_names", "profile_units", "profile_axes"};
  for (std::size_t k = 0; k < 4; ++k) a.texts(names[k], words[k]);
  a.dataset("profile_lengths", lengths, "1");
  a.dataset("profiles", values, "as profile_units says");
  if constexpr (Archive::reading) {
    std::size_t at = 0;
    for (std::size_t k = 0; k < lengths.size(); ++k) {
      if (lengths[k] > values.size() - at || std::ranges::any_of(words, [&](const auto& list) { return list.size() != lengths.size(); })) throw core::DataError("the profiles are damaged: their lengths do not fit.");
      const auto first = values.begin() + static_cast<std::ptrdiff_t>(at);
      r.profiles.push_back({words[0][k], words[1][k], words[2][k], words[3][k], {first, first + static_cast<std::ptrdiff_t>(lengths[k])}});
      at += lengths[k];
    }
  }
}

/// Of other problems only in files with figures or profiles.
template <class Archive, class Record>
void plan_if_any(Archive& a, Record& r) {
  if (r.problem_type != "inventory_rebalancing") {
    if constexpr (Archive::reading) {
      if (!a.has_group("plan")) return;
    } else if (r.figures.empty() && r.profiles.empty() && r.plan_tables.variables.empty()) {
      return;
    }
  }
  a.group("plan", [&] {
    plan(a, r);
    profiles(a, r);
  });
}

/// A column of texts. @param member  of a row
template <class Archive, class Rows, class Row>
void text_column(Archive& a, Rows& rows, const char* name, std::string Row::*member) {
  std::vector<std::string> words;
  if constexpr (!Archive::reading)
    for (const auto& row : rows) words.push_back(row.*member);
  a.texts(name, words);
  if constexpr (Archive::reading)
    for (std::size_t k = 0; k < rows.size() && k < words.size(); ++k) rows[k].*member = words[k];
}

/// Of routing with a fleet: the vehicles of the served routes, and who is left out for what reason.
template <class Archive, class Record>
void fleet(Archive& a, Record& r) {
  using Vehicle = model::RouteVehicle;
  using Customer = model::LeftOutCustomer;
  if constexpr (Archive::reading) {
    if (!a.has_group("fleet")) return;
  } else if (r.fleet.empty()) {
    return;
  }
  a.group("fleet", [&] {
    Columns routes(a, r.fleet.routes);
    routes.column("route_cost", &Vehicle::cost, "cost unit");
    routes.column("route_distance", &Vehicle::distance, "distance");
    routes.column("route_load", &Vehicle::load, "load");
    routes.column("route_capacity", &Vehicle::capacity, "load");
    text_column(a, r.fleet.routes, "route_vehicle", &Vehicle::vehicle);
    text_column(a, r.fleet.routes, "route_depot", &Vehicle::depot);
    Columns left_out(a, r.fleet.left_out);
    left_out.column("left_out_required", &Customer::required, "0 or 1");
    left_out.column("left_out_prize", &Customer::prize, "cost unit");
    left_out.column("left_out_insertion_cost", &Customer::insertion_cost, "cost unit");
    left_out.column("left_out_by", &Customer::by, "as left_out_unit says");
    text_column(a, r.fleet.left_out, "left_out_id", &Customer::id);
    text_column(a, r.fleet.left_out, "left_out_limit", &Customer::limit);
    text_column(a, r.fleet.left_out, "left_out_unit", &Customer::unit);
    text_column(a, r.fleet.left_out, "left_out_reason", &Customer::reason);
  });
}

template <class Archive, class Run>
void hybrid_run(Archive& a, Run& run) {
  a.attribute("solver", run.solver);
  a.attribute("cost", run.cost);
  a.attribute("model_cost", run.model_cost);
  a.attribute("wall_seconds", run.wall_seconds);
  a.attribute("cpu_seconds", run.cpu_seconds);
  a.attribute("feasible_share", run.feasible_share);
  a.attribute("optimum_probability", run.optimum_probability);
  a.attribute("shots", run.shots);
  a.attribute("decoded", run.decoded);
  a.attribute("evaluations", run.evaluations);
  a.attribute("qubits", run.qubits);
  a.attribute("depth", run.depth);
  a.attribute("accepted", run.accepted);
  a.dataset("gamma", run.gamma, "rad per energy unit");
  a.dataset("beta", run.beta, "rad");
}

template <class Archive, class Step>
void hybrid_step(Archive& a, Step& step) {
  a.attribute("subject", step.subject);
  a.attribute("choices", step.choices);
  a.attribute("candidates", step.candidates);
  a.attribute("before", step.before);
  a.attribute("after", step.after);
  a.attribute("optimum", step.optimum);
  a.attribute("penalty_factor", step.penalty_factor);
  a.attribute("states", step.states);
  a.attribute("feasible_states", step.feasible_states);
  a.attribute("optimal_states", step.optimal_states);
  auto runs = static_cast<std::uint32_t>(step.runs.size());
  a.attribute("solvers", runs);
  if constexpr (Archive::reading) step.runs.resize(runs);
  for (std::size_t k = 0; k < step.runs.size(); ++k) a.group(("solver_" + std::to_string(k)).c_str(), [&] { hybrid_run(a, step.runs[k]); });
}

/// Only in files of runs that made such a step.
template <class Archive, class Record>
void hybrid(Archive& a, Record& r) {
  if constexpr (Archive::reading) {
    if (!a.has_group("hybrid")) return;
  } else if (r.hybrid.empty()) {
    return;
  }
  a.group("hybrid", [&] {
    auto steps = static_cast<std::uint32_t>(r.hybrid.size());
    a.attribute("steps", steps);
    if constexpr (Archive::reading) r.hybrid.resize(steps);
    for (std::size_t k = 0; k < r.hybrid.size(); ++k) a.group(("step_" + std::to_string(k)).c_str(), [&] { hybrid_step(a, r.hybrid[k]); });
  });
}

/// The whole file but for the root's format attributes.
template <class Archive, class Record>
void whole_record(Archive& a, Record& r) {
  a.group("provenance", [&] { provenance(a, r); });
  a.group("job", [&] { job(a, r); });
  a.group("solver", [&] { solver(a, r); });
  a.group("problem", [&] { problem(a, r); });
  a.group("budget", [&] { budget(a, r); });
  a.group("outcome", [&] { outcome(a, r); });
  a.group("incumbent", [&] {
    judgement(a, r.judgement);
    answer(a, r.incumbent, r.problem_type);
  });
  a.group("baseline", [&] {
    a.attribute("method", r.baseline.method);
    a.attribute("wall_seconds", r.baseline.wall_seconds);
    a.attribute("cpu_seconds", r.baseline.cpu_seconds);
    judgement(a, r.baseline.judgement);
    answer(a, r.baseline.answer, r.problem_type);
  });
  plan_if_any(a, r);
  fleet(a, r);
  a.group("trace", [&] { trace(a, r); });
  a.group("rank_trace", [&] { rank_trace(a, r); });
  a.group("seeds", [&] { seeds(a, r); });
  a.group("candidates", [&] { candidates(a, r); });
  a.group("ranks", [&] { rank_times(a, r); });
  a.group("exchange", [&] { exchange(a, r); });
  a.group("campaign", [&] { campaign(a, r); });
  if (r.problem_type == "routing") a.group("route_pool", [&] { route_pool(a, r); });
  hybrid(a, r);
}

}  // namespace tempera::checkpoint
