#include "solvers/quantum/one_hot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "solvers/core/error.hpp"
#include "solvers/quantum/draw.hpp"
#include "solvers/quantum/parts.hpp"
#include "solvers/quantum/ramp_scan.hpp"

namespace tempera::quantum {

namespace {
using C = std::complex<double>;
constexpr std::uint64_t cache_amplitudes = 16384;  // 256 KiB of real and imaginary parts

std::uint64_t power(int base, int exponent) {
  std::uint64_t value = 1;
  for (int k = 0; k < exponent; ++k) value *= static_cast<std::uint64_t>(base);
  return value;
}

// exp(-i beta A) of the ring's adjacency A: a circulant matrix, diagonal in the Fourier basis with eigenvalues 2 cos(2 pi k / m).
std::vector<C> ring_matrix(int m, double beta) {
  const auto size = static_cast<std::size_t>(m);
  std::vector<C> matrix(size * size);
  for (std::size_t r = 0; r < size; ++r)
    for (std::size_t c = 0; c < size; ++c)
      for (std::size_t k = 0; k < size; ++k) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(k) / m;
        const double eigenvalue = m == 1 ? 0 : m == 2 ? std::cos(angle) : 2 * std::cos(angle);
        matrix[r * size + c] += std::polar(1.0 / m, angle * (static_cast<double>(r) - static_cast<double>(c)) - beta * eigenvalue);
      }
  return matrix;
}
}  // namespace

double OneHotEngine::planned_bytes(int rows, int choices) { return 3 * 8.0 * std::pow(choices, rows); }

OneHotEngine::OneHotEngine(const CostPolynomial& cost, int rows, int choices, int threads) : rows_(rows), choices_(choices), threads_(threads) {
  if (rows < 1 || choices < 1 || rows * choices != cost.qubits())
    throw core::UserError(fmt::format("{} rows of {} choices are not the {} variables of the cost. Give rows times choices variables.", rows, choices, cost.qubits()));
  if (std::pow(choices, rows) > 0x1p36) throw core::UserError(fmt::format("{} rows of {} choices make {:.3g} amplitudes; at most 2^36 are taken here.", rows, choices, std::pow(choices, rows)));
  size_ = power(choices, rows);
  real_ = HugeArray<double>(size_);
  imaginary_ = HugeArray<double>(size_);
  costs_ = HugeArray<double>(size_);
  fill_costs(cost);
  start();
}

// Row after row: with rows 0..r-1 done, choice c of row r copies them and adds what c costs with each, itself written row by row.
void OneHotEngine::fill_costs(const CostPolynomial& cost) {
  const auto variables = static_cast<std::size_t>(cost.qubits());
  std::vector<double> pair(variables * variables);
  for (const Coupling& c : cost.couplings) pair[static_cast<std::size_t>(c.j) * variables + static_cast<std::size_t>(c.i)] = c.weight;
  costs_[0] = cost.offset;
  std::vector<double> with(std::max<std::uint64_t>(1, size_ / static_cast<std::uint64_t>(choices_)));
  const auto m = static_cast<std::size_t>(choices_);
  for (std::size_t r = 0; r < static_cast<std::size_t>(rows_); ++r) {
    const std::uint64_t below = power(choices_, static_cast<int>(r));
    for (std::size_t c = m; c-- > 0;) {  // choice 0 last: it overwrites what the others read
      with[0] = cost.linear[r * m + c];
      for (std::size_t e = 0; e < r; ++e) {
        const std::uint64_t part = power(choices_, static_cast<int>(e));
        for (std::size_t d = m; d-- > 0;) {
          const double weight = pair[(r * m + c) * variables + e * m + d];
          for (std::uint64_t k = 0; k < part; ++k) with[d * part + k] = with[k] + weight;
        }
      }
      for_parts(below, threads_, [&](std::uint64_t first, std::uint64_t count) {
        for (std::uint64_t k = first; k < first + count; ++k) costs_[c * below + k] = costs_[k] + with[k];
      });
    }
  }
  least_ = *std::min_element(costs_.data(), costs_.data() + size_);
}

void OneHotEngine::start() {
  const double amplitude = 1 / std::sqrt(static_cast<double>(size_));
  for_parts(size_, threads_, [&](std::uint64_t first, std::uint64_t count) {
    std::fill_n(real_.data() + first, count, amplitude);
    std::fill_n(imaginary_.data() + first, count, 0.0);
  });
}

// One row of choices, `stride` apart, for every amplitude of a stretch: a = phase * (a + factor * sum of the row).
void OneHotEngine::add_row_mean(std::uint64_t first, std::uint64_t count, std::uint64_t stride, C phase, C factor) {
  constexpr std::uint64_t most = 64;
  const auto m = static_cast<std::uint64_t>(choices_);
  for (std::uint64_t high = first; high < first + count; high += m * stride)
    for (std::uint64_t low = 0; low < stride; low += most) {
      const std::uint64_t width = std::min(most, stride - low);
      double re[most] = {}, im[most] = {};
      for (std::uint64_t c = 0; c < m; ++c)
        for (std::uint64_t k = 0; k < width; ++k) {
          re[k] += real_[high + c * stride + low + k];
          im[k] += imaginary_[high + c * stride + low + k];
        }
      for (std::uint64_t k = 0; k < width; ++k) {
        const C added = factor * C(re[k], im[k]);
        re[k] = added.real();
        im[k] = added.imag();
      }
      for (std::uint64_t c = 0; c < m; ++c)
        for (std::uint64_t k = 0; k < width; ++k) {
          double& a = real_[high + c * stride + low + k];
          double& b = imaginary_[high + c * stride + low + k];
          const double x = a + re[k], y = b + im[k];
          a = phase.real() * x - phase.imag() * y;
          b = phase.real() * y + phase.imag() * x;
        }
    }
}

