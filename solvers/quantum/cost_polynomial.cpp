#include "solvers/quantum/cost_polynomial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "solvers/core/error.hpp"

namespace tempera::quantum {

double CostPolynomial::value(std::uint64_t index) const {
  double sum = offset;
  for (std::size_t i = 0; i < linear.size(); ++i)
    if (index >> i & 1) sum += linear[i];
  for (const Coupling& c : couplings)
    if ((index >> c.i & 1) && (index >> c.j & 1)) sum += c.weight;
  return sum;
}

double CostPolynomial::step() const {
  std::vector<double> all = linear;
  for (const Coupling& c : couplings) all.push_back(c.weight);
  for (double scale = 1; scale <= 1024; scale *= 2) {
    double divisor = 0;
    bool whole = true;
    for (const double value : all) {
      const double scaled = std::abs(value) * scale;
      whole = whole && scaled == std::floor(scaled) && scaled < 0x1p52;
      for (double a = scaled; whole && a != 0; std::swap(a, divisor)) divisor = std::fmod(divisor, a);  // Euclid
    }
    if (whole) return divisor == 0 ? 1 : divisor / scale;
  }
  return 0;
}

CostPolynomial CostPolynomial::reordered(std::span<const int> order) const {
  std::vector<int> place(order.size());
  for (std::size_t q = 0; q < order.size(); ++q) place[static_cast<std::size_t>(order[q])] = static_cast<int>(q);
  CostPolynomial moved{.offset = offset, .linear = std::vector<double>(linear.size()), .couplings = couplings};
  for (std::size_t q = 0; q < order.size(); ++q) moved.linear[q] = linear[static_cast<std::size_t>(order[q])];
  for (Coupling& c : moved.couplings) {
    c.i = place[static_cast<std::size_t>(c.i)];
    c.j = place[static_cast<std::size_t>(c.j)];
    if (c.i > c.j) std::swap(c.i, c.j);
  }
  return moved;
}

CostPolynomial make_cost(int qubits, double offset, std::span<const double> linear, std::span<const Coupling> couplings) {
  if (qubits < 1 || qubits > 4096) throw core::UserError(fmt::format("A cost takes 1 to 4096 variables, not {}.", qubits));
  CostPolynomial cost{.offset = offset, .linear = std::vector<double>(linear.begin(), linear.end()), .couplings = {}};
  cost.linear.resize(static_cast<std::size_t>(qubits), 0);
  std::map<std::pair<int, int>, double> sums;
  for (const Coupling& c : couplings) {
    if (c.i < 0 || c.j < 0 || c.i >= qubits || c.j >= qubits) throw core::UserError(fmt::format("Coupling {}-{} is outside the {} qubits 0 to {}.", c.i, c.j, qubits, qubits - 1));
    if (c.i == c.j) throw core::UserError(fmt::format("Coupling {}-{} joins a qubit with itself. Add its weight {} to the linear coefficient.", c.i, c.j, c.weight));
    sums[std::pair(std::min(c.i, c.j), std::max(c.i, c.j))] += c.weight;
  }
  for (const auto& [pair, weight] : sums) cost.couplings.push_back({pair.first, pair.second, weight});
  double size = std::abs(offset);
  for (const double a : cost.linear) size += std::abs(a);
  for (const Coupling& c : cost.couplings) size += std::abs(c.weight);
  if (!std::isfinite(size)) throw core::UserError("A cost coefficient is not a finite number, or their sum overflows. Give finite coefficients.");
  return cost;
}

CostPolynomial max_cut(int vertices, std::span<const Coupling> edges) {
  std::vector<double> linear(static_cast<std::size_t>(std::max(vertices, 1)));
  std::vector<Coupling> couplings;
  for (const Coupling& e : edges) {  // w (x_i + x_j - 2 x_i x_j); bad indices are refused by make_cost
    if (e.i >= 0 && e.i < vertices) linear[static_cast<std::size_t>(e.i)] += e.weight;
    if (e.j >= 0 && e.j < vertices) linear[static_cast<std::size_t>(e.j)] += e.weight;
    couplings.push_back({e.i, e.j, -2 * e.weight});
  }
  return make_cost(vertices, 0, linear, couplings);
}

CostPolynomial from_ising(int qubits, double offset, std::span<const double> fields, std::span<const Coupling> couplings) {
  std::vector<double> linear(static_cast<std::size_t>(std::max(qubits, 1)));
  std::vector<Coupling> products;
  for (std::size_t i = 0; i < fields.size() && i < linear.size(); ++i) {
    offset += fields[i];
    linear[i] -= 2 * fields[i];
  }
  for (const Coupling& c : couplings) {  // (1 - 2 x_i)(1 - 2 x_j)
    offset += c.weight;
    if (c.i >= 0 && c.i < qubits) linear[static_cast<std::size_t>(c.i)] -= 2 * c.weight;
    if (c.j >= 0 && c.j < qubits) linear[static_cast<std::size_t>(c.j)] -= 2 * c.weight;
    products.push_back({c.i, c.j, 4 * c.weight});
  }
  return make_cost(qubits, offset, linear, products);
}

}  // namespace tempera::quantum
