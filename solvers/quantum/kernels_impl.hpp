// The kernels for one vector width. Included by kernels_portable.cpp, kernels_avx2.cpp and kernels_avx512.cpp, each compiled for
// its instruction set with TEMPERA_VECTOR_BYTES and TEMPERA_KERNEL_SET defined. Nothing from the library may be inlined here:
// the linker could keep the AVX copy of a shared inline function for all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "solvers/quantum/kernels.hpp"
#include "solvers/quantum/kernels_phase.hpp"
#include "solvers/quantum/kernels_vector.hpp"
#include "solvers/quantum/layout.hpp"

namespace tempera::quantum {
namespace TEMPERA_KERNEL_SET {

// ---- one block of amplitudes that lie together ----------------------------------------------------------------------------------

// Phase, lane qubits and two more while eight vectors are in registers. `mixing` false: the phase alone.
template <class Real, class PhaseKind, bool mixing>
void first_round(Real* data, std::size_t amplitudes, Real tangent, const Phase<Real>& phase) {
  constexpr int per_line = line<Real> / W<Real>;
  const typename PhaseKind::template On<Real> turn(phase);
  const Vec<Real> t = all<Real>(tangent);
  for (std::size_t i = 0; i < amplitudes; i += 4 * W<Real>) {
    Vec<Real> re[4], im[4];
#pragma GCC unroll 4
    for (int k = 0; k < 4; ++k) {
      const Real* p = data + 2 * i + (k / per_line) * 2 * line<Real> + (k % per_line) * W<Real>;
      re[k] = at(p);
      im[k] = at(p + line<Real>);
      turn(i + k * W<Real>, re[k], im[k]);
      if constexpr (mixing) {
        re[k] = mix_lanes<Real>(re[k], tangent);
        im[k] = mix_lanes<Real>(im[k], tangent);
      }
    }
    if constexpr (mixing) {
      butterflies<2, Real>(re, t);
      butterflies<2, Real>(im, t);
    }
#pragma GCC unroll 4
    for (int k = 0; k < 4; ++k) {
      Real* p = data + 2 * i + (k / per_line) * 2 * line<Real> + (k % per_line) * W<Real>;
      at(p) = re[k];
      at(p + line<Real>) = im[k];
    }
  }
}

template <class Real, bool mixing>
void first_round_of(Real* data, std::size_t amplitudes, Real tangent, const Phase<Real>& phase) {
  switch (phase.kind) {
    case Phase<Real>::Kind::none: return first_round<Real, NoPhase, mixing>(data, amplitudes, tangent, phase);
    case Phase<Real>::Kind::levels8: return first_round<Real, Levels8Phase, mixing>(data, amplitudes, tangent, phase);
    case Phase<Real>::Kind::levels16: return first_round<Real, Levels16Phase, mixing>(data, amplitudes, tangent, phase);
    case Phase<Real>::Kind::real32: return first_round<Real, Real32Phase, mixing>(data, amplitudes, tangent, phase);
  }
}

template <class Real>
void block(Real* data, int qubits, Real tangent, const Phase<Real>& phase) {
  const std::size_t amplitudes = std::size_t{1} << qubits;
  first_round_of<Real, true>(data, amplitudes, tangent, phase);
  mix_strides<Real>(data, 2 * amplitudes, 8 * W<Real>, 2 * amplitudes, all<Real>(tangent));
}

template <class Real>
void phase_only(Real* data, int qubits, const Phase<Real>& phase) {
  first_round_of<Real, false>(data, std::size_t{1} << qubits, 0, phase);
}

template <class Real>
void scale(Real* data, std::size_t reals, Real factor) {
  const Vec<Real> all_factor = all<Real>(factor);
  for (std::size_t i = 0; i < reals; i += line<Real>)
#pragma GCC unroll 4
    for (int k = 0; k < line<Real>; k += W<Real>) at(data + i + k) *= all_factor;
}

// ---- gates --------------------------------------------------------------------------------------------------------------------------

template <class Real>
inline void exchange_lanes(const Real* from, Real* to, int lanes) {
  for (int k = 0; k < line<Real>; ++k) to[k] = from[k ^ lanes];
}

// sum += factors * source, V complex numbers.
template <class Real>
inline void add_term(Real* sum, const Real* factors, const Real* source) {
#pragma GCC unroll 4
  for (int k = 0; k < line<Real>; k += W<Real>) {
    Vec<Real> fr, fi;  // of any alignment
    __builtin_memcpy(&fr, factors + k, sizeof fr);
    __builtin_memcpy(&fi, factors + line<Real> + k, sizeof fi);
    const Vec<Real> sr = at(source + k), si = at(source + line<Real> + k);
    at(sum + k) += fr * sr - fi * si;
    at(sum + line<Real> + k) += fr * si + fi * sr;
  }
}

template <class Real>
void gate(Real* data, const GatePlan<Real>& plan, std::uint64_t first, std::uint64_t last) {
  constexpr int most_lines = 16;
  alignas(64) Real before[most_lines][2 * line<Real>], after[most_lines][2 * line<Real>], exchanged[2 * line<Real>];
  const int lines = 1 << plan.group_bits;
  for (std::uint64_t g = first; g < last; ++g) {
    std::uint64_t number = g;  // of the group's first line: a zero is put in for each target bit
    for (int b = 0; b < plan.group_bits; ++b) {
      const std::uint64_t below = (std::uint64_t{1} << plan.line_bits[b]) - 1;
      number = (number & ~below) << 1 | (number & below);
    }
    if ((number & plan.controls) != plan.controls) continue;
    Real* place[most_lines];
    for (int l = 0; l < lines; ++l) {
      std::uint64_t own = number;
      for (int b = 0; b < plan.group_bits; ++b) own |= static_cast<std::uint64_t>(l >> b & 1) << plan.line_bits[b];
      place[l] = data + Layout<Real>::offset(own * line<Real>);
      for (int k = 0; k < 2 * line<Real>; k += W<Real>) {
        at(before[l] + k) = at(place[l] + k);
        at(after[l] + k) = all<Real>(0);
      }
    }
    for (std::size_t t = 0; t < plan.term_count; ++t) {
      const typename GatePlan<Real>::Term& term = plan.terms[t];
      const Real* source = before[term.from];
      if (term.lanes) {
        exchange_lanes(source, exchanged, term.lanes);
        exchange_lanes(source + line<Real>, exchanged + line<Real>, term.lanes);
        source = exchanged;
      }
      add_term(after[term.to], plan.factors + term.factors, source);
    }
    for (int l = 0; l < lines; ++l)
      for (int k = 0; k < 2 * line<Real>; k += W<Real>) at(place[l] + k) = at(after[l] + k);
  }
}

// ---- rows: the strided pass -----------------------------------------------------------------------------------------------------

// Bits bit..bit+K-1 of `rows` rows.
template <int K, class Real>
inline void mix_row_bits(Real* data, std::size_t row_stride, std::size_t width, int bit, std::size_t rows, Vec<Real> t) {
  for (std::size_t hi = 0; hi < rows; hi += std::size_t{1} << (bit + K))
    for (std::size_t lo = 0; lo < (std::size_t{1} << bit); ++lo) mix_round<K>(data + (hi + lo) * row_stride, row_stride << bit, width, t);
}

template <class Body>
inline void with_bits(int bits, Body body) {
  if (bits == 1) body(std::integral_constant<int, 1>());
  else if (bits == 2) body(std::integral_constant<int, 2>());
  else if (bits == 3) body(std::integral_constant<int, 3>());
  else if (bits == 4) body(std::integral_constant<int, 4>());
}

// Rows in groups of up to 2^5 that fit the first-level cache, then the bits across groups. A strided row is too short for the
// hardware to see it coming, so each group asks for the rows of the next one, whole rows at once: memory likes runs.
template <class Real>
void rows(Real* data, const Rows& shape, Real tangent) {
  const Vec<Real> t = all<Real>(tangent);
  const std::size_t stride = shape.row_stride, width = shape.width;
  const int group_bits = shape.row_bits < 5 ? shape.row_bits : 5;
  const int first_bits = group_bits < 3 ? group_bits : group_bits - (group_bits - 1) / 2;  // of a group: 1, 2, 2+1, 3+1 or 3+2
  const std::size_t group_rows = std::size_t{1} << group_bits, all_rows = std::size_t{1} << shape.row_bits;
  for (std::size_t g = 0; g < all_rows; g += group_rows) {
    Real* const group = data + g * stride;
    const Real* const next = g + group_rows < all_rows ? group + group_rows * stride : data + width;
    const int second_bits = group_bits - first_bits;
    const std::size_t steps = std::size_t{1} << second_bits;
    for (std::size_t lo = 0; lo < steps; ++lo) {
      for (std::size_t r = lo << first_bits; r < (lo + 1) << first_bits; ++r)
        for (std::size_t c = 0; c < width; c += line<Real>) __builtin_prefetch(next + r * stride + c, 1, 2);
      with_bits(first_bits, [&]<int K>(std::integral_constant<int, K>) { mix_round<K>(group + lo * stride, stride << second_bits, width, t); });
    }
    with_bits(second_bits, [&]<int K>(std::integral_constant<int, K>) { mix_row_bits<K>(group, stride, width, 0, group_rows, t); });
  }
  int done = group_bits;
  for (; shape.row_bits - done > 4; done += 3) mix_row_bits<3>(data, stride, width, done, all_rows, t);
  with_bits(shape.row_bits - done, [&]<int K>(std::integral_constant<int, K>) { mix_row_bits<K>(data, stride, width, done, all_rows, t); });
}

// ---- lambda . (G psi) -------------------------------------------------------------------------------------------------------------

template <class Real>
inline double sum_lanes(Vec<Real> v) {
  double sum = 0;
#pragma GCC unroll 16
  for (int k = 0; k < W<Real>; ++k) sum += v[k];
  return sum;
}

template <class Real, int bit = 0>
inline Vec<Real> generate_lanes(Vec<Real> v) {
  if constexpr ((1 << bit) < W<Real>) {
    constexpr auto lanes = std::make_index_sequence<W<Real>>();
    return signed_by_bit<1 << bit, Real>(Real(1), lanes) * lanes_xor<1 << bit>(v, lanes) + generate_lanes<Real, bit + 1>(v);
  } else {
    return v - v;
  }
}

template <int K, class Real>
inline Vec<Real> overlap_of(const Real* lambda, const Real* psi, std::size_t stride, bool lanes_too) {
  Vec<Real> sum = all<Real>(0);
#pragma GCC unroll 16
  for (int j = 0; j < (1 << K); ++j) {
    Vec<Real> g = lanes_too ? generate_lanes<Real>(at(psi + j * stride)) : all<Real>(0);
#pragma GCC unroll 4
    for (int bit = 0; bit < K; ++bit) {
      const Vec<Real> other = at(psi + (j ^ (1 << bit)) * stride);
      g = (j >> bit) & 1 ? g + other : g - other;
    }
    sum += at(lambda + j * stride) * g;
  }
  return sum;
}

// Each partial sum of at most 2^K products is added up in double.
template <int K, class Real>
double overlap_round(const Real* lambda, const Real* psi, std::size_t reals, std::size_t stride, std::size_t width, bool lanes_too) {
  double sum = 0;
  for (std::size_t hi = 0; hi < reals; hi += stride << K)
    for (std::size_t lo = 0; lo < width; lo += W<Real>) sum += sum_lanes<Real>(overlap_of<K>(lambda + hi + lo, psi + hi + lo, stride, lanes_too));
  return sum;
}

template <class Real>
double overlap_strides(const Real* lambda, const Real* psi, std::size_t reals, std::size_t first, std::size_t end, std::size_t width) {
  double sum = 0;
  for (std::size_t stride = first; stride < end;) {
    const std::size_t left = end / stride;
    const std::size_t w = width ? width : stride;
    if (left == 2) sum += overlap_round<1>(lambda, psi, reals, stride, w, false), stride *= 2;
    else if (left == 4 || left == 16) sum += overlap_round<2>(lambda, psi, reals, stride, w, false), stride *= 4;
    else sum += overlap_round<3>(lambda, psi, reals, stride, w, false), stride *= 8;
  }
  return sum;
}

template <class Real>
double block_overlap(const Real* lambda, const Real* psi, int qubits) {
  const std::size_t reals = std::size_t{2} << qubits;
  double sum = 0;
  for (std::size_t i = 0; i < reals; i += W<Real>) sum += sum_lanes<Real>(at(lambda + i) * generate_lanes<Real>(at(psi + i)));
  // The qubits of a line that are not lanes, then, past the real-imaginary bit, the others.
  sum += overlap_strides<Real>(lambda, psi, reals, W<Real>, line<Real>, 0);
  return sum + overlap_strides<Real>(lambda, psi, reals, 2 * line<Real>, reals, 0);
}

template <class Real>
double rows_overlap(const Real* lambda, const Real* psi, const Rows& shape) {
  double sum = 0;
  for (int bit = 0; bit < shape.row_bits; ++bit) {
    const std::size_t stride = shape.row_stride << bit;
    for (std::size_t r = 0; r < (std::size_t{1} << shape.row_bits); ++r)
      if (!(r >> bit & 1))
        sum += overlap_round<1>(lambda + r * shape.row_stride, psi + r * shape.row_stride, 2 * stride, stride, shape.width, false);
  }
  return sum;
}

template <class Real>
constexpr Kernels<Real> table() {
  return {.block = block<Real>, .rows = rows<Real>, .phase = phase_only<Real>, .scale = scale<Real>, .gate = gate<Real>, .block_overlap = block_overlap<Real>, .rows_overlap = rows_overlap<Real>};
}

}  // namespace TEMPERA_KERNEL_SET
}  // namespace tempera::quantum
