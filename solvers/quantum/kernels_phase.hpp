// The cost phase on one line of amplitudes, by kind of stored cost. Compiled once per instruction set, see kernels_impl.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "solvers/quantum/kernels.hpp"
#include "solvers/quantum/kernels_vector.hpp"

namespace tempera::quantum {
namespace TEMPERA_KERNEL_SET {

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
}  // namespace TEMPERA_KERNEL_SET
}  // namespace tempera::quantum
