#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "solvers/baselines/routing_baseline.hpp"
#include "solvers/core/error.hpp"
#include "solvers/hybrid/choice_truth.hpp"
#include "solvers/hybrid/exact_choice.hpp"
#include "solvers/hybrid/hybrid_step.hpp"
#include "solvers/hybrid/qubo_cost.hpp"
#include "solvers/hybrid/route_choice.hpp"
#include "solvers/model/qubo_referee.hpp"
#include "solvers/model/routing_referee.hpp"
#include "solvers/quantum/qaoa.hpp"
#include "tests/support/routing_samples.hpp"

namespace {
using namespace tempera;
using Values = std::vector<std::int32_t>;

// Couplings of both signs, a one-hot row, an overlapping row of two and a pair that excludes each other.
model::BinaryProgram sample_program(std::uint64_t seed, int n = 10) {
  core::RandomStream random({.seed = seed, .domain = core::tests});
  model::BinaryProgram program{.name = "sample", .offset = 3, .linear = {}, .couplings = {}, .rows = {}};
  const auto draw = [&] { return static_cast<double>(random.below(41)) - 20; };
  for (int i = 0; i < n; ++i) program.linear.push_back(draw());
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < i; ++j)
      if (random.chance(0.4)) program.couplings.push_back({i, j, draw()});
  program.rows = {{.members = {0, 1, 2}, .kind = model::RowKind::exactly, .wanted = 1, .penalty = 0},
                  {.members = {2, 3, 4, 5}, .kind = model::RowKind::exactly, .wanted = 2, .penalty = 0},
                  {.members = {5, 6, 7}, .kind = model::RowKind::at_most_one, .wanted = 1, .penalty = 0}};
  return program;
}

Values values_of(std::uint64_t state, std::size_t n) {
  Values values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(static_cast<std::int32_t>(state >> i & 1));
  return values;
}

template <class Visit>
void for_all(const model::BinaryProgram& program, Visit visit) {
  for (std::uint64_t state = 0; state < std::uint64_t{1} << program.linear.size(); ++state) visit(values_of(state, program.linear.size()));
}

model::Answer answer_of(const model::RoutingInstance& in, const model::RoutingSolution& solution) {
  const model::RoutingVerdict verdict = model::judge(in, solution);
  EXPECT_TRUE(verdict.feasible);
  return {.cost = static_cast<double>(verdict.cost.value), .cost_units = verdict.cost.value, .ints = model::flatten(solution), .reals = {}};
}

// Routes of the local optimum and of random solutions: covers abound, mixed ones too.
struct Pooled {
  model::RoutingInstance instance;
  model::RoutingSolution best;
  std::vector<model::Route> pool;
};
Pooled pooled(std::uint64_t seed, int customers = 14) {
  Pooled p{.instance = tests::sample_instance({.customers = customers, .seed = seed, .capacity = 40}), .best = {}, .pool = {}};
  p.best = baselines::routing_baseline(p.instance, {}).solution;
  core::RandomStream random({.seed = seed, .domain = core::tests, .replica = 1});
  for (int k = 0; k < 40; ++k) std::ranges::copy(tests::random_solution(p.instance, random).routes, std::back_inserter(p.pool));
  for (int c = 1; c <= customers; ++c) p.pool.push_back({c});
  std::ranges::copy(p.best.routes, std::back_inserter(p.pool));
  return p;
}
}  // namespace

TEST(BinaryProgram, PenalisedEnergyIsTheObjectiveWhereRowsHoldAndAboveItElsewhere) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const model::BinaryProgram program = sample_program(seed);
    const model::QuboProblem qubo = model::with_penalties(program);
    for_all(program, [&](const Values& values) {
      const double energy = model::judge(qubo, values).objective, objective = model::objective_of(program, values);
      if (model::rows_hold(program, values)) EXPECT_DOUBLE_EQ(energy, objective);
      else EXPECT_GT(energy, objective);
    });
  }
}

