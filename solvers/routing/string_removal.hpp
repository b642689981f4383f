// What a ruin takes out, as positions: the draws of SISR that do not depend on how routes are stored.
// Source: Christiaens & Vanden Berghe 2020, section 5.1 (strings, split strings) and 5.2 (orders of recreate).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "solvers/core/random.hpp"
#include "solvers/routing/sisr.hpp"

namespace tempera::routing {

class StringRemoval {
 public:
  explicit StringRemoval(const SisrSettings& settings) : settings_(settings), log_growth_(1 / std::log(settings.block_growth)) {}

  /// A ruin: strings around a random customer and those near it, until there are enough or none is left.
  /// @param near  customer -> range of customers, nearest first  @param remove  customer -> 1 when a string around it was removed, else 0
  template <class Near, class Remove>
  void ruin(std::int32_t customers, std::int32_t routes, core::RandomStream& random, Near near, Remove remove) {
    ++epoch_;
    longest_ = std::min<double>(settings_.longest_string, static_cast<double>(customers) / routes);
    const double most_strings = 4 * settings_.mean_removed / (1 + longest_) - 1;
    const int strings = static_cast<int>(1 + most_strings * random.uniform());
    const auto seed = static_cast<std::int32_t>(1 + random.below(static_cast<std::uint32_t>(customers)));
    int ruined = remove(seed);
    for (const std::int32_t c : near(seed)) {
      if (ruined >= strings) return;
      ruined += remove(c);
    }
  }

  bool is_ruined(std::int32_t route) {
    if (static_cast<std::size_t>(route) >= ruined_at_.size()) ruined_at_.resize(static_cast<std::size_t>(route) + 64, 0);
    return ruined_at_[static_cast<std::size_t>(route)] == epoch_;
  }
  void note_ruined(std::int32_t route) { ruined_at_[static_cast<std::size_t>(route)] = epoch_; }

  std::int32_t length(std::int32_t route_size, core::RandomStream& random) const {
    const double most = std::min<double>(route_size, longest_);
    return std::min(static_cast<std::int32_t>(1 + most * random.uniform()), route_size);
  }

  /// Stops first .. first + count - 1 of a route; stops are numbered from 1.
  struct Window {
    std::int32_t first = 0;
    std::int32_t count = 0;
  };
  /// The windows that a string of `length` around stop `position` takes out, the later one first; the second is often empty.
  std::pair<Window, Window> windows(std::int32_t position, std::int32_t length, std::int32_t route_size, core::RandomStream& random) const {
    if (length == 1 || length == route_size || !random.chance(settings_.split_rate)) return {{start(position, length, route_size, random), length}, {}};
    // A window of length + kept stops, of which a random block of `kept` stays.
    const std::int32_t most_kept = route_size - length;
    const double grown = std::log(random.uniform()) * log_growth_;  // geometric: growth steps until one fails
    const std::int32_t kept = grown >= most_kept ? most_kept : std::min(most_kept, 1 + static_cast<std::int32_t>(grown));
    const std::int32_t first = start(position, length + kept, route_size, random);
    const auto head = static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(length + 1)));
    return {{first + head + kept, length - head}, {first, head}};
  }

 private:
  // First stop of a random window of `length` stops that holds `position`.
  static std::int32_t start(std::int32_t position, std::int32_t length, std::int32_t size, core::RandomStream& random) {
    const std::int32_t first = std::max(1, position - length + 1);
    const std::int32_t last = std::min(position, size - length + 1);
    return first + static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(last - first + 1)));
  }

  SisrSettings settings_;
  double log_growth_;
  double longest_ = 1;
  std::vector<std::uint64_t> ruined_at_;  // per route: the ruin that last touched it
  std::uint64_t epoch_ = 0;
};

inline void shuffle(std::span<std::int32_t> customers, core::RandomStream& random) {
  for (std::size_t k = customers.size(); k > 1; --k) std::swap(customers[k - 1], customers[random.below(static_cast<std::uint32_t>(k))]);
}

/// Ascending and stable, for a few dozen entries. @param key  customer -> std::int64_t
template <class Key>
void sort_few(std::span<std::int32_t> customers, Key key) {
  for (std::size_t k = 1; k < customers.size(); ++k) {
    const std::int32_t c = customers[k];
    const std::int64_t wanted = key(c);
    std::size_t at = k;
    for (; at > 0 && key(customers[at - 1]) > wanted; --at) customers[at] = customers[at - 1];
    customers[at] = c;
  }
}

}  // namespace tempera::routing
