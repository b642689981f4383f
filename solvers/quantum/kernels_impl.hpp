// The kernels for one vector width. Included by kernels_portable.cpp, kernels_avx2.cpp and kernels_avx512.cpp, each compiled for
// its instruction set with TEMPERA_VECTOR_BYTES and TEMPERA_KERNEL_SET defined. Nothing from the library may be inlined here:
// the linker could keep the AVX copy of a shared inline function for all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "solvers/quantum/kernels.hpp"
#include "solvers/quantum/layout.hpp"

namespace tempera::quantum {
namespace TEMPERA_KERNEL_SET {

template <class Real>
struct Vector {
  typedef Real type __attribute__((vector_size(TEMPERA_VECTOR_BYTES), may_alias));
  static constexpr int lanes = TEMPERA_VECTOR_BYTES / sizeof(Real);
};
template <class Real>
using Vec = typename Vector<Real>::type;

template <class Real>
inline constexpr int W = Vector<Real>::lanes;
template <class Real>
inline constexpr int line = 64 / sizeof(Real);

constexpr int log2_of(int value) { return value <= 1 ? 0 : 1 + log2_of(value / 2); }

template <class Real>
inline Vec<Real>& at(Real* p) { return *reinterpret_cast<Vec<Real>*>(p); }
template <class Real>
inline const Vec<Real>& at(const Real* p) { return *reinterpret_cast<const Vec<Real>*>(p); }

template <class Real, std::size_t... I>
inline Vec<Real> lanes_from(const Real* values, std::index_sequence<I...>) { return Vec<Real>{values[I]...}; }
template <class Real, std::size_t... I>
inline Vec<Real> same(Real value, std::index_sequence<I...>) { return Vec<Real>{((void)I, value)...}; }
template <class Real>
inline Vec<Real> all(Real value) { return same<Real>(value, std::make_index_sequence<W<Real>>()); }

template <int mask, class V, std::size_t... I>
inline V lanes_xor(V v, std::index_sequence<I...>) { return __builtin_shufflevector(v, v, (I ^ mask)...); }

// -t in lanes whose bit is 0, +t where it is 1.
template <int mask, class Real, std::size_t... I>
inline Vec<Real> signed_by_bit(Real t, std::index_sequence<I...>) { return Vec<Real>{((I & mask) ? t : -t)...}; }

// One vector with itself: the qubits inside a vector.
template <class Real, int bit = 0>
inline Vec<Real> mix_lanes(Vec<Real> v, Real t) {
  if constexpr ((1 << bit) < W<Real>) {
    constexpr auto lanes = std::make_index_sequence<W<Real>>();
    v += signed_by_bit<1 << bit, Real>(t, lanes) * lanes_xor<1 << bit>(v, lanes);
    return mix_lanes<Real, bit + 1>(v, t);
  } else {
    return v;
  }
}

// 2^K vectors among themselves: K qubits.
template <int K, class Real>
inline void butterflies(Vec<Real>* r, Vec<Real> t) {
#pragma GCC unroll 4
  for (int bit = 0; bit < K; ++bit)
#pragma GCC unroll 16
    for (int j = 0; j < (1 << K); ++j) {
      if (j & (1 << bit)) continue;
      const Vec<Real> a = r[j], b = r[j | (1 << bit)];
      r[j] = a - t * b;
      r[j | (1 << bit)] = b + t * a;
    }
}

template <int K, class Real>
inline void mix_round(Real* data, std::size_t stride, std::size_t width, Vec<Real> t) {
  for (std::size_t lo = 0; lo < width; lo += W<Real>) {
    Vec<Real> r[1 << K];
#pragma GCC unroll 16
    for (int j = 0; j < (1 << K); ++j) r[j] = at(data + lo + j * stride);
    butterflies<K, Real>(r, t);
#pragma GCC unroll 16
    for (int j = 0; j < (1 << K); ++j) at(data + lo + j * stride) = r[j];
  }
}

// In place, the qubits at strides first, 2 first, ... below end, three at a time.
template <class Real>
void mix_strides(Real* data, std::size_t reals, std::size_t first, std::size_t end, Vec<Real> t) {
  std::size_t stride = first;
  const auto run = [&]<int K>(std::integral_constant<int, K>) {
    for (std::size_t hi = 0; hi < reals; hi += stride << K) mix_round<K>(data + hi, stride, stride, t);
    stride <<= K;
  };
  while (stride < end) {
    const std::size_t left = end / stride;  // a power of two
    if (left == 2) run(std::integral_constant<int, 1>());
    else if (left == 4 || left == 16) run(std::integral_constant<int, 2>());
    else run(std::integral_constant<int, 3>());
  }
}

// ---- phases -------------------------------------------------------------------------------------------------------------------

template <class Real>
inline void multiply(Vec<Real>& re, Vec<Real>& im, Vec<Real> c, Vec<Real> s) {
  const Vec<Real> old = re;
  re = old * c - im * s;
  im = im * c + old * s;
}

// cos and sin of W costs, from pairs (cos, sin) in a table. Two-lane loads, then an interleave: a gather costs twice as much on AVX2.
template <class Real, class Cost, int shift, std::size_t... I>
inline void look_up(const Real* table, const Cost* costs, std::ptrdiff_t step, Vec<Real>& c, Vec<Real>& s, std::index_sequence<I...>) {
  typedef Real Pair __attribute__((vector_size(2 * sizeof(Real)), may_alias));
  constexpr int mask = 0xFF;
  const auto entry = [&](std::size_t k) -> Pair {
    return *reinterpret_cast<const Pair*>(table + 2 * ((costs[step * static_cast<std::ptrdiff_t>(k)] >> shift) & mask));
  };
  const Pair p[] = {entry(I)...};
  if constexpr (W<Real> == 4 && sizeof(Real) == 8) {
    const Vec<Real> x = __builtin_shufflevector(p[0], p[2], 0, 1, 2, 3), y = __builtin_shufflevector(p[1], p[3], 0, 1, 2, 3);
    c = __builtin_shufflevector(x, y, 0, 4, 2, 6);
    s = __builtin_shufflevector(x, y, 1, 5, 3, 7);
  } else if constexpr (W<Real> == 8 && sizeof(Real) == 4) {
    const auto a = __builtin_shufflevector(p[0], p[1], 0, 1, 2, 3), b = __builtin_shufflevector(p[4], p[5], 0, 1, 2, 3);
    const auto d = __builtin_shufflevector(p[2], p[3], 0, 1, 2, 3), e = __builtin_shufflevector(p[6], p[7], 0, 1, 2, 3);
    const Vec<Real> x = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7), y = __builtin_shufflevector(d, e, 0, 1, 2, 3, 4, 5, 6, 7);
    c = __builtin_shufflevector(x, y, 0, 2, 8, 10, 4, 6, 12, 14);
    s = __builtin_shufflevector(x, y, 1, 3, 9, 11, 5, 7, 13, 15);
  } else {
    c = Vec<Real>{p[I][0]...};
    s = Vec<Real>{p[I][1]...};
  }
}

struct NoPhase {
  template <class Real>
  struct On {
    explicit On(const Phase<Real>&) {}
    void operator()(std::size_t, Vec<Real>&, Vec<Real>&) const {}
  };
};

struct Levels8Phase {
  template <class Real>
  struct On {
    const std::uint8_t* costs;
    std::ptrdiff_t step;
    const Real* table;
    explicit On(const Phase<Real>& p) : costs(static_cast<const std::uint8_t*>(p.costs)), step(p.step), table(p.table) {}
    void operator()(std::size_t i, Vec<Real>& re, Vec<Real>& im) const {
      Vec<Real> c, s;
      look_up<Real, std::uint8_t, 0>(table, costs + step * static_cast<std::ptrdiff_t>(i), step, c, s, std::make_index_sequence<W<Real>>());
      multiply<Real>(re, im, c, s);
    }
  };
};

struct Levels16Phase {
  template <class Real>
  struct On {
    const std::uint16_t* costs;
    std::ptrdiff_t step;
    const Real* table;
    explicit On(const Phase<Real>& p) : costs(static_cast<const std::uint16_t*>(p.costs)), step(p.step), table(p.table) {}
    void operator()(std::size_t i, Vec<Real>& re, Vec<Real>& im) const {
      const std::uint16_t* first = costs + step * static_cast<std::ptrdiff_t>(i);
      Vec<Real> c, s;
      look_up<Real, std::uint16_t, 0>(table, first, step, c, s, std::make_index_sequence<W<Real>>());
      multiply<Real>(re, im, c, s);
      look_up<Real, std::uint16_t, 8>(table + 512, first, step, c, s, std::make_index_sequence<W<Real>>());
      multiply<Real>(re, im, c, s);
    }
  };
};

// The angle is a multiple of 1/256 turn, from the table, and a rest of at most pi / 256, from three terms of the series: half the
// work of a full sine and cosine. Turns are computed in double: in float a large cost would lose all precision.
struct Real32Phase {
  template <class Real>
  struct On {
    typedef float Floats __attribute__((vector_size(W<Real> * 4)));
    typedef double Doubles __attribute__((vector_size(W<Real> * 8)));
    typedef std::int64_t Integers __attribute__((vector_size(W<Real> * 8)));
    const float* costs;
    std::ptrdiff_t step;
    const Real* table;
    double per_cost, offset;

