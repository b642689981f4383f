#include "solvers/quantum/openqasm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "solvers/core/nearest_name.hpp"
#include "solvers/quantum/openqasm_tokens.hpp"

namespace tempera::quantum {

namespace {
using std::numbers::pi;
using Angles = std::vector<double>;

// A gate of qelib1.inc: so many angles, controls and targets; the matrix acts on the targets.
struct Known {
  int angles = 0;
  int controls = 0;
  int targets = 1;
  std::function<Matrix(const Angles&)> matrix;
};

Matrix cu_matrix(const Angles& a) {
  Matrix m = matrices::u(a[0], a[1], a[2]);
  for (auto& entry : m) entry *= std::polar(1.0, a[3]);
  return m;
}

const std::map<std::string, Known, std::less<>>& known_gates() {
  using namespace matrices;
  static const std::map<std::string, Known, std::less<>> gates = [] {
    std::map<std::string, Known, std::less<>> g;
    const auto plain = [&](const char* name, const Matrix& m, int controls = 0, int targets = 1) { g[name] = {0, controls, targets, [m](const Angles&) { return m; }}; };
    const auto turned = [&](const char* name, Matrix (*m)(double), int controls = 0, int targets = 1) { g[name] = {1, controls, targets, [m](const Angles& a) { return m(a[0]); }}; };
    plain("id", identity(1)), plain("x", x()), plain("y", y()), plain("z", z()), plain("h", h());
    plain("s", phase(pi / 2)), plain("sdg", phase(-pi / 2)), plain("t", phase(pi / 4)), plain("tdg", phase(-pi / 4));
    plain("sx", sx()), plain("sxdg", adjoint(sx()));
    plain("cx", x(), 1), plain("CX", x(), 1), plain("cy", y(), 1), plain("cz", z(), 1), plain("ch", h(), 1), plain("csx", sx(), 1);
    plain("ccx", x(), 2), plain("c3x", x(), 3), plain("c4x", x(), 4), plain("swap", swap(), 0, 2), plain("cswap", swap(), 1, 2);
    turned("rx", rx), turned("ry", ry), turned("rz", rz), turned("p", phase), turned("u1", phase);
    turned("crx", rx, 1), turned("cry", ry, 1), turned("crz", rz, 1), turned("cp", phase, 1), turned("cu1", phase, 1);
    turned("rxx", rxx, 0, 2), turned("rzz", rzz, 0, 2);
    g["u2"] = {2, 0, 1, [](const Angles& a) { return u(pi / 2, a[0], a[1]); }};
    for (const char* name : {"u3", "u", "U"}) g[name] = {3, 0, 1, [](const Angles& a) { return u(a[0], a[1], a[2]); }};
    g["cu3"] = {3, 1, 1, [](const Angles& a) { return u(a[0], a[1], a[2]); }};
    g["cu"] = {4, 1, 1, cu_matrix};
    return g;
  }();
  return gates;
}

// A gate of the program itself: its body is read again for each call.
struct Defined {
  std::vector<std::string> angles, qubits;
  std::size_t body = 0;
};

constexpr std::size_t most_gates = 10'000'000;

struct Span {  // a whole register, or one of its places
  int first = 0;
  int count = 1;
  bool whole = false;
};

class Parser {
 public:
  Parser(std::string_view text, const std::string& name) : in_(openqasm_tokens(text, name), name) {}

  Circuit parse() {
    in_.expect("OPENQASM");
    const Token version = in_.next();
    if (version.text != "2.0" && version.text != "2") in_.refuse(version, "is not a version that is read here. Give an OpenQASM 2.0 program.");
    in_.expect(";");
    while (in_.peek().kind != Token::Kind::end) statement();
    if (circuit_.qubits == 0) in_.refuse(in_.peek(), "comes before any qreg. Declare qubits: qreg q[3];");
    return std::move(circuit_);
  }

 private:
  void statement() {
    const Token first = in_.peek();
    if (in_.take(";")) return;
    if (first.kind != Token::Kind::word) in_.refuse(first, "stands where a statement is expected.");
    if (in_.take("include")) return include();
    if (in_.take("qreg")) return declare(qubits_, circuit_.qubits, 62);
    if (in_.take("creg")) return declare(bits_, circuit_.bits, 100000);
    if (in_.take("barrier")) return barrier();
    if (in_.take("measure")) return measure();
    if (in_.take("gate")) return define();
    for (const char* word : {"opaque", "if", "reset"})
      if (first.text == word) in_.refuse(first, "is not read here. Write the circuit with gates alone and measure at its end.");
    gate();
  }