TEST(BinaryProgram, AutomaticPenaltyIsAboveEveryChangeByOneFlip) {
  const model::BinaryProgram program = sample_program(3);
  const double penalty = model::automatic_penalty(program, program.rows[0]);
  for_all(program, [&](Values values) {
    for (const std::int32_t i : program.rows[0].members) {
      const double before = model::objective_of(program, values);
      values[static_cast<std::size_t>(i)] ^= 1;
      EXPECT_LT(std::fabs(model::objective_of(program, values) - before), penalty);
      values[static_cast<std::size_t>(i)] ^= 1;
    }
  });
}

TEST(BinaryProgram, RefusesARowWithAnUnknownOrRepeatedMember) {
  model::BinaryProgram program = sample_program(1);
  program.rows[0].members = {0, 10};
  EXPECT_THROW(model::with_penalties(program), core::UserError);
  program.rows[0].members = {4, 4};
  EXPECT_THROW(model::with_penalties(program), core::UserError);
  program.rows[0].members = {4};
  program.rows[0].wanted = 2;
  EXPECT_THROW(model::with_penalties(program), core::UserError);
}

TEST(ChoiceTruth, CountsWhatLookingAtEveryStateCounts) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const model::BinaryProgram program = sample_program(seed);
    const model::QuboProblem qubo = model::with_penalties(program);
    std::uint64_t feasible = 0, optimal = 0;
    std::int64_t least = std::numeric_limits<std::int64_t>::max(), least_infeasible = least;
    for_all(program, [&](const Values& values) {
      const std::int64_t energy = model::judge(qubo, values).energy;
      if (!model::rows_hold(program, values)) least_infeasible = std::min(least_infeasible, energy);
      else ++feasible, least = std::min(least, energy);
    });
    for_all(program, [&](const Values& values) { optimal += model::rows_hold(program, values) && model::judge(qubo, values).energy == least; });
    const hybrid::ChoiceTruth truth = hybrid::look_at_all(program, qubo);
    EXPECT_EQ(truth.feasible, feasible);
    EXPECT_EQ(truth.optimal, optimal);
    EXPECT_EQ(truth.least_feasible, least);
    EXPECT_EQ(truth.least_infeasible, least_infeasible);
    ASSERT_EQ(truth.optima.size(), optimal);
    for (const std::uint64_t state : truth.optima) EXPECT_EQ(model::judge(qubo, values_of(state, 10)).energy, least);
  }
}

TEST(ExactChoice, FindsTheOptimumOfProgrammesWithCouplings) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const model::BinaryProgram program = sample_program(seed);
    const model::QuboProblem qubo = model::with_penalties(program);
    const auto taken = hybrid::exact_choice(program, 20);
    ASSERT_TRUE(taken);
    EXPECT_DOUBLE_EQ(model::objective_of(program, *taken), qubo.objective(hybrid::look_at_all(program, qubo).least_feasible)) << "seed " << seed;
  }
}

TEST(ExactChoice, SaysWhenNothingKeepsTheRows) {
  model::BinaryProgram program = sample_program(1);
  program.rows.push_back({.members = {0, 1, 2}, .kind = model::RowKind::exactly, .wanted = 2, .penalty = 0});
  EXPECT_FALSE(hybrid::exact_choice(program, 20));
}

TEST(QuboCost, IsTheEnergyOfEveryState) {
  const model::QuboProblem qubo = model::with_penalties(sample_program(4));
  const quantum::CostPolynomial cost = hybrid::cost_of(qubo);
  for (std::uint64_t state = 0; state < 1024; ++state) EXPECT_DOUBLE_EQ(cost.value(state), static_cast<double>(model::judge(qubo, values_of(state, 10)).energy));
}

TEST(RouteChoice, PricesEveryCoverAsTheReferee) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const Pooled p = pooled(seed);
    const auto choice = hybrid::route_choice(p.instance, p.pool, p.best, 14);
    ASSERT_TRUE(choice);
    const model::BinaryProgram& program = choice->program();
    EXPECT_LE(program.linear.size(), 14u);
    std::size_t covers = 0;
    for_all(program, [&](const Values& taken) {
      if (!model::rows_hold(program, taken)) return;
      ++covers;
      const auto answer = choice->decode(taken);
      ASSERT_TRUE(answer);
      EXPECT_DOUBLE_EQ(answer->cost, model::objective_of(program, taken));
    });
    EXPECT_GE(covers, 1u);  // the incumbent's own
  }
}

