#include "solvers/baselines/brute_force.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>

#include "solvers/core/error.hpp"
#include "solvers/model/distances.hpp"
#include "solvers/model/time_segment.hpp"

namespace tempera::baselines {

namespace {
constexpr std::int64_t unreachable = std::numeric_limits<std::int64_t>::max() / 4;

// Subsets of customers are bit masks: bit k is customer k + 1.
class SubsetTours {
 public:
  explicit SubsetTours(const model::RoutingInstance& instance)
      : instance_(instance), d_(instance), n_(static_cast<unsigned>(instance.customers())), path_(std::size_t{n_} << n_, unreachable) {
    for (unsigned last = 0; last < n_; ++last) path(1u << last, last) = d_(0, node(last));
    for (unsigned mask = 1; mask < 1u << n_; ++mask)
      for (unsigned next = 0; next < n_; ++next) {
        if (mask >> next & 1) continue;
        std::int64_t& extended = path(mask | 1u << next, next);
        for (unsigned last = 0; last < n_; ++last)
          if (mask >> last & 1) extended = std::min(extended, path(mask, last) + d_(node(last), node(next)));
      }
  }

  /// Shortest tour through the depot and the subset; unreachable when it breaks capacity or route length.
  std::int64_t cost(unsigned mask) const {
    std::int64_t load = 0, best = unreachable;
    for (unsigned last = 0; last < n_; ++last) {
      if (!(mask >> last & 1)) continue;
      load += instance_.demand[last + 1].value;
      best = std::min(best, path(mask, last) + d_(node(last), 0));
    }
    const std::int64_t length = best + instance_.service.value * std::popcount(mask);
    const bool too_long = instance_.max_route_length && length > instance_.max_route_length->value;
    return too_long || load > instance_.capacity.value ? unreachable : best;
  }

  model::Route route(unsigned mask) const {
    model::Route reversed;
    std::int32_t after = 0;
    while (mask != 0) {
      unsigned chosen = 0;
      std::int64_t best = unreachable;
      for (unsigned last = 0; last < n_; ++last) {
        if (!(mask >> last & 1)) continue;
        const std::int64_t through = path(mask, last) + d_(node(last), after);
        if (through < best) best = through, chosen = last;
      }
      reversed.push_back(after = node(chosen));
      mask &= ~(1u << chosen);
    }
    return {reversed.rbegin(), reversed.rend()};
  }

 private:
  static std::int32_t node(unsigned bit) { return static_cast<std::int32_t>(bit) + 1; }
  std::int64_t& path(unsigned mask, unsigned last) { return path_[std::size_t{mask} * n_ + last]; }
  std::int64_t path(unsigned mask, unsigned last) const { return path_[std::size_t{mask} * n_ + last]; }

  const model::RoutingInstance& instance_;
  model::Distances d_;
  unsigned n_;
  std::vector<std::int64_t> path_;  // from the depot through the subset, ending in `last`
};
// With a timetable the cheapest order up to here may be too slow for what follows: all orders of all subsets are driven.
class TimedTours {
 public:
  explicit TimedTours(const model::RoutingInstance& instance)
      : instance_(instance), d_(instance), cost_(std::size_t{1} << instance.customers(), unreachable), route_(cost_.size()) {
    extend(0, 0, 0, 0, model::time_segment(*instance.timetable, 0));
  }

  std::int64_t cost(unsigned mask) const { return cost_[mask]; }
  model::Route route(unsigned mask) const { return route_[mask]; }

 private:
  void extend(unsigned mask, std::int32_t last, std::int64_t length, std::int64_t load, const model::TimeSegment& driven) {
    const model::Timetable& times = *instance_.timetable;
    for (std::int32_t c = 1; c <= instance_.customers(); ++c) {
      const unsigned with = mask | 1u << (c - 1);
      const std::int64_t heavier = load + instance_.demand[static_cast<std::size_t>(c)].value;
      const model::TimeSegment longer = model::concatenate(driven, d_(last, c), model::time_segment(times, c));
      if (with == mask || heavier > instance_.capacity.value || longer.time_warp > 0) continue;
      path_.push_back(c);
      const std::int64_t whole = length + d_(last, c) + d_(c, 0);
      const bool in_time = model::keeps_time(times, model::concatenate(longer, d_(c, 0), model::time_segment(times, 0)));
      const bool short_enough = !instance_.max_route_length || whole <= instance_.max_route_length->value;
      if (in_time && short_enough && whole + instance_.route_cost.value < cost_[with]) cost_[with] = whole + instance_.route_cost.value, route_[with] = path_;
      extend(with, c, length + d_(last, c), heavier, longer);
      path_.pop_back();
    }
  }

  const model::RoutingInstance& instance_;
  model::Distances d_;
  std::vector<std::int64_t> cost_;
  std::vector<model::Route> route_;
  model::Route path_;
};

template <class Tours>
std::optional<ExactRoutes> cheapest_partition(const model::RoutingInstance& instance, const Tours& tours) {
  const unsigned all = (1u << instance.customers()) - 1;
  std::vector<std::int64_t> tour(std::size_t{all} + 1), cheapest(tour.size(), unreachable);
  std::vector<unsigned> first_route(tour.size(), 0);
  cheapest[0] = 0;
  for (unsigned mask = 1; mask <= all; ++mask) {
    tour[mask] = tours.cost(mask);
    const unsigned lowest = mask & ~(mask - 1);  // some route serves it: the partitions are told apart by that route
    for (unsigned part = mask; part != 0; part = (part - 1) & mask) {
      if (!(part & lowest)) continue;
      const std::int64_t cost = tour[part] + cheapest[mask & ~part];
      if (cost < cheapest[mask]) cheapest[mask] = cost, first_route[mask] = part;
    }
  }
  if (cheapest[all] >= unreachable) return std::nullopt;
  ExactRoutes exact;
  exact.cost = core::Cost(cheapest[all]);
  for (unsigned mask = all; mask != 0; mask &= ~first_route[mask]) exact.solution.routes.push_back(tours.route(first_route[mask]));
  return exact;
}
}  // namespace

std::optional<ExactRoutes> brute_force(const model::RoutingInstance& instance) {
  const int most = instance.timetable ? brute_force_timed_customers : brute_force_customers;
  TEMPERA_ASSERT(instance.customers() <= most, fmt::format("{} customers", instance.customers()));
  return instance.timetable ? cheapest_partition(instance, TimedTours(instance)) : cheapest_partition(instance, SubsetTours(instance));
}

}  // namespace tempera::baselines
