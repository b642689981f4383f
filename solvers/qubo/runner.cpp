#include "solvers/qubo/runner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "solvers/core/error.hpp"

namespace tempera::qubo {

namespace {
constexpr double slice_attempts = 2e6;  // a few milliseconds at the most
}

void LadderRunner::start(model::Task task) {
  TEMPERA_ASSERT(task.wholes.size() >= 3 && task.wholes[1] >= 0 && static_cast<std::size_t>(task.wholes[1]) <= task.ints.size(),
                 fmt::format("task {} is no task of a replica ladder", task.id));
  watch_.emplace();
  task_ = std::move(task);
  sweeps_ = 0;
  const auto middle = task_.ints.begin() + task_.wholes[1];
  const LadderImage image{.ints = {task_.ints.begin(), middle}, .reals = task_.reals};
  const std::size_t count = task_.wholes.size() - 3, length = count > 0 ? static_cast<std::size_t>(task_.ints.end() - middle) / count : 0;
  std::vector<Guest> guests;
  for (std::size_t k = 0; k < count; ++k) {
    const auto from = middle + static_cast<std::ptrdiff_t>(k * length);
    guests.push_back({.rung = task_.wholes[k + 3], .values = {from, from + static_cast<std::ptrdiff_t>(length)}});
  }
  ladder_->begin(image, {.seed = static_cast<std::uint64_t>(task_.wholes[0]), .domain = core::anneal_qubo, .replica = task_.replica, .step = task_.round}, guests);
}

bool LadderRunner::advance() {
  if (ladder_->best().energy <= task_.wholes[2]) return true;
  const bool counted = task_.iterations > 0;
  if (counted ? sweeps_ >= task_.iterations : watch_->seconds() >= task_.seconds) return true;
  std::uint64_t slice = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(slice_attempts / static_cast<double>(ladder_->attempts_per_sweep())));
  if (counted) slice = std::min(slice, task_.iterations - sweeps_);
  ladder_->sweep(slice);
  sweeps_ += slice;
  return counted && sweeps_ >= task_.iterations;
}

model::Outcome LadderRunner::take() {
  LadderImage image = ladder_->image();
  model::Outcome outcome{.task = task_.id, .attempt = task_.attempt, .round = task_.round, .replica = task_.replica, .part = task_.part, .iterations = sweeps_,
                         .ints = std::move(image.ints), .wholes = {}, .reals = std::move(image.reals)};
  outcome.wholes = {static_cast<std::int64_t>(outcome.ints.size()), static_cast<std::int64_t>(outcome.reals.size())};
  std::vector<Found> found = ladder_->coldest(cold_states);
  found.insert(found.begin(), ladder_->best());
  found.push_back(ladder_->at(ladder_->rungs() - 1));
  for (const Found& f : found) {
    outcome.wholes.push_back(f.energy);
    outcome.ints.insert(outcome.ints.end(), f.values.begin(), f.values.end());
  }
  const std::vector<double> temperatures = ladder_->temperatures(), acceptance = ladder_->acceptance();
  outcome.reals.insert(outcome.reals.end(), {temperatures.front(), temperatures.back(), static_cast<double>(ladder_->round_trips())});
  outcome.reals.insert(outcome.reals.end(), acceptance.begin(), acceptance.end());
  return outcome;
}

}  // namespace tempera::qubo
