#include "io/report/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <set>

#include "io/report/numbers.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::report {

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      case '\'': safe += "&#39;"; break;
      default: safe += static_cast<unsigned char>(c) < 32 ? ' ' : c;
    }
  }
  return safe;
}

namespace {
constexpr double wide = 720, high = 260, left = 84, right = 12, top = 14, bottom = 34;

struct Axis {
  double low = 0, high = 1, from = 0, to = 1;  // data range, pixel range
  double at(double value) const { return from + (value - low) / (high - low) * (to - from); }
};

// About four round values within the range.
std::vector<double> ticks(double low, double high_value) {
  const double raw = (high_value - low) / 4;
  const double power = std::pow(10, std::floor(std::log10(raw)));
  double step = 10 * power;
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= raw) {
      step = factor * power;
      break;
    }
  std::vector<double> values;
  for (double v = std::ceil(low / step) * step; v <= high_value + 1e-9 * step; v += step) values.push_back(v);
  return values;
}

// What the lines of a picture cover.
struct Extent {
  double x_most = 1e-9, low = std::numeric_limits<double>::max(), most = std::numeric_limits<double>::lowest();
  double spread() const { return std::max({most - low, 1e-6 * std::abs(low), 1e-9}); }
};

Extent extent_of(std::span<const Series> series) {
  Extent extent;
  for (const Series& s : series)
    for (const auto& [at, value] : s.points) {
      extent.x_most = std::max(extent.x_most, at);
      extent.low = std::min(extent.low, value);
      extent.most = std::max(extent.most, value);
    }
  if (extent.low > extent.most) extent.low = 0, extent.most = 1;
  return extent;
}

void draw_axes(std::string& svg, const Axis& x, const Axis& y, std::string_view x_label) {
  for (const double v : ticks(y.low, y.high))
    svg += fmt::format("<path class=\"grid\" d=\"M{:.0f} {:.1f}H{:.0f}\"/><text x=\"{:.0f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>", left, y.at(v), wide - right, left - 6, y.at(v) + 4, grouped(v, 3));
  for (const double v : ticks(x.low, x.high))
    svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.0f}\" text-anchor=\"middle\">{}</text>", x.at(v), high - bottom + 18, grouped(v, 4));
  svg += fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"end\">{}</text>", wide - right, high - 2, escaped(x_label));
}
}  // namespace

std::vector<Level> levels_in_sight(std::span<const Series> series, std::span<const Level> levels) {
  const Extent extent = extent_of(series);
  std::vector<Level> seen;
  std::ranges::copy_if(levels, std::back_inserter(seen), [&](const Level& level) { return level.value > extent.low - 3 * extent.spread() && level.value < extent.most + 3 * extent.spread(); });
  return seen;
}

