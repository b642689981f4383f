// The part of a page that is about routes: the map, a table of them, and who is not served.
#pragma once

#include <optional>
#include <string>

#include "io/report/html_report.hpp"
#include "io/report/numbers.hpp"

namespace tempera::report {

inline constexpr std::size_t most_rows = 400;  ///< of a table; routes have all of theirs
inline std::string cost_text(double cost) { return grouped(cost, 3); }

/// Empty for problems without routes. @param map  as html_report wants it
std::string route_sections(const model::RunRecord& record, const std::optional<MapData>& map);

}  // namespace tempera::report
