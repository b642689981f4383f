// Quadratic unconstrained binary optimisation: x in {0,1}^n, integer coefficients, always stored as a minimisation.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "solvers/model/run_record.hpp"

namespace tempera::model {

/// Exactly `wanted` of `members` are 1. wanted == 1 is a one-hot group. Kept by swap moves, never by penalties.
struct QuboGroup {
  std::int32_t wanted = 1;
  std::vector<std::int32_t> members;  ///< distinct; no variable is in two groups
};

enum class ConstraintSense : std::uint8_t { at_most, equal, at_least };

/// sum coefficients[k] x_members[k]  <=, = or >=  bound. Kept by penalties (qubo_penalties.hpp).
struct LinearConstraint {
  std::string name;                   ///< for messages
  ConstraintSense sense = ConstraintSense::at_most;
  std::int64_t bound = 0;
  std::vector<std::int32_t> members;  ///< distinct
  std::vector<std::int64_t> coefficients;
};

/// Energy E(x) = sum_i linear[i] x_i + sum_{i<j} q_ij x_i x_j in whole units; the smaller the better.
/// What the user asked for is offset + sign * unit * E with sign = -1 when they maximise (Max-Cut, Beasley).
/// Made by QuboBuilder alone, which checks everything.
struct QuboProblem {
  std::string name;
  std::vector<std::string> notes;    ///< what its reader noticed and the user should know
  Sense sense = Sense::minimise;     ///< of the user's objective
  std::string objective_unit = "energy";  ///< "cut weight" for Max-Cut
  double unit = 1;                   ///< of the user's objective per energy unit, above 0
  double offset = 0;                 ///< in the user's objective
  bool exact = true;                 ///< false: real coefficients were rounded to multiples of `unit`
  std::vector<std::int64_t> linear;  ///< n
  // Symmetric compressed rows: row i holds q_ij for every j != i with q_ij != 0, columns ascending.
  std::vector<std::int64_t> row_begin;  ///< n + 1
  std::vector<std::int32_t> column;
  std::vector<std::int64_t> coupling;
  // The coefficients as given, when not exact: what the referee prices the user's objective with. Parallel to the above.
  std::vector<double> real_linear;
  std::vector<double> real_coupling;
  std::vector<QuboGroup> groups;
  std::vector<LinearConstraint> constraints;  ///< whose penalties are in the coefficients already
  std::int32_t slack_variables = 0;  ///< of the penalties, behind the variables of the file
  double penalty = 0;                ///< in the user's objective, per squared unit that a constraint is missed by
  std::vector<std::string> labels;   ///< of the variables in the file; empty: they are numbers
  std::int32_t first_number = 0;     ///< of the variables in the file, when they are numbers

  std::int32_t variables() const { return static_cast<std::int32_t>(linear.size()); }
  std::span<const std::int32_t> columns_of(std::int32_t i) const {
    return std::span(column).subspan(static_cast<std::size_t>(row_begin[static_cast<std::size_t>(i)]), degree(i));
  }
  std::span<const std::int64_t> couplings_of(std::int32_t i) const {
    return std::span(coupling).subspan(static_cast<std::size_t>(row_begin[static_cast<std::size_t>(i)]), degree(i));
  }
  std::size_t degree(std::int32_t i) const {
    const auto k = static_cast<std::size_t>(i);
    return static_cast<std::size_t>(row_begin[k + 1] - row_begin[k]);
  }
  double objective(std::int64_t energy) const { return offset + (sense == Sense::maximise ? -unit : unit) * static_cast<double>(energy); }
};

/// Collects coefficients in any order and makes a problem of them.
class QuboBuilder {
 public:
  /// `source` opens the messages: a file name.
  QuboBuilder(std::string source, std::int64_t variables);

  /// Adds to the coefficient of x_i (i == j) or of x_i x_j. Indices from 0, checked by the caller; values are finite.
  void add(std::int32_t i, std::int32_t j, double value);
  /// Adds what an Ising term is in binary variables, s = 2x - 1: a field h s_i or a coupling J s_i s_j, and its constant.
  void add_spin(std::int32_t i, double field);
  void add_spin(std::int32_t i, std::int32_t j, double coupling);
  void add_offset(double value) { offset_ += value; }
  void add_group(QuboGroup group) { groups_.push_back(std::move(group)); }
  /// Couplings that were given more than once and have been summed; known after `build`.
  std::int64_t duplicates() const { return duplicates_; }

  /// The problem that minimises what was added, or with Sense::maximise maximises it. Coefficients with at most six decimals
  /// become exact integers; others are rounded to a binary grid so fine that every energy keeps 52 bits.
  /// @throws UserError when the coefficients overflow, a group is out of range or two groups share a variable
  QuboProblem build(Sense sense);

 private:
  struct Term {
    std::int32_t i, j;
    double value;
  };
  void sum_duplicates();
  void check_groups() const;

  std::string source_;
  std::vector<double> linear_;
  std::vector<Term> terms_;  // i < j
  std::vector<QuboGroup> groups_;
  double offset_ = 0;
  std::int64_t duplicates_ = 0;
};

}  // namespace tempera::model
