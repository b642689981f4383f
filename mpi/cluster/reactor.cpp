#include "mpi/cluster/reactor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace tempera::cluster {

namespace {
using model::EventKind;

bool contains(const std::vector<int>& ranks, int rank) { return std::ranges::find(ranks, rank) != ranks.end(); }

// A rank on which the task has not failed yet; where it failed on all that are left, any but the last, or the only one.
bool may_retry(const Core& core, const Flight& retry, int rank) {
  if (!contains(retry.failed_on, rank)) return true;
  int present = 0;
  for (std::size_t other = 0; other < core.workers.size(); ++other) {
    if (!core.workers[other].present) continue;
    ++present;
    if (!contains(retry.failed_on, static_cast<int>(other))) return false;
  }
  return present == 1 || retry.failed_on.back() != rank;
}

model::RunEvent event_of(EventKind kind, int rank, const model::Task& task, double elapsed, std::string text = {}) {
  return {.kind = kind, .seconds = elapsed, .rank = rank, .task = task.id, .attempt = task.attempt, .round = task.round, .text = std::move(text)};
}

void give_up(Core& core, Outbox& outbox, int rank, const model::Task& task, const std::string& why, const std::string& reason, double elapsed) {
  ++core.lost_tasks;
  outbox.warn(fmt::format("task {} (round {}, part {}) given up {}, its part keeps the previous solution: {}", task.id, task.round, task.part, why, reason));
  outbox.note(event_of(EventKind::task_lost, rank, task, elapsed, reason));
  core.campaign.on_lost(task, elapsed);
}

void give_up_or_retry(Core& core, Outbox& outbox, int rank, Flight flight, const std::string& reason, double elapsed) {
  model::Task& task = flight.task;
  if (task.attempt + 1 == most_attempts)
    return give_up(core, outbox, rank, task, fmt::format("after {} attempts", most_attempts), reason, elapsed);
  const double time_left = core.campaign.longest_task_seconds(elapsed);
  if (time_left <= 0) return give_up(core, outbox, rank, task, "since no time is left for another attempt", reason, elapsed);
  outbox.warn(fmt::format("task {} (round {}, part {}) failed on rank {}, attempt {} of {}: {}", task.id, task.round, task.part, rank, task.attempt + 1,
                          most_attempts, reason));
  outbox.note(event_of(EventKind::task_failed, rank, task, elapsed, reason));
  task.seconds = std::min(task.seconds, time_left);
  ++task.attempt;
  flight.failed_on.push_back(rank);
  core.retries.push_back({.task = std::move(task), .failed_on = std::move(flight.failed_on)});
}

// What this rank has in flight, taken off it, if it is the task and attempt named.
std::optional<Flight> take_in_flight(Core& core, int rank, std::uint64_t id, std::uint32_t attempt) {
  std::optional<Flight>& slot = core.workers[static_cast<std::size_t>(rank)].flight;
  if (!slot || slot->task.id != id || slot->task.attempt != attempt) return std::nullopt;
  return std::exchange(slot, std::nullopt);
}

// Why this rank must be given up; empty while it need not.
std::string why_lost(const Core& core, const WorkerState& worker) {
  const double silence = core.awake.seconds() - worker.heard_at;
  if (silence > core.worker_timeout) return fmt::format("silent for {:.3g} s", silence);
  if (worker.flight && core.awake.seconds() > worker.flight->due)
    return fmt::format("its task of {:.3g} s is not back after {:.3g} s more", worker.flight->task.seconds, core.worker_timeout);
  return {};
}

void abandon_silent_ranks(Core& core, Outbox& outbox, double elapsed) {
  core.awake.look(elapsed);
  for (std::size_t rank = 1; rank < core.workers.size(); ++rank) {
    if (!core.workers[rank].present) continue;
    const std::string reason = why_lost(core, core.workers[rank]);
    if (!reason.empty()) on_worker_lost(core, outbox, static_cast<int>(rank), reason, elapsed);
  }
}

// An idle rank takes what failed elsewhere first, then something new.
std::optional<Flight> next_for(Core& core, int rank, double elapsed) {
  const auto found = std::ranges::find_if(core.retries, [&](const Flight& retry) { return may_retry(core, retry, rank); });
  if (found != core.retries.end()) {
    Flight retry = std::move(*found);
    core.retries.erase(found);
    return retry;
  }
  if (std::optional<model::Task> task = core.campaign.next_task(elapsed)) return Flight{.task = std::move(*task), .failed_on = {}};
  return std::nullopt;
}
}  // namespace

void on_tick(Core& core, Outbox& outbox, double elapsed) {
  abandon_silent_ranks(core, outbox, elapsed);
  for (std::size_t rank = 0; rank < core.workers.size(); ++rank) {
    WorkerState& worker = core.workers[rank];
    if (!worker.present || worker.flight) continue;
    std::optional<Flight> flight = next_for(core, static_cast<int>(rank), elapsed);
    if (!flight) continue;
    outbox.note(event_of(EventKind::task_given, static_cast<int>(rank), flight->task, elapsed));
    if (flight->task.seconds > 0) flight->due = core.awake.seconds() + flight->task.seconds + core.worker_timeout;
    worker.flight = std::move(flight);  // before it goes out: on rank 0 it may fail at once
    outbox.assign(static_cast<int>(rank), worker.flight->task);
  }
}

bool on_heard(Core& core, int rank) {
  WorkerState& worker = core.workers[static_cast<std::size_t>(rank)];
  worker.heard_at = core.awake.seconds();
  return worker.present;
}

bool on_outcome(Core& core, Outbox& outbox, int rank, const model::Outcome& outcome, double elapsed) {
  std::optional<Flight> flight = take_in_flight(core, rank, outcome.task, outcome.attempt);
  if (!flight) return false;
  outbox.note(event_of(EventKind::task_returned, rank, flight->task, elapsed));
  try {
    core.campaign.on_outcome(outcome, elapsed);
    return true;
  } catch (const std::exception& error) {
    give_up_or_retry(core, outbox, rank, std::move(*flight), error.what(), elapsed);
    return false;
  }
}

void on_failure(Core& core, Outbox& outbox, int rank, const Failure& failure, double elapsed) {
  if (std::optional<Flight> flight = take_in_flight(core, rank, failure.task, failure.attempt))
    give_up_or_retry(core, outbox, rank, std::move(*flight), failure.reason, elapsed);
}

void on_worker_lost(Core& core, Outbox& outbox, int rank, const std::string& reason, double elapsed) {
  WorkerState& worker = core.workers[static_cast<std::size_t>(rank)];
  if (!worker.present) return;
  worker.present = false;
  outbox.warn(fmt::format("rank {} on {} is lost: {}; the run goes on without it", rank, worker.host, reason));
  outbox.note({.kind = EventKind::worker_lost, .seconds = elapsed, .rank = rank, .text = fmt::format("{}: {}", worker.host, reason)});
  outbox.abandon(rank);
  if (std::optional<Flight> flight = std::exchange(worker.flight, std::nullopt))
    give_up_or_retry(core, outbox, rank, std::move(*flight), fmt::format("the rank is lost: {}", reason), elapsed);
}

int busy_ranks(const Core& core) {
  return static_cast<int>(std::ranges::count_if(core.workers, [](const WorkerState& worker) { return worker.flight.has_value(); }));
}

}  // namespace tempera::cluster
