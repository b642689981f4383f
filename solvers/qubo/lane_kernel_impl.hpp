// The body of the lane kernel; each build defines TEMPERA_LANE_BUILD (a namespace name) and is compiled for its instruction
// set. Vectors are GCC's, as wide as a register; only what they cannot say is written with intrinsics.
#include <bit>
#include <cstdint>
#include <cstring>

#include "solvers/qubo/dense_kernel.hpp"
#include "solvers/qubo/lane_kernel.hpp"

#if defined(__AVX512BW__) || defined(__AVX2__)
#include <immintrin.h>
#endif

namespace tempera::qubo::TEMPERA_LANE_BUILD {
namespace {

#if defined(__AVX512BW__)
constexpr int width = 64;
#elif defined(__AVX2__)
constexpr int width = 32;
#else
constexpr int width = 16;
#endif

typedef std::uint16_t U16 __attribute__((vector_size(width), may_alias));
typedef std::int16_t I16 __attribute__((vector_size(width), may_alias));
typedef std::uint32_t U32 __attribute__((vector_size(width), may_alias));
typedef std::int32_t I32 __attribute__((vector_size(width), may_alias));
typedef std::uint64_t U64 __attribute__((vector_size(width), may_alias));
typedef std::uint16_t H16 __attribute__((vector_size(width / 2), may_alias));
typedef float F32 __attribute__((vector_size(width), may_alias));

constexpr int parts16 = 64 / width;   // registers for 32 lanes of 16 bits
constexpr int parts32 = 128 / width;
constexpr int per16 = width / 2;
constexpr int per32 = width / 4;

template <class V>
inline V load(const void* from) { V v; std::memcpy(&v, from, sizeof v); return v; }
template <class V>
inline void store(void* to, V v) { std::memcpy(to, &v, sizeof v); }

inline U16 high_product(U16 a, U16 b) {
#if defined(__AVX512BW__)
  return (U16)_mm512_mulhi_epu16((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
  return (U16)_mm256_mulhi_epu16((__m256i)a, (__m256i)b);
#else
  U16 r;
  for (int k = 0; k < per16; ++k) r[k] = static_cast<std::uint16_t>((std::uint32_t{a[k]} * b[k]) >> 16);
  return r;
#endif
}

// The low half of each 32 bits of `even`, the high half of `odd`.
inline U16 interleave(U32 even, U32 odd) {
#if defined(__AVX512BW__)
  return (U16)_mm512_mask_blend_epi16(0xAAAAAAAAu, (__m512i)even, (__m512i)odd);
#elif defined(__AVX2__)
  return (U16)_mm256_blend_epi16((__m256i)even, (__m256i)odd, 0xAA);
#else
  return (U16)((even & 0xFFFFu) | (odd & 0xFFFF0000u));
#endif
}

// One bit per lane of 32 masks (0 or -1).
inline std::uint32_t bits_of(const I16 (&mask)[parts16]) {
#if defined(__AVX512BW__)
  return _mm512_movepi16_mask((__m512i)mask[0]);
#elif defined(__AVX2__)
  const __m256i packed = _mm256_packs_epi16((__m256i)mask[0], (__m256i)mask[1]);
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_permute4x64_epi64(packed, 0xD8)));
#else
  std::uint32_t bits = 0;
  for (int p = 0; p < parts16; ++p)
    for (int k = 0; k < per16; ++k) bits |= (mask[p][k] ? 1u : 0u) << (p * per16 + k);
  return bits;
#endif
}

inline std::uint32_t bits_of(const I32 (&mask)[parts32]) {
#if defined(__AVX512BW__)
  return static_cast<std::uint32_t>(_mm512_movepi32_mask((__m512i)mask[0])) | static_cast<std::uint32_t>(_mm512_movepi32_mask((__m512i)mask[1])) << 16;
#elif defined(__AVX2__)
  std::uint32_t bits = 0;
  for (int p = 0; p < parts32; ++p) bits |= static_cast<std::uint32_t>(_mm256_movemask_ps((__m256)mask[p])) << (p * per32);
  return bits;
#else
  std::uint32_t bits = 0;
  for (int p = 0; p < parts32; ++p)
    for (int k = 0; k < per32; ++k) bits |= (mask[p][k] ? 1u : 0u) << (p * per32 + k);
  return bits;
#endif
}

// Masks of the lanes whose bit is set, part p.
inline I16 expand16(std::uint32_t bits, int p, I16 own_bit) {
  const auto word = static_cast<std::int16_t>(per16 == 32 ? 0 : bits >> (p * per16));
  const I16 all = I16{} + word;
  if constexpr (per16 == 32) {
#if defined(__AVX512BW__)
    return (I16)_mm512_movm_epi16(bits);
#endif
  }
  return (I16)((all & own_bit) == own_bit);
}
inline I32 expand32(std::uint32_t bits, int p, I32 own_bit) {
  const I32 all = I32{} + static_cast<std::int32_t>(bits >> (p * per32));
  return (I32)((all & own_bit) == own_bit);
}

// 16 fresh bits per lane: xorshift128+ (Vigna 2014), 4 lanes per 64-bit word.
inline void next_random(U64 (&a)[parts16], U64 (&b)[parts16], U16 (&out)[parts16]) {
  for (int p = 0; p < parts16; ++p) {
    U64 x = a[p];
    const U64 y = b[p];
    a[p] = y;
    x ^= x << 23;
    b[p] = x ^ y ^ (x >> 18) ^ (y >> 5);
    out[p] = (U16)(b[p] + y);
  }
}

// -log2((u + 1/2) / 2^16) in units of 2^-11, to within .001: exponent and mantissa of a float, then a cubic for the mantissa.
inline U16 negative_log2(U16 u) {
  const U32 w = (U32)u;
  const U32 even = ((w << 16) | 0x8000u) >> 1, odd = ((w & 0xFFFF0000u) | 0x8000u) >> 1;
  const U32 even_bits = (U32)__builtin_convertvector((I32)even, F32), odd_bits = (U32)__builtin_convertvector((I32)odd, F32);
  const U16 log = interleave(even_bits >> 12, odd_bits << 4);      // 11 bits of mantissa, the exponent above
  const U16 mantissa = log << 5;                                   // in 2^-16
  const U16 bow = high_product(mantissa, (U16)(U16{} - mantissa));      // m (1 - m)
  const U16 slope = 28'180 - high_product(mantissa, U16{} + 11'272);
  constexpr std::uint16_t top = static_cast<std::uint16_t>((127 + 31) << 11);
  return top - log - (high_product(bow, slope) >> 5);
}

struct Bits16 {
  I16 own[parts16];
  Bits16() {
    for (int p = 0; p < parts16; ++p)
      for (int k = 0; k < per16; ++k) own[p][k] = static_cast<std::int16_t>(per16 == 32 ? 0 : 1 << k);
  }
};

enum class Weights { equal, opposite, any };

template <Weights weights, bool counted>
void sweep16(const LaneSystem<std::int16_t>& s) {
  // Copies: the stores below could otherwise change them, as far as the compiler knows.
  const std::int32_t *const row_begin = s.row_begin, *const column = s.column;
  const std::int16_t* const all_weights = s.weight;
  std::int16_t* const fields = s.field;
  std::uint32_t* const spins = s.spins;
  const std::int32_t variables = s.variables;
  const std::int16_t common_weight = s.common_weight;
  const Bits16 bits;
  U64 ra[parts16], rb[parts16];
  U16 factor[parts16];
  I16 gained[parts16] = {}, worse[parts16] = {};
  for (int p = 0; p < parts16; ++p) {
    ra[p] = load<U64>(s.random + p * (width / 8));
    rb[p] = load<U64>(s.random + random_words + p * (width / 8));
    factor[p] = load<U16>(s.factor + p * per16);
  }
  std::int32_t until_flush = s.flush_every;
  const int scale = s.scale;
  const auto flush = [&] {
    for (int p = 0; p < parts16; ++p) {
      for (int k = 0; k < per16; ++k) {
        s.energy[p * per16 + k] += gained[p][k];
        if constexpr (counted) s.uphill[p * per16 + k] += static_cast<std::uint64_t>(worse[p][k]);
      }
      gained[p] = worse[p] = I16{};
    }
    until_flush = s.flush_every;
  };
  for (std::int32_t i = 0; i < variables; ++i) {
    U16 u[parts16];
    next_random(ra, rb, u);
    std::int16_t* own = fields + std::int64_t{i} * lanes;
    const std::uint32_t word = spins[i];
    I16 accept[parts16], change[parts16], ones[parts16];
    for (int p = 0; p < parts16; ++p) {
      ones[p] = expand16(word, p, bits.own[p]);
      change[p] = (load<I16>(own + p * per16) ^ ones[p]) - ones[p];
      accept[p] = (I16)(change[p] <= (I16)high_product(negative_log2(u[p]), factor[p]));
    }
    const std::uint32_t flips = bits_of(accept);
    if (flips == 0) continue;
    spins[i] = word ^ flips;
    I16 step[parts16];
    for (int p = 0; p < parts16; ++p) {
      gained[p] += (change[p] & accept[p]) >> scale;
      if constexpr (counted) worse[p] -= (I16)(change[p] > 0) & accept[p];
      step[p] = weights == Weights::any ? (ones[p] | 1) & accept[p] : (((I16{} + common_weight) ^ ones[p]) - ones[p]) & accept[p];
    }
    for (std::int32_t k = row_begin[i]; k < row_begin[i + 1]; ++k) {
      std::int16_t* other = fields + std::int64_t{column[k]} * lanes;
      const I16 sign = weights == Weights::opposite ? I16{} + static_cast<std::int16_t>((all_weights[k] ^ common_weight) >> 15) : I16{};
      const std::int16_t weight = weights == Weights::any ? all_weights[k] : std::int16_t{1};
      for (int p = 0; p < parts16; ++p) {
        const I16 now = load<I16>(other + p * per16);
        if constexpr (weights == Weights::equal) store(other + p * per16, (I16)(now + step[p]));
        if constexpr (weights == Weights::opposite) store(other + p * per16, (I16)(now + ((step[p] ^ sign) - sign)));
        if constexpr (weights == Weights::any) store(other + p * per16, (I16)(now + step[p] * weight));
      }
    }
    if (--until_flush == 0) flush();
  }
  flush();
  for (int p = 0; p < parts16; ++p) {
    store(s.random + p * (width / 8), ra[p]);
    store(s.random + random_words + p * (width / 8), rb[p]);
  }
}

// L * factor >> shift for the 32-bit parts 2q and 2q + 1 from the 16-bit part q.
inline void wide_bounds(U16 log, const std::uint16_t* factor, const std::int32_t* shift, I32* bound) {
  for (int half = 0; half < 2; ++half) {
    std::uint16_t l[per16];
    store(l, log);
    const U32 a = __builtin_convertvector(load<H16>(l + half * per32), U32), f = __builtin_convertvector(load<H16>(factor + half * per32), U32);
    bound[half] = (I32)((a * f) >> load<U32>(shift + half * per32));
  }
}

template <bool counted>
void sweep32(const LaneSystem<std::int32_t>& s) {
  I32 own_bit;
  for (int k = 0; k < per32; ++k) own_bit[k] = 1 << k;
  U64 ra[parts16], rb[parts16];
  for (int p = 0; p < parts16; ++p) {
    ra[p] = load<U64>(s.random + p * (width / 8));
    rb[p] = load<U64>(s.random + random_words + p * (width / 8));
  }
  for (std::int32_t i = 0; i < s.variables; ++i) {
    U16 u[parts16];
    next_random(ra, rb, u);
    std::int32_t* own = s.field + std::int64_t{i} * lanes;
    const std::uint32_t word = s.spins[i];
    I32 accept[parts32], change[parts32], ones[parts32], bound[parts32];
    for (int q = 0; q < parts16; ++q) wide_bounds(negative_log2(u[q]), s.factor + q * per16, s.shift + q * per16, bound + 2 * q);
    for (int p = 0; p < parts32; ++p) {
      ones[p] = expand32(word, p, own_bit);
      change[p] = (load<I32>(own + p * per32) ^ ones[p]) - ones[p];
      accept[p] = (I32)(change[p] <= bound[p]);
    }
    const std::uint32_t flips = bits_of(accept);
    if (flips == 0) continue;
    s.spins[i] = word ^ flips;
    I32 step[parts32];
    for (int p = 0; p < parts32; ++p) step[p] = (ones[p] | 1) & accept[p];
    for (std::uint32_t left = flips; left != 0; left &= left - 1) {
      const int lane = std::countr_zero(left);
      const std::int32_t field = own[lane], delta = word >> lane & 1 ? -field : field;
      s.energy[lane] += delta >> s.scale;
      if constexpr (counted) s.uphill[lane] += delta > 0;
    }
    for (std::int32_t k = s.row_begin[i]; k < s.row_begin[i + 1]; ++k) {
      std::int32_t* other = s.field + std::int64_t{s.column[k]} * lanes;
      const std::int32_t weight = s.weight[k];
      for (int p = 0; p < parts32; ++p) store(other + p * per32, (I32)(load<I32>(other + p * per32) + step[p] * weight));
    }
  }
  for (int p = 0; p < parts16; ++p) {
    store(s.random + p * (width / 8), ra[p]);
    store(s.random + random_words + p * (width / 8), rb[p]);
  }
}

template <bool added, class Entry>
inline void add_row(std::int32_t* __restrict field, const Entry* __restrict row, std::int32_t padded, int shift) {
  for (std::int32_t j = 0; j < padded; ++j) {
    const std::int32_t step = static_cast<std::int32_t>(row[j]) << shift;
    field[j] += added ? step : -step;
  }
}

template <class Entry>
void dense_sweep(const DenseSystem<Entry>& s) {
  I32 own_bit;
  for (int k = 0; k < per32; ++k) own_bit[k] = 1 << k;
  U64 ra[parts16], rb[parts16];
  std::uint16_t factor[lanes];
  std::int32_t shift[lanes];
  for (int k = 0; k < lanes; ++k) factor[k] = static_cast<std::uint16_t>(s.factor), shift[k] = s.shift;
  for (int p = 0; p < parts16; ++p) {
    ra[p] = load<U64>(s.random + p * (width / 8));
    rb[p] = load<U64>(s.random + random_words + p * (width / 8));
  }
  for (std::int32_t block = 0; block < s.padded; block += dense_block) {
    U16 u[parts16];
    next_random(ra, rb, u);
    I32 bound[parts32];
    for (int q = 0; q < parts16; ++q) wide_bounds(negative_log2(u[q]), factor + q * per16, shift + q * per16, bound + 2 * q);
    std::int32_t* own = s.field + block;
    std::uint32_t& word = s.ones[block / dense_block];
    std::uint32_t left = ~0u;  // not decided yet
    while (true) {
      I32 accept[parts32];
      for (int p = 0; p < parts32; ++p) {
        const I32 ones = expand32(word, p, own_bit);
        accept[p] = (I32)(((load<I32>(own + p * per32) ^ ones) - ones) <= bound[p]);
      }
      const std::uint32_t flips = bits_of(accept) & left;
      if (flips == 0) break;
      const int k = std::countr_zero(flips);
      const std::int32_t sign = -static_cast<std::int32_t>(word >> k & 1), change = (own[k] ^ sign) - sign;
      *s.energy += change >> s.scale;
      *s.uphill += change > 0;
      word ^= 1u << k;
      const Entry* row = s.matrix + std::int64_t{block + k} * s.padded;
      sign == 0 ? add_row<true>(s.field, row, s.padded, s.row_shift) : add_row<false>(s.field, row, s.padded, s.row_shift);
      left = k == 31 ? 0 : ~0u << (k + 1);
      if (left == 0) break;
    }
  }
  for (int p = 0; p < parts16; ++p) {
    store(s.random + p * (width / 8), ra[p]);
    store(s.random + random_words + p * (width / 8), rb[p]);
  }
}

}  // namespace

void sweep(const DenseSystem<std::int8_t>& s) { dense_sweep(s); }
void sweep(const DenseSystem<std::int16_t>& s) { dense_sweep(s); }
void sweep(const DenseSystem<std::int32_t>& s) { dense_sweep(s); }
void sweep(const LaneSystem<std::int16_t>& s) {
  if (s.common_weight == 0) s.uphill ? sweep16<Weights::any, true>(s) : sweep16<Weights::any, false>(s);
  else if (s.mixed_signs) s.uphill ? sweep16<Weights::opposite, true>(s) : sweep16<Weights::opposite, false>(s);
  else s.uphill ? sweep16<Weights::equal, true>(s) : sweep16<Weights::equal, false>(s);
}
void sweep(const LaneSystem<std::int32_t>& s) { s.uphill ? sweep32<true>(s) : sweep32<false>(s); }

}  // namespace tempera::qubo::TEMPERA_LANE_BUILD
