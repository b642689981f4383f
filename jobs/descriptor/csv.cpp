#include "jobs/descriptor/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>

#include "solvers/core/error.hpp"
#include "solvers/core/text_file.hpp"

namespace tempera::descriptor {

namespace {
using core::UserError;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::vector<std::string> cells(const std::string& line, const std::string& where) {
  std::vector<std::string> found(1);
  bool quoted = false;
  for (std::size_t k = 0; k < line.size(); ++k) {
    const char c = line[k];
    if (quoted && c == '"' && k + 1 < line.size() && line[k + 1] == '"') found.back() += line[k++];
    else if (c == '"') quoted = !quoted;
    else if (c == ',' && !quoted) found.emplace_back();
    else found.back() += c;
  }
  if (quoted) throw UserError(fmt::format("{}: a quote is not closed.", where));
  for (std::string& cell : found) cell = std::string(core::trimmed(cell));
  return found;
}

std::optional<double> to_number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

// Calls `row(cells, line number)` for every line with something on it.
template <class Row>
void for_each_row(const std::filesystem::path& file, Row row) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw UserError(fmt::format("{}: cannot open: {}. Check the path.", file.string(), core::errno_text(errno)));
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    if (++number == 1 && line.starts_with(byte_order_mark)) line.erase(0, byte_order_mark.size());
    if (!core::trimmed(line).empty()) row(cells(line, fmt::format("{}:{}", file.string(), number)), number);
  }
}
}  // namespace

int Table::column(std::string_view name) const {
  const auto found = std::ranges::find(columns, name);
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

Table read_table(const std::filesystem::path& file) {
  Table table;
  table.file = file;
  for_each_row(file, [&](std::vector<std::string> row, int line) {
    if (table.columns.empty()) {
      table.columns = std::move(row);
    } else if (row.size() != table.columns.size()) {
      throw UserError(fmt::format("{}:{}: has {} cells, the heading has {}.", file.string(), line, row.size(), table.columns.size()));
    } else {
      table.rows.push_back(std::move(row));
      table.lines.push_back(line);
    }
  });
  if (table.rows.empty()) throw UserError(fmt::format("{}: has no rows under its heading.", file.string()));
  return table;
}

std::vector<std::vector<double>> read_number_table(const std::filesystem::path& file) {
  std::vector<std::vector<double>> table;
  for_each_row(file, [&](const std::vector<std::string>& row, int line) {
    std::vector<double>& numbers = table.emplace_back();
    for (std::size_t k = 0; k < row.size(); ++k) {
      const auto value = to_number(row[k]);
      if (!value) throw UserError(fmt::format("{}:{}: cell {} is '{}'; give a number.", file.string(), line, k + 1, row[k]));
      numbers.push_back(*value);
    }
  });
  return table;
}

double number_in(const Table& table, std::size_t row, int column) {
  const std::string& cell = table.rows[row][static_cast<std::size_t>(column)];
  if (const auto value = to_number(cell)) return *value;
  throw UserError(fmt::format("{}:{}: {} is '{}'; give a number.", table.file.string(), table.lines[row], table.columns[static_cast<std::size_t>(column)], cell));
}

}  // namespace tempera::descriptor
