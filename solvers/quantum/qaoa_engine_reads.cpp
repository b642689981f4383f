// What is read from a state: sums over all amplitudes, overlaps of two states, single amplitudes.
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

#include "solvers/quantum/parts.hpp"
#include "solvers/quantum/qaoa_engine.hpp"
#include "solvers/quantum/rows.hpp"

namespace tempera::quantum {

// ---- sums ---------------------------------------------------------------------------------------------------------------------------

namespace {
// Calls body(pointer to the stored numbers) with their own type.
template <class Body>
double with_stored(const CostDiagonal& costs, const Body& body) {
  if (costs.scale().kind == DiagonalKind::levels8) return body(static_cast<const std::uint8_t*>(costs.data()));
  if (costs.scale().kind == DiagonalKind::levels16) return body(static_cast<const std::uint16_t*>(costs.data()));
  return body(static_cast<const float*>(costs.data()));
}

double to_all(core::RankGroup& ranks, double own) {
  ranks.sum({&own, 1});
  return own;
}

// Sum over local amplitudes of body(offset of the real part, place of its cost), in double, lane by lane.
template <class Real, class Body>
double sum_amplitudes(int local, int threads, bool flipped, const Body& body) {
  const std::uint64_t size = std::uint64_t{1} << local, mirror = flipped ? size - 1 : 0;
  const std::uint64_t lanes = std::min<std::uint64_t>(size, 8);
  return sum_parts(size, threads, [&](std::uint64_t first, std::uint64_t count) {
    double sums[8] = {};
    for (std::uint64_t i = first; i < first + count; i += lanes) {
      const std::size_t at = Layout<Real>::offset(i);
      for (std::uint64_t k = 0; k < lanes; ++k) sums[k] += body(at + k, (i + k) ^ mirror);
    }
    return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  });
}
}  // namespace

template <class Real>
double QaoaEngine<Real>::norm(const QaoaState<Real>& state) const {
  const Real* const a = state.amplitudes.data();
  return to_all(*ranks_, sum_amplitudes<Real>(local_, threads_, false, [&](std::size_t at, std::uint64_t) {
    const double re = a[at], im = a[at + Layout<Real>::lanes];
    return re * re + im * im;
  }));
}

template <class Real>
double QaoaEngine<Real>::expectation(const QaoaState<Real>& state) {
  const CostDiagonal& costs = diagonal(state);
  const Real* const a = state.amplitudes.data();
  const double stored = with_stored(costs, [&](const auto* levels) {
    return sum_amplitudes<Real>(local_, threads_, state.flipped, [&](std::size_t at, std::uint64_t place) {
      const double re = a[at], im = a[at + Layout<Real>::lanes];
      return (re * re + im * im) * static_cast<double>(levels[place]);
    });
  });
  const CostScale& s = costs.scale();
  return s.offset + (s.kind == DiagonalKind::real32 ? 1 : s.step) * to_all(*ranks_, stored) / norm(state);
}

template <class Real>
void QaoaEngine<Real>::times_cost(const QaoaState<Real>& psi, QaoaState<Real>& lambda) {
  const CostDiagonal& costs = diagonal(psi);
  lambda.transposed = psi.transposed, lambda.flipped = psi.flipped, lambda.negated = psi.negated;
  const std::uint64_t mirror = psi.flipped ? (std::uint64_t{1} << local_) - 1 : 0;
  for_parts(std::uint64_t{1} << local_, threads_, [&](std::uint64_t first, std::uint64_t count) {
    for (std::uint64_t i = first; i < first + count; ++i) {
      const std::size_t at = Layout<Real>::offset(i);
      const auto c = static_cast<Real>(costs.cost(i ^ mirror));
      lambda.amplitudes[at] = c * psi.amplitudes[at];
      lambda.amplitudes[at + Layout<Real>::lanes] = c * psi.amplitudes[at + Layout<Real>::lanes];
    }
  });
}

// lambda . (G psi) over the local qubits from `first_qubit` on (0: all of them).
template <class Real>
double QaoaEngine<Real>::local_overlap(const Real* lambda, const Real* psi, int first_qubit) const {
  const int block = first_qubit == 0 ? std::min(local_, Layout<Real>::block_qubits) : first_qubit;
  double sum = 0;
  if (first_qubit == 0) {
    std::vector<double> sums(std::size_t{1} << (local_ - block));
#pragma omp parallel for num_threads(threads_) schedule(static)
    for (std::int64_t b = 0; b < static_cast<std::int64_t>(sums.size()); ++b) {
      const std::size_t at = Layout<Real>::offset(static_cast<std::uint64_t>(b) << block);
      sums[static_cast<std::size_t>(b)] = kernels_->block_overlap(lambda + at, psi + at, block);
    }
    sum = pairwise_sum(std::move(sums));
  }
  for (int from = block, to; from < local_; from = to) {
    to = Layout<Real>::uniform_end(from, std::min(local_, from + most_row_bits));
    const Rows rows{.row_bits = to - from, .row_stride = Layout<Real>::stride(from), .width = std::min(row_bytes / sizeof(Real), std::size_t{2} << from)};
    const std::size_t columns = (std::size_t{2} << from) / rows.width, groups = std::size_t{1} << (local_ - to);
    std::vector<double> sums(columns * groups);
#pragma omp parallel for num_threads(threads_) schedule(static)
    for (std::int64_t k = 0; k < static_cast<std::int64_t>(sums.size()); ++k) {
      const auto c = static_cast<std::uint64_t>(k) % columns, g = static_cast<std::uint64_t>(k) / columns;
      const std::size_t at = Layout<Real>::offset((g << to) + c * rows.width / 2);
      sums[static_cast<std::size_t>(k)] = kernels_->rows_overlap(lambda + at, psi + at, rows);
    }
    sum += pairwise_sum(std::move(sums));
  }
  return sum;
}

template <class Real>
LayerGradient QaoaEngine<Real>::layer_with_overlaps(QaoaState<Real>& psi, QaoaState<Real>& lambda, double gamma, double beta) {
  const MixAngle mix = reduce(beta);
  std::vector<Real> table;
  const Phase<Real> turned = phase(psi, gamma, mix.scale, table);
  for (QaoaState<Real>* state : {&psi, &lambda}) local_passes(*state, mix.tangent, turned);
  // The generators of all qubits commute with the mixer: those that are about to leave are summed now, the rest at the end.
  // Each rank qubit still to be mixed owes both states a factor 1 / cos(beta).
  double generator = rank_qubits_ > 0 ? local_overlap(lambda.amplitudes.data(), psi.amplitudes.data(), local_ - rank_qubits_) : 0;
  generator *= std::pow(1 + double{mix.tangent} * mix.tangent, rank_qubits_);
  for (QaoaState<Real>* state : {&psi, &lambda}) {
    transpose(*state, mix.tangent);
    turn(*state, mix.quarter);
  }
  const Real* const l = lambda.amplitudes.data();
  const Real* const p = psi.amplitudes.data();
  const CostDiagonal& costs = diagonal(psi);
  const CostScale& s = costs.scale();
  const auto imaginary = [&](std::size_t at) {
    return double{l[at]} * p[at + Layout<Real>::lanes] - double{l[at + Layout<Real>::lanes]} * p[at];
  };
  const double plain = sum_amplitudes<Real>(local_, threads_, false, [&](std::size_t at, std::uint64_t) { return imaginary(at); });
  const double stored = with_stored(costs, [&](const auto* levels) {
    return sum_amplitudes<Real>(local_, threads_, psi.flipped, [&](std::size_t at, std::uint64_t place) { return imaginary(at) * static_cast<double>(levels[place]); });
  });
  const double mixed = local_ < fewest_kernel_qubits ? 0 : local_overlap(l, p, 0);
  double sums[2] = {s.offset * plain + (s.kind == DiagonalKind::real32 ? 1 : s.step) * stored, mixed + generator};
  if (local_ < fewest_kernel_qubits)
    for (int q = 0; q < local_; ++q)
      sums[1] += sum_amplitudes<Real>(local_, 1, false, [&](std::size_t, std::uint64_t i) {
        const std::size_t at = Layout<Real>::offset(i), other = Layout<Real>::offset(i ^ (std::uint64_t{1} << q));
        const double product = double{l[at]} * p[other] + double{l[at + Layout<Real>::lanes]} * p[other + Layout<Real>::lanes];
        return (i >> q & 1) ? product : -product;
      });
  ranks_->sum(sums);
  return {.gamma = 2 * sums[0], .beta = 2 * sums[1]};
}

// ---- one amplitude --------------------------------------------------------------------------------------------------------------------

template <class Real>
std::uint64_t QaoaEngine<Real>::index_of(const QaoaState<Real>& state, std::uint64_t local) const {
  auto rank = static_cast<std::uint64_t>(ranks_->rank());
  const int below = local_ - rank_qubits_;
  if (state.transposed) {
    const std::uint64_t top = local >> below;
    local = (local & low_bits(below)) | rank << below;
    rank = top;
  }
  const std::uint64_t index = rank << local_ | local;
  return state.flipped ? index ^ low_bits(qubits_) : index;
}

template <class Real>
std::complex<double> QaoaEngine<Real>::amplitude(const QaoaState<Real>& state, std::uint64_t local) const {
  const std::uint64_t index = index_of(state, local);
  const Real* const at = state.amplitudes.data() + Layout<Real>::offset(local);
  std::complex<double> value(at[0], at[Layout<Real>::lanes]);
  const int ones = std::popcount(index);
  for (int k = 0; k < (ones & 3); ++k) value *= std::complex<double>(0, -1);
  if (state.flipped && (ones & 1)) value = -value;
  return state.negated ? -value : value;
}

template <class Real>
void QaoaEngine<Real>::set_amplitude(QaoaState<Real>& state, std::uint64_t local, std::complex<double> value) const {
  const int ones = std::popcount(index_of(state, local));
  for (int k = 0; k < (ones & 3); ++k) value *= std::complex<double>(0, 1);
  if ((state.flipped && (ones & 1)) != state.negated) value = -value;
  Real* const at = state.amplitudes.data() + Layout<Real>::offset(local);
  at[0] = static_cast<Real>(value.real());
  at[Layout<Real>::lanes] = static_cast<Real>(value.imag());
}

template <class Real>
double QaoaEngine<Real>::probability(const QaoaState<Real>& state, std::uint64_t local) const {
  const Real* const at = state.amplitudes.data() + Layout<Real>::offset(local);
  return double{at[0]} * at[0] + double{at[Layout<Real>::lanes]} * at[Layout<Real>::lanes];
}

template <class Real>
double QaoaEngine<Real>::stored_cost(const QaoaState<Real>& state, std::uint64_t local) {
  return diagonal(state).cost(state.flipped ? local ^ low_bits(local_) : local);
}

#define TEMPERA_INSTANTIATE(Real)                                                                                            \
  template double QaoaEngine<Real>::norm(const QaoaState<Real>&) const;                                                      \
  template double QaoaEngine<Real>::expectation(const QaoaState<Real>&);                                                     \
  template void QaoaEngine<Real>::times_cost(const QaoaState<Real>&, QaoaState<Real>&);                                      \
  template double QaoaEngine<Real>::local_overlap(const Real*, const Real*, int) const;                                      \
  template LayerGradient QaoaEngine<Real>::layer_with_overlaps(QaoaState<Real>&, QaoaState<Real>&, double, double);          \
  template std::uint64_t QaoaEngine<Real>::index_of(const QaoaState<Real>&, std::uint64_t) const;                            \
  template std::complex<double> QaoaEngine<Real>::amplitude(const QaoaState<Real>&, std::uint64_t) const;                    \
  template void QaoaEngine<Real>::set_amplitude(QaoaState<Real>&, std::uint64_t, std::complex<double>) const;                \
  template double QaoaEngine<Real>::probability(const QaoaState<Real>&, std::uint64_t) const;                                \
  template double QaoaEngine<Real>::stored_cost(const QaoaState<Real>&, std::uint64_t);
TEMPERA_INSTANTIATE(double)
TEMPERA_INSTANTIATE(float)
#undef TEMPERA_INSTANTIATE

}  // namespace tempera::quantum
