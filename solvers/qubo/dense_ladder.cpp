#include "solvers/qubo/dense_ladder.hpp"

#include <fmt/format.h>

#include <bit>
#include <numbers>

#include "solvers/qubo/aligned.hpp"
#include "solvers/qubo/dense_kernel.hpp"

namespace tempera::qubo {

namespace {
constexpr std::int64_t largest_field = std::int64_t{1} << 28;
constexpr double largest_matrix = 0x1p31;  // bytes
constexpr int most_scale = 10;

struct CouplingRange {
  std::int64_t field = 0;    // largest |g_i| over all states
  std::int64_t coupling = 0; // largest |q_ij|
  int common_shift = 0;      // 2^common_shift divides every q_ij
};

CouplingRange range_of(const model::QuboProblem& problem) {
  CouplingRange range;
  std::uint64_t all_bits = 0;
  for (std::int32_t i = 0; i < problem.variables(); ++i) {
    std::int64_t low = problem.linear[static_cast<std::size_t>(i)], high = low;
    for (const std::int64_t q : problem.couplings_of(i)) {
      (q < 0 ? low : high) += q;
      range.coupling = std::max(range.coupling, std::abs(q));
      all_bits |= static_cast<std::uint64_t>(q);
    }
    range.field = std::max({range.field, -low, high});
  }
  range.common_shift = all_bits == 0 ? 0 : std::countr_zero(all_bits);
  return range;
}

std::int64_t padded_size(const model::QuboProblem& problem) { return (std::int64_t{problem.variables()} + dense_block - 1) / dense_block * dense_block; }

int entry_bytes(const CouplingRange& range) {
  const std::int64_t largest = range.coupling >> range.common_shift;
  return largest <= 127 ? 1 : largest <= 32'767 ? 2 : 4;
}

template <class Entry>
DenseSweep<Entry> sweep_of(Isa isa) {
  if constexpr (sizeof(Entry) == 1) return dense_sweep_8(isa);
  else if constexpr (sizeof(Entry) == 2) return dense_sweep_16(isa);
  else return dense_sweep_32(isa);
}

template <class Entry>
class DenseMatrix {
 public:
  DenseMatrix(const model::QuboProblem& given, const CouplingRange& range, Isa isa)
      : problem(given), sweep(sweep_of<Entry>(isa)), padded(static_cast<std::int32_t>(padded_size(given))),
        entries(static_cast<std::size_t>(padded) * static_cast<std::size_t>(padded)) {
    while (scale < most_scale && range.field << (scale + 1) <= largest_field) ++scale;
    row_shift = range.common_shift + scale;
    for (std::int32_t i = 0; i < problem.variables(); ++i) {
      const auto columns = problem.columns_of(i);
      const auto couplings = problem.couplings_of(i);
      for (std::size_t k = 0; k < columns.size(); ++k) entries[at(i, columns[k])] = static_cast<Entry>(couplings[k] >> range.common_shift);
      for (const std::int64_t q : couplings) smallest_ = std::min(smallest_, std::abs(q));
      if (problem.linear[static_cast<std::size_t>(i)] != 0) smallest_ = std::min(smallest_, std::abs(problem.linear[static_cast<std::size_t>(i)]));
    }
    highest_ = static_cast<double>(std::max<std::int64_t>(1, range.field));
  }

  std::uint64_t moves_per_sweep() const { return static_cast<std::uint64_t>(problem.variables()); }
  double lowest_temperature() const { return std::min(0.05 * static_cast<double>(smallest_), 0.5 * highest_); }
  double highest_temperature() const { return highest_; }
  std::size_t at(std::int32_t i, std::int32_t j) const { return static_cast<std::size_t>(i) * static_cast<std::size_t>(padded) + static_cast<std::size_t>(j); }

  const model::QuboProblem& problem;
  DenseSweep<Entry> sweep;
  std::int32_t padded;
  Aligned<Entry> entries;
  int scale = 0;
  int row_shift = 0;

 private:
  std::int64_t smallest_ = std::numeric_limits<std::int64_t>::max();
  double highest_ = 1;
};

template <class Entry>
class DenseReplica {
 public:
  explicit DenseReplica(const DenseMatrix<Entry>& matrix)
      : matrix_(&matrix), n_(static_cast<std::size_t>(matrix.problem.variables())), field_(static_cast<std::size_t>(matrix.padded)),
        ones_(static_cast<std::size_t>(matrix.padded) / 32) {
    reset();
  }

