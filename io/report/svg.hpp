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

/// One of several staircases in a picture.
struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points;  ///< (x, y), x ascending; each y holds until the next point, the last to the picture's edge
};

/// Up to ten staircases, told apart by colour and by a legend in which each name stands; further ones are drawn without a name.
/// @param x_label  what the horizontal axis counts @param what  for those who do not see the picture
std::string staircases_chart(std::span<const Series> series, std::string_view x_label, std::string_view what);

/// Routes over the places of their stops; legs to and from the depot dotted. Route r is the element with id "r<r+1>".
/// @param flat_routes  customers, each route closed by 0
std::string route_map(std::span<const model::Point> places, std::span<const std::int32_t> flat_routes);

}  // namespace tempera::report
