#include "solvers/model/routing_referee.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tempera::model {

namespace {
// Deliberately written again, from the conventions in RoutingInstance, and not fast: a mistake in Distances must show here.
std::int64_t raw_distance(const RoutingInstance& in, std::int32_t from, std::int32_t to) {
  const auto a = static_cast<std::size_t>(from), b = static_cast<std::size_t>(to);
  double d = 0;
  if (in.edge_weight == EdgeWeight::explicit_matrix) {
    d = in.matrix[a * in.demand.size() + b];
  } else if (in.edge_weight == EdgeWeight::geographic) {
    if (from == to) return 0;
    const auto radians = [](double v) { const double deg = std::trunc(v); return 3.141592 * (deg + 5.0 * (v - deg) / 3.0) / 180.0; };
    const double q1 = std::cos(radians(in.points[a].y) - radians(in.points[b].y));
    const double q2 = std::cos(radians(in.points[a].x) - radians(in.points[b].x));
    const double q3 = std::cos(radians(in.points[a].x) + radians(in.points[b].x));
    const double km = std::floor(6378.388 * std::acos(0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3)) + 1.0);
    return static_cast<std::int64_t>(km) * units_per_distance(in.rounding);
  } else {
    d = std::sqrt((in.points[a].x - in.points[b].x) * (in.points[a].x - in.points[b].x) +
                  (in.points[a].y - in.points[b].y) * (in.points[a].y - in.points[b].y));
    if (in.edge_weight == EdgeWeight::euclidean_ceil) return static_cast<std::int64_t>(std::ceil(d)) * units_per_distance(in.rounding);
  }
  switch (in.rounding) {
    case Rounding::nearest: return static_cast<std::int64_t>(std::floor(d + 0.5));
    case Rounding::trunc: return static_cast<std::int64_t>(std::floor(d));
    case Rounding::dimacs: return static_cast<std::int64_t>(std::floor(d * 10.0));
    case Rounding::exact: return static_cast<std::int64_t>(std::floor(d * 1000.0 + 0.5));
    case Rounding::none: return static_cast<std::int64_t>(std::floor(d * 1000000.0 + 0.5));
  }
  return 0;
}

// Drives the route forward from a departure; the arrival back home.
std::int64_t drive(const RoutingInstance& in, const Route& route, RouteTimes& times) {
  times.arrival.clear();
  times.start.clear();
  std::int64_t now = times.leaves;
  std::int32_t at = 0;
  for (const std::int32_t customer : route) {
    const auto c = static_cast<std::size_t>(customer);
    now += raw_distance(in, at, customer);
    times.arrival.push_back(now);
    now = std::max(now, in.timetable->earliest[c].value);
    times.start.push_back(now);
    now += in.timetable->service[c].value;
    at = customer;
  }
  return now + raw_distance(in, at, 0);
}

class Judge {
 public:
  Judge(const RoutingInstance& instance) : in_(instance), visits_(instance.demand.size(), 0) {}

  void route(const Route& route, std::size_t number) {
    if (route.empty()) return;
    ++verdict_.routes;
    Load load;
    std::int64_t length = 0;
    std::int32_t at = 0;
    for (const std::int32_t customer : route) {
      if (customer < 1 || customer >= in_.nodes()) {
        complain(fmt::format("route {} visits {}, but customers are 1 to {}", number + 1, customer, in_.customers()));
        continue;
      }
      ++visits_[static_cast<std::size_t>(customer)];
      load += in_.demand[static_cast<std::size_t>(customer)];
      length += raw_distance(in_, at, customer);
      at = customer;
    }
    length += raw_distance(in_, at, 0);
    verdict_.cost += Cost(length) + in_.route_cost;
    verdict_.distance += Distance(length);
    if (load > in_.capacity)
      complain(fmt::format("route {} carries {}, but the capacity is {}", number + 1, load.value, in_.capacity.value));
    const std::int64_t with_service = length + in_.service.value * static_cast<std::int64_t>(route.size());
    if (in_.max_route_length && with_service > in_.max_route_length->value)
      complain(fmt::format("route {} is {} units long with service, but the limit is {}", number + 1, with_service, in_.max_route_length->value));
    if (in_.timetable) keep_time(route, number);
  }

  RoutingVerdict finish() {
    for (int i = 1; i < in_.nodes(); ++i)
      if (visits_[static_cast<std::size_t>(i)] != 1)
        complain(fmt::format("customer {} is visited {} times", i, visits_[static_cast<std::size_t>(i)]));
    verdict_.feasible = complaints_ == 0;
    return std::move(verdict_);
  }

 private:
  // In the user's units.
  double shown(std::int64_t time) const { return static_cast<double>(time) / static_cast<double>(units_per_distance(in_.rounding)); }

  void keep_time(const Route& route, std::size_t number) {
    if (!std::ranges::all_of(route, [&](std::int32_t c) { return c >= 1 && c < in_.nodes(); })) return;
    const RouteTimes times = times_of(in_, route);
    for (std::size_t k = 0; k < route.size(); ++k) {
      const auto c = static_cast<std::size_t>(route[k]);
      verdict_.waiting += Distance(times.start[k] - times.arrival[k]);
      if (const std::int64_t late = times.arrival[k] - in_.timetable->latest[c].value; late > 0)
        come_late(fmt::format("route {} reaches customer {} at {}, {} after its window closes at {}", number + 1, route[k], shown(times.arrival[k]), shown(late),
                             shown(in_.timetable->latest[c].value)));
    }
    if (const std::int64_t late = times.returns - in_.timetable->latest[0].value; late > 0)
      come_late(fmt::format("route {} returns at {}, {} after the depot closes at {}", number + 1, shown(times.returns), shown(late), shown(in_.timetable->latest[0].value)));
    const std::int64_t duration = times.returns - times.leaves;
    if (in_.timetable->max_duration && duration > in_.timetable->max_duration->value)
      complain(fmt::format("route {} takes {} from leaving to returning, {} more than the {} allowed", number + 1, shown(duration),
                           shown(duration - in_.timetable->max_duration->value), shown(in_.timetable->max_duration->value)));
  }

  void come_late(std::string text) {
    ++verdict_.late;
    complain(std::move(text));
  }

  void complain(std::string text) {
    ++complaints_;
    if (verdict_.violations.size() < 20) verdict_.violations.push_back(std::move(text));
  }

  const RoutingInstance& in_;
  std::vector<int> visits_;
  std::size_t complaints_ = 0;
  RoutingVerdict verdict_;
};
}  // namespace

// First as early as possible: that gives the return. Then backwards from it: every stop as late as the next one allows.
RouteTimes times_of(const RoutingInstance& instance, const Route& route) {
  RouteTimes times;
  times.leaves = instance.timetable->earliest[0].value;
  times.returns = drive(instance, route, times);
  if (route.empty()) return times;
  std::int64_t latest = times.returns;
  std::int32_t next = 0;
  for (std::size_t k = route.size(); k-- > 0;) {
    const auto c = static_cast<std::size_t>(route[k]);
    latest -= raw_distance(instance, route[k], next) + instance.timetable->service[c].value;
    latest = std::max(std::min(latest, instance.timetable->latest[c].value), times.start[k]);
    next = route[k];
  }
  times.leaves = std::max(times.leaves, latest - raw_distance(instance, 0, next));
  drive(instance, route, times);
  return times;
}

RoutingVerdict judge(const RoutingInstance& instance, const RoutingSolution& solution) {
  Judge referee(instance);
  for (std::size_t r = 0; r < solution.routes.size(); ++r) referee.route(solution.routes[r], r);
  return referee.finish();
}

}  // namespace tempera::model
