// The one line that a running job shows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "solvers/model/run_record.hpp"

namespace tempera::report {

struct Progress {
  double elapsed_seconds = 0;
  double remaining_seconds = 0;           ///< infinity under an iteration budget
  double cost = 0;
  std::optional<double> best_known;
  model::Sense sense = model::Sense::minimise;
  std::uint64_t iterations = 0;
  double iterations_per_second = 0;
  std::uint32_t replicas = 1;
  std::uint32_t parts = 1;
  double utilisation = 0;                 ///< of all ranks
  int ranks = 1;
};

/// No line end. What does not fit into `width` columns is left out from the right, field by field.
std::string progress_line(const Progress& progress, std::size_t width);

}  // namespace tempera::report
