// A binary programme solved to its optimum by branch and bound.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "solvers/model/binary_program.hpp"

namespace tempera::hybrid {

/// The rows as rows, products as columns between their factors; by CBC. Empty when no state keeps every row, or the time is over
/// before one was found.
std::optional<std::vector<std::int32_t>> exact_choice(const model::BinaryProgram& program, double seconds);

}  // namespace tempera::hybrid
