// A backtest before it is played.
#pragma once

#include <filesystem>

#include "solvers/registry/registry.hpp"

namespace tempera::app {

/// From a job or a file of its own. @throws UserError
registry::Problem load_backtest(const std::filesystem::path& file);

/// What a rank needs to play it.
double memory_mebibytes(const model::BacktestJob& job);

}  // namespace tempera::app
