#include <cstring>
#include <numeric>

#include "solvers/core/budget.hpp"
#include "tests/support/rank_test.hpp"

namespace tempera::comm {
namespace {

Transport& world() { return tests::session().world(); }

std::vector<std::byte> number(std::uint64_t value) {
  std::vector<std::byte> bytes(sizeof value);
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}
std::uint64_t number(const Envelope& envelope) {
  std::uint64_t value = 0;
  std::memcpy(&value, envelope.bytes.data(), sizeof value);
  return value;
}

TEST(Transport, KeepsTheOrderOfEverySource) {
  constexpr std::uint64_t messages = 2000;
  for (std::uint64_t k = 0; k < messages; ++k)
    for (int to = 0; to < world().size(); ++to) world().send(to, 7, number(k));
  std::vector<std::uint64_t> expected(static_cast<std::size_t>(world().size()), 0);
  bool ordered = true;
  for (std::uint64_t k = 0; k < messages * static_cast<std::uint64_t>(world().size()); ++k) {
    const Envelope envelope = tests::receive(7);
    ordered = ordered && number(envelope) == expected[static_cast<std::size_t>(envelope.source)]++;
  }
  ASSERT_ALL_RANKS(ordered);
}

TEST(Transport, CarriesLargeMessagesBothWaysAtOnce) {
  const int to = (world().rank() + 1) % world().size();
  std::vector<std::byte> large(std::size_t{32} << 20);
  for (std::size_t k = 0; k < large.size(); k += 4096) large[k] = static_cast<std::byte>(world().rank() + static_cast<int>(k / 4096));
  world().send(to, 8, std::move(large));
  const Envelope envelope = tests::receive(8);
  const int from = (world().rank() + world().size() - 1) % world().size();
  bool same = envelope.source == from && envelope.bytes.size() == std::size_t{32} << 20;
  for (std::size_t k = 0; same && k < envelope.bytes.size(); k += 4096) same = envelope.bytes[k] == static_cast<std::byte>(from + static_cast<int>(k / 4096));
  EXPECT_TRUE(world().flush(30));
  ASSERT_ALL_RANKS(same);
}

TEST(Transport, CarriesEmptyMessages) {
  world().send((world().rank() + 1) % world().size(), 9, {});
  ASSERT_ALL_RANKS(tests::receive(9).bytes.empty());
}

TEST(Transport, WaitingDoesNotBurnTheCore) {
  const double before = core::process_cpu_seconds();
  const core::Stopwatch watch;
  while (watch.seconds() < 0.5) world().wait(0.1);
  EXPECT_LT(core::process_cpu_seconds() - before, 0.25) << "CPU seconds while waiting half a second";
  ASSERT_ALL_RANKS(watch.seconds() >= 0.5);
}

}  // namespace
}  // namespace tempera::comm
