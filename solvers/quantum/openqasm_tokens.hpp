// Words, numbers and signs of an OpenQASM program, and expressions over them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tempera::quantum {

struct Token {
  enum class Kind { word, number, text, sign, end } kind = Kind::end;
  std::string text;
  int line = 1;
};

/// Comments and white space are left out; the last token is an end.
std::vector<Token> openqasm_tokens(std::string_view text, const std::string& name);

/// Walks tokens; every refusal is a UserError "NAME:LINE: 'TOKEN' ...".
class TokenReader {
 public:
  TokenReader(std::vector<Token> tokens, std::string name) : tokens_(std::move(tokens)), name_(std::move(name)) {}

  const Token& peek() const { return tokens_[at_]; }
  Token next() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  /// Takes the token when it is this sign or word.
  bool take(std::string_view text);
  /// @throws UserError when the next token is another
  void expect(std::string_view text);
  Token expect_word(const char* what);
  int expect_index(const char* what);
  /// + - * / ^, parentheses, pi, numbers, sin cos tan exp ln sqrt, and the names in `values`.
  double expression();
  /// Where the next token stands, to come back to: the body of a gate is read once for each call.
  std::size_t position() const { return at_; }
  void go_to(std::size_t position) { at_ = position; }
  std::map<std::string, double, std::less<>> values;  ///< of the parameters of the gate whose body is read

  [[noreturn]] void refuse(const Token& token, const std::string& reason) const;

 private:
  double product();
  double power();
  double factor();

  std::vector<Token> tokens_;
  std::string name_;
  std::size_t at_ = 0;
  int depth_ = 0;   // of parentheses
};

}  // namespace tempera::quantum
