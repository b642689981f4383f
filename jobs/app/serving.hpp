// Which half of the pair is served, control or candidate, and why.
#pragma once

#include "solvers/model/run_record.hpp"
#include "solvers/registry/registry.hpp"

namespace tempera::app {

/// Writes both verdicts into the record, and into `withheld` why the control is served although there is a candidate: the referee, or the
/// policy. An answer whose cost is not what the referee adds up counts as refused.
/// @throws LogicError when what would be served is refused: nothing is served that the referee has not re-priced
void decide(const registry::Verdict& control, const registry::Verdict& candidate, model::RunRecord& record);

}  // namespace tempera::app
