// What tests ask of every annealing chain.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "solvers/model/routing_referee.hpp"
#include "solvers/routing/sisr.hpp"

namespace tempera::tests {

inline std::vector<std::int32_t> all_customers(const model::RoutingInstance& in) {
  std::vector<std::int32_t> customers(static_cast<std::size_t>(in.customers()));
  std::iota(customers.begin(), customers.end(), 1);
  return customers;
}

/// The referee finds the chain's current and best answer feasible and prices them as the chain does.
inline void expect_confirmed(const model::RoutingInstance& in, const routing::SisrKernel& kernel) {
  for (const auto& [flat, cost] : {std::pair{kernel.current(), kernel.current_cost()}, std::pair{kernel.best(), kernel.best_cost()}}) {
    const auto verdict = model::judge(in, model::unflatten(flat));
    EXPECT_TRUE(verdict.feasible) << (verdict.violations.empty() ? "" : verdict.violations.front());
    EXPECT_EQ(verdict.cost, cost);
  }
}

}  // namespace tempera::tests
