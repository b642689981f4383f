// Linear constraints of a QUBO as quadratic penalties, with slack variables where they are inequalities.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "solvers/model/qubo_problem.hpp"

namespace tempera::model {

/// `base` with `penalty` (in its own objective; raised to whole units where that is exact) on the square of what each constraint is missed by. Inequalities get slack
/// variables behind those of `base`: powers of two, the last one cut so that exactly the possible slacks can be written.
/// Source: Glover, Kochenberger & Du, "A tutorial on formulating and using QUBO models", 2019, sections 4 and 5.
/// @throws UserError for a variable that is out of range or named twice, a constraint that no values keep, coefficients so wide that the objective would be lost beside them
QuboProblem penalised(const QuboProblem& base, std::span<const LinearConstraint> constraints, double penalty);

/// By how much `values` miss the constraint; 0 = kept.
std::int64_t violation(const LinearConstraint& constraint, std::span<const std::int32_t> values);

/// Sum of the squares that the penalty stands on in `problem`, slack variables counted as they are.
double squared_residuals(const QuboProblem& problem, std::span<const std::int32_t> values);

/// `values` with the slack variables set so that every constraint that is kept costs no penalty.
std::vector<std::int32_t> with_settled_slack(const QuboProblem& problem, std::vector<std::int32_t> values);

/// What one flip of a variable can gain at most, in the objective of `base`: the scale of penalties.
double largest_gain(const QuboProblem& base);

}  // namespace tempera::model
