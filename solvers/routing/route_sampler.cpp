#include "solvers/routing/route_sampler.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "solvers/routing/route_pool.hpp"

namespace tempera::routing {

namespace {
constexpr int stretches = 8;
constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();
}  // namespace

void RouteSampler::begin() {
  stretch_ = 0;
  lowest_ = none;
  cheapest_.clear();
  seen_.clear();
  kept_.clear();
}

bool RouteSampler::wants(double share, std::int64_t cost) {
  const int stretch = static_cast<int>(share * stretches);
  if (stretch != stretch_) {
    close_stretch();
    stretch_ = stretch;
  }
  if (cost >= lowest_) return false;
  lowest_ = cost;
  return true;
}

void RouteSampler::close_stretch() {
  const std::span<const std::int32_t> flat = cheapest_;
  for (auto first = flat.begin(); first != flat.end();) {
    const auto last = std::find(first, flat.end(), 0) + 1;
    if (seen_.insert(hash_of_set({first, last - 1})).second) kept_.insert(kept_.end(), first, last);
    first = last;
  }
  cheapest_.clear();
  lowest_ = none;
}

std::vector<std::int32_t> RouteSampler::routes() {
  close_stretch();
  return std::exchange(kept_, {});
}

}  // namespace tempera::routing
