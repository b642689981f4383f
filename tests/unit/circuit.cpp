// Gates, fusion, OpenQASM and measurement against matrices applied entry by entry.
#include "solvers/quantum/circuit.hpp"

#include <gtest/gtest.h>

#include <random>

#include "solvers/core/error.hpp"
#include "solvers/quantum/openqasm.hpp"
#include "solvers/quantum/register.hpp"
#include "tests/support/memory_ranks.hpp"
#include "tests/support/quantum_reference.hpp"

namespace {
using namespace tempera;
using namespace tempera::quantum;
using tests::Complex;
using tests::DenseState;

// state' = U state with U written out: row and column of the gate from the bits of the indices.
DenseState applied(const DenseState& state, const Gate& gate) {
  DenseState next(state.size());
  const std::size_t size = std::size_t{1} << gate.qubits.size();
  for (std::size_t i = 0; i < state.size(); ++i) {
    bool acts = true;
    for (const int c : gate.controls) acts = acts && (i >> c & 1);
    if (!acts) {
      next[i] = state[i];
      continue;
    }
    std::size_t row = 0;
    for (std::size_t j = 0; j < gate.qubits.size(); ++j) row |= (i >> gate.qubits[j] & 1) << j;
    for (std::size_t column = 0; column < size; ++column) {
      std::size_t k = i;
      for (std::size_t j = 0; j < gate.qubits.size(); ++j) k = (k & ~(std::size_t{1} << gate.qubits[j])) | (column >> j & 1) << gate.qubits[j];
      next[i] += gate.matrix[row * size + column] * state[k];
    }
  }
  return next;
}

DenseState zero_state(int qubits) {
  DenseState state(std::size_t{1} << qubits);
  state[0] = 1;
  return state;
}

// Gates of every kind on random places.
std::vector<Gate> random_gates(int qubits, int count, unsigned seed) {
  std::mt19937 random(seed);
  const auto angle = [&] { return static_cast<double>(random()) * 0x1p-30; };
  std::vector<Gate> gates;
  for (int k = 0; k < count; ++k) {
    std::vector<int> order(static_cast<std::size_t>(qubits));
    for (std::size_t q = 0; q < order.size(); ++q) order[q] = static_cast<int>(q);
    std::shuffle(order.begin(), order.end(), random);
    const Matrix ones[] = {matrices::h(), matrices::x(), matrices::y(), matrices::rz(angle()), matrices::u(angle(), angle(), angle()), matrices::ry(angle()), matrices::phase(angle())};
    const Matrix twos[] = {matrices::swap(), matrices::rxx(angle()), matrices::rzz(angle()), matrices::xy(angle())};
    const bool two = qubits > 1 && random() % 3 == 0;
    const std::size_t targets = two ? 2 : 1;
    const std::size_t controls = std::min<std::size_t>(random() % 3, static_cast<std::size_t>(qubits) - targets);
    const auto first = order.begin() + static_cast<std::ptrdiff_t>(targets);
    gates.push_back({.qubits = {order.begin(), first}, .matrix = two ? twos[random() % 4] : ones[random() % 7], .controls = {first, first + static_cast<std::ptrdiff_t>(controls)}});
  }
  return gates;
}

template <class Real>
double largest_error(core::RankGroup& ranks, int qubits, int fuse_to, InstructionSet set, unsigned seed) {
  const std::vector<Gate> gates = random_gates(qubits, 40, seed);
  Register<Real> state(qubits, ranks, 2, set);
  state.run({.qubits = qubits, .gates = gates}, fuse_to);
  DenseState expected = zero_state(qubits);
  for (const Gate& gate : gates) expected = applied(expected, gate);
  double worst = std::abs(state.norm() - 1);
  for (const bool restored : {false, true}) {
    if (restored) state.restore_order();
    for (std::uint64_t i = 0; i < (std::uint64_t{1} << state.local_qubits()); ++i) {
      worst = std::max(worst, std::abs(state.amplitude(i) - expected[state.index_of(i)]));
      if (restored && state.index_of(i) != (static_cast<std::uint64_t>(ranks.rank()) << state.local_qubits() | i)) worst = 1;
    }
  }
  return worst;
}

TEST(Circuit, EqualsTheMatricesAtEverySizeAndInstructionSet) {
  core::SingleRank alone;
  for (const auto set : {InstructionSet::portable, InstructionSet::avx2, InstructionSet::avx512}) {
    if (!runs_here(set)) continue;
    for (int n = 1; n <= 8; ++n)
      for (const int fuse_to : {1, 3}) {
        EXPECT_LT(largest_error<double>(alone, n, fuse_to, set, static_cast<unsigned>(n)), 1e-12) << n << " qubits, " << name_of(set);
        EXPECT_LT(largest_error<float>(alone, n, fuse_to, set, static_cast<unsigned>(n)), 1e-5) << n << " qubits, " << name_of(set);
      }
  }
}

TEST(Circuit, EqualsTheMatricesOnRanks) {
  for (const auto& [ranks, qubits] : {std::pair{2, 9}, {4, 10}})
    for (unsigned seed = 1; seed <= 3; ++seed)
      tests::on_ranks(ranks, [&, q = qubits](core::RankGroup& group) { EXPECT_LT(largest_error<double>(group, q, 3, best_instruction_set(), seed), 1e-12); });
}

TEST(Circuit, FusionKeepsTheCircuitAndShortensIt) {
  const std::vector<Gate> gates = random_gates(5, 60, 9);
  DenseState one = zero_state(5), other = zero_state(5);
  for (const Gate& gate : gates) one = applied(one, gate);
  const std::vector<Gate> fused = fuse(gates, 3);
  for (const Gate& gate : fused) other = applied(other, gate);
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_LT(std::abs(one[i] - other[i]), 1e-12);
  EXPECT_LT(fused.size(), gates.size() * 2 / 3);
}

TEST(Circuit, ExpectsProductsOfZ) {
  for (const int ranks : {1, 2})
    tests::on_ranks(ranks, [](core::RankGroup& group) {
      const std::vector<Gate> gates = random_gates(8, 30, 4);
      Register<double> state(8, group, 1);
      state.run({.qubits = 8, .gates = gates});
      DenseState expected = zero_state(8);
      for (const Gate& gate : gates) expected = applied(expected, gate);
      for (const std::vector<int>& string : {std::vector<int>{}, {0}, {7}, {1, 5, 7}, {2, 2}}) {
        double sum = 0;
        for (std::size_t i = 0; i < expected.size(); ++i) {
          double sign = 1;
          for (const int q : string) sign *= i >> q & 1 ? -1 : 1;
          sum += sign * std::norm(expected[i]);
        }
        EXPECT_NEAR(state.expectation_z(string), sum, 1e-12);
      }
    });
}

TEST(Circuit, MeasuresOneSideOfACatAndKeepsTheOther) {
  int ones = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed)
    tests::on_ranks(2, [&](core::RankGroup& group) {
      Register<double> cat(8, group, 1);
      cat.apply({.qubits = {0}, .matrix = matrices::h()});
      for (int q = 1; q < 8; ++q) cat.apply({.qubits = {q}, .matrix = matrices::x(), .controls = {q - 1}});
      core::RandomStream random({.seed = seed, .domain = core::sample_state});
      const int outcome = cat.measure(7, random);
      EXPECT_NEAR(cat.norm(), 1, 1e-12);
      const int first[] = {0};
      EXPECT_NEAR(cat.expectation_z(first), outcome ? -1 : 1, 1e-12);
      if (group.rank() == 0) ones += outcome;
    });
  EXPECT_NEAR(ones, 100, 35);
}

