// Counted in iterations, the answer depends on the job and the seed alone.
#include <gtest/gtest.h>

#include <fstream>

#include "io/checkpoint/run_file.hpp"
#include "tests/support/solomon_sample.hpp"
#include "tests/support/tempera.hpp"

namespace tempera::tests {
namespace {

struct Answer {
  std::string solution;  // the .sol file
  model::RunRecord record;
};

class Determinism : public ::testing::Test {
 protected:
  Answer solve(const std::string& instance, Words more, int ranks) {
    const std::string out = (folder_ / "run").string();
    more.insert(more.begin(), {"solve", instance, "--out", out, "--output", "quiet"});
    const Finished finished = tempera(more, ranks);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    return {content_of(out + "/solution.sol"), checkpoint::read_record(out + "/result.h5")};
  }

  static void expect_same(const Answer& a, const Answer& b, int ranks) {
    EXPECT_EQ(a.solution, b.solution) << ranks << " ranks";
    EXPECT_EQ(a.record.incumbent.ints, b.record.incumbent.ints);
    EXPECT_EQ(a.record.incumbent.cost_units, b.record.incumbent.cost_units);
    EXPECT_EQ(a.record.baseline.answer.ints, b.record.baseline.answer.ints);
    EXPECT_EQ(a.record.iterations, b.record.iterations);
    EXPECT_EQ(a.record.swaps.attempted, b.record.swaps.attempted);
    EXPECT_EQ(a.record.swaps.accepted, b.record.swaps.accepted);
    ASSERT_EQ(a.record.trace.size(), b.record.trace.size());
    EXPECT_GT(a.record.trace.size(), 2u);
    for (std::size_t k = 0; k < a.record.trace.size(); ++k) {
      const model::TracePoint &p = a.record.trace[k], &q = b.record.trace[k];
      EXPECT_EQ(p.iterations, q.iterations);
      EXPECT_EQ(p.round, q.round);
      EXPECT_EQ(p.cost, q.cost);
      EXPECT_EQ(p.temperature, q.temperature);
    }
  }

  void expect_same_on_all_ranks(const std::string& instance, const Words& more) {
    const Answer alone = solve(instance, more, 0);
    for (const int ranks : {1, 2, 3, 4}) expect_same(alone, solve(instance, more, ranks), ranks);
  }

  TemporaryFolder folder_;
};

TEST_F(Determinism, OneReplicaOfOnePart) { expect_same_on_all_ranks(generated(folder_, 200), {"--iterations", "150000", "--seed", "3"}); }

TEST_F(Determinism, SeveralReplicas) { expect_same_on_all_ranks(generated(folder_, 200), {"--iterations", "300000", "--replicas", "3"}); }

TEST_F(Determinism, SeveralPartsAndReplicas) { expect_same_on_all_ranks(generated(folder_, 1100), {"--iterations", "500000", "--replicas", "2"}); }

TEST_F(Determinism, TimeWindowsInBothObjectives) {
  const std::string file = (folder_ / "s520.txt").string();
  std::ofstream(file) << solomon_sample(520, 4);
  expect_same_on_all_ranks(file, {"--iterations", "120000"});
  expect_same_on_all_ranks(file, {"--iterations", "120000", "--objective", "vehicles"});
  const std::string small = (folder_ / "s150.txt").string();  // one part, saved whole by whichever rank has it
  std::ofstream(small) << solomon_sample(150, 5);
  expect_same_on_all_ranks(small, {"--iterations", "300000", "--objective", "vehicles", "--replicas", "2"});
}

TEST_F(Determinism, AnotherSeedGivesAnotherAnswer) {
  const std::string instance = generated(folder_, 200);
  EXPECT_NE(solve(instance, {"--iterations", "50000", "--seed", "1"}, 0).solution, solve(instance, {"--iterations", "50000", "--seed", "2"}, 0).solution);
}

}  // namespace
}  // namespace tempera::tests
