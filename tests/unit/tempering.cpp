#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "solvers/core/error.hpp"
#include "solvers/core/random.hpp"
#include "solvers/tempering/driver.hpp"

namespace tempera::tempering {
namespace {

// A system small enough for exact Boltzmann averages: five states with given energies, Metropolis between all of them.
class FiveStates {
 public:
  static constexpr std::array<double, 5> energies{0.0, 0.7, 1.1, 2.0, 3.5};
  explicit FiveStates(std::uint32_t id) : random_({.seed = 11, .domain = core::tests, .replica = id}) {}
  double energy() const { return energies[state_]; }
  void sample(double temperature, std::uint64_t steps) {
    for (std::uint64_t i = 0; i < steps; ++i) {
      const std::uint32_t next = random_.below(5);
      if (std::log(random_.uniform()) < (energies[state_] - energies[next]) / temperature) state_ = next;
    }
  }

 private:
  core::RandomStream random_;
  std::uint32_t state_ = 0;
};

double boltzmann_mean(double temperature) {
  double z = 0, sum = 0;
  for (const double e : FiveStates::energies) { z += std::exp(-e / temperature); sum += e * std::exp(-e / temperature); }
  return sum / z;
}

TEST(Tempering, EveryRungSamplesItsBoltzmannDistribution) {
  std::vector<FiveStates> replicas;
  for (std::uint32_t i = 0; i < 4; ++i) replicas.emplace_back(i);
  Ladder ladder(4, 1.6);
  const double base = 0.5;
  std::array<double, 4> sum{};
  const std::uint32_t rounds = 60000;
  temper(std::span(replicas), ladder, {.cooling = {base, base}, .rounds = rounds, .steps_per_round = 2}, 3, [&](std::uint32_t) {
    for (std::size_t i = 0; i < 4; ++i) sum[ladder.rung(i)] += replicas[i].energy();
    return true;
  });
  for (std::size_t rung = 0; rung < 4; ++rung)
    EXPECT_NEAR(sum[rung] / rounds, boltzmann_mean(base * std::pow(1.6, static_cast<double>(rung))), 0.02) << "rung " << rung;
  for (const std::uint64_t accepted : ladder.statistics().accepted) EXPECT_GT(accepted, 1000u);
  EXPECT_GT(ladder.statistics().round_trips, 100u);
}

TEST(Ladder, SwapsOnlyEvenPairsInEvenRounds) {
  Ladder ladder(4, 2.0);
  const std::vector<double> energy{100, 0, 100, 0};  // both even pairs gain
  EXPECT_EQ(ladder.swap(energy, 1.0, 1, 0), 2u);
  EXPECT_EQ(ladder.rung(0), 1u);
  EXPECT_EQ(ladder.rung(1), 0u);
  EXPECT_EQ(ladder.statistics().attempted, (std::vector<std::uint64_t>{1, 0, 1}));
  ladder.swap(energy, 1.0, 1, 1);
  EXPECT_EQ(ladder.statistics().attempted, (std::vector<std::uint64_t>{1, 1, 1}));
}

TEST(Ladder, NeverSwapsAgainstAHugeGap) {
  Ladder ladder(2, 2.0);
  for (std::uint32_t round = 0; round < 100; round += 2) EXPECT_EQ(ladder.swap(std::vector<double>{0, 1e6}, 1.0, 1, round), 0u);
}

TEST(Ladder, CountsARoundTripColdestHottestColdest) {
  Ladder ladder(2, 2.0);
  ladder.swap(std::vector<double>{1e6, 0}, 1.0, 1, 0);
  EXPECT_EQ(ladder.statistics().round_trips, 0u);
  ladder.swap(std::vector<double>{0, 1e6}, 1.0, 1, 2);
  EXPECT_EQ(ladder.statistics().round_trips, 1u);
}

TEST(Ladder, AdaptsTowardTheTargetAcceptance) {
  // Swaps between equal energies always pass, against a huge gap never.
  Ladder easy(2, 1.1), hard(2, 1.9);
  for (std::uint32_t round = 0; round < 100; round += 2) {
    easy.swap(std::vector<double>{5, 5}, 1.0, 1, round);
    easy.adapt(0.25, 3.0);
    hard.swap(std::vector<double>{0, 1e6}, 1.0, 1, round);
    hard.adapt(0.25, 3.0);
  }
  EXPECT_GT(easy.ratio(), 1.2);
  EXPECT_LT(hard.ratio(), 1.7);
}

TEST(Ladder, GoesOnFromItsStateAsIfNothingHappened) {
  const auto energies = [](std::uint32_t round) {
    std::vector<double> e;
    core::RandomStream random({.seed = 5, .domain = core::tests, .step = round});
    for (int i = 0; i < 5; ++i) e.push_back(random.uniform() * 3);
    return e;
  };
  Ladder whole(5, 1.3), first(5, 1.3), second(5, 1.0);
  for (std::uint32_t round = 0; round < 40; ++round) whole.swap(energies(round), 1.0, 9, round);
  for (std::uint32_t round = 0; round < 17; ++round) first.swap(energies(round), 1.0, 9, round);
  second.restore(first.state());
  for (std::uint32_t round = 17; round < 40; ++round) second.swap(energies(round), 1.0, 9, round);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(second.rung(i), whole.rung(i));
  EXPECT_EQ(second.statistics().accepted, whole.statistics().accepted);
  EXPECT_EQ(second.statistics().round_trips, whole.statistics().round_trips);
}

TEST(Ladder, RefusesAStateThatIsNotAPermutation) {
  Ladder ladder(3, 1.2);
  Ladder::State state = ladder.state();
  state.rung_of = {0, 0, 1};
  EXPECT_THROW(ladder.restore(state), core::LogicError);
  EXPECT_THROW(Ladder(0, 1.5), core::UserError);
  EXPECT_THROW(Ladder(2, 0.5), core::UserError);
}

TEST(Cooling, IsGeometricAndClamped) {
  const Cooling cooling{100, 1};
  EXPECT_DOUBLE_EQ(cooling.at(0), 100);
  EXPECT_NEAR(cooling.at(0.5), 10, 1e-12);
  EXPECT_NEAR(cooling.at(7), 1, 1e-12);
}

}  // namespace
}  // namespace tempera::tempering
