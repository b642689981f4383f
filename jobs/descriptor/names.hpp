// Names that a job gives to its things, to be looked up where others refer to them.
#pragma once

#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "solvers/core/nearest_name.hpp"

namespace tempera::descriptor {

class Names {
 public:
  /// False when the name is there already.
  bool add(const std::string& name) { return numbers_.emplace(name, numbers_.size()).second; }
  std::optional<std::size_t> find(const std::string& name) const {
    const auto at = numbers_.find(name);
    return at == numbers_.end() ? std::nullopt : std::optional(at->second);
  }
  /// "; did you mean '...'?", or nothing.
  std::string hint(const std::string& name) const {
    if (numbers_.size() > 20'000) return {};
    std::vector<std::string_view> known;
    for (const auto& [text, number] : numbers_) known.push_back(text);
    const auto nearest = core::nearest_name(name, known);
    return nearest ? fmt::format("; did you mean '{}'?", *nearest) : "";
  }
  std::size_t size() const { return numbers_.size(); }

 private:
  std::map<std::string, std::size_t> numbers_;
};

}  // namespace tempera::descriptor
