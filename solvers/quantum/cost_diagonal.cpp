#include "solvers/quantum/cost_diagonal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "solvers/core/error.hpp"

namespace tempera::quantum {

namespace {
constexpr int part_qubits = 12;  // two arrays of 32 KiB: L2

// Exact costs of part after part. With the bits above a part fixed, the cost inside it is a fixed table plus a linear function,
// and a linear function of k bits is written by doubling: two additions per index instead of a sum over all couplings.
class PartCosts {
 public:
  PartCosts(const CostPolynomial& cost, int local_qubits) : cost_(cost), qubits_(std::min(part_qubits, local_qubits)), inner_(size()) {
    std::vector<double> row(size());
    for (int i = 0; i < qubits_; ++i) {
      const std::size_t half = std::size_t{1} << i;
      const std::vector<double> weights = weights_of(i);
      row[0] = cost.linear[static_cast<std::size_t>(i)];
      for (int j = 0; j < i; ++j)
        for (std::size_t k = 0; k < (std::size_t{1} << j); ++k) row[(std::size_t{1} << j) + k] = row[k] + weights[static_cast<std::size_t>(j)];
      for (std::size_t k = 0; k < half; ++k) inner_[half + k] = inner_[k] + row[k];
    }
  }

  std::size_t size() const { return std::size_t{1} << qubits_; }
  int qubits() const { return qubits_; }

  /// Costs of indices first .. first + size() - 1; `first` is a multiple of size().
  void fill(std::uint64_t first, std::vector<double>& out) const {
    double base = cost_.offset;
    double field[part_qubits] = {};
    for (int q = qubits_; q < cost_.qubits(); ++q)
      if (first >> q & 1) base += cost_.linear[static_cast<std::size_t>(q)];
    for (const Coupling& c : cost_.couplings) {
      if (c.j < qubits_ || !(first >> c.j & 1)) continue;
      if (c.i < qubits_) field[c.i] += c.weight;
      else if (first >> c.i & 1) base += c.weight;
    }
    out[0] = base;
    for (int i = 0; i < qubits_; ++i)
      for (std::size_t k = 0; k < (std::size_t{1} << i); ++k) out[(std::size_t{1} << i) + k] = out[k] + field[i];
    for (std::size_t k = 0; k < size(); ++k) out[k] += inner_[k];
  }

 private:
  std::vector<double> weights_of(int i) const {
    std::vector<double> weights(part_qubits);
    for (const Coupling& c : cost_.couplings)
      if (c.j == i && c.i < qubits_) weights[static_cast<std::size_t>(c.i)] = c.weight;
    return weights;
  }

  const CostPolynomial& cost_;
  int qubits_;
  std::vector<double> inner_;  // cost of the bits inside a part alone
};

template <class Stored>
void encode(const std::vector<double>& costs, const CostScale& scale, Stored* out) {
  if constexpr (std::is_same_v<Stored, float>) {
    for (std::size_t k = 0; k < costs.size(); ++k) out[k] = static_cast<float>(costs[k] - scale.offset);
  } else {
    const double per_step = 1 / scale.step;
    for (std::size_t k = 0; k < costs.size(); ++k) out[k] = static_cast<Stored>((costs[k] - scale.offset) * per_step + 0.5);
  }
}
}  // namespace

std::string_view name_of(DiagonalKind kind) { return kind == DiagonalKind::levels8 ? "uint8" : kind == DiagonalKind::levels16 ? "uint16" : "float"; }

CostScale choose_scale(const CostPolynomial& cost, std::optional<DiagonalKind> wanted, core::RankGroup& ranks, int threads) {
  const PartCosts costs(cost, cost.qubits());
  const std::uint64_t parts = std::uint64_t{1} << (cost.qubits() - costs.qubits());
  const auto all = static_cast<std::uint64_t>(ranks.size()), own = static_cast<std::uint64_t>(ranks.rank());
  const auto begin = static_cast<std::int64_t>(parts * own / all), end = static_cast<std::int64_t>(parts * (own + 1) / all);
  double least = std::numeric_limits<double>::infinity(), most = -least;
#pragma omp parallel num_threads(threads) reduction(min : least) reduction(max : most)
  {
    std::vector<double> values(costs.size());
#pragma omp for schedule(static)
    for (std::int64_t part = begin; part < end; ++part) {
      costs.fill(static_cast<std::uint64_t>(part) << costs.qubits(), values);
      for (const double value : values) least = std::min(least, value), most = std::max(most, value);
    }
  }
  std::vector<double> bounds(2 * all);  // each rank fills its own place; the sum hands them round
  bounds[2 * own] = begin < end ? least : 0;
  bounds[2 * own + 1] = begin < end ? most : 0;
  ranks.sum(bounds);
  for (std::uint64_t r = 0; r < all; ++r) {
    if (parts * r / all == parts * (r + 1) / all) continue;
    least = std::min(least, bounds[2 * r]), most = std::max(most, bounds[2 * r + 1]);
  }

  const double step = cost.step();
  const double levels = step > 0 ? (most - least) / step + 1 : std::numeric_limits<double>::infinity();
  const DiagonalKind smallest = levels <= 256 ? DiagonalKind::levels8 : levels <= 65536 ? DiagonalKind::levels16 : DiagonalKind::real32;
  CostScale scale{.kind = wanted.value_or(smallest), .offset = least, .step = step > 0 ? step : 1, .least = least, .most = most, .exact = true};
  const double room = scale.kind == DiagonalKind::levels8 ? 256 : 65536;
  if (scale.kind == DiagonalKind::real32) {
    scale.exact = step > 0 && (most - least) / step < 0x1p24;
  } else if (levels > room) {
    scale.exact = false;
    scale.step = most > least ? (most - least) / (room - 1) : 1;
  }
  return scale;
}

CostDiagonal::CostDiagonal(const CostPolynomial& cost, const CostScale& scale, int local_qubits, std::uint64_t high, int threads)
    : scale_(scale), high_(high), memory_(bytes_per_cost(scale.kind) << local_qubits) {
  const PartCosts costs(cost, local_qubits);
  const auto parts = static_cast<std::int64_t>(std::uint64_t{1} << (local_qubits - costs.qubits()));
#pragma omp parallel num_threads(threads)
  {
    std::vector<double> values(costs.size());
#pragma omp for schedule(static)
    for (std::int64_t part = 0; part < parts; ++part) {
      const std::uint64_t first = static_cast<std::uint64_t>(part) << costs.qubits();
      costs.fill((high << local_qubits) + first, values);
      if (scale.kind == DiagonalKind::levels8) encode(values, scale, static_cast<std::uint8_t*>(memory_.data()) + first);
      else if (scale.kind == DiagonalKind::levels16) encode(values, scale, static_cast<std::uint16_t*>(memory_.data()) + first);
      else encode(values, scale, static_cast<float*>(memory_.data()) + first);
    }
  }
}

double CostDiagonal::cost(std::uint64_t local) const {
  if (scale_.kind == DiagonalKind::levels8) return scale_.offset + scale_.step * static_cast<const std::uint8_t*>(memory_.data())[local];
  if (scale_.kind == DiagonalKind::levels16) return scale_.offset + scale_.step * static_cast<const std::uint16_t*>(memory_.data())[local];
  return scale_.offset + static_cast<double>(static_cast<const float*>(memory_.data())[local]);
}

}  // namespace tempera::quantum
