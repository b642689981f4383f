// Draws that the generators share.
#pragma once

#include <fmt/format.h>

#include <cstdint>

#include "solvers/core/error.hpp"
#include "solvers/core/random.hpp"

namespace tempera::instances {

/// What a stream of the generators is for (StreamKey::step), so that one option's draws never shift another's.
enum class DrawPurpose : std::uint32_t { parameters = 0, depot = 1, positions = 2, demands = 3 };

inline core::RandomStream draws(std::uint64_t seed, std::uint32_t generator, DrawPurpose purpose) {
  return core::RandomStream({.seed = seed, .domain = core::generate_instance, .part = generator, .step = static_cast<std::uint32_t>(purpose)});
}

/// Uniform whole number from `low` to `high`, both included.
inline int between(core::RandomStream& random, int low, int high) {
  return low + static_cast<int>(random.below(static_cast<std::uint32_t>(high - low + 1)));
}

/// Throws UserError unless low <= value <= high.
template <class T>
void check_range(std::string_view option, T value, T low, T high) {
  if (value >= low && value <= high) return;
  throw core::UserError(fmt::format("generate: {} is {}. Give {} to {}.", option, value, low, high));
}

}  // namespace tempera::instances
