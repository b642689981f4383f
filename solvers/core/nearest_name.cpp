#include "solvers/core/nearest_name.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace tempera::core {

namespace {
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Levenshtein distance, one row at a time.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}
}  // namespace

std::optional<std::string_view> nearest_name(std::string_view wanted, std::span<const std::string_view> known) {
  constexpr std::size_t longest = 64;  // nobody misspells a name that long; keeps garbage cheap
  if (wanted.empty() || wanted.size() > longest) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t fewest = 0;
  for (const std::string_view name : known) {
    const std::size_t needed = edits(wanted, name);
    if (needed <= name.size() / 3 + 1 && (!best || needed < fewest)) {
      best = name;
      fewest = needed;
    }
  }
  return best;
}

}  // namespace tempera::core
