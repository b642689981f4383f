#include "solvers/baselines/qap_descent.hpp"

#include <limits>
#include <numeric>

#include "solvers/core/random.hpp"

namespace tempera::baselines {

namespace {
// Cost of all terms that touch r or s: O(n), from the matrices alone.
std::int64_t touching(const model::QapProblem& problem, const std::vector<std::int32_t>& place, std::size_t r, std::size_t s) {
  const auto n = static_cast<std::size_t>(problem.size);
  const auto term = [&](std::size_t i, std::size_t j) {
    return problem.flow[i * n + j] * problem.distance[static_cast<std::size_t>(place[i]) * n + static_cast<std::size_t>(place[j])];
  };
  std::int64_t sum = 0;
  for (std::size_t k = 0; k < n; ++k) {
    sum += term(r, k) + term(s, k);
    if (k != r && k != s) sum += term(k, r) + term(k, s);
  }
  return sum;
}

void descend(const model::QapProblem& problem, std::vector<std::int32_t>& place) {
  const auto n = static_cast<std::size_t>(problem.size);
  for (bool improved = true; improved;) {
    improved = false;
    for (std::size_t r = 0; r < n; ++r)
      for (std::size_t s = r + 1; s < n; ++s) {
        const std::int64_t before = touching(problem, place, r, s);
        std::swap(place[r], place[s]);
        if (touching(problem, place, r, s) < before) improved = true;
        else std::swap(place[r], place[s]);
      }
  }
}
}  // namespace

QapBaseline qap_descent(const model::QapProblem& problem, std::uint64_t seed, std::uint64_t starts, const std::function<bool()>& stop) {
  const auto n = static_cast<std::size_t>(problem.size);
  core::RandomStream random({.seed = seed, .domain = core::tabu_search, .part = 2});
  QapBaseline best{.place = {}, .cost = std::numeric_limits<std::int64_t>::max()};
  for (std::uint64_t start = 0; start < starts && (start == 0 || !stop || !stop()); ++start) {
    std::vector<std::int32_t> place(n);
    std::iota(place.begin(), place.end(), 0);
    for (std::size_t k = n; k > 1; --k) std::swap(place[k - 1], place[random.below(static_cast<std::uint32_t>(k))]);
    descend(problem, place);
    std::int64_t cost = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        cost += problem.flow[i * n + j] * problem.distance[static_cast<std::size_t>(place[i]) * n + static_cast<std::size_t>(place[j])];
    if (cost < best.cost) best = {std::move(place), cost};
  }
  return best;
}

}  // namespace tempera::baselines
