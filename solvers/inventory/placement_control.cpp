#include "solvers/inventory/placement_control.hpp"

#include <cmath>
#include <optional>
#include <vector>

#include "solvers/baselines/cbc_placement.hpp"
#include "solvers/baselines/tree_placement.hpp"
#include "solvers/inventory/chord_prices.hpp"
#include "solvers/inventory/lagrangian_bound.hpp"
#include "solvers/inventory/placement_search.hpp"

namespace tempera::inventory {

namespace {
constexpr std::uint64_t descent_moves_per_stage = 200, steered_moves_per_stage = 8;
constexpr std::size_t most_programme_columns = 10'000;  // beyond, CBC has no chance in the time it gets
constexpr std::size_t most_points = 600'000;            // of the priced programme's grid
constexpr int priced_steps = 40;
constexpr double first_factor = 0.03, last_factor = 1e5, factor_growth = 1.4;  // of the prices of excess, until a plan fits

double penalised(const model::PlacementProblem& problem, const model::PlacementPlan& plan, std::span<const double> price) {
  return model::plan_cost(problem, plan) + model::storage_penalty(problem, plan, price);
}

// The plan of a programme with prices on storage that costs least, excess included.
std::vector<double> priced_start(const model::PlacementProblem& problem, std::span<const double> excess_price) {
  const ChordPrices chords = chord_prices(problem);
  baselines::TimeGrid grid(problem, most_points);
  std::vector<double> price = chords.arc_price;
  price.resize(problem.arcs.size() + problem.sites.size(), 0.0);
  LagrangianBound bound(problem, grid, std::move(price), dearest_forest(problem, chords.arc_price));
  std::vector<double> best(problem.size(), 0.0);
  double least = penalised(problem, model::repaired(problem, best), excess_price);
  for (int step = 0; step < priced_steps && bound.can_improve(); ++step) {
    bound.step(least);
    const model::PlacementPlan plan = model::repaired(problem, bound.outbound());
    if (const double cost = penalised(problem, plan, excess_price); cost < least) {
      least = cost;
      best = plan.outbound;
    }
  }
  return best;
}

// A descent that goes on with dearer excess at the sites that are overfull, until its plan fits.
struct Steered {
  std::vector<double> outbound;
  double cost = 0;
  bool fits = false;
};

Steered steered_descent(const model::PlacementProblem& problem, std::uint64_t seed, std::vector<double> outbound) {
  std::vector<double> price = money_per_volume(problem);
  const std::vector<double> last = price;
  for (double& p : price) p *= first_factor;
  for (std::uint32_t round = 0;; ++round) {
    PlacementSearch search(problem, {.seed = seed, .domain = core::anneal_placement, .replica = 0xFFFFFFFE, .part = round}, price);
    search.load(outbound);
    search.sample(0, steered_moves_per_stage * problem.size());
    if (std::isfinite(search.best_cost())) {
      search.sample(0, 5 * steered_moves_per_stage * problem.size());
      return {search.best_outbound(), search.best_cost(), true};
    }
    outbound = search.outbound();
    const std::vector<double> full = model::stored(problem, model::repaired(problem, outbound));
    bool raised = false;
    for (std::size_t k = 0; k < price.size(); ++k)
      if (model::excess(full[k], problem.sites[k].storage) > 0 && price[k] < last_factor * last[k]) price[k] *= factor_growth, raised = true;
    if (!raised) return {outbound, search.energy(), false};
  }
}

bool fits(const model::PlacementProblem& problem, const model::PlacementPlan& plan) {
  return model::storage_penalty(problem, plan, std::vector<double>(problem.sites.size(), 1.0)) == 0;
}

PlacementControl descent_into_storage(const model::PlacementProblem& problem, std::uint64_t seed) {
  Steered best = steered_descent(problem, seed, std::vector<double>(problem.size(), 0.0));
  Steered priced = steered_descent(problem, seed, priced_start(problem, money_per_volume(problem)));
  if (priced.fits != best.fits ? priced.fits : priced.cost < best.cost) best = std::move(priced);
  PlacementControl control{model::repaired(problem, best.outbound), "descent with priced storage", false};
  control.fits = fits(problem, control.plan);  // in days, not in the search's micro-days
  return control;
}

PlacementControl descent(const model::PlacementProblem& problem, std::uint64_t seed) {
  if (!problem.sites.empty()) return descent_into_storage(problem, seed);
  PlacementSearch search(problem, {.seed = seed, .domain = core::anneal_placement, .replica = 0xFFFFFFFE});
  search.sample(0, descent_moves_per_stage * problem.size());
  return {model::repaired(problem, search.best_outbound()), "descent from no service times", true};
}

std::optional<PlacementControl> tree(const model::PlacementProblem& problem) {
  const auto exact = baselines::tree_placement(problem);
  if (!exact || !fits(problem, exact->plan)) return std::nullopt;
  return PlacementControl{exact->plan, "exact tree programme", true};
}

struct Programme {
  PlacementControl control;
  double cost = 0;
};

std::optional<Programme> programme(const model::PlacementProblem& problem, double seconds) {
  if (seconds <= 0) return std::nullopt;
  const auto found = baselines::cbc_placement(problem, {.seconds = seconds, .most_columns = most_programme_columns});
  if (!found || !fits(problem, found->plan)) return std::nullopt;
  return Programme{{found->plan, "integer programme (CBC)", true}, found->cost};
}
}  // namespace

PlacementControl placement_control(const model::PlacementProblem& problem, std::uint64_t seed, double programme_seconds, PlacementMethod method) {
  const PlacementControl none{.plan = {}, .method = {}, .fits = false};
  if (method == PlacementMethod::tree) return tree(problem).value_or(none);
  if (method == PlacementMethod::programme) {
    const auto found = programme(problem, programme_seconds);
    return found ? found->control : none;
  }
  if (method == PlacementMethod::automatic)
    if (auto exact = tree(problem)) return *std::move(exact);
  PlacementControl control = descent(problem, seed);
  if (method == PlacementMethod::descent) return control;
  const auto found = programme(problem, programme_seconds);
  if (!found || (control.fits && found->cost > model::plan_cost(problem, control.plan))) return control;
  return found->control;
}

}  // namespace tempera::inventory