// Where a route costs by itself, and windows decide which routes there are.
TEST(RouteChoice, PricesEveryCoverAsTheRefereeWithWindowsAndFewestVehicles) {
  model::RoutingInstance in = tests::sample_instance({.customers = 10, .seed = 2, .capacity = 60, .windows = true});
  model::set_objective(in, model::Objective::vehicles);
  const auto singles = [&] {
    model::RoutingSolution solution;
    for (std::int32_t c = 1; c <= in.customers(); ++c) solution.routes.push_back({c});
    return solution;
  };
  std::vector<model::Route> pool = baselines::routing_baseline(in, {}).solution.routes;
  for (std::int32_t a = 1; a <= in.customers(); ++a)
    for (std::int32_t b = 1; b <= in.customers(); ++b) {
      if (a == b) continue;
      model::RoutingSolution pair{.routes = {{a, b}}};
      for (const model::Route& route : singles().routes)
        if (route[0] != a && route[0] != b) pair.routes.push_back(route);
      if (model::judge(in, pair).feasible) pool.push_back({a, b});
    }
  const model::RoutingSolution incumbent = singles();
  const auto choice = hybrid::route_choice(in, pool, incumbent, 12);
  ASSERT_TRUE(choice);
  std::size_t covers = 0;
  for_all(choice->program(), [&](const Values& taken) {
    const auto answer = choice->decode(taken);
    ASSERT_TRUE(answer);  // repaired in time where it is no cover
    if (!model::rows_hold(choice->program(), taken)) return;
    ++covers;
    EXPECT_NEAR(answer->cost, model::objective_of(choice->program(), taken), 1e-6);
  });
  EXPECT_GT(covers, 1u);
}

TEST(RouteChoice, PenaltiesKeepTheOptimumFeasible) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const Pooled p = pooled(seed);
    const auto choice = hybrid::route_choice(p.instance, p.pool, p.best, 16);
    const hybrid::ChoiceTruth truth = hybrid::look_at_all(choice->program(), model::with_penalties(choice->program()));
    EXPECT_LT(truth.least_feasible, truth.least_infeasible) << "seed " << seed;
  }
}

TEST(RouteChoice, RepairsWhatIsNoCover) {
  const Pooled p = pooled(2);
  const auto choice = hybrid::route_choice(p.instance, p.pool, p.best, 12);
  for (const Values& taken : {Values(choice->program().linear.size(), 0), Values(choice->program().linear.size(), 1)}) {
    const auto answer = choice->decode(taken);
    ASSERT_TRUE(answer);
    EXPECT_TRUE(model::judge(p.instance, model::unflatten(answer->ints)).feasible);
  }
}

TEST(RouteChoice, LeavesMostRoutesOfALargeSolutionAlone) {
  const Pooled p = pooled(5, 150);
  const auto choice = hybrid::route_choice(p.instance, p.pool, p.best, 8);
  ASSERT_TRUE(choice);
  EXPECT_LE(choice->program().linear.size(), 8u);
  EXPECT_GT(p.best.routes.size(), 16u);
  const hybrid::ChoiceTruth truth = hybrid::look_at_all(choice->program(), model::with_penalties(choice->program()));
  ASSERT_GE(truth.feasible, 1u);
  const auto answer = choice->decode(values_of(truth.optima.front(), choice->program().linear.size()));
  EXPECT_LE(answer->cost_units, answer_of(p.instance, p.best).cost_units);
}

TEST(RouteChoice, IsNothingWithoutOtherRoutes) {
  const Pooled p = pooled(1);
  EXPECT_FALSE(hybrid::route_choice(p.instance, p.best.routes, p.best, 10));
}

