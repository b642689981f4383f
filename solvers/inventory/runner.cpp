#include "solvers/inventory/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "solvers/core/error.hpp"
#include "solvers/inventory/chord_prices.hpp"

namespace tempera::inventory {

namespace {
constexpr std::uint64_t slice_moves = 512;  // about a millisecond or two on networks of 2,000 stages
constexpr std::size_t exact_points = 10'000'000, fine_points = 4'000'000, rough_points = 600'000;
constexpr std::uint64_t polish_moves_per_stage = 30, most_polish_moves = 20'000;

void append(std::vector<double>& to, std::span<const double> values) { to.insert(to.end(), values.begin(), values.end()); }
}  // namespace

std::uint64_t bound_step_iterations(const baselines::TimeGrid& grid) { return std::max<std::uint64_t>(1, grid.points() / 500); }

baselines::TimeGrid make_grid(const model::PlacementProblem& problem, GridLevel level) {
  baselines::TimeGrid grid(problem, exact_points);
  if (grid.is_exact()) return grid;
  return baselines::TimeGrid(problem, level == GridLevel::rough ? rough_points : fine_points);
}

PlacementRunner::PlacementRunner(const model::PlacementNetwork& network) : problem_(model::compile(network)) {}

void PlacementRunner::start(model::Task task) {
  TEMPERA_ASSERT(!task.ints.empty() && task.wholes.size() == 2, fmt::format("task {} is not a placement task", task.id));
  watch_.emplace();
  task_ = std::move(task);
  iterations_ = 0;
  kind_ = static_cast<TaskKind>(task_.ints.front());
  if (kind_ == TaskKind::bound) start_bound();
  else start_search();
}

// They stand at the end of every task.
void PlacementRunner::read_site_prices() {
  site_price_.assign(task_.reals.end() - static_cast<std::ptrdiff_t>(problem_.sites.size()), task_.reals.end());
}

void PlacementRunner::start_bound() {
  const std::size_t arcs = problem_.arcs.size(), sites = problem_.sites.size();
  TEMPERA_ASSERT(task_.reals.size() == 2 + 2 * (arcs + sites), fmt::format("task {} has {} numbers for {} arcs", task_.id, task_.reals.size(), arcs));
  read_site_prices();
  const auto level = static_cast<std::size_t>(task_.wholes[1] != 0);
  if (!grids_[level]) grids_[level] = make_grid(problem_, static_cast<GridLevel>(level));
  grid_ = &*grids_[level];
  const auto weights = task_.reals.begin() + 2, prices = weights + static_cast<std::ptrdiff_t>(arcs), rest = prices + static_cast<std::ptrdiff_t>(arcs + sites);
  const std::vector<char> forest = dearest_forest(problem_, std::vector<double>(weights, prices));
  bound_ = std::make_unique<LagrangianBound>(problem_, *grid_, std::vector<double>(prices, rest), forest, task_.reals[1]);
  upper_bound_ = task_.reals[0];
  heuristic_cost_ = std::numeric_limits<double>::max();
  heuristic_.assign(problem_.size(), 0.0);
}

void PlacementRunner::start_search() {
  const std::size_t n = problem_.size();
  TEMPERA_ASSERT(task_.reals.size() == 2 + n + problem_.sites.size(), fmt::format("task {} has {} numbers for {} stages", task_.id, task_.reals.size(), n));
  read_site_prices();
  search_ = std::make_unique<PlacementSearch>(problem_, core::StreamKey{.seed = static_cast<std::uint64_t>(task_.wholes[0]), .domain = core::anneal_placement,
                                                                       .replica = task_.replica, .part = task_.part, .step = task_.round}, site_price_);
  search_->load(std::span(task_.reals).subspan(2, n));
  search_->focus(std::span(task_.ints).subspan(1));
  cooling_ = {task_.reals[0], task_.reals[1]};
  start_cost_ = search_->energy();
}

double PlacementRunner::spent_share() const {
  if (task_.iterations == 0 && task_.seconds <= 0) return 1;
  return task_.iterations > 0 ? static_cast<double>(iterations_) / static_cast<double>(task_.iterations) : watch_->seconds() / task_.seconds;
}

void PlacementRunner::step_bound() {
  bound_->step(upper_bound_);
  const model::PlacementPlan plan = model::repaired(problem_, bound_->outbound());
  const double cost = model::plan_cost(problem_, plan), penalty = model::storage_penalty(problem_, plan, site_price_);
  if (penalty == 0) upper_bound_ = std::min(upper_bound_, cost);
  if (cost + penalty < heuristic_cost_) {
    heuristic_cost_ = cost + penalty;
    heuristic_ = plan.outbound;
  }
  iterations_ += bound_step_iterations(*grid_);
}

// The programme's times are cut where arcs were only priced; a short descent from the best and the last of them mends that.
void PlacementRunner::polish() {
  PlacementSearch descent(problem_, {.seed = static_cast<std::uint64_t>(task_.wholes[0]), .domain = core::anneal_placement, .replica = 0x80000000u + task_.replica,
                                     .part = 1, .step = task_.round}, site_price_);
  const std::vector<double> last(bound_->outbound().begin(), bound_->outbound().end());
  for (const std::vector<double>& from : {heuristic_, last}) {
    descent.load(from);
    descent.sample(0, std::min(polish_moves_per_stage * problem_.size(), most_polish_moves));
    if (descent.best_cost() >= heuristic_cost_) continue;
    heuristic_cost_ = descent.best_cost();
    heuristic_ = descent.best_outbound();
  }
}

bool PlacementRunner::advance() {
  const double share = spent_share();
  if (kind_ == TaskKind::bound) {  // one step always: without it there is no answer
    if ((share >= 1 && iterations_ > 0) || !bound_->can_improve()) return true;
    step_bound();
    return false;
  }
  if (share >= 1) return true;
  const std::uint64_t slice = task_.iterations > 0 ? std::min(slice_moves, task_.iterations - iterations_) : slice_moves;
  search_->sample(cooling_.at(share), slice);
  iterations_ += slice;
  return task_.iterations > 0 && iterations_ == task_.iterations;
}

model::Outcome PlacementRunner::take() {
  model::Outcome outcome{.task = task_.id, .attempt = task_.attempt, .round = task_.round, .replica = task_.replica, .part = task_.part,
                         .iterations = iterations_, .ints = {static_cast<std::int32_t>(kind_)}, .wholes = {}, .reals = {}};
  if (kind_ == TaskKind::bound) {
    if (iterations_ == 0) step_bound();  // the deadline came before the first slice
    polish();
    outcome.wholes = {static_cast<std::int64_t>(iterations_ / bound_step_iterations(*grid_))};
    outcome.reals = {bound_->best(), bound_->scale(), heuristic_cost_};
    append(outcome.reals, heuristic_);
    append(outcome.reals, bound_->best_price());
    return outcome;
  }
  outcome.reals = {start_cost_, search_->energy(), search_->best_cost()};
  append(outcome.reals, search_->outbound());
  append(outcome.reals, search_->best_outbound());
  return outcome;
}

}  // namespace tempera::inventory
