// The customers of a routing job as a table.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "jobs/descriptor/csv.hpp"
#include "jobs/descriptor/names.hpp"
#include "jobs/descriptor/violation.hpp"

namespace tempera::descriptor {

/// The columns are the keys of a customer in the job, but for the two ends of its window; an empty cell is a key left out. Columns of other names are
/// left alone, unless they are nearly one of these.
class CustomerTable {
 public:
  /// Adds what is wrong to `found`, as "file:line column". @throws UserError where the file is no table, or a cell no number
  CustomerTable(const std::filesystem::path& file, std::vector<Violation>& found);

  /// One object per row, valid by the schema where nothing was found.
  const nlohmann::json& customers() const { return customers_; }
  /// "file:line" of a row.
  std::string where(std::size_t row) const;

 private:
  void check_columns(const std::vector<std::string>& known, std::vector<Violation>& found);
  nlohmann::json customer(std::size_t row, std::vector<Violation>& found) const;

  Table table_;
  Names known_;  // columns
  nlohmann::json customers_ = nlohmann::json::array();
};

}  // namespace tempera::descriptor
