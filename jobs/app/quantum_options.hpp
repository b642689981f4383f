// Options of the commands that run on a state vector.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "solvers/quantum/kernels.hpp"

namespace tempera::app {

enum class Precision { single_precision, double_precision };

struct BenchOptions {
  int qubits = 26;
  Precision precision = Precision::double_precision;
  std::optional<quantum::DiagonalKind> diagonal;
  int threads = 0;   ///< 0: the processors of this node, shared out over its ranks
  int layers = 5;
};

}  // namespace tempera::app