namespace {
// Half of the routes of the best solution broken up into single visits: the pool knows better.
hybrid::HybridResult step_from_broken(std::uint64_t seed, const hybrid::HybridOptions& options, model::Answer* incumbent = nullptr) {
  const Pooled p = pooled(seed, 12);
  model::RoutingSolution broken;
  for (std::size_t r = 0; r < p.best.routes.size(); ++r) {
    if (r % 2 == 0) for (const std::int32_t c : p.best.routes[r]) broken.routes.push_back({c});
    else broken.routes.push_back(p.best.routes[r]);
  }
  const model::Answer start = answer_of(p.instance, broken);
  if (incumbent) *incumbent = start;
  const auto choice = hybrid::route_choice(p.instance, p.pool, broken, 14);
  return hybrid::hybrid_step(*choice, start, options);
}
}  // namespace

TEST(HybridStep, ImprovesABrokenIncumbentAndKeepsAllFigures) {
  model::Answer incumbent;
  const hybrid::HybridResult result = step_from_broken(3, {.seed = 7, .depth = 3, .shots = 500, .evaluations = 40, .stop = {}}, &incumbent);
  const model::HybridStep& step = result.step;
  ASSERT_TRUE(result.improved);
  EXPECT_LT(result.improved->cost_units, incumbent.cost_units);
  EXPECT_EQ(step.before, incumbent.cost);
  EXPECT_EQ(step.after, result.improved->cost);
  EXPECT_EQ(step.states, std::uint64_t{1} << step.choices);
  ASSERT_EQ(step.runs.size(), 5u);
  EXPECT_EQ(std::ranges::count(step.runs, 1u, &model::HybridRun::accepted), 1);
  const model::HybridRun &exact = step.runs[0], &tempering = step.runs[2], &qaoa = step.runs[3], &chance = step.runs[4];
  EXPECT_EQ(exact.model_cost, step.optimum);
  EXPECT_EQ(exact.optimum_probability, 1);
  EXPECT_EQ(tempering.shots, 100u);
  EXPECT_GT(tempering.optimum_probability, 0.5);
  EXPECT_EQ(qaoa.qubits, step.choices);
  EXPECT_EQ(qaoa.depth, 3);
  EXPECT_EQ(qaoa.gamma.size(), 3u);
  EXPECT_EQ(qaoa.beta.size(), 3u);
  EXPECT_EQ(qaoa.shots, 500u);
  EXPECT_GT(qaoa.optimum_probability, static_cast<double>(step.optimal_states) / static_cast<double>(step.states));
  EXPECT_EQ(chance.shots, 500u);
  for (const model::HybridRun& run : step.runs) {
    EXPECT_GE(run.decoded, 1u) << run.solver;
    EXPECT_GE(run.cost, result.improved->cost) << run.solver;
    EXPECT_GE(run.model_cost, step.optimum) << run.solver;
  }
}

TEST(HybridStep, ProbabilityOfTheOptimumAgreesWithTheShots) {
  const Pooled p = pooled(4, 10);
  const auto choice = hybrid::route_choice(p.instance, p.pool, p.best, 8);
  constexpr std::uint64_t shots = 200'000;
  const hybrid::HybridResult result = hybrid::hybrid_step(*choice, answer_of(p.instance, p.best), {.depth = 2, .shots = shots, .evaluations = 30, .stop = {}});
  const model::QuboProblem qubo = model::with_penalties(choice->program());
  const double exact = result.step.runs[3].optimum_probability;
  // The same circuit again, its shots counted here.
  core::SingleRank alone;
  quantum::QaoaEngine<double> engine(hybrid::cost_of(qubo), alone, {});
  auto state = engine.make_state();
  quantum::evaluate(engine, state, {.gamma = result.step.runs[3].gamma, .beta = result.step.runs[3].beta});
  double hits = 0;
  for (const quantum::Sample& sample : quantum::draw_samples(engine, state, shots, 9))
    if (sample.cost == static_cast<double>(hybrid::look_at_all(choice->program(), qubo).least_feasible)) hits += static_cast<double>(sample.count);
  EXPECT_GT(exact, 0);
  EXPECT_NEAR(hits / shots, exact, 5 * std::sqrt(exact * (1 - exact) / shots));
}

