// Works one QUBO or QAP task on a rank: a ladder goes on for some sweeps, in slices of a few milliseconds.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "solvers/core/budget.hpp"
#include "solvers/model/campaign.hpp"
#include "solvers/qubo/replica_ladder.hpp"

namespace tempera::qubo {

/// What a task and its outcome carry; the campaign and the runner meet here and nowhere else.
///   task      ints = image, guests            wholes = {seed, image ints, target energy, rung of each guest}   reals = image
///   outcome   ints = image, found states      wholes = {image ints, image reals, energy of each state}         reals = image,
///             the coldest and the hottest temperature, round trips, swap acceptance per pair
/// The first found state is the best of the task, the last stood on the hottest rung at its end, the others on the coldest.
inline constexpr std::size_t cold_states = 3;

class LadderRunner final : public model::TaskRunner {
 public:
  explicit LadderRunner(std::unique_ptr<ReplicaLadder> ladder) : ladder_(std::move(ladder)) {}

  void start(model::Task task) override;
  bool advance() override;
  model::Outcome take() override;

 private:
  std::unique_ptr<ReplicaLadder> ladder_;
  model::Task task_;
  std::optional<core::Stopwatch> watch_;
  std::uint64_t sweeps_ = 0;
};

}  // namespace tempera::qubo
