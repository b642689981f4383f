#include "solvers/routing/runner.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "solvers/routing/route_pool.hpp"
#include "solvers/routing/set_partition.hpp"

namespace tempera::routing {

namespace {
// Iterations between looks at the clock and between temperature steps: about a millisecond.
constexpr std::uint64_t slice_iterations = 256;
}  // namespace

RoutingRunner::RoutingRunner(const model::RoutingInstance& instance) : instance_(instance), settings_(sisr_settings_for(instance)) {}

void RoutingRunner::start(model::Task task) {
  task_ = std::move(task);
  watch_.emplace();
  iterations_ = 0;
  recombined_.reset();
  part_.reset();
  pool_.reset();
  if (is_pool_task(task_)) {
    pool_ = read_pool_task(task_);
  } else {
    part_ = read_part_task(task_, instance_.fleet ? instance_.fleet->types.size() : 0);
    random_.emplace(core::StreamKey{.seed = part_->seed, .domain = core::anneal_routes, .replica = task_.replica, .part = task_.part, .step = task_.round});
    prepare_kernel();
    kernel_->load(part_->routes, part_->vehicles);
    start_cost_ = kernel_->current_cost().value;
    sampler_.begin();
  }
}

void RoutingRunner::prepare_kernel() {
  std::vector<std::int32_t> customers;
  std::ranges::copy_if(part_->routes, std::back_inserter(customers), [](std::int32_t c) { return c > 0; });
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
  RoutePool pool(instance_, pool_->incumbent.size() + pool_->pool.size());
  pool.add(pool_->pool, 0);
  pool.add(pool_->incumbent, 1);
  PartitionLimit limit;
  limit.seconds = task_.seconds > 0 ? task_.seconds : std::numeric_limits<double>::infinity();
  recombined_ = cheapest_partition(pool.routes(), pool_->incumbent, pool_->incumbent_cost, limit).solution;
}

bool RoutingRunner::advance() {
  if (pool_) {
    recombine();
    return true;
  }
  const double share = spent_share();
  if (share >= 1) return true;
  const std::uint64_t slice = task_.iterations > 0 ? std::min(slice_iterations, task_.iterations - iterations_) : slice_iterations;
  const double temperature = part_->cooling.at(share);
  if (part_->saves_vehicles) kernel_->save_vehicles(slice, temperature, *random_);
  else kernel_->run(slice, temperature, *random_);
  iterations_ += slice;
  if (!instance_.fleet && sampler_.wants(share, kernel_->current_cost().value)) sampler_.take(kernel_->current());
  return task_.iterations > 0 && iterations_ == task_.iterations;
}

model::Outcome RoutingRunner::take() {
  model::Outcome outcome{.task = task_.id, .attempt = task_.attempt, .round = task_.round, .replica = task_.replica, .part = task_.part,
                         .iterations = iterations_, .ints = {}, .wholes = {}, .reals = {}};
  if (pool_) {
    write(recombined_, outcome);
  } else {
    const std::int64_t best = kernel_->best_cost().value;
    write(PartAnswer{.start_cost = start_cost_, .best_cost = best, .current = kernel_->current(),
                     .best = best < start_cost_ ? kernel_->best() : std::vector<std::int32_t>{}, .visited = sampler_.routes()}, outcome);
  }
  return outcome;
}

}  // namespace tempera::routing
