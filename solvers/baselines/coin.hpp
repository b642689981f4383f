// CBC and Clp as this project uses them: owned handles, and one way to solve an integer programme to its optimum.
#pragma once

#include <Clp_C_Interface.h>

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "solvers/baselines/cbc_matrix.hpp"

namespace tempera::baselines {

struct ClpDelete {
  void operator()(Clp_Simplex* model) const { Clp_deleteModel(model); }
};
using ClpModel = std::unique_ptr<Clp_Simplex, ClpDelete>;

/// A Clp model that prints nothing.
inline ClpModel quiet_clp() {
  ClpModel model(Clp_newModel());
  Clp_setLogLevel(model.get(), 0);
  return model;
}

struct IntegerOptimum {
  std::vector<double> columns;
  double lower_bound = 0;  ///< proven by CBC
};

/// Minimises; gap tolerances are 0, so that it ends at the optimum or after `seconds`. Nothing when no solution was found.
std::optional<IntegerOptimum> solve_integer(const CbcMatrix& matrix, std::span<const int> integers, double seconds);

}  // namespace tempera::baselines
