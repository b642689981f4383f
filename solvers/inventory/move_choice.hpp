// The moves of stock that look best one by one, as a small choice: which of them together?
#pragma once

#include <memory>
#include <span>

#include "solvers/model/rebalancing_problem.hpp"
#include "solvers/model/top_choice.hpp"

namespace tempera::inventory {

/// Decisions are changes of the incumbent plan: a pallet more or less on a lane and day, or one that leaves a day earlier or later.
/// Every site that receives is dealt its best moves in turn. A decision's cost is its true gain, with trucks and overflow; a coupling is
/// the second difference C(both) - C(one) - C(other) + C(none) of true costs, so the programme is exact for one and for two moves,
/// and an estimate for more: trucks that only three moves together save are not seen. Two moves that cannot both be made stand in a
/// row. `decode` makes the moves, leaves out the poorest until the plan is feasible, and asks the referee.
///
/// @param plan     feasible  @param choices  at most this many decisions, 1 to model::most_choices
/// @param looked_at  candidates that are priced, the SKUs with the dearest shortage first
/// `problem` must outlive the choice. Empty when no move is possible.
std::unique_ptr<model::TopChoice> move_choice(const model::RebalancingProblem& problem, std::span<const model::Shipment> plan, int choices, std::size_t looked_at = 20'000);

}  // namespace tempera::inventory
