// Works one placement task on a rank: bound steps on a forest, or vertex moves on a plan.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "solvers/baselines/time_grid.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/inventory/lagrangian_bound.hpp"
#include "solvers/inventory/placement_search.hpp"
#include "solvers/model/campaign.hpp"
#include "solvers/tempering/cooling.hpp"

namespace tempera::inventory {

enum class TaskKind : std::int32_t { bound = 0, search = 1 };

/// Of a bound task: where one chain stands.
struct ChainState {
  std::vector<double> weight;  ///< per arc; the dearest make the forest
  std::vector<double> price;   ///< per arc, of those outside the forest; then per site
  double scale = 1;            ///< of the subgradient steps
};

/// Where lead times are too fine for an exact grid, forests are first compared on a rough one.
enum class GridLevel : std::int64_t { rough = 0, fine = 1 };

/// The exact grid where that has at most 10 million points, whatever the level; else a relaxed one of .6 or 4 million.
baselines::TimeGrid make_grid(const model::PlacementProblem& problem, GridLevel level);
/// What a bound step counts as, in moves: about equally long.
std::uint64_t bound_step_iterations(const baselines::TimeGrid& grid);

/// The contract of tasks and outcomes stands at PlacementCampaign.
class PlacementRunner final : public model::TaskRunner {
 public:
  explicit PlacementRunner(const model::PlacementNetwork& network);

  void start(model::Task task) override;
  bool advance() override;
  model::Outcome take() override;

 private:
  double spent_share() const;
  void start_bound();
  void start_search();
  void read_site_prices();
  void step_bound();
  void polish();

  model::PlacementProblem problem_;
  std::array<std::optional<baselines::TimeGrid>, 2> grids_;  // by level, made when first asked for
  baselines::TimeGrid* grid_ = nullptr;
  std::unique_ptr<LagrangianBound> bound_;
  std::unique_ptr<PlacementSearch> search_;
  model::Task task_;
  TaskKind kind_ = TaskKind::bound;
  tempering::Cooling cooling_;
  std::optional<core::Stopwatch> watch_;
  std::uint64_t iterations_ = 0;
  double start_cost_ = 0;
  double upper_bound_ = 0;
  std::vector<double> site_price_;  // of what is stored in excess
  double heuristic_cost_ = 0;       // excess included
  std::vector<double> heuristic_;
};

}  // namespace tempera::inventory
