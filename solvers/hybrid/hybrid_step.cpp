#include "solvers/hybrid/hybrid_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "solvers/baselines/qubo_tabu.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/core/error.hpp"
#include "solvers/core/random.hpp"
#include "solvers/hybrid/choice_truth.hpp"
#include "solvers/hybrid/exact_choice.hpp"
#include "solvers/hybrid/qubo_cost.hpp"
#include "solvers/model/qubo_referee.hpp"
#include "solvers/quantum/qaoa.hpp"
#include "solvers/qubo/choose.hpp"

namespace tempera::hybrid {

namespace {
constexpr int most_double_qubits = 22;   // above, single precision: half the memory, and no figure here needs more
constexpr double most_penalty_growth = 1 << 20;
constexpr double seconds_per_amplitude_layer = 4e-9, seconds_per_state = 25e-9;

using Values = std::vector<std::int32_t>;

Values values_of(std::uint64_t state, std::int32_t n) {
  Values values;
  for (std::int32_t i = 0; i < n; ++i) values.push_back(static_cast<std::int32_t>(state >> i & 1));
  return values;
}

// States with how often a solver gave them, and their energies.
class Shots {
 public:
  explicit Shots(const model::QuboProblem& qubo) : qubo_(qubo) {}
  void add(const Values& values, std::uint64_t count = 1) {
    auto [at, fresh] = found_.try_emplace(values);
    if (fresh) at->second.energy = model::judge(qubo_, values).energy;
    at->second.count += count;
    total_ += count;
  }
  std::uint64_t total() const { return total_; }

  struct Counted {
    std::int64_t energy = 0;
    std::uint64_t count = 0;
  };
  const std::map<Values, Counted>& found() const { return found_; }

 private:
  const model::QuboProblem& qubo_;
  std::map<Values, Counted> found_;
  std::uint64_t total_ = 0;
};

class Step {
 public:
  Step(const model::TopChoice& choice, const model::Answer& incumbent, const HybridOptions& options)
      : choice_(choice), program_(choice.program()), options_(options), incumbent_(incumbent) {
    result_.step = {.subject = program_.name, .choices = program_.variables(), .candidates = choice.candidates(), .before = incumbent.cost, .after = incumbent.cost,
                    .runs = {}};
  }

  HybridResult run() {
    settle_penalties();
    timed("exact (CBC)", [&](model::HybridRun&, Shots& shots) {
      if (const auto taken = exact_choice(program_, options_.exact_seconds)) shots.add(*taken);
    });
    timed("greedy", [&](model::HybridRun&, Shots& shots) { shots.add(baselines::qubo_greedy(*qubo_)); });
    timed("tempering", [&](model::HybridRun& run, Shots& shots) { temper(run, shots); });
    timed("QAOA", [&](model::HybridRun& run, Shots& shots) {
      program_.variables() <= most_double_qubits ? qaoa<double>(run, shots) : qaoa<float>(run, shots);
    });
    timed("uniform random", [&](model::HybridRun&, Shots& shots) { draw(shots); });
    accept();
    return std::move(result_);
  }

 private:
  // Automatic penalties grow until no infeasible state is as good as the best feasible one.
  void settle_penalties() {
    double factor = 1;
    while (true) {
      qubo_ = model::with_penalties(program_, factor);
      truth_ = look_at_all(program_, *qubo_);
      TEMPERA_ASSERT(truth_.feasible > 0, fmt::format("no choice of {} keeps all rows", program_.name));
      const bool fixed = std::ranges::all_of(program_.rows, [](const model::BinaryRow& row) { return row.penalty > 0; });
      if (truth_.least_feasible < truth_.least_infeasible || fixed || factor >= most_penalty_growth) break;
      factor *= 2;
    }
    TEMPERA_ASSERT(truth_.least_feasible < truth_.least_infeasible, fmt::format("the penalties of {} do not keep its rows", program_.name));
    model::HybridStep& step = result_.step;
    step.penalty_factor = factor;
    step.optimum = qubo_->objective(truth_.least_feasible);
    step.states = std::uint64_t{1} << program_.variables();
    step.feasible_states = truth_.feasible;
    step.optimal_states = truth_.optimal;
  }

  // Runs one solver, times it, decodes the best of what it gave.
  template <class Solver>
  void timed(const char* name, Solver solver) {
    model::HybridRun run;
    run.solver = name;
    run.optimum_probability = -1;
    Shots shots(*qubo_);
    const core::Stopwatch watch;
    const double cpu = core::process_cpu_seconds();
    solver(run, shots);
    run.wall_seconds = watch.seconds();
    run.cpu_seconds = core::process_cpu_seconds() - cpu;
    tell(run, shots);
    std::optional<model::Answer> best = decode_best(run, shots);
    result_.step.runs.push_back(std::move(run));
    answers_.push_back(std::move(best));
  }

