// A choice among a few yes-or-no decisions that improves a solved problem: the best routes of a pool, the best moves of stock.
// What a problem must give so that solvers/hybrid can put it to every solver it has.
#pragma once

#include <optional>
#include <span>

#include "solvers/model/binary_program.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::model {

/// A state vector holds 2^choices amplitudes.
inline constexpr int most_choices = 26;

/// To implement: hold the problem, its incumbent and the K decisions. See solvers/hybrid/route_choice.hpp for one.
class TopChoice {
 public:
  virtual ~TopChoice() = default;

  /// 1 to most_choices decisions; the name is what they are, in the plural ("routes"). On every state that keeps the rows the
  /// objective is in step with the price of the decoded answer: the lower, the better. Some state keeps all rows.
  virtual const BinaryProgram& program() const = 0;
  /// How many decisions there were to take these from.
  virtual std::size_t candidates() const = 0;
  /// The complete answer in which exactly the decisions with a 1 are taken, repaired where the rows do not hold, its price from the
  /// referee. Empty when it cannot be made feasible. Deterministic.
  virtual std::optional<Answer> decode(std::span<const std::int32_t> taken) const = 0;
};

}  // namespace tempera::model
