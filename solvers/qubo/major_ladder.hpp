// A ladder of replicas that are worked one after another, for engines that hold one state each: dense, grouped, QAP.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <limits>
#include <optional>
#include <vector>

#include "solvers/core/error.hpp"
#include "solvers/qubo/ladder_schedule.hpp"
#include "solvers/qubo/replica_ladder.hpp"

namespace tempera::qubo {

struct MajorSettings {
  std::size_t rungs = 32;
  double hot_uphill = 0.06;    ///< share of all moves tried that go uphill and pass, at the hottest rung
  double cold_uphill = 0.3;    ///< uphill moves per sweep at the coldest rung
  std::uint64_t stall_sweeps = 5'000;
  std::vector<double> temperatures = {};  ///< units, from the coldest: used as they are; empty: measured
};

/// One state at one temperature. `System` is what its replicas share and must outlive them.
template <class R, class System>
concept MajorReplica = std::constructible_from<R, const System&> &&
    requires(R& r, const R& c, core::RandomStream& random, std::span<const std::int32_t> ints, std::vector<std::int32_t>& out, double temperature) {
      r.seed(random);                 // its own generator, at the start of a task
      r.randomise(random);            // a feasible state
      r.assign(ints);                 // values as in an answer
      r.set_temperature(temperature); // units
      r.sweep();
      { c.energy() } -> std::same_as<std::int64_t>;
      { c.values() } -> std::same_as<std::vector<std::int32_t>>;
      { c.uphill() } -> std::same_as<std::uint64_t>;        // accepted moves for the worse, ever
      { c.lowest_energy() } -> std::same_as<std::int64_t>;  // since `forget_lowest`
      { c.lowest_values() } -> std::same_as<std::vector<std::int32_t>>;
      r.forget_lowest();
      c.pack(out);                                          // appends the state
      { r.unpack(ints) } -> std::same_as<std::size_t>;      // takes it from the front, says how many numbers it was
    } && requires(const System& s) {
      { s.moves_per_sweep() } -> std::same_as<std::uint64_t>;
      { s.lowest_temperature() } -> std::same_as<double>;   // where nothing moves any more
      { s.highest_temperature() } -> std::same_as<double>;  // where everything does
    };

template <class System, MajorReplica<System> Replica>
class MajorLadder final : public ReplicaLadder {
 public:
  MajorLadder(std::unique_ptr<const System> system, MajorSettings settings) : system_(std::move(system)), settings_(std::move(settings)) {
    if (!settings_.temperatures.empty()) settings_.rungs = settings_.temperatures.size();
    replicas_.reserve(settings_.rungs);
    for (std::size_t k = 0; k < settings_.rungs; ++k) replicas_.emplace_back(*system_);
    energy_.resize(settings_.rungs);
  }

  void begin(const LadderImage& image, const core::StreamKey& key, std::span<const Guest> guests) override {
    stream_.emplace(key);
    for (Replica& replica : replicas_) replica.seed(*stream_);
    if (image.ints.empty()) start();
    else load(image);
    for (const Guest& guest : guests)
      replicas_[schedule_->ladder().replica_at(guest.rung < 0 ? settings_.rungs / 2 : static_cast<std::size_t>(guest.rung))].assign(guest.values);
    for (Replica& replica : replicas_) replica.forget_lowest();
    set_temperatures();
    best_.energy = std::numeric_limits<std::int64_t>::max();
    note_best();
  }

  void sweep(std::uint64_t sweeps) override {
    for (std::uint64_t k = 0; k < sweeps; ++k) {
      for (Replica& replica : replicas_) replica.sweep();
      const bool improved = note_best();
      const auto advice = schedule_->after_sweep(energy_, improved, *stream_);
      if (settings_.temperatures.empty() && advice == LadderSchedule::Advice::stalled) refresh_hot_half();
      if (advice == LadderSchedule::Advice::temperatures_moved || schedule_->rungs_moved()) set_temperatures();
    }
  }

