// A linear programme column by column and row by row, for CBC and Clp, whose C interfaces want compressed columns.
#pragma once

#include <Coin_C_defines.h>

#include <limits>
#include <utility>
#include <vector>

namespace tempera::baselines {

inline constexpr double no_bound = std::numeric_limits<double>::max();

class CbcMatrix {
 public:
  int add_column(double low, double high, double cost) {
    low_.push_back(low);
    high_.push_back(high);
    cost_.push_back(cost);
    entries_.emplace_back();
    return static_cast<int>(cost_.size()) - 1;
  }
  int add_row(double low, double high) {
    row_low_.push_back(low);
    row_high_.push_back(high);
    return static_cast<int>(row_low_.size()) - 1;
  }
  void set(int row, int column, double value) { entries_[static_cast<std::size_t>(column)].push_back({row, value}); }
  int columns() const { return static_cast<int>(cost_.size()); }
  int rows() const { return static_cast<int>(row_low_.size()); }

  /// `load` is Cbc_loadProblem or Clp_loadProblem.
  template <class Load, class Model>
  void load_into(Model* model, Load load) const {
    std::vector<CoinBigIndex> start{0};
    std::vector<int> rows_of;
    std::vector<double> values;
    for (const auto& column : entries_) {
      for (const auto& [row, value] : column) {
        rows_of.push_back(row);
        values.push_back(value);
      }
      start.push_back(static_cast<CoinBigIndex>(rows_of.size()));
    }
    load(model, columns(), rows(), start.data(), rows_of.data(), values.data(), low_.data(), high_.data(), cost_.data(), row_low_.data(), row_high_.data());
  }

 private:
  std::vector<double> low_, high_, cost_, row_low_, row_high_;
  std::vector<std::vector<std::pair<int, double>>> entries_;
};

}  // namespace tempera::baselines
