#include "jobs/descriptor/customer_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "jobs/descriptor/schema.hpp"

namespace tempera::descriptor {

namespace {
using nlohmann::json;

constexpr const char* opens = "window_start_s";
constexpr const char* closes = "window_end_s";

json customer_schema() { return json::parse(schema_text("routing"))["properties"]["customers"]["items"]; }

// What a row may be named by, in the order in which a message lists it.
std::vector<std::string> columns_of(const json& schema) {
  std::vector<std::string> columns{"id", "x", "y", "demand", opens, closes};
  for (const auto& [key, ignored] : schema["properties"].items())
    if (key != "window_s" && std::ranges::find(columns, key) == columns.end()) columns.push_back(key);
  return columns;
}

// The schema asks for whole numbers where JSON has them without a point.
json as_json(double value) {
  constexpr double exact = 1LL << 53;
  return value == std::floor(value) && std::abs(value) <= exact ? json(static_cast<std::int64_t>(value)) : json(value);
}

// "/17/window_s/0" is row 17, column window_start_s.
std::string column_of(const json::json_pointer& pointer) {
  if (pointer.back() == "0" || pointer.back() == "1") return pointer.back() == "0" ? opens : closes;
  return pointer.back();
}
}  // namespace

CustomerTable::CustomerTable(const std::filesystem::path& file, std::vector<Violation>& found) : table_(read_table(file)) {
  const json schema = customer_schema();
  check_columns(columns_of(schema), found);
  if (!found.empty()) return;
  for (std::size_t row = 0; row < table_.rows.size(); ++row) customers_.push_back(customer(row, found));
  for (Violation& violation : violations_of({{"type", "array"}, {"maxItems", 100'000}, {"items", schema}}, customers_, "")) {
    json::json_pointer pointer(violation.pointer);
    if (pointer.empty()) {
      found.push_back({file.string(), std::move(violation.message)});
      continue;
    }
    std::string column;
    for (; !pointer.parent_pointer().empty(); pointer.pop_back())
      if (column.empty()) column = " " + column_of(pointer);
    found.push_back({where(std::stoul(pointer.back())) + column, std::move(violation.message)});
  }
}

std::string CustomerTable::where(std::size_t row) const { return fmt::format("{}:{}", table_.file.string(), table_.lines[row]); }

// A column of another name is left alone (notes, addresses), unless it looks like one that is not there.
void CustomerTable::check_columns(const std::vector<std::string>& known, std::vector<Violation>& found) {
  Names absent;
  for (const std::string& column : known) {
    known_.add(column);
    if (table_.column(column) < 0) absent.add(column);
  }
  const std::string heading = fmt::format("{}:1", table_.file.string());
  const auto complain = [&](std::string message) { found.push_back({heading, std::move(message)}); };
  for (const std::string& column : table_.columns) {
    const auto times = std::ranges::count(table_.columns, column);
    const bool is_known = known_.find(column).has_value();
    if (is_known && times > 1) return complain(fmt::format("has the column '{}' {} times; leave all but one out", column, times));
    if (const std::string hint = absent.hint(column); !is_known && !hint.empty()) complain(fmt::format("has a column '{}'{} Rename it, or leave it out", column, hint));
  }
  for (const char* needed : {"id", "demand"})
    if (table_.column(needed) < 0) complain(fmt::format("has no column '{}'; the columns are {}", needed, fmt::join(known, ", ")));
  for (const auto& [one, other] : {std::pair{opens, closes}, {closes, opens}})
    if (table_.column(one) >= 0 && table_.column(other) < 0) complain(fmt::format("has no column '{}'; a window needs both its ends", other));
}

json CustomerTable::customer(std::size_t row, std::vector<Violation>& found) const {
  json customer = json::object();
  json window = json::array();
  for (std::size_t c = 0; c < table_.columns.size(); ++c) {
    const std::string& column = table_.columns[c];
    const std::string& cell = table_.rows[row][c];
    if (cell.empty() || !known_.find(column)) continue;
    if (column == "id") customer[column] = cell;
    else if (column != "required") (column == opens || column == closes ? window.emplace_back() : customer[column]) = as_json(number_in(table_, row, static_cast<int>(c)));
    else if (cell == "true" || cell == "false") customer[column] = cell == "true";
    else found.push_back({where(row) + " required", fmt::format("is '{}'; give true or false", cell)});
  }
  if (window.size() == 2 && table_.column(closes) < table_.column(opens)) std::swap(window[0], window[1]);
  if (window.size() == 1) found.push_back({where(row), fmt::format("gives one end of a window; give {} and {}, or neither", opens, closes)});
  if (window.size() == 2) customer["window_s"] = std::move(window);
  return customer;
}

}  // namespace tempera::descriptor
