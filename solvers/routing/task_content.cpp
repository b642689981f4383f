#include "solvers/routing/task_content.hpp"

#include <fmt/format.h>

#include <utility>

#include "solvers/core/error.hpp"

namespace tempera::routing {

// Part:    ints = routes; wholes = seed, 1 to save vehicles, vehicles; reals = first and last temperature
// Answer:  ints = current, best, visited; wholes = costs of start and best, lengths of current and best
// Pool:    ints = incumbent, pool; wholes = length of the incumbent, its cost; reals none
// Answer:  ints = the solution, flattened, or nothing
namespace {
void append(std::vector<std::int32_t>& to, const std::vector<std::int32_t>& from) { to.insert(to.end(), from.begin(), from.end()); }
}  // namespace

void write(PartTask content, model::Task& task) {
  task.ints = std::move(content.routes);
  task.wholes = {static_cast<std::int64_t>(content.seed), content.saves_vehicles ? 1 : 0};
  task.wholes.insert(task.wholes.end(), content.vehicles.begin(), content.vehicles.end());
  task.reals = {content.cooling.start, content.cooling.end};
}

void write(PoolTask content, model::Task& task) {
  task.wholes = {std::ssize(content.incumbent), content.incumbent_cost};
  task.ints = std::move(content.incumbent);
  append(task.ints, content.pool);
  task.reals.clear();
}

bool is_pool_task(const model::Task& task) { return task.reals.empty(); }

PartTask read_part_task(const model::Task& task, std::size_t vehicle_types) {
  TEMPERA_ASSERT(task.reals.size() == 2 && task.wholes.size() == 2 + (vehicle_types > 0 ? vehicle_types + 1 : 0),
                 fmt::format("task {} is not a routing task", task.id));
  return {.seed = static_cast<std::uint64_t>(task.wholes[0]), .saves_vehicles = task.wholes[1] != 0, .cooling = {task.reals[0], task.reals[1]},
          .routes = task.ints, .vehicles = {task.wholes.begin() + 2, task.wholes.end()}};
}

PoolTask read_pool_task(const model::Task& task) {
  TEMPERA_ASSERT(task.reals.empty() && task.wholes.size() == 2 && task.wholes[0] >= 0 && task.wholes[0] <= std::ssize(task.ints),
                 fmt::format("task {} does not hold a pool of routes", task.id));
  const auto middle = task.ints.begin() + task.wholes[0];
  return {.incumbent = {task.ints.begin(), middle}, .incumbent_cost = task.wholes[1], .pool = {middle, task.ints.end()}};
}

void write(const PartAnswer& content, model::Outcome& outcome) {
  outcome.ints = content.current;
  append(outcome.ints, content.best);
  append(outcome.ints, content.visited);
  outcome.wholes = {content.start_cost, content.best_cost, std::ssize(content.current), std::ssize(content.best)};
}

void write(const std::optional<model::RoutingSolution>& content, model::Outcome& outcome) {
  outcome.ints.clear();
  if (content) outcome.ints = model::flatten(*content);
}

PartAnswer read_part_answer(const model::Outcome& outcome) {
  const std::vector<std::int64_t>& numbers = outcome.wholes;
  const auto ints = std::ssize(outcome.ints);
  TEMPERA_ASSERT(numbers.size() == 4 && numbers[2] >= 0 && numbers[2] <= ints && numbers[3] >= 0 && numbers[3] <= ints - numbers[2],
                 fmt::format("the outcome of task {} is no answer about a part: numbers {}, {} places", outcome.task, fmt::join(numbers, " "), ints));
  const auto middle = outcome.ints.begin() + numbers[2], behind = middle + numbers[3];
  return {.start_cost = numbers[0], .best_cost = numbers[1], .current = {outcome.ints.begin(), middle},
          .best = {middle, behind}, .visited = {behind, outcome.ints.end()}};
}

std::optional<model::RoutingSolution> read_pool_answer(const model::Outcome& outcome) {
  if (outcome.ints.empty()) return std::nullopt;
  return model::unflatten(outcome.ints);
}

}  // namespace tempera::routing
