// Everything a run leaves behind: what goes into the checkpoint, the result files and the report.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "solvers/core/budget.hpp"
#include "solvers/model/hybrid_record.hpp"

namespace tempera::model {

/// Which way the user's objective is better. `cost_units` are minimised either way.
enum class Sense : std::uint8_t { minimise, maximise };

/// One complete answer. `ints` holds flattened routes (routing, see model::flatten), 0/1 values (QUBO) or places (QAP), `reals` service times (placement).
struct Answer {
  double cost = 0;               ///< in the user's units
  std::int64_t cost_units = 0;   ///< exact, scaled (routing: see units_per_cost)
  std::vector<std::int32_t> ints;
  std::vector<double> reals;
};

/// What the referee said of an answer, from problem and answer alone.
struct Judgement {
  bool feasible = true;
  std::string violation;         ///< the first; empty when feasible
};

/// The classical comparison on the same input.
struct BaselineRun {
  std::string method;            ///< e.g. "savings + local search"
  Answer answer;
  double wall_seconds = 0;
  double cpu_seconds = 0;
  Judgement judgement{};
};

/// The incumbent's cost after `iterations` annealing iterations of all ranks together.
struct TracePoint {
  std::uint64_t iterations = 0;
  std::uint32_t round = 0;
  double cost = 0;
  double temperature = 0;        ///< of the coldest rung when the round ended
  double seconds = 0;            ///< since the start of the job; the only column that differs between equal runs
};

/// Where the wall time of one rank went, seconds.
struct RankTiming {
  int rank = 0;
  std::string host;
  double annealing = 0;
  double waiting = 0;
  double communicating = 0;
  double writing = 0;
  std::uint64_t iterations = 0;
  std::uint64_t tasks = 0;

  /// Seconds accounted for.
  double total() const { return annealing + waiting + communicating + writing; }
};

/// The best whole solution so far that a rank had a part in.
struct RankTracePoint {
  int rank = 0;
  double seconds = 0;            ///< since the start of the job
  double cost = 0;
};

/// Health of the temperature ladder. Pair k is rungs k and k + 1, rung 0 the coldest.
struct SwapStatistics {
  std::vector<std::uint64_t> attempted;
  std::vector<std::uint64_t> accepted;
  std::uint64_t round_trips = 0;  ///< replicas that went coldest -> hottest -> coldest
};

/// One replica of the ladder at a round boundary.
struct ReplicaState {
  std::uint32_t rung = 0;         ///< 0 = coldest
  std::uint32_t trip = 0;         ///< round-trip marker: 0 none, 1 touched coldest, 2 then hottest
  Answer answer;                  ///< its current (not its best) solution
};

/// A route that good solutions used (routing only): what solutions can be put together from.
struct PooledRoute {
  std::vector<std::int32_t> customers;  ///< in visiting order
  std::int64_t cost = 0;          ///< scaled cost units
  std::uint32_t round = 0;        ///< last seen in
};

/// What a campaign needs beside the answers to go on: always taken at a round boundary.
struct CampaignState {
  std::uint32_t next_round = 0;
  std::uint64_t next_task_id = 0;
  std::uint64_t iterations = 0;
  double ladder_ratio = 1;        ///< temperature ratio of neighbouring rungs
  double annealing_started = 0;   ///< seconds of the job when cooling began
  double cooling_start = 0;       ///< temperatures of the coldest rung, scaled cost units
  double cooling_end = 0;
  std::vector<ReplicaState> replicas;
  std::vector<PooledRoute> pool{};
};

/// When the annealer's answer (the candidate) is served instead of the baseline (the control).
enum class ServingMode : std::uint8_t {
  race,       ///< the better of the two
  shadow,     ///< never: it is only recorded
  candidate,  ///< whenever it is feasible and sure enough, however little it saves
};
constexpr std::string_view name_of(ServingMode mode) {
  return mode == ServingMode::shadow ? "shadow" : mode == ServingMode::candidate ? "candidate" : "race";
}
/// Of a name that the schemas allow; race for any other.
constexpr ServingMode serving_mode_from_name(std::string_view name) {
  return name == "shadow" ? ServingMode::shadow : name == "candidate" ? ServingMode::candidate : ServingMode::race;
}

struct Policy {
  ServingMode mode = ServingMode::race;
  double min_improvement = 0;     ///< share of the control's cost that the candidate must save
  double min_confidence = 0;      ///< least lower end of the interval of `Confidence`
  double within = 0.01;           ///< share of the best cost: seeds that end so near to it agree
  std::uint32_t seeds = 1;        ///< independent annealings that share the budget
  std::uint32_t top_k = 1;        ///< distinct candidates to keep
};

/// How candidate and control were looked for: what a job's `solver` says beside seed and iterations, and its `baseline`.
struct SolverChoice {
  std::string method = "annealing";
  std::uint32_t replicas = 0;     ///< asked for; 0: chosen by size and ranks
  std::int32_t depth = 0;         ///< of the circuit, method qaoa; else 0
  std::uint64_t shots = 0;
  std::string baseline{};         ///< the control asked for; empty: the problem decides
  double baseline_share = 0;      ///< of the time, at most; 0: the usual part of that control
  std::uint64_t digest = 0;       ///< of everything beside problem, seed and budget that changes the answer
};

/// How often the best of a circuit's samples came.
struct BestSample {
  std::uint64_t count = 0;
  std::uint64_t shots = 0;        ///< 0: there was no circuit
};

/// Where one of several independent annealings of the same problem ended.
struct SeedOutcome {
  std::uint64_t seed = 0;
  double cost = 0;
};

/// One number about an answer, in the user's words: group "before", "control" or "after", e.g. name "fill_rate", unit "share".
struct Figure {
  std::string group;
  std::string name;
  std::string unit;
  double value = 0;
};

/// Something that lies along an axis, of one group ("before", "control", "after"): stock by day, safety stock by stage. For charts.
struct Profile {
  std::string group;
  std::string name;
  std::string unit;
  std::string axis;               ///< what the values lie along, e.g. "day"; the first value is at 1
  std::vector<double> values;
};

/// What the numbers of an answer mean: of rebalancing, with its trucks, and of a QUBO whose variables have names.
struct PlanTables {
  std::vector<std::string> variables;
  std::vector<std::string> skus;
  std::vector<std::string> lanes;          ///< "from -> to"
  std::vector<std::int32_t> trucks;        ///< [lane][day]
};

/// The vehicle of a route, in the user's words and units.
struct RouteVehicle {
  std::string vehicle;
  std::string depot;
  double cost = 0;
  double distance = 0;
  std::int64_t load = 0;
  std::int64_t capacity = 0;
};

/// A customer that nobody serves, and why: the cheapest insertion found and what stands against it.
struct LeftOutCustomer {
  std::string id;
  std::int32_t required = 1;      ///< 0: optional
  double prize = 0;               ///< of an optional one
  double insertion_cost = 0;
  std::string limit;              ///< capacity, max_distance, time_window, max_duration, vehicles, prize; none: it was not found in time
  double by = 0;
  std::string unit;               ///< of `by`
  std::string reason;             ///< in a sentence
};

/// Of the served answer; only of routing with a fleet.
struct FleetReport {
  std::vector<RouteVehicle> routes;  ///< in the order of the answer
  std::vector<LeftOutCustomer> left_out;