TEST(HybridStep, IsTheSameTwice) {
  const hybrid::HybridOptions options{.seed = 5, .depth = 2, .shots = 300, .evaluations = 20, .stop = {}};
  const hybrid::HybridResult a = step_from_broken(2, options), b = step_from_broken(2, options);
  ASSERT_EQ(a.step.runs.size(), b.step.runs.size());
  for (std::size_t k = 0; k < a.step.runs.size(); ++k) {
    EXPECT_EQ(a.step.runs[k].cost, b.step.runs[k].cost);
    EXPECT_EQ(a.step.runs[k].optimum_probability, b.step.runs[k].optimum_probability);
    EXPECT_EQ(a.step.runs[k].feasible_share, b.step.runs[k].feasible_share);
    EXPECT_EQ(a.step.runs[k].gamma, b.step.runs[k].gamma);
  }
}

TEST(HybridStep, LeavesAnOptimalIncumbentAlone) {
  hybrid::HybridOptions options{.depth = 1, .shots = 50, .evaluations = 10, .stop = {}};
  const Pooled p = pooled(6, 10);
  const auto choice = hybrid::route_choice(p.instance, p.pool, p.best, 10);
  const hybrid::HybridResult first = hybrid::hybrid_step(*choice, answer_of(p.instance, p.best), options);
  const model::Answer best = first.improved.value_or(answer_of(p.instance, p.best));
  const hybrid::HybridResult second = hybrid::hybrid_step(*choice, best, options);
  EXPECT_FALSE(second.improved);
  EXPECT_EQ(second.step.after, best.cost);
  EXPECT_EQ(std::ranges::count(second.step.runs, 1u, &model::HybridRun::accepted), 0);
}

TEST(HybridStep, SearchEndsWhenToldTo) {
  const hybrid::HybridResult result = step_from_broken(3, {.depth = 3, .shots = 100, .evaluations = 500, .stop = [] { return true; }});
  EXPECT_EQ(result.step.runs[3].evaluations, 1u);
  EXPECT_TRUE(result.improved);  // the others have worked
}

namespace {
// A chain of pairs of which one each is taken. Both ways to take every second decision gain 20; a break in the middle gains 40 and
// breaks one row, which no single flip mends: the rule of one flip gives too small a penalty.
class ChainChoice final : public model::TopChoice {
 public:
  ChainChoice() {
    program_ = {.name = "moves", .offset = 0, .linear = {-10, 0, -10, 0, 0, -10, 0, -10}, .couplings = {}, .rows = {}};
    for (std::int32_t i = 0; i + 1 < 8; ++i) program_.rows.push_back({.members = {i, i + 1}, .kind = model::RowKind::exactly, .wanted = 1, .penalty = 0});
  }
  const model::BinaryProgram& program() const override { return program_; }
  std::size_t candidates() const override { return 8; }
  std::optional<model::Answer> decode(std::span<const std::int32_t> taken) const override {
    if (!model::rows_hold(program_, taken)) return std::nullopt;
    const double cost = model::objective_of(program_, taken);
    return model::Answer{.cost = cost, .cost_units = static_cast<std::int64_t>(cost), .ints = {taken.begin(), taken.end()}, .reals = {}};
  }

 private:
  model::BinaryProgram program_;
};
}  // namespace

TEST(HybridStep, ServesAnyProblemAndLetsPenaltiesGrowUntilRowsPay) {
  const ChainChoice choice;
  const model::QuboProblem first = model::with_penalties(choice.program());
  const hybrid::ChoiceTruth truth = hybrid::look_at_all(choice.program(), first);
  ASSERT_LT(truth.least_infeasible, truth.least_feasible) << "the case is meant to defeat the rule";
  const hybrid::HybridResult result = hybrid::hybrid_step(choice, {.cost = 0, .cost_units = 0, .ints = {}, .reals = {}}, {.depth = 1, .shots = 50, .evaluations = 10, .stop = {}});
  ASSERT_TRUE(result.improved);
  EXPECT_EQ(result.improved->cost_units, -20);
  EXPECT_EQ(result.step.feasible_states, 2u);
  EXPECT_EQ(result.step.optimal_states, 2u);
  EXPECT_EQ(result.step.optimum, -20);
  EXPECT_EQ(result.step.penalty_factor, 32);  // the middle row starts from 1: flips of its members change nothing; it has to exceed 20
}