  LadderImage image() const override {
    LadderImage image;
    for (const Replica& replica : replicas_) replica.pack(image.ints);
    image.reals = schedule_->state();
    return image;
  }
  const Found& best() const override { return best_; }
  Found at(std::size_t rung) const override {
    const Replica& replica = replicas_[schedule_->ladder().replica_at(rung)];
    return {replica.energy(), replica.values()};
  }
  std::size_t rungs() const override { return settings_.rungs; }
  std::uint64_t attempts_per_sweep() const override { return settings_.rungs * system_->moves_per_sweep(); }
  std::uint64_t round_trips() const override { return schedule_->ladder().statistics().round_trips; }
  std::vector<double> acceptance() const override { return schedule_->ladder().acceptance(); }
  std::vector<double> temperatures() const override { return schedule_->ladder().temperatures(); }

 private:
  void start() {
    for (Replica& replica : replicas_) replica.randomise(*stream_);
    if (settings_.temperatures.empty()) {
      const auto [coldest, hottest] = measure_range();
      schedule_.emplace(tempering::SpacedLadder::geometric(settings_.rungs, coldest, hottest), settings_.stall_sweeps);
    } else {
      schedule_.emplace(tempering::SpacedLadder(settings_.temperatures), settings_.stall_sweeps, LadderSchedule::Spacing::fixed);
    }
  }

  void load(const LadderImage& image) {
    std::span<const std::int32_t> rest = image.ints;
    for (Replica& replica : replicas_) rest = rest.subspan(replica.unpack(rest));
    TEMPERA_ASSERT(rest.empty(), fmt::format("{} numbers are left of a ladder's image", rest.size()));
    if (!schedule_) schedule_.emplace(tempering::SpacedLadder::geometric(settings_.rungs, 1, 2), settings_.stall_sweeps);
    schedule_->restore(image.reals);
  }

  // Every replica settles at one of the temperatures that could matter; then uphill moves are counted.
  std::pair<double, double> measure_range() {
    constexpr int settle = 40, watch = 20;
    const auto pilot = tempering::SpacedLadder::geometric(settings_.rungs, system_->lowest_temperature(), system_->highest_temperature());
    std::vector<double> uphill;
    for (std::size_t k = 0; k < settings_.rungs; ++k) {
      replicas_[k].set_temperature(pilot.temperature(k));
      for (int sweep = 0; sweep < settle; ++sweep) replicas_[k].sweep();
      const std::uint64_t before = replicas_[k].uphill();
      for (int sweep = 0; sweep < watch; ++sweep) replicas_[k].sweep();
      uphill.push_back(static_cast<double>(replicas_[k].uphill() - before) / watch);
    }
    const double hot_moves = settings_.hot_uphill * static_cast<double>(system_->moves_per_sweep());
    std::size_t cold = 0, hot = settings_.rungs - 1;
    while (cold + 1 < settings_.rungs && uphill[cold + 1] <= settings_.cold_uphill) ++cold;
    while (hot > 0 && uphill[hot - 1] >= hot_moves) --hot;
    return {pilot.temperature(cold), std::max(pilot.temperature(hot), 1.5 * pilot.temperature(cold))};
  }

  void set_temperatures() {
    for (std::size_t k = 0; k < replicas_.size(); ++k) replicas_[k].set_temperature(schedule_->ladder().temperature(schedule_->ladder().rung_of(k)));
  }

  bool note_best() {
    bool improved = false;
    for (std::size_t k = 0; k < replicas_.size(); ++k) {
      energy_[k] = replicas_[k].energy();
      if (replicas_[k].lowest_energy() >= best_.energy) continue;
      best_ = {replicas_[k].lowest_energy(), replicas_[k].lowest_values()};
      improved = true;
    }
    return improved;
  }

  void refresh_hot_half() {
    for (std::size_t rung = settings_.rungs / 2; rung < settings_.rungs; ++rung) replicas_[schedule_->ladder().replica_at(rung)].randomise(*stream_);
  }

  std::unique_ptr<const System> system_;
  MajorSettings settings_;
  std::vector<Replica> replicas_;
  std::vector<std::int64_t> energy_;
  std::optional<core::RandomStream> stream_;
  std::optional<LadderSchedule> schedule_;
  Found best_;
};

}  // namespace tempera::qubo
