#include "mpi/cluster/reactor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace tempera::cluster {

namespace {
// A retry that did not fail on this very rank, unless it is the only rank.
std::optional<model::Task> take_retry(Core& core, int rank) {
  const auto fits = [&](const Retry& retry) { return retry.failed_on != rank || core.workers.size() == 1; };
  const auto found = std::ranges::find_if(core.retries, fits);
  if (found == core.retries.end()) return std::nullopt;
  model::Task task = std::move(found->task);
  core.retries.erase(found);
  return task;
}

void give_up_or_retry(Core& core, Outbox& outbox, int rank, model::Task task, const std::string& reason, double elapsed) {
  if (task.attempt + 1 < most_attempts) {
    outbox.warn(fmt::format("task {} (round {}, part {}) failed on rank {}, attempt {} of {}: {}", task.id, task.round, task.part, rank,
                            task.attempt + 1, most_attempts, reason));
    ++task.attempt;
    core.retries.push_back({std::move(task), rank});
    return;
  }
  ++core.lost_tasks;
  outbox.warn(fmt::format("task {} (round {}, part {}) given up after {} attempts, its part keeps the previous solution: {}", task.id,
                          task.round, task.part, most_attempts, reason));
  core.campaign.on_lost(task, elapsed);
}

// The task this rank has in flight, taken off it, if it is the one and attempt named.
std::optional<model::Task> take_in_flight(Core& core, int rank, std::uint64_t id, std::uint32_t attempt) {
  std::optional<model::Task>& slot = core.workers[static_cast<std::size_t>(rank)].task;
  if (!slot || slot->id != id || slot->attempt != attempt) return std::nullopt;
  return std::exchange(slot, std::nullopt);
}
}  // namespace

void on_tick(Core& core, Outbox& outbox, double elapsed) {
  for (std::size_t rank = 0; rank < core.workers.size(); ++rank) {
    WorkerState& worker = core.workers[rank];
    if (worker.task) continue;
    std::optional<model::Task> task = take_retry(core, static_cast<int>(rank));
    if (!task) task = core.campaign.next_task(elapsed);
    if (!task) continue;
    outbox.assign(static_cast<int>(rank), *task);
    worker.task = std::move(task);
  }
}

void on_outcome(Core& core, Outbox& outbox, int rank, const model::Outcome& outcome, double elapsed) {
  std::optional<model::Task> task = take_in_flight(core, rank, outcome.task, outcome.attempt);
  if (!task) return;
  try {
    core.campaign.on_outcome(outcome, elapsed);
  } catch (const std::exception& error) {
    give_up_or_retry(core, outbox, rank, std::move(*task), error.what(), elapsed);
  }
}

void on_failure(Core& core, Outbox& outbox, int rank, const Failure& failure, double elapsed) {
  if (std::optional<model::Task> task = take_in_flight(core, rank, failure.task, failure.attempt))
    give_up_or_retry(core, outbox, rank, std::move(*task), failure.reason, elapsed);
}

int busy_ranks(const Core& core) {
  return static_cast<int>(std::ranges::count_if(core.workers, [](const WorkerState& worker) { return worker.task.has_value(); }));
}

}  // namespace tempera::cluster
