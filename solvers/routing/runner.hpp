// Works one routing task on a rank: anneals a part with the SISR kernel in slices of a few milliseconds.
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
#include "solvers/tempering/cooling.hpp"

namespace tempera::routing {

/// The contract of tasks and outcomes stands at RoutingCampaign. `instance` must outlive the runner.
class RoutingRunner final : public model::TaskRunner {
 public:
  explicit RoutingRunner(const model::RoutingInstance& instance);

  void start(model::Task task) override;
  bool advance() override;
  model::Outcome take() override;

 private:
  bool recombines() const { return task_.wholes.size() == 3; }
  void recombine();
  model::Outcome answer() const;
  void prepare_kernel();
  double spent_share() const;

  const model::RoutingInstance& instance_;
  SisrSettings settings_;
  std::unique_ptr<SisrKernel> kernel_;
  std::vector<std::int32_t> kernel_customers_;  // sorted; a task on the same customers keeps the kernel's tables
  model::Task task_;
  tempering::Cooling cooling_;
  std::optional<core::RandomStream> random_;
  std::optional<core::Stopwatch> watch_;
  RouteSampler sampler_;
  std::uint64_t iterations_ = 0;
  std::int64_t start_cost_ = 0;
  std::optional<model::RoutingSolution> recombined_;
};

}  // namespace tempera::routing
