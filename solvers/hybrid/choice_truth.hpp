// All states of a small programme, looked at one by one: what the solvers' figures are measured against.
#pragma once

#include <cstdint>
#include <vector>

#include "solvers/model/binary_program.hpp"

namespace tempera::hybrid {

struct ChoiceTruth {
  std::uint64_t feasible = 0;          ///< states that keep every row
  std::uint64_t optimal = 0;           ///< of them, those of least energy
  std::int64_t least_feasible = 0;     ///< energy, units of the QUBO; meaningless when nothing is feasible
  std::int64_t least_infeasible = 0;   ///< the largest number when every state is feasible
  std::vector<std::uint64_t> optima;   ///< bit i is x_i; at most the first 4096
};

/// Visits 2^n states in Gray-code order, one flip each: about 20 ns a state. n at most model::most_choices.
/// @param qubo  with_penalties of the programme
ChoiceTruth look_at_all(const model::BinaryProgram& program, const model::QuboProblem& qubo);

}  // namespace tempera::hybrid
