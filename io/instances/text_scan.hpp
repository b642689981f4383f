// Lines, words and numbers of a text in memory, and errors that say where.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "solvers/core/text_file.hpp"

namespace tempera::instances {

/// Throws UserError "<source>:<line>: <message>".
[[noreturn]] void fail_at(std::string_view source, int line, std::string_view message);

/// A word of the file for a message: in quotes, control bytes and non-ASCII as \xNN, cut after 40 characters.
std::string shown(std::string_view word);

using core::trimmed;

/// Takes the first word (no blanks, tabs or line ends) off `rest`; empty when none is left.
std::string_view next_word(std::string_view& rest);

/// A whole word as a number: sign, decimals, exponent, also nan and inf; 1e999 is infinity. Nothing when it is no number.
std::optional<double> to_number(std::string_view word);

/// A number that is whole (also written 12.0 or 1e2) and below 2^53 in size.
std::optional<std::int64_t> to_whole(std::string_view word);

/// Lines of a text one after another, without CR, surrounding blanks and a leading byte-order mark.
class LineReader {
 public:
  explicit LineReader(std::string_view text, int first_line = 1);

  /// Goes to the next line that is not blank; false at the end.
  bool next();
  std::string_view line() const { return line_; }
  int number() const { return number_; }
  /// Offset of the first byte of the current line in the text.
  std::size_t offset() const { return offset_; }

 private:
  std::string_view text_;
  std::string_view line_;
  std::size_t offset_ = 0;
  std::size_t after_ = 0;  ///< where the next line starts
  int number_;
};

}  // namespace tempera::instances
