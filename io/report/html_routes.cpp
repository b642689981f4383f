#include "io/report/html_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "io/report/svg.hpp"
#include "solvers/model/routing_solution.hpp"

namespace tempera::report {

namespace {
using Out = std::back_insert_iterator<std::string>;

std::string length_text(const MapData& map, std::span<const std::int32_t> stops, std::int32_t depot) {
  double length = 0;
  model::Point at = map.places[static_cast<std::size_t>(depot)];
  const auto go = [&](model::Point to) { length += std::hypot(to.x - at.x, to.y - at.y), at = to; };
  for (const std::int32_t stop : stops) go(map.places[static_cast<std::size_t>(stop)]);
  go(map.places[static_cast<std::size_t>(depot)]);
  return grouped(length, 1);
}

void route_rows(Out out, const MapData& map, const model::FleetReport& fleet, const model::RoutingSolution& solution) {
  for (std::size_t r = 0; r < solution.routes.size(); ++r) {
    const model::Route& stops = solution.routes[r];
    const auto vehicle = static_cast<std::size_t>(solution.vehicle(r));
    std::int64_t load = 0;
    for (const std::int32_t stop : stops) load += map.demand[static_cast<std::size_t>(stop)];
    const bool named = r < fleet.routes.size();
    const std::int64_t capacity = named ? fleet.routes[r].capacity : map.capacity;
    fmt::format_to(out, "<tr data-route=\"{0}\"><td><a href=\"#r{0}\">{0}</a></td><td>{1}</td><td>{2} ({3})</td><td>{4}</td>{5}</tr>", r + 1, stops.size(), grouped(load),
                   percent(static_cast<double>(load) / static_cast<double>(std::max<std::int64_t>(1, capacity)), 0), length_text(map, stops, vehicle < map.depots.size() ? map.depots[vehicle] : 0),
                   named ? fmt::format("<td>{}</td><td>{}</td><td>{}</td>", escaped(fleet.routes[r].vehicle), escaped(fleet.routes[r].depot), cost_text(fleet.routes[r].cost)) : "");
  }
}

void left_out_section(Out out, const model::RunRecord& r) {
  if (r.fleet.left_out.empty()) return;
  fmt::format_to(out, "<section{}><h2>Unassigned customers</h2><p>{} required, {} optional. Of each the cheapest insertion found, and what stands against it.</p>"
                 "<table class=\"numbers\"><thead><tr><th>customer</th><th>required</th><th>prize</th><th>insertion</th><th>limit</th><th>by</th><th>reason</th></tr></thead><tbody>",
                 r.fleet.missing() > 0 ? " class=\"warnings\"" : "", grouped(r.fleet.missing()), grouped(std::ssize(r.fleet.left_out) - r.fleet.missing()));
  for (std::size_t k = 0; k < std::min(r.fleet.left_out.size(), most_rows); ++k) {
    const model::LeftOutCustomer& c = r.fleet.left_out[k];
    fmt::format_to(out, "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{} {}</td><td>{}</td></tr>", escaped(c.id), c.required ? "yes" : "no", c.required ? "" : cost_text(c.prize),
                   cost_text(c.insertion_cost), escaped(c.limit), grouped(c.by, 2), escaped(c.unit), escaped(c.reason));
  }
  fmt::format_to(out, "</tbody></table>{}</section>", r.fleet.left_out.size() > most_rows ? fmt::format("<p>The first {}; result.json has all.</p>", most_rows) : "");
}

void map_section(Out out, const model::RunRecord& r, const std::optional<MapData>& map) {
  if (r.problem_type != "routing") return;
  fmt::format_to(out, "<section><h2>Routes</h2>");
  if (!map) {
    fmt::format_to(out, "<p>No map: the instance {} was not at hand when this page was made, or has no coordinates.</p></section>", escaped(r.problem_source));
    return;
  }
  const std::vector<std::int32_t>& flat = model::served_answer(r).ints;
  const auto routes = static_cast<std::size_t>(model::routes_in(flat));
  fmt::format_to(out, "<p><span class=\"choose\">Choose a route in the table to see it alone; <a href=\"#all\">all routes</a>. </span>Legs to and from the depot are dotted.</p>"
                 "<p class=\"filter\" hidden><label>Show routes <input id=\"route-filter\" placeholder=\"e.g. 3, 7-12\"></label> <span id=\"route-count\"></span></p>"
                 "<div class=\"zoom\" id=\"all\"><span class=\"hint\">The wheel or two fingers zoom, dragging moves; keys: + and - zoom, arrows move, 0 shows all.</span><input type=\"radio\" name=\"zoom\" id=\"z1\" checked><label for=\"z1\">1&times;</label>"
                 "<input type=\"radio\" name=\"zoom\" id=\"z2\"><label for=\"z2\">2&times;</label><input type=\"radio\" name=\"zoom\" id=\"z4\"><label for=\"z4\">4&times;</label>"
                 "<input type=\"radio\" name=\"zoom\" id=\"z8\"><label for=\"z8\">8&times;</label><div class=\"window\" tabindex=\"0\" role=\"group\" aria-label=\"map of the routes\">{}</div></div>", route_map(map->places, flat, map->depots));
  fmt::format_to(out, "<details{}><summary>{} routes</summary><table class=\"numbers\"><thead><tr><th>route</th><th>stops</th><th>load (of capacity)</th><th>length, straight lines</th>{}</tr></thead><tbody>",
                 routes <= 60 ? " open" : "", grouped(static_cast<std::int64_t>(routes)), r.fleet.empty() ? "" : "<th>vehicle</th><th>depot</th><th>cost</th>");
  route_rows(out, *map, r.fleet, model::unflatten(flat));
  fmt::format_to(out, "</tbody></table></details></section>");
}
}  // namespace

std::string route_sections(const model::RunRecord& record, const std::optional<MapData>& map) {
  std::string text;
  left_out_section(Out(text), record);
  map_section(Out(text), record, map);
  return text;
}

}  // namespace tempera::report
