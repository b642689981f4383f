// Vectors of one register and the mixer on them: what all kernels are made of. Compiled once per instruction set, see kernels_impl.hpp.
#pragma once

#include <cstddef>
#include <utility>

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
}  // namespace TEMPERA_KERNEL_SET
}  // namespace tempera::quantum
