#include "jobs/descriptor/variable_ids.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace tempera::descriptor {

namespace {
// Ids stand in lines of text files and in tables of texts of one width.
bool is_id(const std::string& text) {
  const auto prints = [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; };
  return !text.empty() && text.size() <= longest_id && std::ranges::all_of(text, prints);
}
}  // namespace

std::optional<std::string> id_text(const nlohmann::json& value) {
  if (value.is_string() && is_id(value.get_ref<const std::string&>())) return value.get<std::string>();
  if (value.is_number_integer()) return value.dump();
  return std::nullopt;
}

VariableIds::VariableIds(const model::QuboProblem& of_file) : count_(of_file.labels.empty() ? of_file.variables() - of_file.slack_variables : 0), first_number_(of_file.first_number) {
  for (const std::string& label : of_file.labels) names_.add(label);
}

std::optional<std::int32_t> VariableIds::numbered(const std::string& id) const {
  std::int64_t number = 0;
  const char* end = id.data() + id.size();
  if (const auto read = std::from_chars(id.data(), end, number); read.ptr != end || read.ec != std::errc()) return std::nullopt;
  if (number < first_number_ || number - first_number_ >= count_ || std::to_string(number) != id) return std::nullopt;  // 00 is no name of 0
  return static_cast<std::int32_t>(number - first_number_);
}

std::optional<std::int32_t> VariableIds::find(const std::string& id) const {
  if (const auto named = names_.find(id)) return static_cast<std::int32_t>(*named);
  return numbered(id);
}

std::string VariableIds::absent(const std::string& id) const {
  if (names_.size() > 0) return fmt::format("is '{}', but there is no such variable{}", id, names_.hint(id));
  return fmt::format("is {}, but the variables are numbered from {} to {}", id, first_number_, first_number_ + count_ - 1);
}

}  // namespace tempera::descriptor
