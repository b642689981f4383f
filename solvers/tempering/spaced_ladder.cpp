#include "solvers/tempering/spaced_ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "solvers/core/error.hpp"

namespace tempera::tempering {

double swap_chance(double cold_temperature, double hot_temperature, std::int64_t cold_energy, std::int64_t hot_energy) {
  const double exponent = (1 / cold_temperature - 1 / hot_temperature) * static_cast<double>(cold_energy - hot_energy);
  return exponent >= 0 ? 1.0 : std::exp(exponent);
}

std::vector<double> equal_rejection(std::span<const double> temperatures, std::span<const double> rejection) {
  const std::size_t n = temperatures.size();
  TEMPERA_ASSERT(rejection.size() + 1 == n, fmt::format("rejections of {} pairs for {} temperatures", rejection.size(), n));
  std::vector<double> barrier(n, 0.0);  // up to rung k
  // A little is added to every step: where nothing is ever rejected the spacing stays even instead of undefined.
  for (std::size_t k = 0; k + 1 < n; ++k) barrier[k + 1] = barrier[k] + rejection[k] + 0.02;
  std::vector<double> spaced(temperatures.begin(), temperatures.end());
  std::size_t from = 0;
  for (std::size_t k = 1; k + 1 < n; ++k) {
    const double wanted = barrier.back() * static_cast<double>(k) / static_cast<double>(n - 1);
    while (barrier[from + 1] < wanted) ++from;
    const double share = (wanted - barrier[from]) / (barrier[from + 1] - barrier[from]);
    spaced[k] = temperatures[from] * std::pow(temperatures[from + 1] / temperatures[from], share);
  }
  return spaced;
}

SpacedLadder::SpacedLadder(std::vector<double> temperatures) : temperature_(std::move(temperatures)) {
  const std::size_t n = temperature_.size();
  if (n < 2) throw core::UserError(fmt::format("A temperature ladder has {} rungs. Give 2 or more.", n));
  if (!(temperature_.front() > 0) || !std::ranges::is_sorted(temperature_))
    throw core::UserError(fmt::format("The temperatures of a ladder start at {} and end at {}. They must ascend from above 0.", temperature_.front(), temperature_.back()));
  rung_of_.resize(n);
  std::iota(rung_of_.begin(), rung_of_.end(), 0u);
  replica_at_ = rung_of_;
  trip_.assign(n, 0);
  rejected_.assign(n - 1, 0);
  tried_.assign(n - 1, 0);
  statistics_.attempted.assign(n - 1, 0);
  statistics_.accepted.assign(n - 1, 0);
  note_trips();
}

SpacedLadder SpacedLadder::geometric(std::size_t rungs, double coldest, double hottest) {
  std::vector<double> temperatures(rungs);
  for (std::size_t k = 0; k < rungs; ++k)
    temperatures[k] = coldest * std::pow(hottest / coldest, rungs > 1 ? static_cast<double>(k) / static_cast<double>(rungs - 1) : 0.0);
  return SpacedLadder(std::move(temperatures));
}

bool SpacedLadder::swap(std::span<const std::int64_t> energy, core::RandomStream& random) {
  bool moved = false;
  for (std::size_t cold = parity_; cold + 1 < rungs(); cold += 2) {
    const std::uint32_t a = replica_at_[cold], b = replica_at_[cold + 1];
    const double chance = swap_chance(temperature_[cold], temperature_[cold + 1], energy[a], energy[b]);
    ++statistics_.attempted[cold];
    tried_[cold] += 1;
    rejected_[cold] += 1 - chance;
    if (random.uniform() >= chance) continue;
    std::swap(replica_at_[cold], replica_at_[cold + 1]);
    std::swap(rung_of_[a], rung_of_[b]);
    ++statistics_.accepted[cold];
    moved = true;
  }
  parity_ ^= 1u;
  if (moved) note_trips();
  return moved;
}

void SpacedLadder::note_trips() {
  if (std::uint32_t& coldest = trip_[replica_at_.front()]; ends_.coldest) {
    if (coldest == 2) ++statistics_.round_trips;
    coldest = 1;
  }
  if (std::uint32_t& hottest = trip_[replica_at_.back()]; ends_.hottest && hottest == 1) hottest = 2;
}

std::vector<double> SpacedLadder::mean_rejection() const {
  std::vector<double> mean;
  if (std::ranges::any_of(tried_, [](double t) { return t == 0; })) return mean;
  for (std::size_t k = 0; k < tried_.size(); ++k) mean.push_back(rejected_[k] / tried_[k]);
  return mean;
}

void SpacedLadder::respace() {
  const std::vector<double> rejection = mean_rejection();
  if (!rejection.empty()) set_temperatures(equal_rejection(temperature_, rejection));
}

void SpacedLadder::set_temperatures(std::span<const double> temperatures) {
  TEMPERA_ASSERT(temperatures.size() == rungs(), fmt::format("{} temperatures for {} rungs", temperatures.size(), rungs()));
  temperature_.assign(temperatures.begin(), temperatures.end());
  std::ranges::fill(rejected_, 0.0);
  std::ranges::fill(tried_, 0.0);
}

void SpacedLadder::set_ends(Ends ends) {
  ends_ = ends;
  std::ranges::fill(trip_, 0u);
  statistics_.round_trips = 0;
  note_trips();
}

std::vector<double> SpacedLadder::acceptance() const {
  std::vector<double> shares;
  for (std::size_t k = 0; k < statistics_.attempted.size(); ++k)
    shares.push_back(statistics_.attempted[k] ? static_cast<double>(statistics_.accepted[k]) / static_cast<double>(statistics_.attempted[k]) : 0.0);
  return shares;
}

std::vector<double> SpacedLadder::state() const {
  std::vector<double> out{static_cast<double>(rungs()), static_cast<double>(parity_), static_cast<double>(statistics_.round_trips),
                          static_cast<double>((ends_.coldest ? 1 : 0) + (ends_.hottest ? 2 : 0))};
  const auto append = [&](const auto& list) { for (const auto v : list) out.push_back(static_cast<double>(v)); };
  append(temperature_), append(rung_of_), append(trip_), append(rejected_), append(tried_), append(statistics_.attempted), append(statistics_.accepted);
  return out;
}

void SpacedLadder::restore(std::span<const double> state) {
  const std::size_t n = rungs();
  TEMPERA_ASSERT(state.size() == 4 + 3 * n + 4 * (n - 1) && state[0] == static_cast<double>(n), fmt::format("{} numbers restore no ladder of {} rungs", state.size(), n));
  parity_ = static_cast<std::uint32_t>(state[1]);
  statistics_.round_trips = static_cast<std::uint64_t>(state[2]);
  ends_ = {.coldest = state[3] == 1 || state[3] == 3, .hottest = state[3] >= 2};
  std::size_t at = 4;
  const auto take = [&](auto& list) { for (auto& v : list) v = static_cast<std::remove_reference_t<decltype(v)>>(state[at++]); };
  take(temperature_), take(rung_of_), take(trip_), take(rejected_), take(tried_), take(statistics_.attempted), take(statistics_.accepted);
  std::ranges::fill(replica_at_, static_cast<std::uint32_t>(n));
  for (std::size_t r = 0; r < n; ++r) {
    TEMPERA_ASSERT(rung_of_[r] < n && replica_at_[rung_of_[r]] == n, "the rungs of a restored ladder are not a permutation");
    replica_at_[rung_of_[r]] = static_cast<std::uint32_t>(r);
  }
}

}  // namespace tempera::tempering
