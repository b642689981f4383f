// tempera qaoa: QAOA on a QUBO, beside uniform picks and the exact optimum.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <nlohmann/json.hpp>

#include "io/checkpoint/state_file.hpp"
#include "io/instances/qubo_files.hpp"
#include "jobs/app/commands.hpp"
#include "jobs/app/state_vector_setup.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/core/statistics.hpp"
#include "solvers/hybrid/qubo_cost.hpp"
#include "solvers/model/qubo_referee.hpp"
#include "solvers/quantum/group_qaoa.hpp"
#include "solvers/quantum/one_hot.hpp"
#include "solvers/quantum/qaoa.hpp"

namespace tempera::app {

namespace {
using Json = nlohmann::ordered_json;

constexpr int most_qubits = 40;

// Groups that span the problem: each variable in one, all one-hot, all of one size.
bool one_hot_rows(const model::QuboProblem& problem) {
  std::size_t covered = 0;
  for (const model::QuboGroup& group : problem.groups) {
    if (group.wanted != 1 || group.members.size() != problem.groups.front().members.size()) return false;
    covered += group.members.size();
  }
  return covered == problem.linear.size();
}

// In the user's terms, of an expected energy.
double objective_of(const model::QuboProblem& problem, double energy) {
  return problem.offset + (problem.sense == model::Sense::maximise ? -1 : 1) * problem.unit * energy;
}

std::vector<std::int32_t> bits_of(std::uint64_t index, int qubits) {
  std::vector<std::int32_t> values;
  for (int q = 0; q < qubits; ++q) values.push_back(static_cast<std::int32_t>(index >> q & 1));
  return values;
}

// With the probability of such a sample as the shots tell it: 95 % interval by Wilson.
Json judged(const model::QuboProblem& problem, const std::vector<std::int32_t>& values, std::uint64_t count, std::uint64_t shots) {
  const model::QuboVerdict verdict = model::judge(problem, values);
  const core::Interval interval = core::wilson_interval(count, shots);
  return {{"objective", verdict.objective}, {"feasible", verdict.feasible}, {"energy", verdict.energy}, {"count", count},
          {"probability", {{"estimate", static_cast<double>(count) / static_cast<double>(shots)}, {"low", interval.low}, {"high", interval.high}}}, {"values", values}};
}

Json head(const QaoaOptions& options, const model::QuboProblem& problem, const StateRanks& ranks) {
  return {{"problem", problem.name}, {"variables", problem.variables()}, {"ranks", ranks.used}, {"idle_ranks", ranks.world - ranks.used},
          {"threads_per_rank", ranks.threads}, {"depth", options.search.depth}, {"shots", options.shots}, {"seed", options.seed}};
}

void tell_angles(Json& json, const quantum::SearchResult& found) {
  json["evaluations"] = found.evaluations;
  if (found.slope > 0) json["ramp_slope"] = found.slope;
  json["gamma"] = found.angles.gamma;
  json["beta"] = found.angles.beta;
}

template <class Real>
void load_state(const std::filesystem::path& file, quantum::QaoaEngine<Real>& engine, quantum::QaoaState<Real>& state, const StateRanks& ranks) {
  engine.start(state);  // in index order
  checkpoint::read_state(file, engine.qubits(), *ranks.group, [&](std::uint64_t first, std::span<double> pairs) {
    for (std::uint64_t k = 0; k < pairs.size() / 2; ++k) engine.set_amplitude(state, first + k, {pairs[2 * k], pairs[2 * k + 1]});
  });
}

template <class Real>
void save_state(const std::filesystem::path& file, quantum::QaoaEngine<Real>& engine, quantum::QaoaState<Real>& state, const StateRanks& ranks) {
  if (state.flipped) engine.layer(state, 0, std::acos(-1.0) / 2), engine.restore_order(state);  // X on every qubit: only the order of storage changes
  checkpoint::write_state(file, engine.qubits(), *ranks.group, [&](std::uint64_t first, std::span<double> pairs) {
    for (std::uint64_t k = 0; k < pairs.size() / 2; ++k) {
      const auto a = engine.amplitude(state, first + k);
      pairs[2 * k] = a.real(), pairs[2 * k + 1] = a.imag();
    }
  });
}

// Finds angles and prepares their state.
template <class Real>
void prepare(const QaoaOptions& options, const model::QuboProblem& problem, quantum::QaoaEngine<Real>& engine, quantum::QaoaState<Real>& state, const StateRanks& ranks, Json& json) {
  const core::Stopwatch watch;
  quantum::SearchOptions search = options.search;
  if (options.start_angles) {
    const checkpoint::AnglesRecord record = checkpoint::read_angles(*options.start_angles);
    search.start = quantum::Angles{.gamma = record.gamma, .beta = record.beta};
    if (record.gamma.size() != static_cast<std::size_t>(search.depth)) search.start = quantum::stretched(*search.start, search.depth);
  }
  const quantum::SearchResult found = quantum::find_angles(engine, search);
  tell_angles(json, found);
  json["search_seconds"] = watch.seconds();
  quantum::evaluate(engine, state, found.angles);
  if (options.save_angles && ranks.group->rank() == 0)
    checkpoint::write_angles(*options.save_angles, {.qubits = engine.qubits(), .problem = problem.name, .gamma = found.angles.gamma, .beta = found.angles.beta,
                                                    .value = found.value, .quantity = search.tail_share < 1 ? "tail mean" : "expected cost"});
}

template <class Real>
Json on_register(const QaoaOptions& options, const model::QuboProblem& problem, const StateRanks& ranks) {
  const core::Stopwatch watch;
  quantum::QaoaEngine<Real> engine(hybrid::cost_of(problem), *ranks.group, {.threads = ranks.threads});
  const auto objective = [&](double energy) { return objective_of(problem, energy); };
  const double margin = hybrid::optimum_margin(engine.scale());
  Json json = head(options, problem, ranks);
  json["space"] = "all bit strings";
  json["qubits"] = engine.qubits();
  json["precision"] = sizeof(Real) == 8 ? "double" : "single";
  json["diagonal"] = quantum::name_of(engine.scale().kind);
  json["diagonal_exact"] = engine.scale().exact;

  auto state = engine.make_state();
  engine.start(state);
  json["uniform"] = {{"expected_objective", objective(engine.expectation(state))}, {"optimum_probability", quantum::optimum_probability(engine, state, margin)}};
  if (options.start_state) {
    load_state(*options.start_state, engine, state, ranks);
    json["state"] = options.start_state->string();
    json.erase("depth");
  } else {
    prepare(options, problem, engine, state, ranks, json);
  }
  json["expected_objective"] = objective(engine.expectation(state));
  json["optimum_probability"] = quantum::optimum_probability(engine, state, margin);
  if (options.search.tail_share < 1) json["tail_mean_objective"] = objective(quantum::tail_mean(engine, state, options.search.tail_share));
  json["exact_optimum"] = objective(engine.scale().least);
  const auto samples = quantum::draw_samples(engine, state, options.shots, options.seed);
  json["best_sample"] = judged(problem, bits_of(samples.front().index, engine.qubits()), samples.front().count, options.shots);
  json["distinct_samples"] = samples.size();
  if (options.save_state) save_state(*options.save_state, engine, state, ranks);
  json["seconds"] = watch.seconds();
  return json;
}

// What the engines of groups do not do.
void refuse_files(const QaoaOptions& options) {
  if (options.start_angles || options.save_angles || options.start_state || options.save_state)
    throw core::UserError("--angles, --save-angles, --state and --save-state are for problems without groups. Leave them out.");
}

// Searches angles, draws, and tells it: the same for every engine that keeps groups. @param values_of  the variables of an index
template <class Engine, class Mixer, class Values>
void tell_ramps(Json& json, Engine& engine, const quantum::CostPolynomial& cost, Mixer mixer, const QaoaOptions& options, const model::QuboProblem& problem, const Values& values_of) {
  const auto objective = [&](double energy) { return objective_of(problem, energy); };
  json["uniform"] = {{"expected_objective", objective(engine.expectation())}, {"optimum_probability", engine.optimum_probability(0.5)}};
  const quantum::SearchResult found = quantum::scan_ramps(engine, cost, options.search.depth, mixer);
  json["search"] = "ramp";
  tell_angles(json, found);
  json["expected_objective"] = objective(found.value);
  json["optimum_probability"] = engine.optimum_probability(0.5);
  json["exact_optimum"] = objective(engine.least_cost());
  const auto drawn = engine.draw(options.shots, options.seed);
  const std::uint64_t best = *std::ranges::min_element(drawn, {}, [&](std::uint64_t index) { return engine.cost(index); });
  json["best_sample"] = judged(problem, values_of(best), static_cast<std::uint64_t>(std::ranges::count(drawn, best)), options.shots);
}

quantum::GroupMixer group_mixer(quantum::RowMixer mixer) {
  switch (mixer) {
    case quantum::RowMixer::ring: return quantum::GroupMixer::ring;
    case quantum::RowMixer::grover: return quantum::GroupMixer::grover;
    default: return quantum::GroupMixer::complete;
  }
}

// Groups of any cardinality: the whole register, moved by mixers that keep the groups.
Json on_group_register(const QaoaOptions& options, const model::QuboProblem& problem, const StateRanks& ranks) {
  const core::Stopwatch watch;
  std::vector<quantum::QubitGroup> groups;
  for (const model::QuboGroup& group : problem.groups) groups.push_back({.wanted = group.wanted, .qubits = {group.members.begin(), group.members.end()}});
  const quantum::CostPolynomial cost = hybrid::cost_of(problem);
  quantum::GroupQaoa engine(cost, std::move(groups), *ranks.group, ranks.threads);
  Json json = head(options, problem, ranks);
  json["space"] = "groups on the whole register";
  json["qubits"] = engine.qubits(), json["feasible_states"] = engine.feasible_states();
  tell_ramps(json, engine, cost, group_mixer(options.mixer), options, problem, [&](std::uint64_t index) { return bits_of(index, engine.qubits()); });
  json["seconds"] = watch.seconds();
  return json;
}

Json in_one_hot_space(const QaoaOptions& options, const model::QuboProblem& problem, const StateRanks& ranks) {
  const core::Stopwatch watch;
  const int rows = static_cast<int>(problem.groups.size()), choices = static_cast<int>(problem.groups.front().members.size());
  std::vector<std::int32_t> order;
  for (const model::QuboGroup& group : problem.groups) order.insert(order.end(), group.members.begin(), group.members.end());
  const quantum::CostPolynomial cost = hybrid::cost_of(problem, order);
  quantum::OneHotEngine engine(cost, rows, choices, ranks.threads);
  Json json = head(options, problem, ranks);
  json["space"] = "one-hot groups";
  json["rows"] = rows, json["choices"] = choices, json["amplitudes"] = engine.size();
  tell_ramps(json, engine, cost, options.mixer, options, problem, [&](std::uint64_t index) {
    std::vector<std::int32_t> values(problem.linear.size());
    const std::vector<int> chosen = engine.choices_of(index);
    for (std::size_t r = 0; r < chosen.size(); ++r) values[static_cast<std::size_t>(problem.groups[r].members[static_cast<std::size_t>(chosen[r])])] = 1;
    return values;
  });
  json["seconds"] = watch.seconds();
  return json;
}

void print(const Json& json, OutputMode output) {
  if (output == OutputMode::json) fmt::print("{}\n", json.dump(2));
  if (output != OutputMode::text) return;
  for (const auto& [key, value] : json.items()) fmt::print("{:<22} {}\n", key, value.is_string() ? value.get<std::string>() : value.dump());
}
}  // namespace

core::ExitCode qaoa(const QaoaOptions& options, const Invocation& invocation, comm::Session& session) {
  const model::QuboProblem problem = instances::read_qubo(options.file);
  const bool grouped = !problem.groups.empty(), one_hot = grouped && one_hot_rows(problem);
  if (grouped) refuse_files(options);
  if (!one_hot && problem.variables() > most_qubits)
    throw core::UserError(fmt::format("{}: {} variables need as many qubits; at most {} are simulated. Use tempera solve.", options.file.string(), problem.variables(), most_qubits));
  if (options.start_state && (options.start_angles || options.save_angles))
    throw core::UserError("--state brings the state itself: there are no angles to start from or to save. Leave out --angles and --save-angles.");
  const bool precise = options.precision == Precision::double_precision;
  const StateRanks ranks = take_ranks(session, one_hot ? 1 : problem.variables(), options.threads);
  if (!ranks.group) return core::ExitCode::solved;
  const int rank_qubits = std::countr_zero(static_cast<unsigned>(ranks.used));
  const int states = options.search.search == quantum::AngleSearch::lbfgs ? 3 : 2;
  if (one_hot) {
    const double choices = static_cast<double>(problem.groups.front().members.size());
    require_memory(*ranks.group, static_cast<int>(std::ceil(static_cast<double>(problem.groups.size()) * std::log2(choices))), [](int n) { return std::uint64_t{28} << n; }, false);
  } else if (grouped) {
    require_memory(*ranks.group, problem.variables(), [&](int n) { return (std::uint64_t{24} << std::max(n, rank_qubits)) / static_cast<std::uint64_t>(ranks.used); }, invocation.output == OutputMode::text);
  } else {
    require_memory(*ranks.group, problem.variables(), [&](int n) { return quantum::planned_bytes(std::max(n, rank_qubits), ranks.used, precise ? 8 : 4, quantum::DiagonalKind::real32, states); },
                   invocation.output == OutputMode::text);
  }
  const Json json = one_hot   ? in_one_hot_space(options, problem, ranks)
                    : grouped ? on_group_register(options, problem, ranks)
                    : precise ? on_register<double>(options, problem, ranks) : on_register<float>(options, problem, ranks);
  if (ranks.group->rank() == 0) print(json, invocation.output);
  return core::ExitCode::solved;
}

}  // namespace tempera::app
