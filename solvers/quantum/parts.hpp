// Parallel loops over parts of fixed size, and sums that do not depend on the threads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace tempera::quantum {

inline constexpr int sum_part_qubits = 12;

/// Adds pairs, then pairs of pairs: the rounding error grows with the logarithm of the length.
inline double pairwise_sum(std::vector<double> values) {
  for (std::size_t size = values.size(); size > 1; size = (size + 1) / 2)
    for (std::size_t k = 0; k < (size + 1) / 2; ++k) values[k] = 2 * k + 1 < size ? values[2 * k] + values[2 * k + 1] : values[2 * k];
  return values.empty() ? 0 : values.front();
}

/// Calls body(first, count) for the parts of 0 .. count-1.
template <class Body>
void for_parts(std::uint64_t count, int threads, const Body& body) {
  const std::uint64_t part = std::min<std::uint64_t>(count, std::uint64_t{1} << sum_part_qubits);
  const auto parts = static_cast<std::int64_t>((count + part - 1) / part);
#pragma omp parallel for num_threads(threads) schedule(static)
  for (std::int64_t p = 0; p < parts; ++p) {
    const std::uint64_t first = static_cast<std::uint64_t>(p) * part;
    body(first, std::min(part, count - first));
  }
}

/// Sum of body(first, count) over the parts, in a fixed order.
template <class Body>
double sum_parts(std::uint64_t count, int threads, const Body& body) {
  std::vector<double> sums((count + (std::uint64_t{1} << sum_part_qubits) - 1) >> sum_part_qubits);
  for_parts(count, threads, [&](std::uint64_t first, std::uint64_t size) { sums[first >> sum_part_qubits] = body(first, size); });
  return pairwise_sum(std::move(sums));
}

}  // namespace tempera::quantum
