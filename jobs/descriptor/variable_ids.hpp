// What a job calls the variables of a QUBO: ids of its own, or numbers.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "jobs/descriptor/names.hpp"
#include "solvers/model/qubo_problem.hpp"

namespace tempera::descriptor {

inline constexpr std::size_t longest_id = 200;  ///< bytes

/// An id as text: a text of 1 to longest_id bytes without control characters, or a whole number; nothing for any other value.
std::optional<std::string> id_text(const nlohmann::json& value);

class VariableIds {
 public:
  VariableIds() = default;                                            ///< none yet
  explicit VariableIds(std::int32_t count, std::int32_t first_number = 0) : count_(count), first_number_(first_number) {}  ///< numbers
  explicit VariableIds(const model::QuboProblem& of_file);            ///< its labels or, where it has none, its numbers

  /// False when the id is there already.
  bool add(const std::string& id) { return names_.add(id); }
  std::optional<std::int32_t> find(const std::string& id) const;
  /// "is 'c', but there is no such variable; did you mean 'b'?"
  std::string absent(const std::string& id) const;
  std::int32_t size() const { return count_ > 0 ? count_ : static_cast<std::int32_t>(names_.size()); }

 private:
  std::optional<std::int32_t> numbered(const std::string& id) const;

  Names names_;
  std::int32_t count_ = 0, first_number_ = 0;  // 0: they have names alone
};

}  // namespace tempera::descriptor
