// Works one placement task on a rank: bound steps on a forest, or vertex moves on a plan.
#pragma once

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
  std::vector<double> price;   ///< per arc; of those outside the forest
  double scale = 1;            ///< of the subgradient steps
};

/// Grid points up to which the time grid is kept exact; a relaxed grid gets a quarter of them.
inline constexpr std::size_t exact_grid_points = 10'000'000;

/// What a bound step counts as, in moves: about equally long.
std::uint64_t bound_step_iterations(const baselines::TimeGrid& grid);
baselines::TimeGrid make_grid(const model::PlacementProblem& problem);

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
  void step_bound();

  model::PlacementProblem problem_;
  std::optional<baselines::TimeGrid> grid_;
  std::unique_ptr<LagrangianBound> bound_;
  std::unique_ptr<PlacementSearch> search_;
  model::Task task_;
  TaskKind kind_ = TaskKind::bound;
  tempering::Cooling cooling_;
  std::optional<core::Stopwatch> watch_;
  std::uint64_t iterations_ = 0;
  double start_cost_ = 0;
  double upper_bound_ = 0;
  double heuristic_cost_ = 0;
  std::vector<double> heuristic_;
};

}  // namespace tempera::inventory
