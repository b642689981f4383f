// Works one rebalancing task on a rank: the bound of a block of SKUs at given prices, or a search of its flows.
#pragma once

#include <memory>
#include <optional>

#include "solvers/core/budget.hpp"
#include "solvers/inventory/lot_flow.hpp"
#include "solvers/inventory/rebalancing_prices.hpp"
#include "solvers/inventory/rebalancing_search.hpp"
#include "solvers/model/campaign.hpp"

namespace tempera::inventory {

enum class RebalancingTask : std::int32_t { bound = 0, search = 1 };

/// SKUs k with k % blocks == block: neighbours in the file spread over all blocks, so that blocks are alike.
std::vector<std::int32_t> skus_of_block(const model::RebalancingProblem& problem, std::uint32_t block, std::uint32_t blocks);

/// The contract of tasks and outcomes stands at RebalancingCampaign.
class RebalancingRunner final : public model::TaskRunner {
 public:
  explicit RebalancingRunner(const model::RebalancingProblem& problem);

  void start(model::Task task) override;
  bool advance() override;
  model::Outcome take() override;

 private:
  bool out_of_effort() const;
  void bound_next();
  double spent_share() const;

  const model::RebalancingProblem& problem_;
  LotFlow solver_;
  PricedSku priced_;
  model::Task task_;
  RebalancingTask kind_ = RebalancingTask::bound;
  std::vector<std::int32_t> skus_;
  std::size_t next_ = 0;
  std::optional<core::Stopwatch> watch_;
  SharedPrices prices_;
  SharedUse use_;
  double value_ = 0;
  std::unique_ptr<RebalancingSearch> search_;
  double start_energy_ = 0;
};

}  // namespace tempera::inventory
