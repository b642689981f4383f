#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "solvers/core/budget.hpp"
#include "solvers/core/error.hpp"
#include "solvers/core/nearest_name.hpp"
#include "solvers/core/random.hpp"
#include "solvers/core/text_file.hpp"
#include "solvers/core/units.hpp"
#include "tests/support/temporary_folder.hpp"

namespace tempera::core {
namespace {

TEST(RandomStream, SameKeyGivesSameNumbers) {
  const StreamKey key{.seed = 7, .domain = tests, .replica = 1, .part = 2, .step = 3};
  RandomStream a(key), b(key);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(a(), b());
}

TEST(RandomStream, EveryFieldOfTheKeyChangesTheNumbers) {
  const StreamKey base{.seed = 7, .domain = tests, .replica = 1, .part = 2, .step = 3};
  std::set<std::uint64_t> first;
  const auto add = [&](StreamKey key) { RandomStream s(key); const std::uint64_t hi = s(); first.insert(hi << 32 | s()); };
  add(base);
  for (auto change : {+[](StreamKey& k) { k.seed += std::uint64_t{1} << 40; }, +[](StreamKey& k) { ++k.seed; }, +[](StreamKey& k) { ++k.domain; },
                      +[](StreamKey& k) { ++k.replica; }, +[](StreamKey& k) { ++k.part; }, +[](StreamKey& k) { ++k.step; }}) {
    StreamKey changed = base;
    change(changed);
    add(changed);
  }
  EXPECT_EQ(first.size(), 7u);
}

TEST(RandomStream, BelowStaysInRangeAndIsNearlyUniform) {
  RandomStream stream({.seed = 1, .domain = tests});
  std::array<int, 10> counts{};
  for (int i = 0; i < 100000; ++i) ++counts.at(stream.below(10));
  for (const int count : counts) EXPECT_NEAR(count, 10000, 500);
}

TEST(RandomStream, UniformIsInsideTheOpenUnitInterval) {
  RandomStream stream({.seed = 2, .domain = tests});
  double sum = 0;
  for (int i = 0; i < 100000; ++i) {
    const double u = stream.uniform();
    ASSERT_GT(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u;
  }
  EXPECT_NEAR(sum / 100000, 0.5, 0.005);
}

TEST(Budget, CountsEarlierRunsOfAResumedJob) {
  const Budget budget({.seconds = 10.0, .iterations = {}}, Stopwatch(), 9.0);
  EXPECT_GT(budget.elapsed_seconds(), 9.0);
  EXPECT_LT(budget.remaining_seconds(), 1.0);
  EXPECT_FALSE(budget.expired());
}

TEST(Budget, InIterationsNeverExpires) {
  const Budget budget({.seconds = {}, .iterations = 5}, Stopwatch(), 1e9);
  EXPECT_FALSE(budget.expired());
}

TEST(Budget, RefusesBothLimitsAtOnce) {
  EXPECT_THROW(Budget({.seconds = 1.0, .iterations = 5}, Stopwatch()), LogicError);
}

TEST(Units, AddAndCompare) {
  EXPECT_EQ(Cost(2) + Cost(3), Cost(5));
  EXPECT_LT(Load(2), Load(3));
  static_assert(!std::is_convertible_v<Load, Cost>);
}

TEST(TextFile, GivesEveryByteAndNamesWhatCannotBeRead) {
  const tempera::tests::TemporaryFolder folder;
  const std::string bytes("a\0b\r\n\xff", 6);
  std::ofstream(folder / "some.txt", std::ios::binary) << bytes;
  std::ofstream(folder / "empty.txt").flush();
  EXPECT_EQ(read_text(folder / "some.txt"), bytes);
  EXPECT_EQ(read_text(folder / "empty.txt"), "");
  EXPECT_THROW(read_text(folder / "none.txt"), UserError);
  EXPECT_THROW(read_text(folder.path()), UserError);
}

TEST(TextFile, TrimsBlanksAtBothEndsOnly) {
  EXPECT_EQ(trimmed(" \t a b \r\n"), "a b");
  EXPECT_EQ(trimmed("a"), "a");
  EXPECT_EQ(trimmed(" \r\n"), "");
  EXPECT_EQ(trimmed(""), "");
}

TEST(NearestName, FindsSlipsOfTheFingerOnly) {
  constexpr std::string_view known[] = {"CAPACITY", "COMMENT", "DEMAND_SECTION"};
  EXPECT_EQ(nearest_name("CAPACTY", known), "CAPACITY");
  EXPECT_EQ(nearest_name("capacity", known), "CAPACITY");
  EXPECT_EQ(nearest_name("DEMANDS_SECTION", known), "DEMAND_SECTION");
  EXPECT_EQ(nearest_name("ZEBRA", known), std::nullopt);
  EXPECT_EQ(nearest_name("", known), std::nullopt);
}

}  // namespace
}  // namespace tempera::core
