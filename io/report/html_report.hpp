// The report that people look at: one HTML file that loads nothing, and says everything where scripts do not run, too.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "solvers/model/routing_instance.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::report {

/// What a map needs beside the record, when the instance could be read again.
struct MapData {
  std::vector<model::Point> places;   ///< depot first
  std::vector<std::int64_t> demand;   ///< the same order
  std::int64_t capacity = 0;
  std::vector<std::int32_t> depots{};  ///< with a fleet by type of vehicle: its depot, as index into places
};

/// A limit of the problem, and how near the served answer comes to it, in words.
struct ConstraintLine {
  std::string name, allowed, found;
};

/// From the first byte to <body>: the style, and the policy that lets a page load nothing and run its own script alone.
std::string html_head(std::string_view title);
/// From the page's script to the last byte.
std::string html_foot();

/// @param map  nothing: the page says that the instance was not at hand, or the problem has no map
/// @param constraints  of the served answer; may be empty: the referee's word stands alone
std::string html_report(const model::RunRecord& record, const std::optional<MapData>& map, const std::vector<ConstraintLine>& constraints = {});

}  // namespace tempera::report