  void tell(model::HybridRun& run, const Shots& shots) const {
    run.shots = shots.total();
    std::uint64_t feasible = 0, optimal = 0;
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    for (const auto& [values, counted] : shots.found()) {
      const bool holds = model::rows_hold(program_, values);
      if (holds) feasible += counted.count;
      if (holds && counted.energy == truth_.least_feasible) optimal += counted.count;
      least = std::min(least, counted.energy);
    }
    if (run.shots == 0) {
      run.optimum_probability = 0;
      return;
    }
    run.model_cost = qubo_->objective(least);
    run.feasible_share = static_cast<double>(feasible) / static_cast<double>(run.shots);
    if (run.optimum_probability < 0) run.optimum_probability = static_cast<double>(optimal) / static_cast<double>(run.shots);
  }

  std::optional<model::Answer> decode_best(model::HybridRun& run, const Shots& shots) const {
    std::vector<std::pair<std::int64_t, const Values*>> order;
    for (const auto& [values, counted] : shots.found()) order.emplace_back(counted.energy, &values);
    std::ranges::stable_sort(order, {}, [](const auto& entry) { return entry.first; });
    std::optional<model::Answer> best;
    for (std::size_t k = 0; k < std::min(order.size(), options_.decoded); ++k) {
      std::optional<model::Answer> answer = choice_.decode(*order[k].second);
      ++run.decoded;
      if (answer && (!best || answer->cost_units < best->cost_units)) best = std::move(answer);
    }
    if (best) run.cost = best->cost;
    else run.decoded = 0;
    return best;
  }

  void temper(model::HybridRun& run, Shots& shots) const {
    const auto ladder = qubo::make_ladder(*qubo_, qubo::engine_for(*qubo_));
    run.evaluations = options_.sweeps;
    for (std::uint64_t shot = 0; shot < options_.tempering_shots; ++shot) {
      ladder->begin({}, {.seed = options_.seed, .domain = core::anneal_qubo, .step = static_cast<std::uint32_t>(shot)}, {});
      ladder->sweep(options_.sweeps);
      shots.add(ladder->best().values);
    }
  }

  template <class Real>
  void qaoa(model::HybridRun& run, Shots& shots) const {
    core::SingleRank alone;
    quantum::QaoaEngine<Real> engine(cost_of(*qubo_), alone, {.threads = options_.threads});
    const quantum::SearchResult found =
        quantum::find_angles(engine, {.search = quantum::AngleSearch::lbfgs, .depth = options_.depth, .most_evaluations = options_.evaluations, .stop = options_.stop});
    run.qubits = engine.qubits();
    run.depth = options_.depth;
    run.gamma = found.angles.gamma;
    run.beta = found.angles.beta;
    run.evaluations = static_cast<std::uint64_t>(found.evaluations);
    auto state = engine.make_state();
    quantum::evaluate(engine, state, found.angles);
    for (const quantum::Sample& sample : quantum::draw_samples(engine, state, options_.shots, options_.seed))
      shots.add(values_of(sample.index, program_.variables()), sample.count);
    if (truth_.optima.size() < truth_.optimal) return;  // too many to sum up; the shots say it
    const std::uint64_t mask = (std::uint64_t{1} << engine.qubits()) - 1;
    double probability = 0;
    for (const std::uint64_t index : truth_.optima) {
      const std::uint64_t local = state.flipped ? ~index & mask : index;
      TEMPERA_ASSERT(engine.index_of(state, local) == index, fmt::format("amplitude {} is not at {}", index, local));
      probability += engine.probability(state, local);
    }
    run.optimum_probability = probability / engine.norm(state);
  }

  void draw(Shots& shots) const {
    core::RandomStream random({.seed = options_.seed, .domain = core::sample_state, .replica = 1});
    for (std::uint64_t shot = 0; shot < options_.shots; ++shot) {
      Values values(program_.linear.size());
      for (std::int32_t& value : values) value = static_cast<std::int32_t>(random() >> 31);
      shots.add(values);
    }
  }

  void accept() {
    std::size_t best = answers_.size();
    std::int64_t least = incumbent_.cost_units;
    for (std::size_t k = 0; k < answers_.size(); ++k)
      if (answers_[k] && answers_[k]->cost_units < least) best = k, least = answers_[k]->cost_units;
    if (best == answers_.size()) return;
    result_.step.runs[best].accepted = 1;
    result_.step.after = answers_[best]->cost;
    result_.improved = std::move(answers_[best]);
  }

  const model::TopChoice& choice_;
  const model::BinaryProgram& program_;
  const HybridOptions& options_;
  const model::Answer& incumbent_;
  std::optional<model::QuboProblem> qubo_;
  ChoiceTruth truth_;
  std::vector<std::optional<model::Answer>> answers_;  // per run
  HybridResult result_;
};
}  // namespace

HybridResult hybrid_step(const model::TopChoice& choice, const model::Answer& incumbent, const HybridOptions& options) {
  return Step(choice, incumbent, options).run();
}

StepSeconds expected_seconds(int choices, const HybridOptions& options) {
  const double states = std::exp2(choices), layer = states * seconds_per_amplitude_layer;
  const double least = 0.3 + states * seconds_per_state + layer * 3 * options.depth;
  return {.least = least, .most = least + layer * 4 * options.depth * options.evaluations};
}

}  // namespace tempera::hybrid
