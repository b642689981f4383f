#include "io/instances/text_scan.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "solvers/core/error.hpp"

namespace tempera::instances {

namespace {
constexpr std::string_view blanks = " \t\r\n\v\f";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
}  // namespace

void fail_at(std::string_view source, int line, std::string_view message) {
  throw core::UserError(fmt::format("{}:{}: {}", source, line, message));
}

std::string shown(std::string_view word) {
  constexpr std::size_t longest = 40;
  std::string out = "'";
  for (const char c : word.substr(0, longest)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F) out += c;
    else out += fmt::format("\\x{:02X}", byte);
  }
  return out + (word.size() > longest ? "...'" : "'");
}

std::string_view next_word(std::string_view& rest) {
  const std::size_t from = rest.find_first_not_of(blanks);
  if (from == std::string_view::npos) {
    rest = {};
    return {};
  }
  const std::size_t to = std::min(rest.find_first_of(blanks, from), rest.size());
  const std::string_view word = rest.substr(from, to - from);
  rest.remove_prefix(to);
  return word;
}

std::optional<double> to_number(std::string_view word) {
  if (word.size() > 1 && word[0] == '+' && word[1] != '-') word.remove_prefix(1);  // from_chars knows no plus sign
  double value = 0;
  const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (end != word.data() + word.size() || failure == std::errc::invalid_argument) return std::nullopt;
  if (failure == std::errc::result_out_of_range) return std::strtod(std::string(word).c_str(), nullptr);  // infinity or nearly 0
  return value;
}

std::optional<std::int64_t> to_whole(std::string_view word) {
  const std::optional<double> value = to_number(word);
  if (!value || !(std::abs(*value) < 0x1p53) || *value != std::trunc(*value)) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

LineReader::LineReader(std::string_view text, int first_line) : text_(text), number_(first_line - 1) {
  if (text.starts_with(byte_order_mark)) after_ = byte_order_mark.size();
}

bool LineReader::next() {
  while (after_ < text_.size()) {
    offset_ = after_;
    const std::size_t end = std::min(text_.find('\n', offset_), text_.size());
    after_ = end + 1;
    ++number_;
    line_ = trimmed(text_.substr(offset_, end - offset_));
    if (!line_.empty()) return true;
  }
  return false;
}

}  // namespace tempera::instances
