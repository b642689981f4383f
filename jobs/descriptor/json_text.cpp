#include "jobs/descriptor/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "jobs/descriptor/explain.hpp"
#include "solvers/core/error.hpp"

namespace tempera::descriptor {

namespace {
using nlohmann::json;
constexpr std::string_view blanks = " \t\r\n";

// Told of every piece while a text is parsed; keeps which keys an object has had.
class RepeatedKeys {
 public:
  std::vector<Violation> found;

  void note(json::parse_event_t event, const json& piece) {
    using enum json::parse_event_t;
    if (event == object_start || event == array_start) {
      open_.push_back({.is_array = event == array_start, .place = 0, .key = {}, .keys = {}});
      return;
    }
    if (event == key) {
      open_.back().key = piece.get<std::string>();
      if (!open_.back().keys.insert(open_.back().key).second) found.push_back({pointer(), "stands here a second time; leave one of them out"});
      return;
    }
    if (event == object_end || event == array_end) open_.pop_back();
    if (!open_.empty() && open_.back().is_array) ++open_.back().place;
  }

 private:
  struct Level {
    bool is_array;
    std::size_t place;
    std::string key;
    std::set<std::string> keys;
  };

  std::string pointer() const {
    std::string text;
    for (const Level& level : open_) text += "/" + (level.is_array ? std::to_string(level.place) : escaped(level.key));
    return text;
  }

  std::vector<Level> open_;
};

std::ptrdiff_t line_at(const std::string& text, std::size_t at) {
  return 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(text.size(), at)), '\n');
}

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& text, std::size_t at, std::string what) {
  if (const auto colon = what.find(": ", what.find("column ")); colon != std::string::npos) what = what.substr(colon + 2);  // behind the place, which we tell ourselves
  throw core::UserError(fmt::format("{}:{}: this is not JSON: {}.", file.string(), line_at(text, at), what));
}
}  // namespace

json parsed(const std::filesystem::path& file, const std::string& text) {
  RepeatedKeys repeated;
  const auto note = [&repeated](int, json::parse_event_t event, json& piece) {
    repeated.note(event, piece);
    return true;
  };
  json value;
  try {
    value = json::parse(text, note);
  } catch (const json::parse_error& error) {
    refuse(file, text, error.byte, error.what());
  } catch (const json::out_of_range& error) {  // "number overflow parsing '1e999'"
    std::string what = error.what();
    const auto opened = what.find('\''), closed = what.rfind('\'');
    const std::string number = opened < closed ? what.substr(opened + 1, closed - opened - 1) : "";
    throw core::UserError(fmt::format("{}:{}: the number {} is too large; give one below 1e308.", file.string(), line_at(text, text.find(number)), number));
  }
  if (!repeated.found.empty()) throw core::UserError(as_text(file.string(), repeated.found));
  return value;
}

std::set<std::string, std::less<>> top_keys(std::string_view text) {
  std::set<std::string, std::less<>> keys;
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos || (text[first] != '{' && text[first] != '[')) return keys;
  const int level = text[first] == '[' ? 2 : 1;
  int depth = 0;
  for (std::size_t k = first; k < text.size(); ++k) {
    if (text[k] == '{' || text[k] == '[') ++depth;
    else if (text[k] == '}' || text[k] == ']') --depth;
    else if (text[k] == '"') {
      const std::size_t begin = k + 1;
      for (++k; k < text.size() && text[k] != '"'; ++k) k += text[k] == '\\';
      const auto next = depth == level ? text.find_first_not_of(blanks, k + 1) : std::string_view::npos;
      if (next != std::string_view::npos && text[next] == ':') keys.emplace(text.substr(begin, k - begin));
    }
  }
  return keys;
}

}  // namespace tempera::descriptor
