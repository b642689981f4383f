// Savings and local search on VRPLIB files, one CSV line each; costs as the referee prices them, seconds of CPU.
//   build/release/tests/bench/baseline_bench ../shared/data/vrp/X/*.vrp
#include <fmt/core.h>

#include <cstdio>
#include <utility>

#include "io/instances/vrplib.hpp"
#include "solvers/baselines/local_search.hpp"
#include "solvers/baselines/savings.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/model/routing_referee.hpp"

namespace {

using namespace tempera;

std::int64_t feasible_cost(const model::RoutingInstance& in, const model::RoutingSolution& solution) {
  const model::RoutingVerdict verdict = model::judge(in, solution);
  if (!verdict.feasible) fmt::print(stderr, "{}: {}\n", in.name, verdict.violations.front());
  return verdict.feasible ? verdict.cost.value : -1;
}

void measure(const char* path, int neighbours_wanted) {
  const model::RoutingInstance in = instances::read_vrplib(path);
  double mark = core::process_cpu_seconds();
  const auto lap = [&] {
    const double now = core::process_cpu_seconds();
    return now - std::exchange(mark, now);
  };
  const model::Distances distances(in);
  const model::Neighbours neighbours(in, neighbours_wanted);
  const double lists_seconds = lap();
  model::RoutingSolution solution = baselines::savings(in, distances, neighbours);
  const double savings_seconds = lap();
  const std::int64_t savings_cost = feasible_cost(in, solution);
  lap();
  const baselines::LocalSearchReport report = baselines::local_search(in, distances, neighbours, solution, {});
  const double search_seconds = lap();
  fmt::print("{},{},{:.3f},{},{:.3f},{},{:.3f},{}\n", in.name, in.customers(), lists_seconds, savings_cost, savings_seconds,
             feasible_cost(in, solution), search_seconds, report.moves);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  fmt::print("instance,customers,lists_cpu_seconds,savings_cost,savings_cpu_seconds,local_optimum_cost,local_search_cpu_seconds,moves\n");
  for (int k = 1; k < argc; ++k) measure(argv[k], 100);
}
