// Works one routing task on a rank: anneals a part with the SISR kernel in slices of about a millisecond, or recombines pooled routes.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "solvers/core/budget.hpp"
#include "solvers/core/random.hpp"
#include "solvers/model/campaign.hpp"
#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"
#include "solvers/routing/route_sampler.hpp"
#include "solvers/routing/sisr.hpp"
#include "solvers/routing/task_content.hpp"

namespace tempera::routing {

/// What tasks and outcomes say: task_content.hpp. `instance` must outlive the runner.
class RoutingRunner final : public model::TaskRunner {
 public:
  explicit RoutingRunner(const model::RoutingInstance& instance);

  void start(model::Task task) override;
  bool advance() override;
  model::Outcome take() override;

 private:
  void recombine();
  void prepare_kernel();
  double spent_share() const;

  const model::RoutingInstance& instance_;
  SisrSettings settings_;
  std::unique_ptr<SisrKernel> kernel_;
  std::vector<std::int32_t> kernel_customers_;  // sorted; a task on the same customers keeps the kernel's tables
  model::Task task_;
  std::optional<PartTask> part_;  // one of the two, as the task says
  std::optional<PoolTask> pool_;
  std::optional<core::RandomStream> random_;
  std::optional<core::Stopwatch> watch_;
  RouteSampler sampler_;
  std::uint64_t iterations_ = 0;
  std::int64_t start_cost_ = 0;
  std::optional<model::RoutingSolution> recombined_;
};

}  // namespace tempera::routing
