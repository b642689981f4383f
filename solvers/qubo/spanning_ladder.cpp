#include "solvers/qubo/spanning_ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solvers/core/error.hpp"
#include "solvers/qubo/ladder_schedule.hpp"

namespace tempera::qubo {

namespace {
constexpr double first_respace = 400, last_respace = 12'800;

LadderSchedule schedule_of(const LadderImage& image) { return LadderSchedule::from_state(image.reals); }

template <class Change>
void change_schedule(LadderImage& image, Change change) {
  LadderSchedule schedule = schedule_of(image);
  change(schedule);
  image.reals = schedule.state();
}
}  // namespace

SpanningLadder::SpanningLadder(std::size_t blocks) : blocks_(blocks), next_respace_(first_respace), attempted_(blocks - 1, 0), accepted_(blocks - 1, 0) {
  TEMPERA_ASSERT(blocks >= 2, fmt::format("a ladder spans {} blocks", blocks));
}

std::vector<std::vector<Guest>> SpanningLadder::after_round(std::span<Block> blocks, std::uint64_t seed, std::uint32_t round) {
  TEMPERA_ASSERT(blocks.size() == blocks_, fmt::format("{} blocks for a ladder over {}", blocks.size(), blocks_));
  std::vector<std::vector<Guest>> none(blocks_);
  if (std::ranges::any_of(blocks, [](const Block& b) { return b.image->ints.empty(); })) return none;  // its first task was lost
  if (temperature_.empty()) {
    spread(blocks);
    return none;
  }
  std::vector<std::vector<Guest>> guests = swap_ends(blocks, seed, round);
  if (next_respace_ > 0 && static_cast<double>(schedule_of(*blocks[0].image).sweeps()) >= next_respace_) respace(blocks);
  return guests;
}

void SpanningLadder::spread(std::span<Block> blocks) {
  double coldest = 0, hottest = 0;
  std::size_t rungs = 0;
  for (const Block& block : blocks) {
    const LadderSchedule schedule = schedule_of(*block.image);
    const std::vector<double>& own = schedule.ladder().temperatures();
    coldest = coldest > 0 ? std::min(coldest, own.front()) : own.front();
    hottest = std::max(hottest, own.back());
    rungs = own.size();
  }
  temperature_ = tempering::SpacedLadder::geometric(blocks_ * rungs, coldest, hottest).temperatures();
  hand_out(blocks);
  for (std::size_t b = 0; b < blocks_; ++b)
    change_schedule(*blocks[b].image, [&](LadderSchedule& schedule) {
      schedule.hold();
      schedule.ladder().set_ends({.coldest = b == 0, .hottest = b + 1 == blocks_});
    });
}

void SpanningLadder::hand_out(std::span<Block> blocks) const {
  for (std::size_t b = 0; b < blocks_; ++b)
    change_schedule(*blocks[b].image, [&](LadderSchedule& schedule) { schedule.ladder().set_temperatures(std::span(temperature_).subspan(b * rungs(), rungs())); });
}

std::vector<std::vector<Guest>> SpanningLadder::swap_ends(std::span<Block> blocks, std::uint64_t seed, std::uint32_t round) {
  std::vector<std::vector<Guest>> guests(blocks_);
  for (std::size_t b = 0; b + 1 < blocks_; ++b) {
    Block &lower = blocks[b], &upper = blocks[b + 1];
    if (!lower.hottest || !upper.coldest) continue;
    core::RandomStream random({.seed = seed, .domain = core::swap_replicas, .replica = static_cast<std::uint32_t>(b), .step = round});
    const std::size_t cold = (b + 1) * rungs() - 1;
    const double chance = tempering::swap_chance(temperature_[cold], temperature_[cold + 1], lower.hottest->energy, upper.coldest->energy);
    attempted_[b] += 1;
    if (random.uniform() >= chance) continue;
    accepted_[b] += 1;
    // The marker of a round trip goes with the state.
    LadderSchedule below = schedule_of(*lower.image), above = schedule_of(*upper.image);
    const std::uint32_t from = below.ladder().replica_at(rungs() - 1), to = above.ladder().replica_at(0);
    const std::uint32_t trip = below.ladder().trip_of(from);
    below.ladder().set_trip(from, above.ladder().trip_of(to));
    above.ladder().set_trip(to, trip);
    lower.image->reals = below.state();
    upper.image->reals = above.state();
    guests[b].push_back({.rung = static_cast<std::int64_t>(rungs()) - 1, .values = std::move(upper.coldest->values)});
    guests[b + 1].push_back({.rung = 0, .values = std::move(lower.hottest->values)});
  }
  return guests;
}

// A boundary is tried once a round, too rarely to be measured: it counts as the mean of the pairs beside it.
void SpanningLadder::respace(std::span<Block> blocks) {
  std::vector<double> rejection;
  for (std::size_t b = 0; b < blocks_; ++b) {
    const std::vector<double> own = schedule_of(*blocks[b].image).ladder().mean_rejection();
    if (own.empty()) return;  // not every pair was tried: next time
    if (b > 0) rejection.push_back((rejection.back() + own.front()) / 2);
    rejection.insert(rejection.end(), own.begin(), own.end());
  }
  temperature_ = tempering::equal_rejection(temperature_, rejection);
  hand_out(blocks);
  next_respace_ = next_respace_ >= last_respace ? 0 : 2 * next_respace_;
}

double SpanningLadder::boundary_acceptance(std::size_t lower_block) const { return attempted_[lower_block] > 0 ? accepted_[lower_block] / attempted_[lower_block] : 0; }

std::vector<double> SpanningLadder::state() const {
  std::vector<double> out{next_respace_};
  for (const std::vector<double>* list : {&attempted_, &accepted_, &temperature_}) out.insert(out.end(), list->begin(), list->end());
  return out;
}

void SpanningLadder::restore(std::span<const double> state) {
  const std::size_t boundaries = blocks_ - 1, head = 1 + 2 * boundaries;
  TEMPERA_ASSERT(state.size() >= head && (state.size() - head) % blocks_ == 0, fmt::format("{} numbers restore no ladder over {} blocks", state.size(), blocks_));
  next_respace_ = state[0];
  attempted_.assign(state.begin() + 1, state.begin() + 1 + static_cast<std::ptrdiff_t>(boundaries));
  accepted_.assign(state.begin() + 1 + static_cast<std::ptrdiff_t>(boundaries), state.begin() + static_cast<std::ptrdiff_t>(head));
  temperature_.assign(state.begin() + static_cast<std::ptrdiff_t>(head), state.end());
}

}  // namespace tempera::qubo
