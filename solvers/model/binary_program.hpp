// A small 0/1 programme: a quadratic objective and simple rows, before anybody decides how the rows are kept.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "solvers/model/qubo_problem.hpp"

namespace tempera::model {

/// value x_i x_j, i != j.
struct BinaryTerm {
  std::int32_t i = 0;
  std::int32_t j = 0;
  double value = 0;
};

/// What a row asks of the number of ones among its members.
enum class RowKind : std::uint8_t {
  exactly,      ///< `wanted` of them; broken by d it costs penalty * d^2
  at_most_one,  ///< broken it costs penalty for each pair of ones
};
struct BinaryRow {
  std::vector<std::int32_t> members;  ///< distinct
  RowKind kind = RowKind::exactly;
  std::int32_t wanted = 1;
  double penalty = 0;                 ///< in objective units, above 0; 0: see `with_penalties`
};

/// Minimise offset + sum linear[i] x_i + sum of the couplings, x in {0,1}^n, under the rows. Values are finite.
struct BinaryProgram {
  std::string name;                 ///< opens the messages
  double offset = 0;
  std::vector<double> linear;       ///< n
  std::vector<BinaryTerm> couplings;
  std::vector<BinaryRow> rows;

  std::int32_t variables() const { return static_cast<std::int32_t>(linear.size()); }
};

/// The objective alone, rows aside.
double objective_of(const BinaryProgram& program, std::span<const std::int32_t> values);
/// Every row holds.
bool rows_hold(const BinaryProgram& program, std::span<const std::int32_t> values);

/// The largest change of the objective that flipping one member of the row can make, and a little more: breaking the row does not
/// pay where one flip mends it. Where a row needs several flips at once that is no proof; so the feasible share is to be told.
double automatic_penalty(const BinaryProgram& program, const BinaryRow& row);

/// The rows as penalties, those without one with `automatic_penalty` times `factor`: a QUBO whose energy is the objective
/// wherever all rows hold. @throws UserError as QuboBuilder does, and for a row whose members are out of range or repeated
QuboProblem with_penalties(const BinaryProgram& program, double factor = 1);

}  // namespace tempera::model
