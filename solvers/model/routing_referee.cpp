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

// What holds for a route: of its vehicle's type, or of all routes.
struct Rules {
  std::int32_t depot = 0;
  Load capacity;
  Cost fixed;
  std::int64_t price = 1;
  std::optional<Distance> max_length, max_duration;
  std::int64_t slowness = VehicleType::normal_slowness;

};

// Written again as well: given or as long as the distance, slowed, rounded up.
std::int64_t time_between(const RoutingInstance& in, const Rules& rules, std::int32_t from, std::int32_t to) {
  const std::vector<std::int32_t>& given = in.timetable->travel;
  const std::int64_t normal = given.empty() ? raw_distance(in, from, to) : given.at(static_cast<std::size_t>(from) * in.demand.size() + static_cast<std::size_t>(to));
  const std::int64_t scaled = normal * rules.slowness, whole = scaled / VehicleType::normal_slowness;
  return rules.slowness == VehicleType::normal_slowness ? normal : whole + (scaled % VehicleType::normal_slowness > 0 ? 1 : 0);
}

Rules rules_of(const RoutingInstance& in, std::int32_t vehicle) {
  if (!in.fleet)
    return {.capacity = in.capacity, .fixed = in.route_cost, .max_length = in.max_route_length, .max_duration = in.timetable ? in.timetable->max_duration : std::nullopt};
  const VehicleType& type = in.fleet->types[static_cast<std::size_t>(vehicle)];
  return {.depot = type.depot, .capacity = type.capacity, .fixed = type.fixed_cost, .price = type.distance_price, .max_length = type.max_distance,
          .max_duration = type.max_duration, .slowness = type.slowness};
}

// Drives the route forward from a departure; the arrival back home.
std::int64_t drive(const RoutingInstance& in, const Rules& rules, const Route& route, RouteTimes& times) {
  times.arrival.clear();
  times.start.clear();
  std::int64_t now = times.leaves;
  std::int32_t at = rules.depot;
  for (const std::int32_t customer : route) {
    const auto c = static_cast<std::size_t>(customer);
    now += time_between(in, rules, at, customer);
    times.arrival.push_back(now);
    now = std::max(now, in.timetable->earliest[c].value);
    times.start.push_back(now);
    now += in.timetable->service[c].value;
    at = customer;
  }
  return now + time_between(in, rules, at, rules.depot);
}

class Judge {
 public:
  Judge(const RoutingInstance& instance) : in_(instance), visits_(instance.demand.size(), 0), used_(instance.fleet ? instance.fleet->types.size() : 0, 0) {}

  void route(const Route& route, std::size_t number, std::int32_t vehicle) {
    if (route.empty()) return;
    ++verdict_.routes;
    if (in_.fleet) {
      if (vehicle < 0 || static_cast<std::size_t>(vehicle) >= used_.size())
        return complain(fmt::format("route {} has a vehicle of type {}, but there are {} types", number + 1, vehicle + 1, used_.size()));
      ++used_[static_cast<std::size_t>(vehicle)];
    }
    const Rules rules = rules_of(in_, vehicle);
    Load load;
    std::int64_t length = 0;
    std::int32_t at = rules.depot;
    for (const std::int32_t customer : route) {
      if (customer < 1 || customer > in_.customers()) {
        complain(fmt::format("route {} visits {}, but customers are 1 to {}", number + 1, customer, in_.customers()));
        continue;
      }
      ++visits_[static_cast<std::size_t>(customer)];
      load += in_.demand[static_cast<std::size_t>(customer)];
      length += raw_distance(in_, at, customer);
      at = customer;
    }
    length += raw_distance(in_, at, rules.depot);
    verdict_.fixed += rules.fixed;
    verdict_.driving += Cost(length * rules.price);
    verdict_.distance += Distance(length);
    if (load > rules.capacity) complain(fmt::format("route {} carries {}, but the capacity is {}", number + 1, load.value, rules.capacity.value));
    const std::int64_t with_service = length + in_.service.value * static_cast<std::int64_t>(route.size());
    if (rules.max_length && with_service > rules.max_length->value)
      complain(fmt::format("route {} is {} units long with service, but the limit is {}", number + 1, with_service, rules.max_length->value));
    if (in_.timetable) keep_time(route, number, vehicle, rules);
  }

  RoutingVerdict finish() {
    for (std::int32_t i = 1; i <= in_.customers(); ++i) {
      const int visits = visits_[static_cast<std::size_t>(i)];
      if (in_.fleet && visits == 0) leave_out(i);
      else if (visits != 1) complain(fmt::format("customer {} is visited {} times", who(i), visits));
    }
    if (in_.fleet) count_vehicles();
    verdict_.cost += verdict_.fixed + verdict_.driving + verdict_.forgone;
    verdict_.feasible = complaints_ == 0;
    verdict_.complete = in_.fleet ? verdict_.missing.empty() : verdict_.feasible;
    return std::move(verdict_);
  }

