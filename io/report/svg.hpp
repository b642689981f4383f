// Pictures of a report as SVG text: no script, no file beside the page.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "solvers/model/routing_instance.hpp"

namespace tempera::report {

/// & < > " ' as entities; control bytes as spaces.
std::string escaped(std::string_view text);

/// A horizontal line to compare with.
struct Level {
  std::string name;
  double value = 0;
  std::string css_class;
};

/// Cost over seconds as a staircase: each value holds until the next point. Levels outside three times the curve's range are left out.
/// @param points  (seconds, cost), seconds ascending; at least one
std::string staircase_chart(std::span<const std::pair<double, double>> points, std::span<const Level> levels);

/// Routes over the places of their stops; legs to and from the depot dotted. Route r is the element with id "r<r+1>".
/// @param flat_routes  customers, each route closed by 0
std::string route_map(std::span<const model::Point> places, std::span<const std::int32_t> flat_routes);

}  // namespace tempera::report
