// One small choice put to an exact solver, greedy, tempering, QAOA and chance, with the figures of all side by side.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "solvers/model/hybrid_record.hpp"
#include "solvers/model/top_choice.hpp"

namespace tempera::hybrid {

struct HybridOptions {
  std::uint64_t seed = 1;
  int depth = 4;                        ///< of the circuit
  std::uint64_t shots = 1000;           ///< of QAOA and of chance
  int evaluations = 60;                 ///< of the circuit, to find its angles
  int threads = 1;
  std::uint64_t tempering_shots = 100;  ///< independent short runs
  std::uint64_t sweeps = 20;            ///< of each
  std::size_t decoded = 16;             ///< distinct states of a solver that are decoded, the best first
  double exact_seconds = 10;            ///< for branch and bound
  std::function<bool()> stop;           ///< may be empty; the search for angles ends at the next circuit after it says so
};

struct HybridResult {
  model::HybridStep step;
  std::optional<model::Answer> improved;  ///< better than the incumbent by the referee's price, or nothing
};

/// All solvers work the same programme. The best decoded answer of them all is accepted if it costs less than the incumbent; of
/// equals the first in the record's order, exact before greedy before tempering before QAOA before chance. Deterministic while `stop` is silent,
/// but for the times. @throws UserError when the programme's coefficients overflow
HybridResult hybrid_step(const model::TopChoice& choice, const model::Answer& incumbent, const HybridOptions& options);

/// Seconds of one core that a step of so many decisions takes at the least (every state looked at, one circuit) and with all evaluations.
struct StepSeconds {
  double least = 0;
  double most = 0;
};
StepSeconds expected_seconds(int choices, const HybridOptions& options);

}  // namespace tempera::hybrid
