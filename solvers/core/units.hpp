// Strong 64-bit integer units, so that a load is never added to a distance.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace tempera::core {

/// An integer amount of one kind. Only amounts of the same kind add, subtract and compare.
template <class Kind>
struct Quantity {
  std::int64_t value = 0;

  constexpr Quantity() = default;
  constexpr explicit Quantity(std::int64_t v) : value(v) {}

  friend constexpr auto operator<=>(Quantity, Quantity) = default;
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.value + b.value); }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.value - b.value); }
  friend constexpr Quantity operator-(Quantity a) { return Quantity(-a.value); }
  constexpr Quantity& operator+=(Quantity b) { value += b.value; return *this; }
  constexpr Quantity& operator-=(Quantity b) { value -= b.value; return *this; }

  static constexpr Quantity max() { return Quantity(std::numeric_limits<std::int64_t>::max()); }
};

using Cost = Quantity<struct CostKind>;          ///< scaled cost units; RoutingInstance::units_per_distance says the scale
using Distance = Quantity<struct DistanceKind>;  ///< scaled distance units, same scale as Cost
using Load = Quantity<struct LoadKind>;          ///< demand and capacity, as in the file

}  // namespace tempera::core