TEST(Circuit, DrawsTheSameOnAnyRanks) {
  std::vector<std::uint64_t> alone;
  for (const int ranks : {1, 2, 4})
    tests::on_ranks(ranks, [&](core::RankGroup& group) {
      Register<double> state(10, group, 1);
      state.run({.qubits = 10, .gates = random_gates(10, 40, 3)});
      const auto drawn = state.draw(500, 8);
      if (ranks == 1) alone = drawn;
      EXPECT_EQ(drawn, alone);
    });
}

// ---- OpenQASM --------------------------------------------------------------------------------------------------------------------------

const std::string head = "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n";

TEST(OpenQasm, RunsTheFourierTransform) {
  std::string text = head + "qreg q[4]; // the transform of |5>\nx q[0]; x q[2];\n";
  for (int q = 3; q >= 0; --q) {
    text += "h q[" + std::to_string(q) + "];\n";
    for (int c = q - 1; c >= 0; --c) text += "cp(pi/2^" + std::to_string(q - c) + ") q[" + std::to_string(c) + "], q[" + std::to_string(q) + "];\n";
  }
  text += "swap q[0],q[3]; swap q[1],q[2];";
  core::SingleRank alone;
  Register<double> state(4, alone, 1);
  state.run(parse_openqasm(text, "qft.qasm"));
  for (std::size_t k = 0; k < 16; ++k) EXPECT_LT(std::abs(state.amplitude(k) - std::polar(.25, 2 * std::numbers::pi * 5 * static_cast<double>(k) / 16)), 1e-12) << k;
}