std::string staircases_chart(std::span<const Series> series, std::span<const Level> levels, std::string_view x_label, std::string_view what) {
  Extent extent = extent_of(series);
  for (const Level& level : levels) extent.low = std::min(extent.low, level.value), extent.most = std::max(extent.most, level.value);
  const double margin = 0.06 * extent.spread();
  const Axis x{.low = 0, .high = 1.02 * extent.x_most, .from = left, .to = wide - right};
  const Axis y{.low = extent.low - margin, .high = extent.most + margin, .from = high - bottom, .to = top};
  std::string svg = fmt::format("<svg class=\"chart\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">", wide, high, escaped(what));
  draw_axes(svg, x, y, x_label);
  for (const Level& level : levels)
    svg += fmt::format("<path class=\"level {0}\" d=\"M{1:.0f} {2:.1f}H{3:.0f}\"/><text class=\"{0}\" x=\"{3:.0f}\" y=\"{4:.1f}\" text-anchor=\"end\">{5}</text>",
                       level.css_class, left, y.at(level.value), wide - right, y.at(level.value) - 4, escaped(level.name));
  for (std::size_t k = 0; k < series.size(); ++k) {
    if (series[k].points.empty()) continue;
    svg += fmt::format("<path class=\"series c{}\" d=\"M{:.1f} {:.1f}", k % 10, x.at(series[k].points.front().first), y.at(series[k].points.front().second));
    for (const auto& [at, value] : std::span(series[k].points).subspan(1)) svg += fmt::format("H{:.1f}V{:.1f}", x.at(at), y.at(value));
    svg += fmt::format("H{:.0f}\"/>", wide - right);
  }
  svg += "</svg>";
  if (series.size() < 2) return svg;
  svg += "<p class=\"legend\">";
  for (std::size_t k = 0; k < std::min<std::size_t>(series.size(), 10); ++k) svg += fmt::format("<span class=\"c{}\">&#9632; {}</span> ", k, escaped(series[k].name));
  return svg + "</p>";
}

namespace {
// The map's own coordinates: 1000 for the longer side, y upwards, one decimal up to 20,000 stops.
class Plane {
 public:
  explicit Plane(std::span<const model::Point> places) : decimals_(places.size() > 20'000 ? 0 : 1) {
    for (const model::Point& p : places) {
      low_ = {std::min(low_.x, p.x), std::min(low_.y, p.y)};
      up_ = {std::max(up_.x, p.x), std::max(up_.y, p.y)};
    }
    scale_ = 1000 / std::max({up_.x - low_.x, up_.y - low_.y, 1e-12});
  }
  double width() const { return scale_ * (up_.x - low_.x); }
  double height() const { return scale_ * (up_.y - low_.y); }
  double x(model::Point p) const { return rounded(scale_ * (p.x - low_.x)); }
  double y(model::Point p) const { return rounded(scale_ * (up_.y - p.y)); }

 private:
  double rounded(double v) const { return decimals_ ? std::round(v * 10) / 10 : std::round(v); }
  int decimals_;
  model::Point low_{std::numeric_limits<double>::max(), std::numeric_limits<double>::max()}, up_{std::numeric_limits<double>::lowest(), std::numeric_limits<double>::lowest()};
  double scale_ = 1;
};

// Relative moves: half as long as absolute ones.
void draw_line(std::string& svg, const Plane& plane, std::span<const model::Point> places, std::span<const std::int32_t> stops) {
  double x = plane.x(places[static_cast<std::size_t>(stops[0])]), y = plane.y(places[static_cast<std::size_t>(stops[0])]);
  svg += fmt::format("M{:g} {:g}", x, y);
  for (const std::int32_t stop : stops.subspan(1)) {
    const double next_x = plane.x(places[static_cast<std::size_t>(stop)]), next_y = plane.y(places[static_cast<std::size_t>(stop)]);
    const double dx = std::round((next_x - x) * 10) / 10, dy = std::round((next_y - y) * 10) / 10;
    svg += fmt::format("l{:g}{}{:g}", dx, dy < 0 ? "" : " ", dy);
    x = next_x, y = next_y;
  }
}
}  // namespace

std::string route_map(std::span<const model::Point> places, std::span<const std::int32_t> flat_routes, std::span<const std::int32_t> depots) {
  const Plane plane(places);
  std::string svg = fmt::format("<svg class=\"map\" viewBox=\"-8 -8 {:.0f} {:.0f}\" role=\"img\" aria-label=\"map of the routes\">", plane.width() + 16, plane.height() + 16);
  std::size_t route = 0;
  for (std::size_t first = 0; first < flat_routes.size();) {
    std::size_t end = first;
    while (end < flat_routes.size() && flat_routes[end] > 0) ++end;
    const std::int32_t closed_by = end < flat_routes.size() ? flat_routes[end] : 0;  // -(type of the vehicle), see model::flatten
    if (end > first && closed_by != model::left_out_mark) {
      const auto vehicle = static_cast<std::size_t>(-closed_by);
      const std::int32_t depot = vehicle < depots.size() ? depots[vehicle] : 0;
      const auto stops = flat_routes.subspan(first, end - first);
      svg += fmt::format("<g id=\"r{}\" class=\"c{}\"><path class=\"leg\" d=\"", route + 1, route % 10);
      draw_line(svg, plane, places, std::array{depot, stops.front()});
      draw_line(svg, plane, places, std::array{stops.back(), depot});
      svg += "\"/><path d=\"";
      draw_line(svg, plane, places, stops);
      svg += "\"/></g>";
      ++route;
    }
    first = end + 1;
  }
  std::set<std::int32_t> marked(depots.begin(), depots.end());
  if (marked.empty()) marked.insert(0);
  for (const std::int32_t depot : marked) {
    const model::Point at = places[static_cast<std::size_t>(depot)];
    svg += fmt::format("<circle class=\"depot\" cx=\"{:g}\" cy=\"{:g}\" r=\"7\"/>", plane.x(at), plane.y(at));
  }
  return svg + "</svg>";
}

}  // namespace tempera::report