  void seed(core::RandomStream& random) {
    for (std::uint64_t& word : random_) word = std::uint64_t{random()} << 32 | random();
  }
  void randomise(core::RandomStream& random) {
    std::vector<std::int32_t> values(n_);
    for (std::int32_t& value : values) value = static_cast<std::int32_t>(random() & 1);
    assign(values);
  }
  void assign(std::span<const std::int32_t> values) {
    TEMPERA_ASSERT(values.size() == n_, fmt::format("{} values for {} variables", values.size(), n_));
    for (std::size_t i = 0; i < n_; ++i)
      if (static_cast<std::uint32_t>(values[i]) != bit(i)) flip(i);
  }
  void set_temperature(double temperature) {
    const double exact = temperature * std::exp2(matrix_->scale) * std::numbers::ln2 / 2048;
    shift_ = std::clamp(static_cast<int>(std::floor(std::log2(largest_factor / std::max(exact, 1e-30)))), 0, 31);
    factor_ = static_cast<std::uint32_t>(std::clamp(std::round(std::ldexp(exact, shift_)), 0.0, largest_factor));
  }
  void sweep() {
    matrix_->sweep({.padded = matrix_->padded, .matrix = matrix_->entries.get(), .row_shift = matrix_->row_shift, .scale = matrix_->scale,
                    .field = field_.get(), .ones = ones_.data(), .energy = &energy_, .uphill = &uphill_, .random = random_, .factor = factor_, .shift = shift_});
  }
  std::int64_t energy() const { return energy_; }
  std::uint64_t uphill() const { return uphill_; }
  std::vector<std::int32_t> values() const {
    std::vector<std::int32_t> values(n_);
    for (std::size_t i = 0; i < n_; ++i) values[i] = static_cast<std::int32_t>(bit(i));
    return values;
  }
  std::int64_t lowest_energy() const { return energy_; }  // states between sweeps are not looked at
  std::vector<std::int32_t> lowest_values() const { return values(); }
  void forget_lowest() {}
  void pack(std::vector<std::int32_t>& out) const {
    for (const std::uint32_t word : ones_) out.push_back(static_cast<std::int32_t>(word));
  }
  // Only what differs is flipped: a ladder that stayed on its rank costs nothing.
  std::size_t unpack(std::span<const std::int32_t> words) {
    TEMPERA_ASSERT(words.size() >= ones_.size(), "an image of a dense replica is cut");
    for (std::size_t i = 0; i < n_; ++i)
      if ((static_cast<std::uint32_t>(words[i / 32]) >> (i % 32) & 1) != bit(i)) flip(i);
    return ones_.size();
  }

 private:
  std::uint32_t bit(std::size_t i) const { return ones_[i / 32] >> (i % 32) & 1; }
  void reset() {
    for (std::size_t i = 0; i < static_cast<std::size_t>(matrix_->padded); ++i)
      field_[i] = i < n_ ? static_cast<std::int32_t>(matrix_->problem.linear[i] << matrix_->scale) : std::numeric_limits<std::int32_t>::max();
  }
  void flip(std::size_t i) {
    const std::int32_t sign = bit(i) ? -1 : 1;
    energy_ += (sign * field_[i]) >> matrix_->scale;
    ones_[i / 32] ^= 1u << (i % 32);
    const Entry* row = matrix_->entries.get() + matrix_->at(static_cast<std::int32_t>(i), 0);
    for (std::size_t j = 0; j < n_; ++j) field_[j] += sign * (static_cast<std::int32_t>(row[j]) << matrix_->row_shift);
  }

  const DenseMatrix<Entry>* matrix_;
  std::size_t n_;
  Aligned<std::int32_t> field_;
  std::vector<std::uint32_t> ones_;
  std::int64_t energy_ = 0;
  std::uint64_t uphill_ = 0;
  std::uint64_t random_[2 * random_words] = {};
  std::uint32_t factor_ = 0;
  std::int32_t shift_ = 0;
};

template <class Entry>
std::unique_ptr<ReplicaLadder> make(const model::QuboProblem& problem, const CouplingRange& range, const MajorSettings& settings, Isa isa) {
  return std::make_unique<MajorLadder<DenseMatrix<Entry>, DenseReplica<Entry>>>(std::make_unique<const DenseMatrix<Entry>>(problem, range, isa), settings);
}
}  // namespace

bool fits_dense(const model::QuboProblem& problem) {
  const CouplingRange range = range_of(problem);
  const auto padded = static_cast<double>(padded_size(problem));
  return range.field <= largest_field && padded * padded * entry_bytes(range) <= largest_matrix;
}

std::unique_ptr<ReplicaLadder> make_dense_ladder(const model::QuboProblem& problem, const MajorSettings& settings, Isa isa) {
  const CouplingRange range = range_of(problem);
  if (!fits_dense(problem) || !problem.groups.empty())
    throw core::UserError(fmt::format("{}: its local fields reach {}, its matrix is too large, or it has groups; the dense engine takes fields up to 2^28, 2 GiB and no groups.",
                                      problem.name, range.field));
  switch (entry_bytes(range)) {
    case 1: return make<std::int8_t>(problem, range, settings, isa);
    case 2: return make<std::int16_t>(problem, range, settings, isa);
    default: return make<std::int32_t>(problem, range, settings, isa);
  }
}

}  // namespace tempera::qubo
