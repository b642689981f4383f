// Money as the whole numbers that decide between answers.
#pragma once

#include <cmath>
#include <cstdint>

namespace tempera::inventory {

/// Money in millionths, rounded: what `Answer::cost_units` holds for placement and rebalancing.
inline std::int64_t cost_units(double cost) { return std::llround(cost * 1e6); }

}  // namespace tempera::inventory
