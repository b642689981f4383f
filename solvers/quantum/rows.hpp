// How the strided passes of the engine cut memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tempera::quantum {

inline constexpr std::size_t row_bytes = 512;  ///< of a column in the strided pass: below, rows cost more to fetch than to mix
inline constexpr int most_row_bits = 9;        ///< 2^9 rows of 512 bytes: half of L2

constexpr std::uint64_t low_bits(int count) { return (std::uint64_t{1} << count) - 1; }

}  // namespace tempera::quantum
