#include "solvers/quantum/openqasm_tokens.hpp"

#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <cmath>
#include <numbers>

#include "solvers/core/error.hpp"

namespace tempera::quantum {

namespace {
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// Digits, point, exponent.
std::size_t number_end(std::string_view text, std::size_t at) {
  while (at < text.size() && (is_digit(text[at]) || text[at] == '.')) ++at;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t exponent = at + 1;
    if (exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-')) ++exponent;
    if (exponent < text.size() && is_digit(text[exponent])) {
      at = exponent;
      while (at < text.size() && is_digit(text[at])) ++at;
    }
  }
  return at;
}
}  // namespace

std::vector<Token> openqasm_tokens(std::string_view text, const std::string& name) {
  std::vector<Token> tokens;
  int line = 1;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    std::size_t end = at + 1;
    Token::Kind kind = Token::Kind::sign;
    if (c == '\n') ++line;
    if (std::isspace(static_cast<unsigned char>(c))) {
      ++at;
      continue;
    }
    if (text.substr(at).starts_with("//")) {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    if (is_digit(c) || (c == '.' && end < text.size() && is_digit(text[end]))) {
      kind = Token::Kind::number;
      end = number_end(text, at);
    } else if (is_word(c)) {
      kind = Token::Kind::word;
      while (end < text.size() && is_word(text[end])) ++end;
    } else if (c == '"') {
      kind = Token::Kind::text;
      end = text.find('"', at + 1);
      if (end == std::string_view::npos || text.substr(at, end - at).find('\n') != std::string_view::npos)
        throw core::UserError(fmt::format("{}:{}: a text opened with \" is not closed on its line.", name, line));
      ++end;
    } else if (text.substr(at).starts_with("->") || text.substr(at).starts_with("==")) {
      end = at + 2;
    }
    tokens.push_back({kind, std::string(text.substr(at, end - at)), line});
    at = end;
  }
  tokens.push_back({Token::Kind::end, "end of file", line});
  return tokens;
}

void TokenReader::refuse(const Token& token, const std::string& reason) const {
  throw core::UserError(fmt::format("{}:{}: '{}' {}", name_, token.line, token.text, reason));
}

bool TokenReader::take(std::string_view text) {
  if (peek().kind == Token::Kind::end || peek().text != text) return false;
  next();
  return true;
}

void TokenReader::expect(std::string_view text) {
  if (!take(text)) refuse(peek(), fmt::format("stands where '{}' is expected.", text));
}

Token TokenReader::expect_word(const char* what) {
  if (peek().kind != Token::Kind::word) refuse(peek(), fmt::format("stands where {} is expected.", what));
  return next();
}

int TokenReader::expect_index(const char* what) {
  const Token token = peek();
  int value = -1;
  const auto [end, error] = std::from_chars(token.text.data(), token.text.data() + token.text.size(), value);
  if (token.kind != Token::Kind::number || error != std::errc() || end != token.text.data() + token.text.size() || value < 0)
    refuse(token, fmt::format("stands where {} is expected: a whole number from 0.", what));
  next();
  return value;
}

double TokenReader::expression() {
  double value = product();
  while (peek().text == "+" || peek().text == "-") value = next().text == "+" ? value + product() : value - product();
  return value;
}

double TokenReader::product() {
  double value = power();
  while (peek().text == "*" || peek().text == "/") {
    const Token sign = next();
    const double by = power();
    if (sign.text == "/" && by == 0) refuse(sign, "divides by zero.");
    value = sign.text == "*" ? value * by : value / by;
  }
  return value;
}

double TokenReader::power() {
  if (take("-")) return -power();
  if (take("+")) return power();
  const double value = factor();
  return take("^") ? std::pow(value, power()) : value;
}

double TokenReader::factor() {
  const Token token = next();
  if (++depth_ > 200) refuse(token, "is nested too deep.");
  double value = 0;
  if (token.text == "(") {
    value = expression();
    expect(")");
  } else if (token.kind == Token::Kind::number) {
    const auto [end, error] = std::from_chars(token.text.data(), token.text.data() + token.text.size(), value);
    if (error != std::errc() || end != token.text.data() + token.text.size()) refuse(token, "is not a number.");
  } else if (const auto named = values.find(token.text); named != values.end()) {
    value = named->second;
  } else if (token.text == "pi") {
    value = std::numbers::pi;
  } else {
    static constexpr struct { std::string_view name; double (*function)(double); } functions[] = {
        {"sin", [](double x) { return std::sin(x); }}, {"cos", [](double x) { return std::cos(x); }}, {"tan", [](double x) { return std::tan(x); }},
        {"exp", [](double x) { return std::exp(x); }}, {"ln", [](double x) { return std::log(x); }},  {"sqrt", [](double x) { return std::sqrt(x); }}};
    bool known = false;
    for (const auto& [function, evaluate] : functions) {
      if (token.text != function) continue;
      known = true;
      expect("(");
      value = evaluate(expression());
      expect(")");
    }
    if (!known) refuse(token, "stands where a number is expected: a number, pi, or one of sin cos tan exp ln sqrt.");
  }
  --depth_;
  if (!std::isfinite(value)) refuse(token, "makes a value that is not finite.");
  return value;
}

}  // namespace tempera::quantum
