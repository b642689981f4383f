#include "solvers/model/routing_referee.hpp"

#include <fmt/format.h>

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
    verdict_.cost += Cost(length);
    if (load > in_.capacity)
      complain(fmt::format("route {} carries {}, but the capacity is {}", number + 1, load.value, in_.capacity.value));
    const std::int64_t with_service = length + in_.service.value * static_cast<std::int64_t>(route.size());
    if (in_.max_route_length && with_service > in_.max_route_length->value)
      complain(fmt::format("route {} is {} units long with service, but the limit is {}", number + 1, with_service, in_.max_route_length->value));
  }

  RoutingVerdict finish() {
    for (int i = 1; i < in_.nodes(); ++i)
      if (visits_[static_cast<std::size_t>(i)] != 1)
        complain(fmt::format("customer {} is visited {} times", i, visits_[static_cast<std::size_t>(i)]));
    verdict_.feasible = complaints_ == 0;
    return std::move(verdict_);
  }

 private:
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

RoutingVerdict judge(const RoutingInstance& instance, const RoutingSolution& solution) {
  Judge referee(instance);
  for (std::size_t r = 0; r < solution.routes.size(); ++r) referee.route(solution.routes[r], r);
  return referee.finish();
}

}  // namespace tempera::model