  void include() {
    const Token file = in_.next();
    if (file.text != "\"qelib1.inc\"") in_.refuse(file, "cannot be included; only \"qelib1.inc\" is known.");
    in_.expect(";");
  }

  void declare(std::map<std::string, Span, std::less<>>& registers, int& total, int most) {
    const Token name = in_.expect_word("the name of a register");
    if (qubits_.contains(name.text) || bits_.contains(name.text)) in_.refuse(name, "is declared twice.");
    in_.expect("[");
    const Token shown = in_.peek();
    const int size = in_.expect_index("the size of a register");
    if (size == 0 || size > most - total) in_.refuse(shown, fmt::format("is no size that fits: give 1 to {}.", most - total));
    in_.expect("]");
    in_.expect(";");
    registers[name.text] = {total, size, true};
    total += size;
  }

  Span argument(const std::map<std::string, Span, std::less<>>& registers, const char* what) {
    const Token name = in_.expect_word(what);
    const auto found = registers.find(name.text);
    if (found == registers.end()) in_.refuse(name, fmt::format("is not declared as {}.", what));
    if (!in_.take("[")) return found->second;
    const Token shown = in_.peek();
    const int index = in_.expect_index("an index");
    if (index >= found->second.count) in_.refuse(shown, fmt::format("is outside register {}, which has {} places from 0.", name.text, found->second.count));
    in_.expect("]");
    return {found->second.first + index, 1, false};
  }

  void barrier() {
    do argument(qubits_, "a quantum register");
    while (in_.take(","));
    in_.expect(";");
  }

  void measure() {
    const Token shown = in_.peek();
    const Span qubits = argument(qubits_, "a quantum register");
    in_.expect("->");
    const Span bits = argument(bits_, "a classical register");
    if (qubits.count != bits.count) in_.refuse(shown, fmt::format("has {} qubits, but they are measured into {} bits.", qubits.count, bits.count));
    in_.expect(";");
    for (int k = 0; k < qubits.count; ++k) {
      std::erase_if(circuit_.measurements, [&](const Measurement& m) { return m.bit == bits.first + k; });
      circuit_.measurements.push_back({qubits.first + k, bits.first + k});
    }
  }

  std::vector<std::string> names_until(std::string_view end, const char* what) {
    std::vector<std::string> names;
    do {
      const Token name = in_.expect_word(what);
      if (std::ranges::find(names, name.text) != names.end()) in_.refuse(name, "is named twice.");
      names.push_back(name.text);
    } while (in_.take(","));
    in_.expect(end);
    return names;
  }

  // gate NAME(angles) qubits { statements }. The gates of the body must be known by now, so that no gate calls itself.
  void define() {
    const Token name = in_.expect_word("the name of a gate");
    if (defined_.contains(name.text)) in_.refuse(name, "is defined twice.");
    Defined gate;
    if (in_.take("(") && !in_.take(")")) gate.angles = names_until(")", "the name of an angle");
    gate.qubits = names_until("{", "the name of a qubit");
    gate.body = in_.position();
    for (Token token = in_.next(); token.text != "}"; token = in_.next()) {
      if (token.text == ";") continue;
      if (token.kind != Token::Kind::word) in_.refuse(token, "stands where a gate or '}' is expected.");
      if (token.text != "barrier" && !defined_.contains(token.text)) known(token);
      while (!in_.take(";"))
        if (const Token skipped = in_.next(); skipped.kind == Token::Kind::end || skipped.text == "}") in_.refuse(skipped, "stands where ';' is expected.");
    }
    defined_[name.text] = std::move(gate);
  }

  // The body of a gate on these qubits.
  void play(const Defined& gate, const Angles& angles, const std::vector<int>& qubits) {
    const std::size_t back = in_.position();
    const auto outer = in_.values;
    in_.values.clear();
    for (std::size_t k = 0; k < angles.size(); ++k) in_.values[gate.angles[k]] = angles[k];
    in_.go_to(gate.body);
    while (!in_.take("}")) {
      if (in_.take(";")) continue;
      const Token name = in_.next();
      const Angles own = angle_list(name);
      std::vector<int> places;
      do {
        const Token qubit = in_.expect_word("a qubit of the gate");
        const auto found = std::ranges::find(gate.qubits, qubit.text);
        if (found == gate.qubits.end()) in_.refuse(qubit, "is no qubit of this gate.");
        places.push_back(qubits[static_cast<std::size_t>(found - gate.qubits.begin())]);
      } while (in_.take(","));
      in_.expect(";");
      if (name.text == "barrier") continue;
      check_qubits(name, places.size());
      apply(name, own, places);
    }
    in_.values = outer;
    in_.go_to(back);
  }

