// Fails on the last rank only. Registered with WILL_FAIL: it controls that one rank's failure is everybody's.
#include "tests/support/rank_test.hpp"

TEST(Planted, FailsOnTheLastRankOnly) {
  auto& world = tempera::tests::session().world();
  EXPECT_NE(world.rank(), world.size() - 1);
}
