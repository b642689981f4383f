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

/// One of several staircases in a picture.
struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points;  ///< (x, y), x ascending; each y holds until the next point, the last to the picture's edge
};

/// Those within three times the range of the lines: others would flatten them.
std::vector<Level> levels_in_sight(std::span<const Series> series, std::span<const Level> levels);

/// Staircases, told apart by colour and, up to ten of several, by a legend in which each name stands; further ones are drawn without a name.
/// @param levels  all are drawn @param x_label  what the horizontal axis counts @param what  for those who do not see the picture
std::string staircases_chart(std::span<const Series> series, std::span<const Level> levels, std::string_view x_label, std::string_view what);

/// Routes over the places of their stops; legs to and from the depot dotted. Route r is the element with id "r<r+1>".
/// @param flat_routes  see model::flatten; who is left out is not drawn
/// @param depots  with a fleet by type of vehicle: its depot, as index into places
std::string route_map(std::span<const model::Point> places, std::span<const std::int32_t> flat_routes, std::span<const std::int32_t> depots = {});

}  // namespace tempera::report
