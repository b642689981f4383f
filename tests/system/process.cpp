// The harness of the system tests can see what it claims to see.
#include "tests/support/process.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace tempera::tests {
namespace {

TEST(Process, CapturesOutputErrorAndExitCode) {
  const Finished finished = run({"sh", "-c", "echo out; echo err >&2; exit 3"});
  EXPECT_EQ(finished.out, "out\n");
  EXPECT_EQ(finished.err, "err\n");
  EXPECT_EQ(finished.exit_code, 3);
}

TEST(Process, EndsWhatTakesTooLong) {
  const Finished finished = Process({"sleep", "30"}, {.limit_seconds = 0.2}).wait();
  EXPECT_TRUE(finished.timed_out);
  EXPECT_EQ(finished.signal, SIGKILL);
  EXPECT_LT(finished.seconds, 5);
}

TEST(Process, SeesAndEndsAProcessLeftBehind) {
  const Finished finished = Process({"sh", "-c", "setsid sleep 30 & exit 0"}, {}).wait();
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_EQ(finished.left_behind, 1);
}

TEST(Process, WaitsForDescendantsThatAreAboutToEnd) {
  EXPECT_EQ(Process({"sh", "-c", "setsid sleep 0.3 & exit 0"}, {}).wait().left_behind, 0);
}

TEST(Process, GivesATerminal) {
  EXPECT_EQ(run({"sh", "-c", "test -t 2 && echo yes"}, {.terminal = true}).out, "yes\n");
  EXPECT_EQ(run({"sh", "-c", "test -t 2 || echo no"}).out, "no\n");
}

TEST(Process, LimitsTheSizeOfFiles) {
  const TemporaryFolder folder;
  const Finished finished = run({"sh", "-c", "trap '' XFSZ; head -c 5000 /dev/zero > big"}, {.folder = folder.path(), .environment = {}, .file_size_limit = 1000});
  EXPECT_NE(finished.exit_code, 0);
  EXPECT_EQ(std::filesystem::file_size(folder / "big"), 1000u);
}

}  // namespace
}  // namespace tempera::tests
