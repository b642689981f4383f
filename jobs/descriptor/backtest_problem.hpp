// The backtest of a job.
#pragma once

#include "jobs/descriptor/descriptor.hpp"
#include "solvers/model/supply_system.hpp"

namespace tempera::descriptor {

/// @throws UserError with every mistake at once
model::BacktestJob backtest_problem(const Descriptor& job);

}  // namespace tempera::descriptor