 private:
  std::string who(std::int32_t customer) const { return in_.labels.empty() ? std::to_string(customer) : fmt::format("'{}'", in_.labels[static_cast<std::size_t>(customer)]); }

  // In the user's units: seconds, or the file's own.
  double shown(std::int64_t time) const {
    const double per_second = in_.timetable->units_per_second;
    return static_cast<double>(time) / (per_second > 0 ? per_second : static_cast<double>(units_per_distance(in_.rounding)));
  }

  void leave_out(std::int32_t customer) {
    const auto c = static_cast<std::size_t>(customer);
    if (in_.fleet->optional[c]) {
      verdict_.forgone += in_.fleet->prize[c];
      verdict_.skipped.push_back(customer);
    } else {
      verdict_.cost += in_.fleet->missing_price;
      verdict_.missing.push_back(customer);
    }
  }

  void count_vehicles() {
    for (std::size_t t = 0; t < used_.size(); ++t)
      if (const VehicleType& type = in_.fleet->types[t]; used_[t] > type.count)
        complain(fmt::format("{} routes have a vehicle of type {}{}, but there are {}", used_[t], t + 1, type.id.empty() ? "" : fmt::format(" ('{}')", type.id), type.count));
    if (verdict_.routes > in_.fleet->most_vehicles)
      complain(fmt::format("there are {} routes, but the fleet may drive {}", verdict_.routes, in_.fleet->most_vehicles));
  }

  void keep_time(const Route& route, std::size_t number, std::int32_t vehicle, const Rules& rules) {
    if (!std::ranges::all_of(route, [&](std::int32_t c) { return c >= 1 && c <= in_.customers(); })) return;
    const RouteTimes times = times_of(in_, route, vehicle);
    for (std::size_t k = 0; k < route.size(); ++k) {
      const auto c = static_cast<std::size_t>(route[k]);
      verdict_.waiting += Distance(times.start[k] - times.arrival[k]);
      if (const std::int64_t late = times.arrival[k] - in_.timetable->latest[c].value; late > 0)
        come_late(fmt::format("route {} reaches customer {} at {}, {} after its window closes at {}", number + 1, who(route[k]), shown(times.arrival[k]), shown(late),
                             shown(in_.timetable->latest[c].value)));
    }
    const std::int64_t closes = in_.timetable->latest[static_cast<std::size_t>(rules.depot)].value;
    if (const std::int64_t late = times.returns - closes; late > 0)
      come_late(fmt::format("route {} returns at {}, {} after the depot closes at {}", number + 1, shown(times.returns), shown(late), shown(closes)));
    const std::int64_t duration = times.returns - times.leaves;
    if (rules.max_duration && duration > rules.max_duration->value)
      complain(fmt::format("route {} takes {} from leaving to returning, {} more than the {} allowed", number + 1, shown(duration),
                           shown(duration - rules.max_duration->value), shown(rules.max_duration->value)));
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
  std::vector<std::int64_t> used_;  // routes by vehicle type
  std::size_t complaints_ = 0;
  RoutingVerdict verdict_;
};
}  // namespace

// First as early as possible: that gives the return. Then backwards from it: every stop as late as the next one allows.
RouteTimes times_of(const RoutingInstance& instance, const Route& route, std::int32_t vehicle) {
  const Rules rules = rules_of(instance, vehicle);
  RouteTimes times;
  times.leaves = instance.timetable->earliest[static_cast<std::size_t>(rules.depot)].value;
  times.returns = drive(instance, rules, route, times);
  if (route.empty()) return times;
  std::int64_t latest = times.returns;
  std::int32_t next = rules.depot;
  for (std::size_t k = route.size(); k-- > 0;) {
    const auto c = static_cast<std::size_t>(route[k]);
    latest -= time_between(instance, rules, route[k], next) + instance.timetable->service[c].value;
    latest = std::max(std::min(latest, instance.timetable->latest[c].value), times.start[k]);
    next = route[k];
  }
  times.leaves = std::max(times.leaves, latest - time_between(instance, rules, rules.depot, next));
  drive(instance, rules, route, times);
  return times;
}

Distance length_of(const RoutingInstance& instance, const Route& route, std::int32_t vehicle) {
  const std::int32_t depot = rules_of(instance, vehicle).depot;
  std::int32_t at = depot;
  std::int64_t length = 0;
  for (const std::int32_t c : route) {
    length += raw_distance(instance, at, c);
    at = c;
  }
  return Distance(length + raw_distance(instance, at, depot));
}

RoutingVerdict judge(const RoutingInstance& instance, const RoutingSolution& solution) {
  Judge referee(instance);
  for (std::size_t r = 0; r < solution.routes.size(); ++r) referee.route(solution.routes[r], r, solution.vehicle(r));
  return referee.finish();
}

}  // namespace tempera::model
