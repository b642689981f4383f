// What a task remembers of the solutions it passes: the routes of the best solution of each stretch.
#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

namespace tempera::routing {

/// Cuts a task into stretches by its spent share; of each, the routes of the cheapest solution looked at are kept, each set
/// of customers once.
class RouteSampler {
 public:
  void begin();

  /// True when a solution of this cost is the cheapest looked at in its stretch: then hand it to `take`.
  bool wants(double share, std::int64_t cost);
  void take(std::vector<std::int32_t> flat_routes) { cheapest_ = std::move(flat_routes); }

  /// The routes kept, each closed by 0. Ends the last stretch.
  std::vector<std::int32_t> routes();

 private:
  void close_stretch();

  int stretch_ = 0;
  std::int64_t lowest_ = 0;
  std::vector<std::int32_t> cheapest_;
  std::unordered_set<std::uint64_t> seen_;
  std::vector<std::int32_t> kept_;
};

}  // namespace tempera::routing
