#include "solvers/qubo/graph_growth.hpp"

#include <algorithm>

namespace tempera::qubo {

double growth_ratio(const model::QuboProblem& problem) {
  constexpr std::int32_t probes = 16;
  constexpr double everything = 1e9;
  const std::int32_t n = problem.variables();
  std::vector<std::int32_t> seen(static_cast<std::size_t>(n), -1), ball;
  double sum = 0;
  std::int32_t counted = 0;
  for (std::int32_t probe = 0; probe < std::min(probes, n); ++probe) {
    const auto centre = static_cast<std::int32_t>(std::int64_t{probe} * n / probes);
    ball.assign(1, centre);
    seen[static_cast<std::size_t>(centre)] = probe;
    std::size_t shell = 0, within_4 = 0;
    for (int distance = 1; distance <= 8; ++distance) {
      for (const std::size_t end = ball.size(); shell < end; ++shell)
        for (const std::int32_t j : problem.columns_of(ball[shell]))
          if (seen[static_cast<std::size_t>(j)] != probe) seen[static_cast<std::size_t>(j)] = probe, ball.push_back(j);
      if (distance == 4) within_4 = ball.size();
    }
    if (within_4 < 2) continue;  // a variable without couplings tells nothing
    if (within_4 > static_cast<std::size_t>(n) / 4) return everything;  // the ball is the graph: nothing of it is far
    sum += static_cast<double>(ball.size()) / static_cast<double>(within_4);
    ++counted;
  }
  return counted > 0 ? sum / counted : everything;
}

}  // namespace tempera::qubo
