#include "solvers/routing/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <span>

#include "solvers/core/error.hpp"
#include "solvers/routing/route_pool.hpp"
#include "solvers/routing/set_partition.hpp"

namespace tempera::routing {

namespace {
// Iterations between looks at the clock and between temperature steps: about a millisecond.
constexpr std::uint64_t slice_iterations = 256;
}  // namespace

RoutingRunner::RoutingRunner(const model::RoutingInstance& instance) : instance_(instance), settings_(sisr_settings_for(instance)) {}

void RoutingRunner::start(model::Task task) {
  const bool anneals = task.reals.size() == 2 && task.wholes.size() == 2 + (instance_.fleet ? instance_.fleet->types.size() + 1 : 0);
  const bool recombines = !anneals && task.wholes.size() == 3 && task.wholes[1] >= 0 && task.wholes[1] <= std::ssize(task.ints);
  TEMPERA_ASSERT(anneals || recombines, fmt::format("task {} is not a routing task", task.id));
  watch_.emplace();
  task_ = std::move(task);
  iterations_ = 0;
  recombined_.reset();
  if (recombines) return;
  cooling_ = {task_.reals[0], task_.reals[1]};
  random_.emplace(core::StreamKey{.seed = static_cast<std::uint64_t>(task_.wholes[0]), .domain = core::anneal_routes, .replica = task_.replica,
                                  .part = task_.part, .step = task_.round});
  prepare_kernel();
  kernel_->load(task_.ints, std::span(task_.wholes).subspan(2));
  start_cost_ = kernel_->current_cost().value;
  sampler_.begin();
}

void RoutingRunner::prepare_kernel() {
  std::vector<std::int32_t> customers;
  std::ranges::copy_if(task_.ints, std::back_inserter(customers), [](std::int32_t c) { return c > 0; });
  std::ranges::sort(customers);
  if (kernel_ && customers == kernel_customers_) return;
  kernel_ = std::make_unique<SisrKernel>(instance_, customers, settings_);
  kernel_customers_ = std::move(customers);
}

double RoutingRunner::spent_share() const {
  if (task_.iterations == 0 && task_.seconds <= 0) return 1;
  return task_.iterations > 0 ? static_cast<double>(iterations_) / static_cast<double>(task_.iterations) : watch_->seconds() / task_.seconds;
}

// Not in slices: CBC keeps the time by itself.
void RoutingRunner::recombine() {
  const std::span<const std::int32_t> ints(task_.ints);
  const auto incumbent = ints.first(static_cast<std::size_t>(task_.wholes[1]));
  RoutePool pool(instance_, ints.size());
  pool.add(ints.subspan(incumbent.size()), 0);
  pool.add(incumbent, 1);
  PartitionLimit limit;
  limit.seconds = task_.seconds > 0 ? task_.seconds : std::numeric_limits<double>::infinity();
  recombined_ = cheapest_partition(pool.routes(), incumbent, task_.wholes[2], limit).solution;
}

bool RoutingRunner::advance() {
  if (recombines()) {
    recombine();
    return true;
  }
  const double share = spent_share();
  if (share >= 1) return true;
  const std::uint64_t slice = task_.iterations > 0 ? std::min(slice_iterations, task_.iterations - iterations_) : slice_iterations;
  if (task_.wholes[1] != 0) kernel_->save_vehicles(slice, cooling_.at(share), *random_);
  else kernel_->run(slice, cooling_.at(share), *random_);
  iterations_ += slice;
  if (!instance_.fleet && sampler_.wants(share, kernel_->current_cost().value)) sampler_.take(kernel_->current());
  return task_.iterations > 0 && iterations_ == task_.iterations;
}

model::Outcome RoutingRunner::answer() const {
  return {.task = task_.id, .attempt = task_.attempt, .round = task_.round, .replica = task_.replica, .part = task_.part, .iterations = iterations_,
          .ints = {}, .wholes = {}, .reals = {}};
}

model::Outcome RoutingRunner::take() {
  model::Outcome outcome = answer();
  if (recombines()) {
    if (recombined_) outcome.ints = model::flatten(*recombined_);
    return outcome;
  }
  const auto append = [&](const std::vector<std::int32_t>& flat) {
    outcome.ints.insert(outcome.ints.end(), flat.begin(), flat.end());
    return static_cast<std::int64_t>(flat.size());
  };
  const std::int64_t current_size = append(kernel_->current());
  const std::int64_t best_size = kernel_->best_cost().value < start_cost_ ? append(kernel_->best()) : 0;
  append(sampler_.routes());
  outcome.wholes = {start_cost_, kernel_->current_cost().value, kernel_->best_cost().value, current_size, best_size};
  return outcome;
}

}  // namespace tempera::routing