  const Known& known(const Token& name) {
    const auto found = known_gates().find(name.text);
    if (found != known_gates().end()) return found->second;
    std::vector<std::string_view> names;
    for (const auto& [gate, unused] : known_gates()) names.push_back(gate);
    for (const auto& [gate, unused] : defined_) names.push_back(gate);
    const auto nearest = core::nearest_name(name.text, names);
    in_.refuse(name, fmt::format("is not a gate of qelib1.inc that is read here.{}", nearest ? fmt::format(" Did you mean {}?", *nearest) : ""));
  }

  // Angles in parentheses, as many as the gate takes; a barrier takes none.
  Angles angle_list(const Token& name) {
    Angles angles;
    if (in_.take("(") && !in_.take(")")) {
      do angles.push_back(in_.expression());
      while (in_.take(","));
      in_.expect(")");
    }
    const auto found = defined_.find(name.text);
    const auto wanted = found != defined_.end() ? found->second.angles.size() : name.text == "barrier" ? 0 : static_cast<std::size_t>(known(name).angles);
    if (angles.size() != wanted) in_.refuse(name, fmt::format("takes {} angles, but {} are given.", wanted, angles.size()));
    return angles;
  }

  void check_qubits(const Token& name, std::size_t given) {
    const auto found = defined_.find(name.text);
    const auto wanted = found != defined_.end() ? found->second.qubits.size() : static_cast<std::size_t>(known(name).controls + known(name).targets);
    if (given != wanted) in_.refuse(name, fmt::format("takes {} qubits, but {} are given.", wanted, given));
  }

  void gate() {
    const Token name = in_.next();
    if (!defined_.contains(name.text)) known(name);
    const Angles angles = angle_list(name);
    std::vector<Span> arguments;
    do arguments.push_back(argument(qubits_, "a quantum register"));
    while (in_.take(","));
    in_.expect(";");
    check_qubits(name, arguments.size());
    int times = 1;  // whole registers: once for each of their places
    for (const Span& a : arguments)
      if (a.whole) times = a.count;
    for (const Span& a : arguments)
      if (a.whole && a.count != times) in_.refuse(name, "is applied to registers of different sizes.");
    for (int k = 0; k < times; ++k) {
      std::vector<int> qubits;
      for (const Span& a : arguments) qubits.push_back(a.first + (a.whole ? k : 0));
      apply(name, angles, qubits);
    }
  }

  void apply(const Token& name, const Angles& angles, const std::vector<int>& qubits) {
    for (std::size_t k = 0; k < qubits.size(); ++k) {
      if (std::find(qubits.begin(), qubits.begin() + static_cast<std::ptrdiff_t>(k), qubits[k]) != qubits.begin() + static_cast<std::ptrdiff_t>(k))
        in_.refuse(name, "names the same qubit twice.");
      if (std::ranges::any_of(circuit_.measurements, [&](const Measurement& m) { return m.qubit == qubits[k]; }))
        in_.refuse(name, "acts on a qubit that is measured before. Measure at the end of the circuit.");
    }
    if (const auto own = defined_.find(name.text); own != defined_.end()) return play(own->second, angles, qubits);
    const Known& gate = known(name);
    if (circuit_.gates.size() == most_gates) in_.refuse(name, fmt::format("is gate number {} of the circuit; no more are read.", most_gates + 1));
    const auto border = qubits.begin() + gate.controls;
    circuit_.gates.push_back({.qubits = {border, qubits.end()}, .matrix = gate.matrix(angles), .controls = {qubits.begin(), border}});
  }

  TokenReader in_;
  std::map<std::string, Span, std::less<>> qubits_, bits_;
  std::map<std::string, Defined, std::less<>> defined_;
  Circuit circuit_;
};
}  // namespace

Circuit parse_openqasm(std::string_view text, const std::string& name) { return Parser(text, name).parse(); }

}  // namespace tempera::quantum