void OneHotEngine::mix_row(std::uint64_t first, std::uint64_t count, std::uint64_t stride, const std::vector<C>& matrix) {
  const auto m = static_cast<std::uint64_t>(choices_);
  std::vector<C> before(m);
  for (std::uint64_t high = first; high < first + count; high += m * stride)
    for (std::uint64_t low = 0; low < stride; ++low) {
      for (std::uint64_t c = 0; c < m; ++c) before[c] = amplitude(high + c * stride + low);
      for (std::uint64_t r = 0; r < m; ++r) {
        C sum = 0;
        for (std::uint64_t c = 0; c < m; ++c) sum += matrix[r * m + c] * before[c];
        real_[high + r * stride + low] = sum.real();
        imaginary_[high + r * stride + low] = sum.imag();
      }
    }
}

// Calls body(first, count, stride) so that every row of every amplitude is mixed once: the low rows of a stretch that fits the
// cache one after another, each higher row in a pass of its own.
template <class Body>
void OneHotEngine::over_rows(const Body& body) {
  int low = 0;
  while (low < rows_ && power(choices_, low + 1) <= cache_amplitudes) ++low;
  low = std::max(low, 1);
  const std::uint64_t stretch = power(choices_, low);
#pragma omp parallel for num_threads(threads_) schedule(static)
  for (std::int64_t s = 0; s < static_cast<std::int64_t>(size_ / stretch); ++s)
    for (int r = 0; r < low; ++r) body(static_cast<std::uint64_t>(s) * stretch, stretch, power(choices_, r));
  for (int r = low; r < rows_; ++r) {
    const std::uint64_t whole = power(choices_, r + 1);
    if (size_ / whole >= static_cast<std::uint64_t>(4 * threads_)) {
#pragma omp parallel for num_threads(threads_) schedule(static)
      for (std::int64_t s = 0; s < static_cast<std::int64_t>(size_ / whole); ++s) body(static_cast<std::uint64_t>(s) * whole, whole, power(choices_, r));
    } else {
      for (std::uint64_t s = 0; s < size_ / whole; ++s) body(s * whole, whole, power(choices_, r));
    }
  }
}

void OneHotEngine::layer(double gamma, double beta, RowMixer mixer) {
  for_parts(size_, threads_, [&](std::uint64_t first, std::uint64_t count) {
    for (std::uint64_t k = first; k < first + count; ++k) {
      const double c = std::cos(gamma * costs_[k]), s = -std::sin(gamma * costs_[k]), old = real_[k];
      real_[k] = old * c - imaginary_[k] * s;
      imaginary_[k] = imaginary_[k] * c + old * s;
    }
  });
  const double m = choices_;
  if (mixer == RowMixer::ring) {
    const std::vector<C> matrix = ring_matrix(choices_, beta);
    over_rows([&](std::uint64_t first, std::uint64_t count, std::uint64_t stride) { mix_row(first, count, stride, matrix); });
  } else {
    // exp(-i beta (J - 1)) = e^{i beta} (1 + (e^{-i beta m} - 1) / m J); exp(-i beta J / m) = 1 + (e^{-i beta} - 1) / m J
    const bool complete = mixer == RowMixer::complete;
    const C phase = complete ? std::polar(1.0, beta) : C(1), factor = (std::polar(1.0, complete ? -beta * m : -beta) - 1.0) / m;
    over_rows([&](std::uint64_t first, std::uint64_t count, std::uint64_t stride) { add_row_mean(first, count, stride, phase, factor); });
  }
}

double OneHotEngine::norm() const {
  return sum_parts(size_, threads_, [&](std::uint64_t first, std::uint64_t count) {
    double sum = 0;
    for (std::uint64_t k = first; k < first + count; ++k) sum += std::norm(amplitude(k));
    return sum;
  });
}

double OneHotEngine::expectation() const {
  return sum_parts(size_, threads_, [&](std::uint64_t first, std::uint64_t count) {
    double sum = 0;
    for (std::uint64_t k = first; k < first + count; ++k) sum += std::norm(amplitude(k)) * costs_[k];
    return sum;
  });
}

double OneHotEngine::optimum_probability(double margin) const {
  return sum_parts(size_, threads_, [&](std::uint64_t first, std::uint64_t count) {
    double sum = 0;
    for (std::uint64_t k = first; k < first + count; ++k) sum += costs_[k] <= least_ + margin ? std::norm(amplitude(k)) : 0;
    return sum;
  });
}

std::vector<int> OneHotEngine::choices_of(std::uint64_t index) const {
  std::vector<int> chosen;
  for (int r = 0; r < rows_; ++r, index /= static_cast<std::uint64_t>(choices_)) chosen.push_back(static_cast<int>(index % static_cast<std::uint64_t>(choices_)));
  return chosen;
}

std::vector<std::uint64_t> OneHotEngine::draw(std::uint64_t shots, std::uint64_t seed) const {
  core::SingleRank alone;
  return draw_indices(size_, alone, threads_, shots, seed, [&](std::uint64_t k) { return std::norm(amplitude(k)); }, [](std::uint64_t k) { return k; });
}

SearchResult scan_ramps(OneHotEngine& engine, const CostPolynomial& cost, int depth, RowMixer mixer) { return scan_group_ramps(engine, cost, depth, mixer); }

}  // namespace tempera::quantum
