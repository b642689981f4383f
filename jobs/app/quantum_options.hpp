// Options of the commands that run on a state vector.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "solvers/quantum/kernels.hpp"
#include "solvers/quantum/one_hot.hpp"
#include "solvers/quantum/qaoa.hpp"

namespace tempera::app {

enum class Precision { single_precision, double_precision };

struct BenchOptions {
  int qubits = 26;
  Precision precision = Precision::double_precision;
  std::optional<quantum::DiagonalKind> diagonal;
  int threads = 0;   ///< 0: the processors of this node, shared out over its ranks
  int layers = 5;
};

struct CircuitOptions {
  std::filesystem::path file;
  Precision precision = Precision::double_precision;
  int threads = 0;
  std::uint64_t shots = 1024;
  std::uint64_t seed = 1;
  std::vector<std::string> z_strings;   ///< "0,3": the expectation of Z_0 Z_3
};

struct QaoaOptions {
  std::filesystem::path file;
  Precision precision = Precision::double_precision;
  int threads = 0;
  quantum::SearchOptions search;
  quantum::RowMixer mixer = quantum::RowMixer::complete;   ///< of a problem of one-hot groups
  std::uint64_t shots = 1000;
  std::uint64_t seed = 1;
  std::optional<std::filesystem::path> start_angles, save_angles, start_state, save_state;
};

}  // namespace tempera::app
