// The cost of every index of one rank, compressed to 1, 2 or 4 bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "solvers/core/rank_group.hpp"
#include "solvers/quantum/cost_polynomial.hpp"
#include "solvers/quantum/huge_array.hpp"
#include "solvers/quantum/kernels.hpp"

namespace tempera::quantum {

std::string_view name_of(DiagonalKind kind);
constexpr std::size_t bytes_per_cost(DiagonalKind kind) { return std::size_t{1} << static_cast<int>(kind); }

/// How costs become stored numbers: cost = offset + step * stored (levels), or cost = offset + stored (real32).
struct CostScale {
  DiagonalKind kind = DiagonalKind::levels8;
  double offset = 0;
  double step = 1;
  double least = 0;     ///< the smallest cost of any index
  double most = 0;
  bool exact = true;    ///< false: stored costs are rounded to the nearest level or to float
};

/// The smallest form that holds every cost exactly, or real32; `wanted` overrides it, rounding to the nearest of equally spaced levels.
/// Reads the cost of every index once. Collective.
CostScale choose_scale(const CostPolynomial& cost, std::optional<DiagonalKind> wanted, core::RankGroup& ranks, int threads);

/// Stored costs of the indices (high << local_qubits) + 0..2^local_qubits - 1.
class CostDiagonal {
 public:
  CostDiagonal(const CostPolynomial& cost, const CostScale& scale, int local_qubits, std::uint64_t high, int threads);

  const CostScale& scale() const { return scale_; }
  std::uint64_t high() const { return high_; }
  const void* data() const { return memory_.data(); }
  std::size_t bytes() const { return memory_.bytes(); }
  double cost(std::uint64_t local) const;

 private:
  CostScale scale_;
  std::uint64_t high_ = 0;
  HugeMemory memory_;
};

}  // namespace tempera::quantum
