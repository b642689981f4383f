#include "io/report/progress_line.hpp"

#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "io/report/numbers.hpp"

namespace tempera::report {

std::string progress_line(const Progress& p, std::size_t width) {
  std::vector<std::string> fields;
  fields.push_back(std::isfinite(p.remaining_seconds) ? duration(p.remaining_seconds) + " left" : duration(p.elapsed_seconds) + " elapsed");
  fields.push_back("cost " + grouped(p.cost, 3));
  if (p.best_known) fields.push_back("gap " + percent(relative_gap(p.cost, *p.best_known, p.sense), 2));
  fields.push_back(rate(p.iterations_per_second));
  fields.push_back(fmt::format("{} busy of {} rank{}", percent(p.utilisation, 0), p.ranks, p.ranks == 1 ? "" : "s"));
  fields.push_back(fmt::format("{} replica{} x {} part{}", p.replicas, p.replicas == 1 ? "" : "s", p.parts, p.parts == 1 ? "" : "s"));
  std::string line = fields.front();
  for (std::size_t k = 1; k < fields.size() && line.size() + 2 + fields[k].size() <= width; ++k) line += "  " + fields[k];
  return line.substr(0, width);
}

}  // namespace tempera::report
