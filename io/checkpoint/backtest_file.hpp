// The result of a backtest in HDF5: what every policy cost, figure by figure and scenario by scenario.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tempera::checkpoint {

/// A figure of every policy.
struct BacktestFigure {
  std::string name;            ///< a name of a dataset: no slash
  std::string unit;
  std::vector<double> values;  ///< one per policy
};

struct BacktestRecord {
  std::string name;            ///< of the supply network
  std::string command_line;
  std::int32_t nodes = 0, lanes = 0;
  std::int32_t periods = 0, warm_up = 0;
  std::int32_t scenarios = 0;
  std::uint64_t seed = 0;
  std::vector<std::string> policies;
  std::vector<BacktestFigure> figures;
  std::vector<double> scenario_cost;  ///< [policy][scenario], money per period; scenarios have the same demand for all policies
};

/// Replaces the file whole or not at all. @throws DataError
void write_backtest(const std::filesystem::path& path, const BacktestRecord& record);

/// Reads back what `write_backtest` wrote; figures in the order asked for. @throws DataError naming the missing or damaged item
BacktestRecord read_backtest(const std::filesystem::path& path, const std::vector<std::string>& figures);

}  // namespace tempera::checkpoint
