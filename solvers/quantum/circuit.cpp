#include "solvers/quantum/circuit.hpp"

#include <algorithm>
#include <cmath>

namespace tempera::quantum {

namespace matrices {
namespace {
using C = std::complex<double>;
constexpr C i{0, 1};
}  // namespace

Matrix identity(int qubits) {
  const std::size_t size = std::size_t{1} << qubits;
  Matrix m(size * size);
  for (std::size_t k = 0; k < size; ++k) m[k * size + k] = 1;
  return m;
}
Matrix x() { return {0, 1, 1, 0}; }
Matrix y() { return {0, -i, i, 0}; }
Matrix z() { return {1, 0, 0, -1}; }
Matrix h() {
  const double r = std::numbers::sqrt2 / 2;
  return {r, r, r, -r};
}
Matrix sx() { return {C(.5, .5), C(.5, -.5), C(.5, -.5), C(.5, .5)}; }
Matrix swap() { return {1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1}; }
Matrix rx(double a) { return {std::cos(a / 2), -i * std::sin(a / 2), -i * std::sin(a / 2), std::cos(a / 2)}; }
Matrix ry(double a) { return {std::cos(a / 2), -std::sin(a / 2), std::sin(a / 2), std::cos(a / 2)}; }
Matrix rz(double a) { return {std::polar(1.0, -a / 2), 0, 0, std::polar(1.0, a / 2)}; }
Matrix phase(double a) { return {1, 0, 0, std::polar(1.0, a)}; }
Matrix u(double theta, double phi, double lambda) {
  const double c = std::cos(theta / 2), s = std::sin(theta / 2);
  return {c, -std::polar(1.0, lambda) * s, std::polar(1.0, phi) * s, std::polar(1.0, phi + lambda) * c};
}
Matrix rxx(double a) {
  const C c = std::cos(a / 2), s = -i * std::sin(a / 2);
  return {c, 0, 0, s, 0, c, s, 0, 0, s, c, 0, s, 0, 0, c};
}
Matrix rzz(double a) {
  const C same = std::polar(1.0, -a / 2), other = std::polar(1.0, a / 2);
  return {same, 0, 0, 0, 0, other, 0, 0, 0, 0, other, 0, 0, 0, 0, same};
}
Matrix xy(double a) {
  const C c = std::cos(a), s = -i * std::sin(a);
  return {1, 0, 0, 0, 0, c, s, 0, 0, s, c, 0, 0, 0, 0, 1};
}
Matrix adjoint(const Matrix& m) {
  Matrix turned(m.size());
  const auto size = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(m.size()))));
  for (std::size_t r = 0; r < size; ++r)
    for (std::size_t c = 0; c < size; ++c) turned[c * size + r] = std::conj(m[r * size + c]);
  return turned;
}
}  // namespace matrices

bool is_diagonal(const Matrix& matrix) {
  const auto size = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(matrix.size()))));
  for (std::size_t k = 0; k < matrix.size(); ++k)
    if (k / size != k % size && matrix[k] != 0.0) return false;
  return true;
}

namespace {
// The bits of `index` at the places that `inner` has in `outer`, as an index of `inner`.
std::size_t part_of(std::size_t index, const std::vector<std::size_t>& places) {
  std::size_t part = 0;
  for (std::size_t j = 0; j < places.size(); ++j) part |= (index >> places[j] & 1) << j;
  return part;
}

std::vector<std::size_t> places_in(const std::vector<int>& inner, const std::vector<int>& outer) {
  std::vector<std::size_t> places;
  for (const int q : inner) places.push_back(static_cast<std::size_t>(std::ranges::find(outer, q) - outer.begin()));
  return places;
}

// The gate as a matrix on `qubits`, which hold its targets and controls.
Matrix widened(const Gate& gate, const std::vector<int>& qubits) {
  const auto targets = places_in(gate.qubits, qubits), controls = places_in(gate.controls, qubits);
  const std::size_t size = std::size_t{1} << qubits.size(), inner = std::size_t{1} << gate.qubits.size();
  std::size_t target_mask = 0, control_mask = 0;
  for (const std::size_t p : targets) target_mask |= std::size_t{1} << p;
  for (const std::size_t p : controls) control_mask |= std::size_t{1} << p;
  Matrix wide(size * size);
  for (std::size_t r = 0; r < size; ++r)
    for (std::size_t c = 0; c < size; ++c) {
      if ((r & ~target_mask) != (c & ~target_mask)) continue;
      if ((r & control_mask) != control_mask) wide[r * size + c] = r == c ? 1 : 0;
      else wide[r * size + c] = gate.matrix[part_of(r, targets) * inner + part_of(c, targets)];
    }
  return wide;
}

Matrix product(const Matrix& a, const Matrix& b, std::size_t size) {
  Matrix m(a.size());
  for (std::size_t r = 0; r < size; ++r)
    for (std::size_t k = 0; k < size; ++k)
      for (std::size_t c = 0; c < size; ++c) m[r * size + c] += a[r * size + k] * b[k * size + c];
  return m;
}

std::vector<int> qubits_of(const Gate& gate) {
  std::vector<int> all = gate.qubits;
  all.insert(all.end(), gate.controls.begin(), gate.controls.end());
  return all;
}
}  // namespace

// Each gate joins the last group that shares a qubit with it, if together they are not too wide: the groups after that one do not
// touch its qubits, so the gate may pass them.
std::vector<Gate> fuse(const std::vector<Gate>& gates, int most_qubits) {
  std::vector<Gate> groups;
  for (const Gate& gate : gates) {
    const std::vector<int> own = qubits_of(gate);
    std::size_t last = groups.size();
    while (last > 0 && std::ranges::none_of(qubits_of(groups[last - 1]), [&](int q) { return std::ranges::find(own, q) != own.end(); })) --last;
    std::vector<int> joined = last > 0 ? qubits_of(groups[last - 1]) : std::vector<int>();
    for (const int q : own)
      if (std::ranges::find(joined, q) == joined.end()) joined.push_back(q);
    if (last > 0 && static_cast<int>(joined.size()) <= most_qubits) {
      Gate& group = groups[last - 1];
      group = {.qubits = joined, .matrix = product(widened(gate, joined), widened(group, joined), std::size_t{1} << joined.size())};
    } else if (static_cast<int>(own.size()) <= most_qubits) {
      groups.push_back({.qubits = own, .matrix = widened(gate, own)});
    } else {
      groups.push_back(gate);
    }
  }
  return groups;
}

}  // namespace tempera::quantum
