// Geometric cooling, tied to the share of the budget that is spent and not to a step count.
#pragma once

#include <algorithm>
#include <cmath>

namespace tempera::tempering {

/// T(progress) = start * (end / start)^progress, progress in [0, 1]. A fixed ladder has start == end.
struct Cooling {
  double start = 1;
  double end = 1;

  double at(double progress) const { return start * std::pow(end / start, std::clamp(progress, 0.0, 1.0)); }
};

}  // namespace tempera::tempering
