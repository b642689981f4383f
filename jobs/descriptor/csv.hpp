// Tables that a job names: comma-separated, with a heading or as bare numbers.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "jobs/descriptor/violation.hpp"

namespace tempera::descriptor {

struct Table {
  std::filesystem::path file;
  std::vector<std::string> columns;             ///< as in the heading
  std::vector<std::vector<std::string>> rows;   ///< each as long as `columns`
  std::vector<int> lines;                       ///< of the file, per row

  /// Column by name; -1 when there is none.
  int column(std::string_view name) const;
};

/// Quotes as in RFC 4180, blanks around cells dropped, empty lines skipped. @throws UserError naming file, line and column
Table read_table(const std::filesystem::path& file);

/// Bare numbers, every line equally long. @throws UserError naming file, line and column
std::vector<std::vector<double>> read_number_table(const std::filesystem::path& file);

/// @throws UserError "file:line: column: value ..." unless the cell is a finite number
double number_in(const Table& table, std::size_t row, int column);

}  // namespace tempera::descriptor
