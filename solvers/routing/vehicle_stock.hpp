// Which vehicles of a fleet drive and which are free.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace tempera::routing {

class VehicleStock {
 public:
  /// @param allowed  vehicles by type, then of all types together
  void allow(std::vector<std::int64_t> allowed) { allowed_ = std::move(allowed); }
  void all_are_free() { free_ = allowed_; }
  /// No more vehicles than drive now: one is free as soon as another stops.
  void limit_to_those_in_use() { free_.back() = 0; }
  /// Ends the limit. @param in_use  vehicles that drive
  void end_limit(std::int64_t in_use) { free_.back() = allowed_.back() - in_use; }

  void take(std::int32_t type) { --of(type), --free_.back(); }
  void give_back(std::int32_t type) { ++of(type), ++free_.back(); }

  /// By type, then of all types together. Below 0 where more drive than are allowed.
  std::span<const std::int64_t> free() const { return free_; }
  bool is_overdrawn() const { return std::ranges::any_of(free_, [](std::int64_t left) { return left < 0; }); }

  /// What `begin` found comes back with `undo`.
  void begin() { saved_.assign(free_.begin(), free_.end()); }
  void undo() { free_.swap(saved_); }

  /// The most that so many of the vehicles allowed can carry. @param capacity  by type
  std::int64_t most_load(std::int64_t vehicles, std::span<const std::int64_t> capacity) const {
    std::vector<std::pair<std::int64_t, std::int64_t>> kinds;  // capacity, how many
    for (std::size_t t = 0; t < capacity.size(); ++t) kinds.emplace_back(capacity[t], allowed_[t]);
    std::ranges::sort(kinds, std::greater<>());
    std::int64_t load = 0;
    for (const auto& [each, count] : kinds) {
      const std::int64_t taken = std::min(vehicles, count);
      load += taken * each;
      vehicles -= taken;
    }
    return load;
  }

 private:
  std::int64_t& of(std::int32_t type) { return free_[static_cast<std::size_t>(type)]; }

  std::vector<std::int64_t> allowed_, free_, saved_;
};

}  // namespace tempera::routing