    explicit On(const Phase<Real>& p)
        : costs(static_cast<const float*>(p.costs)), step(p.step), table(p.table), per_cost(256 * p.turns_per_cost), offset(256 * p.turns_offset) {}

    template <std::size_t... I>
    static Floats costs_at(const float* first, std::ptrdiff_t step, std::index_sequence<I...>) {
      Floats loaded;
      __builtin_memcpy(&loaded, step > 0 ? first : first - (W<Real> - 1), sizeof loaded);
      return step > 0 ? loaded : __builtin_shufflevector(loaded, loaded, (W<Real> - 1 - I)...);
    }

    void operator()(std::size_t i, Vec<Real>& re, Vec<Real>& im) const {
      constexpr double magic = 6755399441055744.0;  // 1.5 * 2^52: adding it rounds to an integer, which stands in the low bits
      const auto lanes = std::make_index_sequence<W<Real>>();
      const Doubles exact = __builtin_convertvector(costs_at(costs + step * static_cast<std::ptrdiff_t>(i), step, lanes), Doubles) * per_cost + offset;
      const Doubles rounded = exact + magic;
      std::int64_t index[W<Real>];
      __builtin_memcpy(index, &rounded, sizeof index);
      const Vec<Real> rest = __builtin_convertvector(exact - (rounded - magic), Vec<Real>) * Real(2.4543692606170259676e-02);  // 2 pi / 256
      Vec<Real> c, s;
      look_up<Real, std::int64_t, 0>(table, index, 1, c, s, lanes);
      multiply<Real>(re, im, c, s);
      const Vec<Real> square = rest * rest;
      multiply<Real>(re, im, square * (square * Real(1.0 / 24) - Real(0.5)) + Real(1), rest * (square * (square * Real(1.0 / 120) - Real(1.0 / 6)) + Real(1)));
    }
  };
};

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
