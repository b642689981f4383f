#include "solvers/quantum/qaoa_engine.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "solvers/core/error.hpp"
#include "solvers/quantum/block_swap.hpp"
#include "solvers/quantum/parts.hpp"

namespace tempera::quantum {

namespace {
constexpr std::size_t row_bytes = 512;         // of a column in the strided pass: below, rows cost more to fetch than to mix
constexpr int most_row_bits = 9;               // 2^9 rows of 512 bytes: half of L2

constexpr std::uint64_t low_bits(int count) { return (std::uint64_t{1} << count) - 1; }

int check_ranks(int qubits, int ranks) {
  if (qubits < 1 || qubits > 62) throw core::UserError(fmt::format("A state vector takes 1 to 62 qubits, not {}.", qubits));
  if (most_ranks(qubits, ranks) != ranks)
    throw core::UserError(fmt::format("{} qubits cannot lie on {} ranks. Use a power of two, at most {} here.", qubits, ranks, most_ranks(qubits, ranks)));
  return std::countr_zero(static_cast<unsigned>(ranks));
}
}  // namespace

int most_ranks(int qubits, int ranks) {
  int power = 1;
  while (2 * power <= ranks && qubits - 2 * (std::countr_zero(static_cast<unsigned>(power)) + 1) >= fewest_kernel_qubits) power *= 2;
  return power;
}

std::uint64_t planned_bytes(int qubits, int ranks, std::size_t bytes_per_real, DiagonalKind kind, int states) {
  const int local = qubits - std::countr_zero(static_cast<unsigned>(ranks));
  const std::uint64_t amplitudes = std::uint64_t{1} << local;
  const std::uint64_t state = (bytes_per_real == 8 ? Layout<double>::reals(local) : Layout<float>::reals(local)) * bytes_per_real;
  const std::uint64_t diagonals = (ranks > 1 ? 2 : 1) * amplitudes * bytes_per_cost(kind);
  return static_cast<std::uint64_t>(states) * state + diagonals + (std::uint64_t{4} << 20);
}

template <class Real>
QaoaEngine<Real>::QaoaEngine(const CostPolynomial& cost, core::RankGroup& ranks, const EngineOptions& options)
    : cost_(cost),
      ranks_(&ranks),
      qubits_(cost.qubits()),
      rank_qubits_(check_ranks(cost.qubits(), ranks.size())),
      local_(qubits_ - rank_qubits_),
      kernels_(&kernels<Real>(options.instructions)) {
  threads_ = local_ < 15 ? 1 : options.threads;  // below, waking threads costs more than they save
  low_ = local_ > Layout<Real>::chunk_qubits ? Layout<Real>::chunk_qubits : std::min(local_, std::max(Layout<Real>::block_qubits, local_ - 4));
  scale_ = choose_scale(cost_, options.diagonal, ranks, threads_);
}

template <class Real>
QaoaState<Real> QaoaEngine<Real>::make_state() const {
  return {.amplitudes = HugeArray<Real>(Layout<Real>::reals(local_))};
}

template <class Real>
void QaoaEngine<Real>::start(QaoaState<Real>& state) const {
  state.transposed = state.flipped = state.negated = false;
  const auto size = static_cast<Real>(std::exp2(-0.5 * qubits_));
  const int high_ones = std::popcount(static_cast<unsigned>(ranks_->rank()));
  Real* const data = state.amplitudes.data();
  std::fill(data, data + std::min(state.amplitudes.size(), 2 * Layout<Real>::lanes), Real(0));  // a state smaller than a line
  for_parts(std::uint64_t{1} << local_, threads_, [&](std::uint64_t first, std::uint64_t count) {
    for (std::uint64_t i = first; i < first + count; ++i) {
      const int ones = (std::popcount(i) + high_ones) & 3;  // i^ones
      Real* const at = data + Layout<Real>::offset(i);
      at[0] = ones == 0 ? size : ones == 2 ? -size : Real(0);
      at[Layout<Real>::lanes] = ones == 1 ? size : ones == 3 ? -size : Real(0);
    }
  });
}

template <class Real>
void QaoaEngine<Real>::scale(QaoaState<Real>& state, double factor) const {
  const auto lines = static_cast<std::int64_t>(state.amplitudes.size() / Layout<Real>::lanes);
#pragma omp parallel for num_threads(threads_) schedule(static)
  for (std::int64_t t = 0; t < threads_; ++t) {
    const std::int64_t from = lines * t / threads_, to = lines * (t + 1) / threads_;
    kernels_->scale(state.amplitudes.data() + static_cast<std::size_t>(from) * Layout<Real>::lanes, static_cast<std::size_t>(to - from) * Layout<Real>::lanes, static_cast<Real>(factor));
  }
}

// ---- angles -----------------------------------------------------------------------------------------------------------------------

// |beta| <= pi/4, so that tan(beta) <= 1 and cos(beta)^n does not underflow; whole quarter turns are left to `turn`.
template <class Real>
typename QaoaEngine<Real>::MixAngle QaoaEngine<Real>::reduce(double beta) const {
  const double quarters = std::nearbyint(beta / (std::numbers::pi / 2));
  const double rest = beta - quarters * (std::numbers::pi / 2);
  return {.tangent = static_cast<Real>(std::tan(rest)), .scale = std::pow(std::cos(rest), qubits_), .quarter = static_cast<int>(std::fmod(std::fmod(quarters, 4) + 4, 4))};
}

// A quarter turn of every qubit is (-1)^n Z P in the rotated frame: P reads index x at ~x, Z = (-1)^popcount. Both commute with
// the mixer, so they are only noted. Two of them make (-1)^n, as half a turn does.
template <class Real>
void QaoaEngine<Real>::turn(QaoaState<Real>& state, int quarter) const {
  const bool odd = qubits_ & 1;
  for (int k = 0; k < quarter; ++k) {
    if (!state.flipped) state.negated ^= odd;
    state.flipped = !state.flipped;
  }
}

template <class Real>
CostDiagonal& QaoaEngine<Real>::diagonal(const QaoaState<Real>& state) {
  const auto all = static_cast<std::uint64_t>(ranks_->size()) - 1;
  const std::uint64_t high = static_cast<std::uint64_t>(ranks_->rank()) ^ (state.flipped ? all : 0);
  auto& kept = diagonals_[state.transposed];
  if (!kept || kept->high() != high) {
    std::vector<int> order(static_cast<std::size_t>(qubits_));
    std::iota(order.begin(), order.end(), 0);
    for (int k = 0; state.transposed && k < rank_qubits_; ++k)
      std::swap(order[static_cast<std::size_t>(local_ + k)], order[static_cast<std::size_t>(local_ - rank_qubits_ + k)]);
    kept.reset();  // before the next is allocated
    kept = std::make_unique<CostDiagonal>(cost_.reordered(order), scale_, local_, high, threads_);
  }
  return *kept;
}

// exp(-i gamma C) * scale, as tables or as a linear function of the stored cost.
template <class Real>
Phase<Real> QaoaEngine<Real>::phase(const QaoaState<Real>& state, double gamma, double scale, std::vector<Real>& table) {
  const CostDiagonal& costs = diagonal(state);
  const CostScale& s = costs.scale();
  Phase<Real> phase{.kind = static_cast<typename Phase<Real>::Kind>(static_cast<int>(s.kind) + 1)};
  const bool wide = s.kind == DiagonalKind::levels16;
  table.resize(wide ? 1024 : 512);
  for (int k = 0; k < (wide ? 512 : 256); ++k) {
    double angle = -gamma * (s.offset + s.step * k), size = scale;
    if (s.kind == DiagonalKind::real32) angle = 2 * std::numbers::pi / 256 * k;
    if (k >= 256) angle = -gamma * s.step * 256 * (k - 256), size = 1;
    table[2 * static_cast<std::size_t>(k)] = static_cast<Real>(size * std::cos(angle));
    table[2 * static_cast<std::size_t>(k) + 1] = static_cast<Real>(size * std::sin(angle));
  }
  phase.table = table.data();
  phase.turns_per_cost = -gamma / (2 * std::numbers::pi);
  phase.turns_offset = std::remainder(-gamma * s.offset, 2 * std::numbers::pi) / (2 * std::numbers::pi);
  phase.costs = costs.data();
  if (state.flipped) {
    phase = phase.at((std::size_t{1} << local_) - 1);
    phase.step = -1;
  }
  return phase;
}

// ---- passes -------------------------------------------------------------------------------------------------------------------------

// Chunk after chunk: phase and low qubits in blocks that fit L1, then the chunk's other qubits as rows, while it is in the cache.
template <class Real>
void QaoaEngine<Real>::low_pass(Real* data, Real tangent, const Phase<Real>& phase) const {
  const int block = std::min(low_, Layout<Real>::block_qubits);
  const std::size_t block_reals = std::size_t{2} << block;
  const Rows rows{.row_bits = low_ - block, .row_stride = Layout<Real>::stride(block), .width = std::min(row_bytes / sizeof(Real), block_reals)};
  const std::int64_t chunks = std::int64_t{1} << (local_ - low_);
#pragma omp parallel for num_threads(threads_) schedule(static)
  for (std::int64_t c = 0; c < chunks; ++c) {
    const std::uint64_t first = static_cast<std::uint64_t>(c) << low_;
    Real* const chunk = data + Layout<Real>::offset(first);
    for (std::size_t b = 0; b < (std::size_t{1} << (low_ - block)); ++b)
      kernels_->block(chunk + b * rows.row_stride, block, tangent, phase.at(first + (b << block)));
    for (std::size_t column = 0; rows.row_bits > 0 && column < block_reals; column += rows.width) kernels_->rows(chunk + column, rows, tangent);
  }
}

// Qubits first..end-1 >= low_, column after column. Rows are at equal distance: all in one chunk, or chunks apart.
template <class Real>
void QaoaEngine<Real>::high_pass(Real* data, int first, int end, Real tangent) const {
  if (first >= end) return;
  if (end - first > most_row_bits) {
    const int half = first + (end - first) / 2;
    high_pass(data, first, half, tangent);
    return high_pass(data, half, end, tangent);
  }
  const Rows rows{.row_bits = end - first, .row_stride = Layout<Real>::stride(first), .width = row_bytes / sizeof(Real)};
  const std::int64_t groups = std::int64_t{1} << (local_ - end);
  const std::int64_t columns = static_cast<std::int64_t>((std::size_t{2} << first) / rows.width);
#pragma omp parallel for num_threads(threads_) schedule(static) collapse(2)
  for (std::int64_t g = 0; g < groups; ++g)
    for (std::int64_t c = 0; c < columns; ++c) {
      const std::uint64_t index = (static_cast<std::uint64_t>(g) << end) + static_cast<std::uint64_t>(c) * rows.width / 2;
      kernels_->rows(data + Layout<Real>::offset(index), rows, tangent);
    }
}

template <class Real>
void QaoaEngine<Real>::local_passes(QaoaState<Real>& state, Real tangent, const Phase<Real>& phase) const {
  Real* const data = state.amplitudes.data();
  if (local_ < fewest_kernel_qubits) return scalar_layer(data, tangent, phase);
  low_pass(data, tangent, phase);
  high_pass(data, low_, local_, tangent);
}

// States of a few amplitudes: one at a time.
template <class Real>
void QaoaEngine<Real>::scalar_layer(Real* data, Real tangent, const Phase<Real>& phase) const {
  const std::size_t lanes = Layout<Real>::lanes;
  const auto at = [&](std::uint64_t i) { return data + Layout<Real>::offset(i); };
  for (std::uint64_t i = 0; i < (std::uint64_t{1} << local_); ++i) {
    const void* stored = phase.at(i).costs;
    std::complex<double> factor;
    if (phase.kind == Phase<Real>::Kind::levels8) {
      const auto level = std::size_t{*static_cast<const std::uint8_t*>(stored)};
      factor = {phase.table[2 * level], phase.table[2 * level + 1]};
    } else if (phase.kind == Phase<Real>::Kind::levels16) {
      const auto low = std::size_t{*static_cast<const std::uint16_t*>(stored)} & 255, high = (std::size_t{*static_cast<const std::uint16_t*>(stored)} >> 8) + 256;
      factor = std::complex<double>(phase.table[2 * low], phase.table[2 * low + 1]) * std::complex<double>(phase.table[2 * high], phase.table[2 * high + 1]);
    } else {
      factor = std::polar(double{phase.table[0]}, 2 * std::numbers::pi * (*static_cast<const float*>(stored) * phase.turns_per_cost + phase.turns_offset));
    }
    const std::complex<double> turned = factor * std::complex<double>(at(i)[0], at(i)[lanes]);
    at(i)[0] = static_cast<Real>(turned.real());
    at(i)[lanes] = static_cast<Real>(turned.imag());
  }
  for (int q = 0; q < local_; ++q)
    for (std::uint64_t i = 0; i < (std::uint64_t{1} << local_); ++i) {
      if (i >> q & 1) continue;
      for (const std::size_t part : {std::size_t{0}, lanes}) {
        Real& a = at(i)[part];
        Real& b = at(i | std::uint64_t{1} << q)[part];
        const Real old = a;
        a -= tangent * b;
        b += tangent * old;
      }
    }
}

// ---- over ranks ---------------------------------------------------------------------------------------------------------------------

// The top rank_qubits_ local qubits on one column of each block; `column` is its first amplitude in block 0.
template <class Real>
void QaoaEngine<Real>::mix_blocks(Real* data, std::uint64_t column, std::size_t width, Real tangent) const {
  const int first = local_ - rank_qubits_;
  for (int from = first, to; from < local_; from = to) {
    to = Layout<Real>::uniform_end(from, local_);
    const Rows rows{.row_bits = to - from, .row_stride = Layout<Real>::stride(from), .width = width};
    for (std::uint64_t other = 0; other < (std::uint64_t{1} << (rank_qubits_ - (to - from))); ++other) {
      const std::uint64_t below = other & low_bits(from - first), above = other >> (from - first);  // block bits that stay
      kernels_->rows(data + Layout<Real>::offset(column | below << first | above << to), rows, tangent);
    }
  }
}

// The former rank qubits are mixed on each piece that has arrived, while it is in the cache.
template <class Real>
void QaoaEngine<Real>::transpose(QaoaState<Real>& state, Real tangent) const {
  if (rank_qubits_ == 0) return;
  Real* const data = state.amplitudes.data();
  swap_blocks(data, local_, *ranks_, [&](std::uint64_t first, std::uint64_t count) {
    if (tangent == 0) return;
    const std::size_t width = std::min<std::size_t>(row_bytes / sizeof(Real), 2 * count);
    const auto columns = static_cast<std::int64_t>(2 * count / width);
#pragma omp parallel for num_threads(threads_) schedule(static)
    for (std::int64_t c = 0; c < columns; ++c) mix_blocks(data, first + static_cast<std::uint64_t>(c) * width / 2, width, tangent);
  });
  state.transposed = !state.transposed;
}

template <class Real>
void QaoaEngine<Real>::restore_order(QaoaState<Real>& state) {
  if (state.transposed) transpose(state, 0);
}

template <class Real>
void QaoaEngine<Real>::layer(QaoaState<Real>& state, double gamma, double beta) {
  const MixAngle mix = reduce(beta);
  std::vector<Real> table;
  local_passes(state, mix.tangent, phase(state, gamma, mix.scale, table));
  transpose(state, mix.tangent);
  turn(state, mix.quarter);
}

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

template class QaoaEngine<double>;
template class QaoaEngine<float>;

}  // namespace tempera::quantum