  bool empty() const { return routes.empty() && left_out.empty(); }
  std::int64_t missing() const {
    std::int64_t required = 0;
    for (const LeftOutCustomer& customer : left_out) required += customer.required;
    return required;
  }
};

enum class RunStatus : std::uint8_t { running, solved, stopped, failed };

struct RunRecord {
  // Provenance
  std::string created_utc;
  std::string host;
  std::string command_line;
  std::string software_version;
  std::string libraries;          ///< names and versions of what the program is linked with
  std::uint64_t seed = 0;
  int ranks = 1;
  // The problem
  std::string problem_type = "routing";
  std::string problem_name;
  std::string problem_source;     ///< the file as the user named it
  std::string rounding = "nearest";
  std::uint64_t problem_digest = 0;
  std::int64_t problem_size = 0;  ///< customers, variables or stages
  std::string cost_unit = "distance";
  Sense sense = Sense::minimise;  ///< of `cost` everywhere in this record
  double missing_price = 0;       ///< beside it, in `cost`, of every required customer left out: more than all vehicles; 0 where nobody may be left out
  double vehicle_price = 0;       ///< in `cost`, of every route, where fewest vehicles come first: more than all distance; else 0
  // The budget
  core::BudgetLimit limit;
  double wall_seconds = 0;        ///< end to end so far, earlier runs of a resumed job included
  double cpu_seconds = 0;         ///< of all ranks
  // Answers
  RunStatus status = RunStatus::running;
  BaselineRun baseline;
  Answer incumbent;
  Judgement judgement;            ///< of the incumbent
  std::vector<SeedOutcome> seeds; ///< one per independent annealing; empty when there was one
  std::vector<Answer> candidates; ///< distinct feasible ones, best first, the incumbent among them; at most policy.top_k
  std::string served_by;          ///< where the incumbent comes from: "annealer", "baseline" or "warm start"
  std::string fallback_reason;    ///< empty unless the baseline is served
  Policy policy;
  SolverChoice solver;
  BestSample best_sample;
  std::string withheld;           ///< why the policy serves the baseline although the incumbent is better; empty: it is served
  std::string audit_head;         ///< hash of the audit trail's last record; empty before the run ended
  std::string job_id;             ///< of the job file; empty without one
  std::optional<double> lower_bound;
  std::string lower_bound_method; ///< what proves it; empty without a bound
  std::optional<double> best_known;
  std::string best_known_source;
  std::vector<Figure> figures;          ///< of the served answer and what it is compared with; of rebalancing and of routes with a timetable
  std::vector<Profile> profiles;        ///< of inventory: the same names in every group
  PlanTables plan_tables;
  FleetReport fleet;
  // Observations
  std::vector<TracePoint> trace;
  std::vector<RankTiming> timings;
  std::vector<RankTracePoint> rank_trace;  ///< ascending seconds; a point whenever a rank's cost falls
  SwapStatistics swaps;
  std::vector<HybridStep> hybrid;
  std::uint64_t iterations = 0;
  std::uint64_t lost_tasks = 0;
  std::vector<std::string> warnings;
  // To go on
  CampaignState campaign;
};

/// What the user gets: the incumbent, or the baseline where the policy withholds it.
inline const Answer& served_answer(const RunRecord& record) { return record.withheld.empty() ? record.incumbent : record.baseline.answer; }
inline std::string served_source(const RunRecord& record) { return record.withheld.empty() ? record.served_by : "baseline"; }
inline std::string why_baseline(const RunRecord& record) { return record.withheld.empty() ? record.fallback_reason : record.withheld; }

}  // namespace tempera::model
