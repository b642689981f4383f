// A set of routes that change and may change back.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace tempera::routing {

/// All routes, densely numbered 0..count(), with one level of undo. A route touched between `begin` and `commit` or
/// `undo` is copied once, on first touch; `undo` swaps the copies back.
/// @tparam Route  has `size` and `stops` (with a `node` each, customers at 1..size), `clear` and `copy_from`
template <class Route>
class UndoableRoutes {
 public:
  explicit UndoableRoutes(std::int32_t customers) : route_of_(static_cast<std::size_t>(customers) + 1, -1) {}

  std::int32_t count() const { return count_; }
  const Route& operator[](std::int32_t r) const { return routes_[static_cast<std::size_t>(r)]; }
  std::int32_t route_of(std::int32_t customer) const { return route_of_[static_cast<std::size_t>(customer)]; }
  void assign(std::int32_t customer, std::int32_t route) { route_of_[static_cast<std::size_t>(customer)] = route; }

  void clear() { count_ = 0; touched_.clear(); std::ranges::fill(route_of_, -1); }
  /// Those of before `begin` that were written to since.
  std::span<const std::int32_t> touched() const { return touched_; }
  void begin() { first_new_ = count_; ++epoch_; touched_.clear(); }

  /// A new route, made by its `clear` of what is given.
  template <class... Given>
  std::int32_t open(const Given&... given) {
    if (static_cast<std::size_t>(count_) == routes_.size()) {
      routes_.emplace_back();
      saved_.emplace_back();
      touched_at_.push_back(0);
    }
    routes_[static_cast<std::size_t>(count_)].clear(given...);
    return count_++;
  }

  /// The route for writing.
  Route& touch(std::int32_t r) {
    const auto k = static_cast<std::size_t>(r);
    if (touched_at_[k] != epoch_ && r < first_new_) {
      touched_at_[k] = epoch_;
      saved_[k].copy_from(routes_[k]);
      touched_.push_back(r);
    }
    return routes_[k];
  }

  /// Keeps the changes and closes the numbers of routes that became empty.
  void commit() {
    if (std::ranges::none_of(touched_, [&](std::int32_t r) { return routes_[static_cast<std::size_t>(r)].size == 0; })) return;
    for (std::int32_t r = count_; r-- > 0;) {
      if (routes_[static_cast<std::size_t>(r)].size > 0) continue;
      --count_;
      if (r == count_) continue;
      std::swap(routes_[static_cast<std::size_t>(r)], routes_[static_cast<std::size_t>(count_)]);
      const Route& moved = routes_[static_cast<std::size_t>(r)];
      for (std::int32_t k = 1; k <= moved.size; ++k) assign(moved.stops[static_cast<std::size_t>(k)].node, r);
    }
  }

  /// Everything as at `begin`, but for route_of of the customers moved since: the caller knows them.
  void undo() {
    for (const std::int32_t r : touched_) std::swap(routes_[static_cast<std::size_t>(r)], saved_[static_cast<std::size_t>(r)]);
    count_ = first_new_;
  }

 private:
  std::vector<Route> routes_, saved_;
  std::vector<std::uint64_t> touched_at_;
  std::vector<std::int32_t> touched_;
  std::vector<std::int32_t> route_of_;
  std::int32_t count_ = 0;
  std::int32_t first_new_ = 0;
  std::uint64_t epoch_ = 0;
};

}  // namespace tempera::routing
