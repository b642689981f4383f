// The routes of an annealing chain as flat arrays that SIMD can scan, with undo of everything since `begin`.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace tempera::routing {

/// Slots behind the end of every route array that a scan of 8 lanes may read.
inline constexpr int scan_padding = 8;

/// Loads behind the last route that a scan of 4 lanes may read.
inline constexpr int load_padding = 3;

/// A place in the plane, scaled to distance units, relative to the middle of the problem.
struct Place {
  float x = 0;
  float y = 0;
};

/// Route r visits stops[0] = depot, stops[1..size], stops[size+1] = depot; arcs[k] = d(stops[k], stops[k+1]).
/// Behind them stand `scan_padding` depots and arcs so negative that inserting there never pays. x and y are the places of
/// the stops in single precision: what a scan can compute distances from without a look at the table.
template <class Dist>
struct RouteArray {
  std::vector<std::int32_t> stops;
  std::vector<Dist> arcs;
  std::vector<float> x, y;
  std::int32_t size = 0;
  std::int64_t length = 0;  // sum of arcs

  static constexpr Dist never = std::numeric_limits<Dist>::min() / 4;

  void clear(Place depot) {
    reserve(0);
    std::fill_n(stops.begin(), 2 + scan_padding, 0);
    std::fill_n(x.begin(), 2 + scan_padding, depot.x);
    std::fill_n(y.begin(), 2 + scan_padding, depot.y);
    arcs[0] = 0;
    std::fill_n(arcs.begin() + 1, scan_padding, never);
    size = 0;
    length = 0;
  }

  void reserve(std::int32_t customers) {
    const auto needed = static_cast<std::size_t>(customers) + 2 + scan_padding;
    if (stops.size() >= needed) return;
    stops.resize(std::max<std::size_t>(2 * needed, 64));
    arcs.resize(stops.size());
    x.resize(stops.size());
    y.resize(stops.size());
  }

  /// Puts a customer between stops[at] and stops[at + 1].
  void insert(std::int32_t at, std::int32_t customer, Place place, Dist to, Dist from) {
    reserve(size + 1);
    const std::int32_t behind = size + 1 - at + scan_padding;
    Dist* a = arcs.data() + at;
    open_gap(stops.data() + at + 1, behind, customer);
    open_gap(x.data() + at + 1, behind, place.x);
    open_gap(y.data() + at + 1, behind, place.y);
    open_gap(a, behind, to);
    length += to + from - a[1];
    a[1] = from;
    ++size;
  }

  /// Takes out stops[first .. first + count); `bridge` is the arc that closes the gap.
  void erase(std::int32_t first, std::int32_t count, Dist bridge) {
    Dist* a = arcs.data() + first - 1;
    for (std::int32_t k = 0; k <= count; ++k) length -= a[k];
    length += bridge;
    const std::int32_t last = first + count;
    const std::int32_t behind = size + 2 - last + scan_padding;
    close_gap(stops.data() + first, count, behind);
    close_gap(x.data() + first, count, behind);
    close_gap(y.data() + first, count, behind);
    close_gap(a + 1, count, behind - 1);
    *a = bridge;
    size -= count;
  }

  void copy_from(const RouteArray& other) {
    reserve(other.size);
    const auto used = static_cast<std::size_t>(other.size) + 2 + scan_padding;
    std::memcpy(stops.data(), other.stops.data(), sizeof(std::int32_t) * used);
    std::memcpy(arcs.data(), other.arcs.data(), sizeof(Dist) * (used - 1));
    std::memcpy(x.data(), other.x.data(), sizeof(float) * used);
    std::memcpy(y.data(), other.y.data(), sizeof(float) * used);
    size = other.size;
    length = other.length;
  }

  // Moves `behind` values up by one and puts `value` in front of them.
  template <class T>
  static void open_gap(T* at, std::int32_t behind, T value) {
    std::memmove(at + 1, at, sizeof(T) * static_cast<std::size_t>(behind));
    *at = value;
  }
  template <class T>
  static void close_gap(T* at, std::int32_t count, std::int32_t behind) {
    std::memmove(at, at + count, sizeof(T) * static_cast<std::size_t>(behind));
  }

  std::span<const std::int32_t> customers() const { return {stops.data() + 1, static_cast<std::size_t>(size)}; }
};

/// All routes, densely numbered 0..count(), with one level of undo. A route touched between `begin` and `commit` or
/// `undo` is copied once, on first touch; `undo` swaps the copies back.
template <class Dist>
class RouteTable {
 public:
  RouteTable(std::int32_t customers, Place depot) : route_of_(static_cast<std::size_t>(customers) + 1, -1), depot_(depot) {}

  std::int32_t count() const { return count_; }
  /// One load per route, in a row.
  std::span<const std::int64_t> loads() const { return {loads_.data(), static_cast<std::size_t>(count_)}; }
  void add_load(std::int32_t r, std::int64_t more) { loads_[static_cast<std::size_t>(r)] += more; }
  const RouteArray<Dist>& operator[](std::int32_t r) const { return routes_[static_cast<std::size_t>(r)]; }
  std::int32_t route_of(std::int32_t customer) const { return route_of_[static_cast<std::size_t>(customer)]; }
  void assign(std::int32_t customer, std::int32_t route) { route_of_[static_cast<std::size_t>(customer)] = route; }

  void clear() { count_ = 0; touched_.clear(); }
  void begin() { first_new_ = count_; ++epoch_; touched_.clear(); }

  /// A new empty route.
  std::int32_t open() {
    if (static_cast<std::size_t>(count_) == routes_.size()) {
      routes_.emplace_back();
      saved_.emplace_back();
      touched_at_.push_back(0);
      loads_.resize(routes_.size() + load_padding, 0);
      saved_loads_.push_back(0);
    }
    loads_[static_cast<std::size_t>(count_)] = 0;
    routes_[static_cast<std::size_t>(count_)].clear(depot_);
    return count_++;
  }

  /// The route for writing.
  RouteArray<Dist>& touch(std::int32_t r) {
    const auto k = static_cast<std::size_t>(r);
    if (touched_at_[k] != epoch_ && r < first_new_) {
      touched_at_[k] = epoch_;
      saved_[k].copy_from(routes_[k]);
      saved_loads_[k] = loads_[k];
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
      loads_[static_cast<std::size_t>(r)] = loads_[static_cast<std::size_t>(count_)];
      for (const std::int32_t c : routes_[static_cast<std::size_t>(r)].customers()) assign(c, r);
    }
  }

  /// Everything as at `begin`, but for route_of of the customers moved since: the caller knows them.
  void undo() {
    for (const std::int32_t r : touched_) {
      std::swap(routes_[static_cast<std::size_t>(r)], saved_[static_cast<std::size_t>(r)]);
      loads_[static_cast<std::size_t>(r)] = saved_loads_[static_cast<std::size_t>(r)];
    }
    count_ = first_new_;
  }

  std::span<const std::int32_t> touched() const { return touched_; }

 private:
  std::vector<RouteArray<Dist>> routes_;
  std::vector<RouteArray<Dist>> saved_;
  std::vector<std::int64_t> loads_, saved_loads_;
  std::vector<std::uint64_t> touched_at_;
  std::vector<std::int32_t> touched_;
  std::vector<std::int32_t> route_of_;
  Place depot_;
  std::int32_t count_ = 0;
  std::int32_t first_new_ = 0;
  std::uint64_t epoch_ = 0;
};

}  // namespace tempera::routing
