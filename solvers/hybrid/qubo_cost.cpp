#include "solvers/hybrid/qubo_cost.hpp"

#include <numeric>

namespace tempera::hybrid {

quantum::CostPolynomial cost_of(const model::QuboProblem& problem, std::span<const std::int32_t> order) {
  std::vector<int> place(problem.linear.size());
  std::iota(place.begin(), place.end(), 0);
  for (std::size_t k = 0; k < order.size(); ++k) place[static_cast<std::size_t>(order[k])] = static_cast<int>(k);
  std::vector<double> linear(place.size());
  std::vector<quantum::Coupling> couplings;
  for (std::int32_t i = 0; i < problem.variables(); ++i) {
    const int own = place[static_cast<std::size_t>(i)];
    linear[static_cast<std::size_t>(own)] = static_cast<double>(problem.linear[static_cast<std::size_t>(i)]);
    const auto columns = problem.columns_of(i);
    const auto weights = problem.couplings_of(i);
    for (std::size_t k = 0; k < columns.size(); ++k)
      if (columns[k] > i) couplings.push_back({own, place[static_cast<std::size_t>(columns[k])], static_cast<double>(weights[k])});
  }
  return quantum::make_cost(problem.variables(), 0, linear, couplings);
}

}  // namespace tempera::hybrid
