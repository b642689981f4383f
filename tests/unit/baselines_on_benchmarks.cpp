// Baselines on the benchmark instances that lie beside the project.
#include <gtest/gtest.h>

#include <vector>

#include "io/instances/vrplib.hpp"
#include "solvers/baselines/routing_baseline.hpp"
#include "solvers/baselines/savings.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/model/routing_referee.hpp"
#include "tests/support/benchmark_data.hpp"

namespace tempera::baselines {
namespace {

TEST(BaselineOnX, IsFeasibleEverywhereAndALocalOptimum) {
  TEMPERA_NEEDS_BENCHMARK("vrp/X");
  int instances = 0;
  for (const auto& entry : std::filesystem::directory_iterator(tests::benchmark_file("vrp/X"))) {
    if (entry.path().extension() != ".vrp") continue;
    const model::RoutingInstance in = instances::read_vrplib(entry.path());
    const BaselineResult result = routing_baseline(in, {});
    const model::RoutingVerdict verdict = model::judge(in, result.solution);
    EXPECT_TRUE(verdict.feasible) << in.name;
    EXPECT_EQ(verdict.cost, result.cost) << in.name;
    EXPECT_TRUE(result.reached_local_optimum) << in.name;
    ++instances;
  }
  EXPECT_GT(instances, 0);
}

TEST(BaselineOnX, IsWithinSixPercentOfTheBestKnownAtAThousandCustomers) {
  TEMPERA_NEEDS_BENCHMARK("vrp/X/X-n1001-k43.vrp");
  const BaselineResult result = routing_baseline(instances::read_vrplib(tests::benchmark_file("vrp/X/X-n1001-k43.vrp")), {});
  EXPECT_LT(result.cost.value, 72355 * 1.06);
  EXPECT_GE(result.cost.value, 72355);
}

TEST(BaselineOnArnold, TakesSecondsAtTwentyThousandCustomers) {
  TEMPERA_NEEDS_BENCHMARK("vrp/Arnold/Flanders1.vrp");
  const model::RoutingInstance in = instances::read_vrplib(tests::benchmark_file("vrp/Arnold/Flanders1.vrp"));
  const double start = core::process_cpu_seconds();
  const BaselineResult result = routing_baseline(in, {});
  EXPECT_LT(core::process_cpu_seconds() - start, 15) << "a second or two, optimised";
  EXPECT_TRUE(model::judge(in, result.solution).feasible);
}

}  // namespace
}  // namespace tempera::baselines