TEST(OpenQasm, ReadsRegistersBroadcastsAndMeasurements) {
  const Circuit circuit = parse_openqasm(head + "qreg a[2]; qreg b[2]; creg c[4];\nh a; cx a, b; barrier a, b[0];\nu3(pi/2, -pi, 2*sin(0.5)) b[1];\nmeasure a[1] -> c[3];", "x");
  EXPECT_EQ(circuit.qubits, 4);
  EXPECT_EQ(circuit.bits, 4);
  ASSERT_EQ(circuit.gates.size(), 5u);
  EXPECT_EQ(circuit.gates[3].controls, std::vector<int>{1});
  EXPECT_EQ(circuit.gates[3].qubits, std::vector<int>{3});
  ASSERT_EQ(circuit.measurements.size(), 1u);
  EXPECT_EQ(circuit.measurements[0].qubit, 1);
  EXPECT_EQ(circuit.measurements[0].bit, 3);
}

TEST(OpenQasm, PlaysGatesThatTheProgramDefines) {
  const Circuit own = parse_openqasm(head +
      "gate turn(a, b) x0, y { rz(a/2) x0; cx x0, y; barrier x0, y; ry(-b^2) y; }\ngate both(t) u, v { turn(2*t, t+pi) v, u; h u; }\ngate none a { }\n"
      "qreg q[3]; qreg r[3];\nboth(0.3) q, r; none q[0]; turn(1, 2) q[0], q[2];", "x");
  const Circuit plain = parse_openqasm(head +
      "qreg q[3]; qreg r[3];\nrz(0.3) r[0]; cx r[0], q[0]; ry(-(0.3+pi)^2) q[0]; h q[0];\nrz(0.3) r[1]; cx r[1], q[1]; ry(-(0.3+pi)^2) q[1]; h q[1];\n"
      "rz(0.3) r[2]; cx r[2], q[2]; ry(-(0.3+pi)^2) q[2]; h q[2];\nrz(0.5) q[0]; cx q[0], q[2]; ry(-4) q[2];", "x");
  ASSERT_EQ(own.gates.size(), plain.gates.size());
  for (std::size_t k = 0; k < own.gates.size(); ++k) {
    EXPECT_EQ(own.gates[k].qubits, plain.gates[k].qubits) << k;
    EXPECT_EQ(own.gates[k].controls, plain.gates[k].controls) << k;
    for (std::size_t e = 0; e < own.gates[k].matrix.size(); ++e) EXPECT_LT(std::abs(own.gates[k].matrix[e] - plain.gates[k].matrix[e]), 1e-12) << k;
  }
}

