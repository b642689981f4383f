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
#include "solvers/quantum/rows.hpp"

namespace tempera::quantum {

namespace {
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

// The blocks that trade places are whole rows of one strided pass.
template <class Real>
bool QaoaEngine<Real>::trades_columns() const {
  return rank_qubits_ > 0 && local_ >= fewest_kernel_qubits && local_ - low_ >= rank_qubits_ && local_ - low_ <= most_row_bits;
}

// Some columns at a time: the high qubits, the exchange, the former rank qubits. One pass over memory instead of two.
template <class Real>
void QaoaEngine<Real>::high_pass_and_transpose(QaoaState<Real>& state, Real tangent) const {
  constexpr std::size_t piece_bytes = 128 << 10;
  Real* const data = state.amplitudes.data();
  const Rows high{.row_bits = local_ - low_, .row_stride = Layout<Real>::stride(low_), .width = row_bytes / sizeof(Real)};
  const std::uint64_t block_rows = std::uint64_t{1} << (high.row_bits - rank_qubits_), block = block_rows << low_;
  const std::size_t unbroken = std::min(std::size_t{2} << Layout<Real>::block_qubits, std::size_t{2} << low_) / high.width;  // columns without a gap
  const auto batch = static_cast<std::int64_t>(std::clamp<std::size_t>(piece_bytes / (block_rows * row_bytes), 1, unbroken));
  const auto columns = static_cast<std::int64_t>((std::size_t{2} << low_) / high.width);
  for (std::int64_t c = 0; c < columns; c += batch) {
    const auto index_of_column = [&](std::int64_t k) { return static_cast<std::uint64_t>(c + k) * high.width / 2; };
#pragma omp parallel for num_threads(threads_) schedule(static)
    for (std::int64_t k = 0; k < batch; ++k) kernels_->rows(data + Layout<Real>::offset(index_of_column(k)), high, tangent);
    swap_with_all(*ranks_, [&](std::uint64_t partner) {
      Real* const at = data + Layout<Real>::offset(partner * block + index_of_column(0));
      return core::StridedBytes{.first = reinterpret_cast<std::byte*>(at), .block = static_cast<std::size_t>(batch) * row_bytes, .stride = high.row_stride * sizeof(Real), .count = block_rows};
    });
#pragma omp parallel for num_threads(threads_) schedule(static)
    for (std::int64_t k = 0; k < batch; ++k)
      for (std::uint64_t row = 0; row < block_rows; ++row) mix_blocks(data, index_of_column(k) + (row << low_), high.width, tangent);
  }
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
  const Phase<Real> turned = phase(state, gamma, mix.scale, table);
  if (trades_columns()) {
    low_pass(state.amplitudes.data(), mix.tangent, turned);
    high_pass_and_transpose(state, mix.tangent);
  } else {
    local_passes(state, mix.tangent, turned);
    transpose(state, mix.tangent);
  }
  turn(state, mix.quarter);
}

template class QaoaEngine<double>;
template class QaoaEngine<float>;

}  // namespace tempera::quantum
