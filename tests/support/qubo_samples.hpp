// Small random QUBO problems for tests.
#pragma once

#include <algorithm>
#include <cmath>

#include "solvers/core/random.hpp"
#include "solvers/model/qubo_problem.hpp"
#include "solvers/model/qubo_referee.hpp"

namespace tempera::tests {

struct QuboOptions {
  std::int32_t variables = 12;
  double density = 0.5;
  std::int32_t largest = 5;      ///< coefficients from -largest to largest, 0 left out
  std::uint64_t seed = 1;
  bool equal_sizes = false;      ///< couplings of -largest or largest alone
};

inline model::QuboProblem sample_qubo(const QuboOptions& options) {
  core::RandomStream random({.seed = options.seed, .domain = core::tests, .part = 77});
  model::QuboBuilder builder("sample", options.variables);
  const auto coefficient = [&] {
    const std::int32_t size = options.equal_sizes ? options.largest : 1 + static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(options.largest)));
    return random() & 1 ? size : -size;
  };
  for (std::int32_t i = 0; i < options.variables; ++i) {
    builder.add(i, i, coefficient());
    for (std::int32_t j = 0; j < i; ++j)
      if (random.chance(options.density)) builder.add(i, j, coefficient());
  }
  model::QuboProblem problem = builder.build(model::Sense::minimise);
  problem.name = "sample";
  return problem;
}

/// Mean energy at every temperature, by all states.
inline std::vector<double> boltzmann_means(const model::QuboProblem& problem, const std::vector<double>& temperatures) {
  std::vector<double> sum(temperatures.size(), 0), weight(temperatures.size(), 0);
  std::vector<double> energies;
  for (std::uint32_t state = 0; state < 1u << problem.variables(); ++state) {
    std::vector<std::int32_t> x;
    for (std::int32_t i = 0; i < problem.variables(); ++i) x.push_back(static_cast<std::int32_t>(state >> i & 1));
    energies.push_back(static_cast<double>(model::judge(problem, x).energy));
  }
  const double lowest = *std::ranges::min_element(energies);
  for (const double energy : energies) {
    for (std::size_t k = 0; k < temperatures.size(); ++k) {
      const double w = std::exp(-(energy - lowest) / temperatures[k]);
      sum[k] += w * energy, weight[k] += w;
    }
  }
  for (std::size_t k = 0; k < sum.size(); ++k) sum[k] /= weight[k];
  return sum;
}

}  // namespace tempera::tests