TEST(OpenQasm, RefusesWithLineAndToken) {
  const std::pair<std::string, std::string> cases[] = {
      {"qreg q[2];", "f.qasm:1: 'qreg' stands where 'OPENQASM' is expected."},
      {"OPENQASM 3.0;", "f.qasm:1: '3.0' is not a version that is read here."},
      {head + "qreg q[2];\nhh q[0];", "f.qasm:4: 'hh' is not a gate of qelib1.inc that is read here."},
      {head + "qreg q[2];\n\nh q[2];", "f.qasm:5: '2' is outside register q, which has 2 places from 0."},
      {head + "qreg q[2];\ncx q[0];", "f.qasm:4: 'cx' takes 2 qubits, but 1 are given."},
      {head + "qreg q[2];\nrx q[0];", "f.qasm:4: 'rx' takes 1 angles, but 0 are given."},
      {head + "qreg q[2];\ncx q[1], q[1];", "f.qasm:4: 'cx' names the same qubit twice."},
      {head + "qreg q[2];\nrx(1/0) q[0];", "f.qasm:4: '/' divides by zero."},
      {head + "qreg q[2];\nrx(foo) q[0];", "f.qasm:4: 'foo' stands where a number is expected"},
      {head + "qreg q[2];\nh r;", "f.qasm:4: 'r' is not declared as a quantum register."},
      {head + "qreg q[2];\nqreg q[1];", "f.qasm:4: 'q' is declared twice."},
      {head + "qreg q[99];", "f.qasm:3: '99' is no size that fits: give 1 to 62."},
      {head + "opaque g a;", "f.qasm:3: 'opaque' is not read here."},
      {head + "qreg q[1];\nreset q[0];", "f.qasm:4: 'reset' is not read here."},
      {head + "qreg q[1]; creg c[1];\nif(c==1) x q[0];", "f.qasm:4: 'if' is not read here."},
      {head + "gate g a {\n g a; }", "f.qasm:4: 'g' is not a gate of qelib1.inc that is read here."},
      {head + "gate g a { x b; }\nqreg q[1];\ng q[0];", "f.qasm:3: 'b' is no qubit of this gate."},
      {head + "gate g a, a { x a; }", "f.qasm:3: 'a' is named twice."},
      {head + "gate g a { x a }", "f.qasm:3: '}' stands where ';' is expected."},
      {head + "gate g a { x a;", "f.qasm:3: 'end of file' stands where a gate or '}' is expected."},
      {head + "gate g(t) a { rx(t) a; }\nqreg q[1];\ng q[0];", "f.qasm:5: 'g' takes 1 angles, but 0 are given."},
      {head + "gate g(t) a { rx(t) a; }\nqreg q[2];\ng(1) q[0], q[1];", "f.qasm:5: 'g' takes 1 qubits, but 2 are given."},
      {head + "gate g a, b { cx b, b; }\nqreg q[2];\ng q[0], q[1];", "f.qasm:3: 'cx' names the same qubit twice."},
      {head + "qreg q[1]; creg c[1];\nmeasure q -> c;\nx q[0];", "f.qasm:5: 'x' acts on a qubit that is measured before."},
      {head + "qreg q[2]; creg c[1];\nmeasure q -> c;", "f.qasm:4: 'q' has 2 qubits, but they are measured into 1 bits."},
      {head + "qreg q[2]\nh q;", "f.qasm:4: 'h' stands where ';' is expected."},
      {head, "f.qasm:3: 'end of file' comes before any qreg."},
      {head + "include \"other.inc\";", "f.qasm:3: '\"other.inc\"' cannot be included"},
      {head + "qreg q[1];\nx q[0", "f.qasm:4: 'end of file' stands where ']' is expected."},
  };
  for (const auto& [text, message] : cases) {
    try {
      parse_openqasm(text, "f.qasm");
      ADD_FAILURE() << text << " was read";
    } catch (const core::UserError& error) {
      EXPECT_TRUE(std::string(error.what()).starts_with(message)) << error.what() << "\nwanted: " << message;
    }
  }
}

}  // namespace
