#include "io/report/warning_fold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>
#include <utility>

namespace tempera::report {

namespace {
constexpr std::string_view rank_word = "rank ";

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '/'; }

// The end of the number that stands alone at `at`, or `at` where there is none.
std::size_t number_end(const std::string& text, std::size_t at) {
  if (at > 0 && (is_word(text[at - 1]) || text[at - 1] == '.')) return at;
  std::size_t end = at;
  while (end < text.size() && (is_digit(text[end]) || (text[end] == '.' && end > at && end + 1 < text.size() && is_digit(text[end + 1])))) ++end;
  return end < text.size() && is_word(text[end]) ? at : end;
}

struct Kind {
  std::string key;                // numbers as '#'
  std::optional<int> rank;        // the first rank named
  std::size_t rank_at = 0;        // where "rank " stands
  std::size_t rank_end = 0;
};

Kind kind_of(const std::string& text) {
  Kind kind;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = number_end(text, at);
    if (end == at) {
      kind.key += text[at++];
      continue;
    }
    if (!kind.rank && kind.key.ends_with(rank_word) && end - at < 9) {
      kind.rank = std::stoi(text.substr(at, end - at));
      kind.rank_at = at - rank_word.size();
      kind.rank_end = end;
    }
    kind.key += '#';
    at = end;
  }
  return kind;
}

struct Group {
  std::string first;
  Kind kind;
  std::set<int> ranks;
  std::size_t count = 0;
};

std::string told(const Group& group) {
  if (group.count == 1) return group.first;
  std::string text = group.first;
  if (group.ranks.size() > 1)
    text.replace(group.kind.rank_at, group.kind.rank_end - group.kind.rank_at, "ranks " + rank_ranges({group.ranks.begin(), group.ranks.end()}));
  return fmt::format("{} ({} times)", text, group.count);
}
}  // namespace

std::string rank_ranges(const std::vector<int>& ranks) {
  std::string text;
  for (std::size_t k = 0; k < ranks.size();) {
    std::size_t last = k;
    while (last + 1 < ranks.size() && ranks[last + 1] == ranks[last] + 1) ++last;
    text += fmt::format("{}{}", text.empty() ? "" : ", ", last == k ? std::to_string(ranks[k]) : fmt::format("{}-{}", ranks[k], ranks[last]));
    k = last + 1;
  }
  return text;
}

std::vector<std::string> folded(const std::vector<std::string>& warnings) {
  std::vector<Group> groups;
  for (const std::string& text : warnings) {
    Kind kind = kind_of(text);
    auto group = std::ranges::find(groups, kind.key, [](const Group& g) -> const std::string& { return g.kind.key; });
    if (group == groups.end()) group = groups.insert(groups.end(), {.first = text, .kind = kind, .ranks = {}, .count = 0});
    ++group->count;
    if (kind.rank) group->ranks.insert(*kind.rank);
  }
  std::vector<std::string> lines;
  for (const Group& group : groups) lines.push_back(told(group));
  return lines;
}

void WarningFold::add(std::string text, double now) {
  if (held_.empty()) oldest_ = now;
  held_.push_back(std::move(text));
}

std::vector<std::string> WarningFold::due(double now) { return held_.empty() || now - oldest_ < hold_ ? std::vector<std::string>{} : rest(); }

std::vector<std::string> WarningFold::rest() { return folded(std::exchange(held_, {})); }

}  // namespace tempera::report
